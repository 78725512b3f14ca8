// The control server: what a test may see and set. It is not a cloud and asks nobody for a signature.
import { createServer } from "node:http";

const OPEN = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
  "access-control-allow-headers": "content-type",
};

/** `routes`: { "GET /log": (body, query) => value, "POST /clock": (body) => value }. Values are answered as JSON. */
export function createControlServer(routes) {
  const server = createServer((request, response) => {
    answer(routes, request)
      .then(({ status, value }) => {
        response.writeHead(status, { ...OPEN, "content-type": "application/json", "cache-control": "no-store" });
        response.end(JSON.stringify(value, null, 1));
      })
      .catch(() => response.destroy());
  });
  return {
    async listen(port) {
      await new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", resolve);
      });
      return `http://127.0.0.1:${server.address().port}`;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(routes, request) {
  const [path, query = ""] = request.url.split("?");
  const route = routes[`${request.method} ${path}`];
  if (request.method === "OPTIONS") return { status: 200, value: {} };
  if (!route) return { status: 404, value: { error: `no ${request.method} ${path}; there is ${Object.keys(routes).join(", ")}` } };
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    const text = Buffer.concat(chunks).toString("utf8");
    return { status: 200, value: route(text ? JSON.parse(text) : {}, new URLSearchParams(query)) };
  } catch (error) {
    return { status: 400, value: { error: error.message } };
  }
}
