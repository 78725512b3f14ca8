// The package's files as they are, served on 127.0.0.1, and pages that import them.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pkg } from "../stores/support.mjs";

const PAGE = `<!doctype html><meta charset="utf-8"><title>unpool</title><link rel="icon" href="data:,">`;

/** -> { url, close() } */
export async function startPackageSite(folder = pkg) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    if (pathname === "/") return response.setHeader("content-type", "text/html").end(PAGE);
    if (!/^\/[a-z_]+\.js$/.test(pathname)) return response.writeHead(404).end();
    try {
      const file = await readFile(join(folder, pathname));
      return response.setHeader("content-type", "text/javascript").end(file);
    } catch {
      return response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
