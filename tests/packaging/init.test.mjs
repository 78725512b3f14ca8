// A start that fails says so by the package's own error, with what to do about it, and is tried again by the next call.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { captured, project } from "./install.mjs";

let installed;
let vector;

before(async (t) => {
  installed = await project(t, "programs");
  vector = await captured();
});

const invalid = (field) => ({ kind: "invalid-input", retryable: false, field });
const SOURCE = invalid("source");
const network = (more) => ({ kind: "network", retryable: true, ...more });
const UNSUPPORTED = { kind: "unsupported", retryable: false };
const SERVED = /core_bg\.wasm is served/;
const POLICY = /wasm-unsafe-eval/;
const IS_FILE = /core_bg\.wasm of this version/;

/** What is given -> the error, its hint, and what is behind it. */
const EITHER_WAY = {
  nothing: [SOURCE, /core_bg\.wasm/],
  null: [SOURCE, /core_bg\.wasm/],
  "a number": [SOURCE, /core_bg\.wasm/],
  "a path": [SOURCE, /answer to fetch/],
  "an object": [SOURCE, /core_bg\.wasm/],
  "half of it": [UNSUPPORTED, IS_FILE, /CompileError/],
  "no bytes": [UNSUPPORTED, IS_FILE, /CompileError/],
  "another program": [UNSUPPORTED, IS_FILE],
  "the other module": [UNSUPPORTED, IS_FILE],
  "a policy against it": [UNSUPPORTED, POLICY, /CompileError/],
  "options that are none": [invalid("options"), /removal/],
  "an option that is none": [invalid("remove"), /removal/],
};
const AWAITED = {
  ...EITHER_WAY,
  "a function that gives nothing": [SOURCE, /core_bg\.wasm/],
  "a promise that fails": [network(), SERVED, /fetch failed/],
  "an answer 404": [network({ httpStatus: 404 }), SERVED],
  "an answer that breaks off": [network(), SERVED, /cut off/],
  "a page instead": [UNSUPPORTED, IS_FILE, /CompileError/],
};
const AT_ONCE = {
  ...EITHER_WAY,
  "a promise": [SOURCE, /init\(\)/],
  "an answer": [SOURCE, /init\(\)/],
};
const { nothing, null: none, ...given } = AWAITED;
const BY_ITSELF = {
  ...given,
  "a fetch that fails": [network(), SERVED, /fetch failed/],
  "a fetch that throws": [network(), SERVED, /TypeError/],
  "a fetch that finds nothing": [network({ httpStatus: 404 }), SERVED],
};
const ALONE = { "a policy against it": [UNSUPPORTED, POLICY, /CompileError/] };

for (const [name, how, table] of [
  ["unpool/slim: init", { entry: "unpool/slim" }, AWAITED],
  ["unpool/slim: initSync", { entry: "unpool/slim", synchronous: true }, AT_ONCE],
  ["unpool/web: init", { entry: "unpool/web" }, BY_ITSELF],
  ["unpool: init", { entry: "unpool" }, ALONE],
  ["unpool by require: init", { entry: "require" }, ALONE],
]) {
  describe(name, () => {
    for (const [given, [expected, hint, cause]] of Object.entries(table)) {
      test(given, async () => {
        const { first, second, third, strays, signed } = await installed.node("init.mjs", { given, ...how, ...vector.job });
        const shown = JSON.stringify(first);
        assert.equal(first.isUnpoolError, true, shown);
        const { kind, sent, retryable, field, httpStatus } = first;
        assert.deepEqual({ kind, sent, retryable, field, httpStatus }, { sent: false, field: undefined, httpStatus: undefined, ...expected }, shown);
        assert.match(first.hint, hint, shown);
        if (cause) assert.match(first.cause, cause, shown);
        assert.deepEqual([second, third], [{ value: true }, { value: true }]);
        assert.deepEqual(strays, []);
        assert.equal(signed.body, vector.expected.body);
      });
    }
  });
}

test("unpool/slim: the removal's module, too, is told apart", async () => {
  for (const given of ["the signing module", "a number", "a page instead"]) {
    const { first } = await installed.node("later-slim.mjs", { given, client: vector.job.client, request: { from: {}, remove: {} } });
    assert.deepEqual([first.isUnpoolError, first.sent], [true, false]);
    assert.match(first.hint, /removal_bg\.wasm/);
  }
});
