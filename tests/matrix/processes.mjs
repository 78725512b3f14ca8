// Other programs: each in a process group of its own, with a limit of time, and ended with everything it started.
import { spawn } from "node:child_process";
import { createServer } from "node:net";

// Whatever an environment is told to talk to is on this machine; a proxy that is not there keeps it from looking elsewhere.
const NOWHERE = "http://127.0.0.1:9";
const SETTINGS = {
  CI: "1", NO_COLOR: "1", BROWSER: "none", DO_NOT_TRACK: "1",
  http_proxy: NOWHERE, https_proxy: NOWHERE, HTTP_PROXY: NOWHERE, HTTPS_PROXY: NOWHERE, no_proxy: "127.0.0.1,localhost", NO_PROXY: "127.0.0.1,localhost",
  WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", NEXT_TELEMETRY_DISABLED: "1", ASTRO_TELEMETRY_DISABLED: "1", NUXT_TELEMETRY_DISABLED: "1",
};
// The reporter of `node --test` must not be passed on: it would change what nested runs print.
const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;

const running = new Set();
const endGroup = (child, signal) => {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended.
  }
};
const endAll = () => running.forEach((child) => endGroup(child, "SIGKILL"));
process.on("exit", endAll);
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
  process.once(signal, () => {
    console.error(`ended by ${signal}`);
    process.exit(1);
  });
}

// Nobody is kept waiting by what is only a limit.
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref());

/** -> { child, said(), ended: promise of the exit code or signal, stop() } */
export function launch(command, args, { cwd, env = {}, stdio = ["ignore", "pipe", "pipe"] } = {}) {
  const child = spawn(command, args.map(String), { cwd, env: { ...inherited, ...SETTINGS, ...env }, stdio, detached: true });
  running.add(child);
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (data) => (stdout += data));
  child.stderr?.on("data", (data) => (stderr += data));
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve(String(error)));
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  const stop = async () => {
    endGroup(child, "SIGTERM");
    const exited = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((resolve) => child.once("exit", resolve));
    await Promise.race([exited, sleep(3000)]);
    endGroup(child, "SIGKILL");
    running.delete(child);
  };
  return { child, ended, stop, output: () => ({ stdout, stderr }), said: () => `${stdout}${stderr}`.slice(-3000) };
}

/** Runs to the end -> what it printed on standard output; where it fails, the error says what it printed. */
export async function run(command, args, { timeout = 120_000, ...options } = {}) {
  const program = launch(command, args, options);
  let timer;
  const limit = new Promise((resolve) => (timer = setTimeout(resolve, timeout, `the limit of ${timeout / 1000} s`)));
  const end = await Promise.race([program.ended, limit]);
  clearTimeout(timer);
  await program.stop();
  if (end !== 0) throw new Error(`${[command, ...args.map((arg) => String(arg).slice(0, 100))].join(" ")}: ended by ${end}\n${program.said()}`);
  return program.output().stdout;
}

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Starts a server on a free port, which takes the place of PORT in `args` -> { url, stop(), said() }, once it answers. */
export async function serve(command, args, { path = "/", timeout = 60_000, env, ...options } = {}) {
  const port = await freePort();
  const program = launch(command, args.map((arg) => String(arg).replace("PORT", port)), { ...options, env: { PORT: String(port), HOST: "127.0.0.1", ...env } });
  const url = `http://127.0.0.1:${port}`;
  const until = Date.now() + timeout;
  let end;
  program.ended.then((how) => (end = how));
  while (Date.now() < until && end === undefined) {
    const answered = await fetch(url + path, { signal: AbortSignal.timeout(30_000) }).then((response) => response.status < 500, () => false);
    if (answered) return { url, stop: program.stop, said: program.said };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await program.stop();
  throw new Error(`${command} ${args.join(" ")}: does not answer${end === undefined ? "" : `, ended by ${end}`}\n${program.said()}`);
}
