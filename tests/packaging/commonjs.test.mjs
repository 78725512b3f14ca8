// `require` of every entry that has a twin for CommonJS, in one program with the ES modules of the same package: as happens
// where an application and its library load one each.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { start } from "../emulator/main.mjs";
import { project, run } from "./install.mjs";

let installed;
let said;

before(async (t) => {
  installed = await project(t, "programs");
  const emulator = await start();
  t.after(() => emulator.close());
  const { added } = emulator.control.arrange({ add: { ucloud: Array(10).fill({ backends: 4 }) } });
  const requests = added.ucloud.map(({ ulbId, vServers: [{ backendIds }] }) => ({ from: { ulbId }, remove: { backendId: backendIds[0] }, drain: { waitMs: 10 } }));
  const { url, region, projectId, credentials } = emulator.info.ucloud;
  said = await installed.node("twins.cjs", { client: { vendor: "ucloud", region, projectId, credentials, endpoint: url, allowHttp: true }, requests });
});

test("require finds a file for CommonJS, with the same names", () => {
  assert.deepEqual(said.files, { unpool: "index.cjs", journals: "journals.cjs", locks: "locks.cjs", node: "node.cjs" });
  assert.equal(said.names, true);
  assert.equal(said.copies, true);
});

test("errors of either know each other", () => {
  const one = [...Array(3).fill([true, true, "invalid-input"]), [true, true, "unsupported"]];
  assert.deepEqual(said.known, [...one, ...one]);
});

test("a journal that one has written is gone on with by the other", () => {
  const { runs } = said;
  const ways = ["require and import", "import and require"];
  const places = ["file", "array", "storage", "object"].flatMap((where) => ways.map((way) => `${where}, ${way}`));
  assert.deepEqual(Object.keys(runs).sort(), [...places, `kv, ${ways[0]}`].sort());
  for (const [name, { started, kept, resumed, ended }] of Object.entries(runs)) {
    assert.equal(started, "paused", name);
    assert.ok(kept >= 1, name);
    assert.deepEqual([resumed, ended], [kept, "done"], name);
  }
});

test("a file that one has open is locked for the other", () => {
  assert.deepEqual(said.locked, ["refused", "locked"]);
});

test("each is one file that needs nothing beside it but Node's own", async () => {
  for (const name of ["journals", "locks", "node"]) {
    const code = `const { readFileSync } = require("node:fs"); console.log(readFileSync(require.resolve("unpool/${name}"), "utf8"))`;
    const text = await run(installed.folder, process.execPath, ["--input-type=commonjs", "--eval", code]);
    const needed = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, what]) => what);
    assert.deepEqual(needed.filter((what) => !what.startsWith("node:")), []);
    assert.equal(needed.length > 0, name === "node");
  }
});
