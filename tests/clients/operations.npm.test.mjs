// The operations around a removal, called by Alibaba Cloud's own npm clients.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { npmClients } from "./alibaba-npm.mjs";
import { ALIBABA } from "./calls.mjs";
import { start, watch } from "./support.mjs";

let emulator;
before(async () => {
  emulator = await start();
});
after(() => emulator.close());

for (const [name, clientOf] of Object.entries(npmClients)) {
  test(`${name}: the operations around a removal`, async () => {
    const call = clientOf(emulator.info.alibaba, emulator.info.alibaba.credentials);
    for (const { action, parameters, changes, look, expected } of ALIBABA) {
      const seen = await watch(emulator, "alibaba", () => call(action, parameters));
      assert.deepEqual(look(seen.result), expected, action);
      assert.deepEqual(seen.changes, changes, action);
      assert.deepEqual(seen.log.map(({ operation, verified }) => [operation, verified]), [[action, true]]);
    }
  });

  test(`${name}: a wrong secret is refused by each of them`, async () => {
    const good = emulator.info.alibaba.credentials;
    const call = clientOf(emulator.info.alibaba, { ...good, accessKeySecret: `${good.accessKeySecret}x` });
    for (const { action, parameters } of ALIBABA) {
      const seen = await watch(emulator, "alibaba", () => assert.rejects(call(action, parameters), (error) => error.code === "SignatureDoesNotMatch" || assert.fail(`${action}: ${error.message}`)));
      assert.deepEqual([seen.changes, seen.log.map(({ verified }) => verified)], [[], [false]]);
    }
  });
}
