#!/usr/bin/env node
// node tests/emulator/main.mjs [--port N] [--cors] [--token-ttl SECONDS] [--exit-with-stdin]
// Prints one JSON line with URLs and credentials and then serves until SIGTERM or SIGINT.
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { start } from "./start.mjs";

export { start };

async function main() {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      cors: { type: "boolean", default: false },
      "token-ttl": { type: "string", default: "3600" },
      "exit-with-stdin": { type: "boolean", default: false },
    },
  });
  const port = Number(values.port);
  const ttl = Number(values["token-ttl"]);
  if (!Number.isInteger(port) || port < 0 || port > 65000) throw new RangeError(`--port: not a port: ${values.port}`);
  if (!(ttl > 0)) throw new RangeError(`--token-ttl: not a number of seconds: ${values["token-ttl"]}`);
  const emulator = await start({ port, cors: values.cors, tokenTtlMs: ttl * 1000 });
  const stop = () => emulator.close().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  if (values["exit-with-stdin"]) process.stdin.resume().once("end", stop).once("error", stop);
  process.stdout.write(`${JSON.stringify(emulator.info)}\n`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    process.stderr.write(`emulator: ${error.message}\n`);
    process.exitCode = 1;
  });
}
