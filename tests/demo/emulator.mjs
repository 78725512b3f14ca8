// The emulator as a child process of its own: nothing but HTTP between it and what is tested.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../emulator/main.mjs", import.meta.url));

/** -> { info, state(), arrange(wish), reset(), log(), changes(), faults(rules), stop() } */
export async function startEmulator(...options) {
  // It ends with its standard input, so it cannot outlive this process.
  const child = spawn(process.execPath, [main, "--port", "0", "--exit-with-stdin", ...options], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([
    new Promise((resolve) => lines.once("line", resolve)),
    exited.then((code) => {
      throw new Error(`the emulator ended at once, with exit status ${code}`);
    }),
  ]);
  const info = JSON.parse(line);
  const ask = async (path, body) => {
    const response = await fetch(`${info.control.url}${path}`, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  return {
    info,
    state: () => ask("/state"),
    arrange: (wish) => ask("/state", wish),
    log: () => ask("/log"),
    changes: () => ask("/changes"),
    reset: () => ask("/reset", {}),
    faults: (rules) => ask("/faults", rules),
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}
