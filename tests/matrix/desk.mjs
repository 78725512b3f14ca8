// Where pages fetch their jobs and leave their answers, from whatever origin they are.
import { createServer } from "node:http";

const OPEN = { "access-control-allow-origin": "*", "access-control-allow-headers": "*", "access-control-allow-methods": "*" };

/** -> { url, hand(job, timeout), close() }; `hand` gives { query, answers: a promise }. */
export async function startDesk() {
  const jobs = new Map();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://desk");
    const known = jobs.get(searchParams.get("id"));
    if (request.method === "OPTIONS" || !known) return void response.writeHead(known ? 204 : 404, OPEN).end();
    if (pathname === "/job") return void response.writeHead(200, { ...OPEN, "content-type": "application/json" }).end(JSON.stringify(known.job));
    let text = "";
    request.on("data", (data) => (text += data));
    request.on("end", () => {
      response.writeHead(204, OPEN).end();
      known.done(JSON.parse(text));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    hand(job, timeout) {
      const answers = new Promise((resolve) => {
        const timer = setTimeout(() => resolve({ crash: `the page said nothing in ${timeout / 1000} s` }), timeout);
        const done = (out) => {
          clearTimeout(timer);
          resolve(out);
        };
        jobs.set(job.id, { job, done });
      });
      return { query: `?desk=${encodeURIComponent(url)}&id=${job.id}`, answers };
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
