// Requests captured from vendor clients, sent again byte for byte to the emulator with its clock and keys set to theirs:
// every one must pass its signature check, and none may after one byte has changed. This covers the clients that do not
// install here (UCloud's JSON encodings, the scoped variant of SDK-HMAC-SHA256).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { sendRaw, start } from "./support.mjs";

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
// `imitate: false` marks a client's own bug; without headers it is a published example and not a captured request.
const captured = (name) => read(name).filter((vector) => vector.imitate !== false && vector.expected.headers);
const withUrl = ({ expected }) => expected.url;

const ucloud = captured("ucloud").filter(withUrl);
const alibaba = captured("alibaba").filter(withUrl);
const otc = captured("openstack").filter(({ signer }) => signer === "sdk-hmac-sha256" || signer === "sdk-hmac-sha256-scoped");
const actions = (vectors, of) => [...new Set(vectors.map(of))];

let emulator;
before(async () => {
  emulator = await start({
    extraOperations: { ucloud: actions(ucloud, ({ input }) => input.params.Action), alibaba: actions(alibaba, ({ input }) => input.action) },
  });
});
after(() => emulator.close());

const targetOf = (url) => url.replace(/^https?:\/\/[^/]+/, "") || "/";

const families = {
  ucloud: {
    vectors: ucloud,
    groupOf: ({ name }) => name.split("/")[0],
    prepare({ input, expected }) {
      emulator.control.keys({ cloud: "ucloud", publicKey: input.public_key, privateKey: input.private_key, securityToken: sentToken(expected) });
      return { method: expected.method, target: targetOf(expected.url), headers: expected.headers, body: expected.body };
    },
    // A digit or letter inside a signed value; where there is none, the signature itself.
    change: (request) => changeFirst(request, "body", [/ulb-5xy(z)/, /org-abc12(3)/, /Signature"?[=:]"?([0-9a-f])/]),
    refusal: (answer) => JSON.parse(answer.text).RetCode === 171,
  },
  alibaba: {
    vectors: alibaba,
    groupOf: ({ signer, source }) => `${signer} ${source.split(" ").slice(0, 2).join(" ")}`,
    prepare({ input, expected }) {
      emulator.control.clock({ now: input.timestamp });
      emulator.control.keys({ cloud: "alibaba", accessKeyId: input.access_key_id, accessKeySecret: input.access_key_secret, securityToken: input.security_token });
      return { method: input.method, target: targetOf(expected.url), headers: expected.headers, body: expected.body };
    },
    change(request) {
      const signed = [/hangzho(u)/, /lb-bp15lbk8uja8rvm4a000(1)/, /139a00604a(d)/, /SignatureNonce=([0-9a-f])/];
      const part = signed.some((pattern) => pattern.test(request.target)) ? "target" : "body";
      return changeFirst(request, part, signed);
    },
    refusal: (answer) => answer.text.includes("SignatureDoesNotMatch"),
  },
  otc: {
    vectors: otc,
    groupOf: ({ signer, source }) => `${signer} ${source.split(" ").slice(0, 2).join(" ")}`,
    prepare({ input, expected }) {
      const { date } = input;
      emulator.control.clock({ now: `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 11)}:${date.slice(11, 13)}:${date.slice(13)}` });
      emulator.control.keys({ cloud: "otc", accessKey: input.ak, secretKey: input.sk, securityToken: input.security_token ?? undefined });
      return { method: input.method, target: expected.target, headers: { ...input.headers, ...lowerCased(expected.headers) }, body: input.body };
    },
    change: (request) => ({ ...request, target: request.target.endsWith("/") ? `${request.target}x` : request.target.slice(0, -1) + flip(request.target.at(-1)) }),
    refusal: (answer) => answer.status === 401 && answer.text.includes("verify aksk signature fail, canonicalRequest:"),
  },
};

// The captures list the headers that a client set in one place and those it added when signing in another.
function lowerCased(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function sentToken({ sent_params, body }) {
  return sent_params?.SecurityToken ?? /"SecurityToken":"([^"]*)"/.exec(body)?.[1];
}

const flip = (c) => (c === "a" ? "b" : "a");

function changeFirst(request, part, patterns) {
  for (const pattern of patterns) {
    const found = new RegExp(pattern, "d").exec(request[part]);
    if (!found) continue;
    const at = found.indices[1][0];
    return { ...request, [part]: request[part].slice(0, at) + flip(request[part][at]) + request[part].slice(at + 1) };
  }
  throw new Error(`nothing to change in ${request[part]}`);
}

for (const [cloud, { vectors, groupOf, prepare, change, refusal }] of Object.entries(families)) {
  for (const [group, members] of Object.entries(groupBy(vectors, groupOf))) {
    test(`${cloud}: ${members.length} captured requests of ${group} verify, and none with a changed byte`, async () => {
      for (const vector of members) {
        emulator.control.reset();
        const request = prepare(vector);
        const changed = await sendRaw(emulator.info[cloud].url, change(request));
        assert.ok(refusal(changed), `${vector.name}, one byte changed: ${changed.status} ${changed.text}`);
        const answer = await sendRaw(emulator.info[cloud].url, request);
        const [first, second] = emulator.control.log();
        assert.equal(first.verified, false, `${vector.name}, one byte changed`);
        assert.equal(second.verified, true, `${vector.name}: ${answer.status} ${answer.text}`);
      }
    });
  }
}

// Object.groupBy came with Node 21.
function groupBy(items, keyOf) {
  const groups = {};
  for (const item of items) (groups[keyOf(item)] ??= []).push(item);
  return groups;
}

test("a captured removal takes effect: UCloud JSON flat and nested, SDK-HMAC-SHA256 access and scoped", async () => {
  const cases = [
    ["ucloud", "js/ReleaseBackend-basic", "backend-1a2b"],
    ["ucloud", "go-json/ReleaseBackend-generic", "backend-1a2b"],
    ["otc", "otcjs-v2.0-delete-bare", "cf024846-7516-4e3a-b0fb-6590322c836f"],
    ["otc", "go-otc-v2.0-delete", "cf024846-7516-4e3a-b0fb-6590322c836f"],
  ];
  for (const [cloud, name, id] of cases) {
    emulator.control.reset();
    const before = emulator.control.state()[cloud].backends;
    const vector = families[cloud].vectors.find((candidate) => candidate.name === name);
    await sendRaw(emulator.info[cloud].url, families[cloud].prepare(vector));
    const after = emulator.control.state()[cloud].backends;
    assert.deepEqual(before.filter((line) => !after.includes(line)).map((line) => line.includes(id)), [true], name);
  }
});

test("a captured Alibaba request is refused outside its time window and when its nonce was used", async () => {
  emulator.control.reset();
  const vector = alibaba.find(({ name }) => name === "popcore-get-rbs-obj-1");
  const request = families.alibaba.prepare(vector);
  const code = async () => JSON.parse((await sendRaw(emulator.info.alibaba.url, request)).text).Code;
  const time = Date.parse(vector.input.timestamp);
  for (const minutes of [-16, 16]) {
    emulator.control.clock({ now: time + minutes * 60_000 });
    assert.equal(await code(), "InvalidTimeStamp.Expired", `${minutes} minutes`);
  }
  emulator.control.clock({ now: time + 14 * 60_000 });
  assert.equal(await code(), undefined);
  assert.equal(await code(), "SignatureNonceUsed");
});
