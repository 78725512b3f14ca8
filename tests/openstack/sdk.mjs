// Another client of the same load balancers: openstacksdk, in one Python process for a whole test run.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("sdk.py", import.meta.url));

/**
 * @param {string} python an interpreter that has openstacksdk
 * @param {Record<string, string>} variables `OS_...`, as an openrc file sets them
 */
export function openstacksdk(python, variables) {
  const env = { ...process.env, ...variables, PYTHONWARNINGS: "ignore" };
  const child = spawn(python, [script], { env, stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let queue = Promise.resolve();

  /** Calls a method of the SDK's load balancer proxy: positional arguments, then named ones in one object. */
  const call = (name, positional = [], named = {}) => {
    const turn = queue.then(async () => {
      child.stdin.write(`${JSON.stringify([name, positional, named])}\n`);
      const { done, value } = await answers.next();
      if (done) throw new Error(`openstacksdk ended with ${child.exitCode}`);
      const answer = JSON.parse(value);
      if (!("error" in answer)) return answer.result;
      throw Object.assign(new Error(`openstacksdk ${name}: ${answer.error}: ${answer.message}`), {
        status: answer.status,
      });
    });
    queue = turn.catch(() => {});
    return turn;
  };
  const stop = async () => {
    if (child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.stdin.end();
    await ended;
  };
  return { call, stop };
}
