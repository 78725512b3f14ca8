// What the tests of the Worker share: the Worker and the emulator, and what they say.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { start } from "../emulator/main.mjs";
import { startWorker } from "./workerd.mjs";

/** -> { emulator, ask(scenario, input), value(...), error(...), options(cloud, more), changed(work) } */
export async function setUp(t, workerOptions) {
  const emulator = await start();
  t.after(() => emulator.close());
  const worker = await startWorker(t, fileURLToPath(new URL("worker.mjs", import.meta.url)), workerOptions);

  const ask = async (scenario, input = {}) => {
    // A promise that never settles makes workerd give up, or this test.
    const signal = AbortSignal.timeout(15_000);
    const response = await worker.dispatchFetch("http://worker.example/", { method: "POST", body: JSON.stringify({ scenario, ...input }), signal });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    const ended = JSON.parse(text);
    assert.equal(ended.error?.foreign, undefined);
    return ended;
  };
  return {
    emulator,
    worker,
    ask,
    async value(scenario, input) {
      const { value, error } = await ask(scenario, input);
      assert.equal(error, undefined, `ended as ${error?.kind}: ${error?.message}`);
      return value;
    },
    async error(scenario, input) {
      const { value, error } = await ask(scenario, input);
      assert.ok(error, `no error, but ${JSON.stringify(value)}`);
      assert.equal(error.isError, true);
      return error;
    },
    /** Client options for one of the emulator's clouds. */
    options(cloud, more) {
      const { url, region, projectId, credentials } = emulator.info[cloud];
      return { vendor: cloud, region, endpoint: url, allowHttp: true, credentials, ...(cloud.endsWith("cloud") && { projectId }), ...more };
    },
    /** For Keystone's user and password at the same OTC gateway. */
    password(more) {
      const { identityEndpoint, credentials, region } = emulator.info.keystone;
      return { vendor: "otc", region, endpoint: emulator.info.otc.url, identityEndpoint, allowHttp: true, credentials, ...more };
    },
    /** The lines of all clouds' backends. */
    backends: () => Object.entries(emulator.control.state()).flatMap(([cloud, { backends }]) => backends.map((line) => `${cloud} ${line}`)),
  };
}

/** What every test here begins with: the emulator as it was. */
export const fresh = ({ emulator }) => emulator.control.reset();
