// The module's own memory, searched: no secret key, private key or password is left in it once a client
// is freed or was never made, and none in a block that something else may get.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { packageFolder } from "../demo/unpool.mjs";
import { CALLS, FORMS, emulator, named } from "./cloud.mjs";
import { OPTIONS, STAMP, errorOf, operationsOf, settled, watchStrays } from "./support.mjs";

watchStrays();
const cloud = emulator();

// The entry that gives the instance away. It is another instance than the one of the other tests.
const slim = await import(pathToFileURL(resolve(packageFolder, "slim.js")).href);
const { memory } = slim.initSync(await readFile(resolve(packageFolder, "core_bg.wasm")));

const SECRET = { alibaba: "accessKeySecret", ucloud: "privateKey", scloud: "privateKey", otc: "secretKey", huawei: "secretKey" };

/** How often the bytes are anywhere in memory. The search does not put them there. */
function count(secret) {
  const bytes = Buffer.from(memory.buffer);
  let found = 0;
  for (let at = bytes.indexOf(secret); at >= 0; at = bytes.indexOf(secret, at + 1)) found += 1;
  return found;
}

function assertNone(secrets, when) {
  for (const secret of secrets) {
    // Keys are looked for from their middle, too: the head of a freed block is often overwritten.
    for (const part of [secret, secret.slice(0, 12), secret.slice(-12), secret.slice(4, 20)]) {
      assert.equal(count(part), 0, `${part} is in memory ${when}`);
    }
    // The form in which an HMAC takes its key: each byte combined with a constant.
    for (const pad of [0x36, 0x5c]) assert.equal(count(Buffer.from(secret).map((byte) => byte ^ pad)), 0, `${secret} is in memory ${when}, combined with ${pad}`);
  }
}

// No part of it is part of anything else.
const unique = () => randomBytes(24).toString("base64url");

/** Options with secrets that nobody else has. -> { options, secrets } */
function fresh(name) {
  const given = OPTIONS[name];
  const credentials = { ...given.credentials };
  const secrets = [];
  const replace = (field) => secrets.push((credentials[field] = unique()));
  for (const field of ["accessKeySecret", "privateKey", "secretKey", "password", "applicationCredentialSecret", "token"]) if (field in credentials) replace(field);
  if (given.vendor === "alibaba" || given.vendor === "ucloud" || "accessKey" in credentials) replace("securityToken");
  return { options: { ...given, credentials }, secrets };
}

describe("memory after free()", () => {
  it("the search finds what is there", () => {
    const { options, secrets } = fresh("alibaba rpc");
    const client = new slim.Client(options);
    for (const secret of secrets) assert.ok(count(secret) >= 1);
    client.free();
    assertNone(secrets, "after free()");
  });

  for (const name of Object.keys(OPTIONS)) {
    const { removal, read } = operationsOf(OPTIONS[name].vendor);

    it(`${name}: a client that did nothing`, () => {
      const { options, secrets } = fresh(name);
      new slim.Client(options).free();
      assertNone(secrets, "after free()");
    });

    it(`${name}: while it lives, once and nowhere else`, () => {
      const { options, secrets } = fresh(name);
      const client = new slim.Client(options);
      for (const secret of secrets) assert.equal(count(secret), 1, "copies of a secret");
      client.free();
    });

    it(`${name}: after signing and explaining`, () => {
      const { options, secrets } = fresh(name);
      const client = new slim.Client(options);
      for (let round = 0; round < 20; round += 1) {
        for (const operation of [removal, read]) {
          // A password client cannot sign yet.
          try {
            client.sign(operation, STAMP);
          } catch (error) {
            assert.equal(error.kind, "auth");
          }
          client.explain(operation, STAMP);
        }
      }
      client.free();
      assertNone(secrets, "after signing and free()");
    });

    it(`${name}: after sending, with every end`, async () => {
      const ENDS = [
        async () => ({ status: 200, headers: new Headers({ "x-subject-token": "token-in-memory-0001" }), text: async () => '{"RequestId":"r","RetCode":0,"DataSet":[],"members":[]}' }),
        async (url, init) => ({ status: 400, headers: new Headers(), text: async () => JSON.stringify({ Code: "X", Message: init.body ?? "", error_msg: JSON.stringify(init.headers), RetCode: 230 }) }),
        async (url, init) => { throw new Error(`${url} ${init.body} ${JSON.stringify(init.headers)}`); },
        () => new Promise(() => {}),
      ];
      const { options, secrets } = fresh(name);
      for (const fetch of ENDS) {
        const client = new slim.Client({ ...options, fetch });
        for (const operation of [removal, read]) await settled(client.send(operation, { timeoutMs: 20 }).catch(() => {}));
        client.free();
        assertNone(secrets, "after sending and free()");
      }
    });

    it(`${name}: freed while a call is under way`, async () => {
      const { options, secrets } = fresh(name);
      let answer;
      const fetch = () => new Promise((resolve) => { answer = () => resolve({ status: 200, headers: new Headers(), text: async () => '{"RequestId":"r","RetCode":0}' }); });
      const client = new slim.Client({ ...options, fetch });
      const call = client.send(removal).catch(() => {});
      await new Promise(setImmediate);
      client.free();
      answer();
      await settled(call);
      await new Promise(setImmediate);
      assertNone(secrets, "after the call");
    });

    it(`${name}: a constructor that fails`, async () => {
      const { options, secrets } = fresh(name);
      const WRONG = [
        { ...options, colour: "blue" },
        { ...options, timeoutMs: "soon" },
        { ...options, credentials: { ...options.credentials, colour: "blue" } },
        { ...options, endpoint: "nonsense", identityEndpoint: "nonsense" },
        { ...options, vendor: "nobody" },
        { ...options, region: "NOWHERE" },
        { ...options, fetch: 5 },
        { ...options, headers: { host: "x" } },
        { ...options, credentials: Object.fromEntries(Object.entries(options.credentials).map(([key, value]) => [key, `${value}\u0000`])) },
        { ...options, credentials: Object.fromEntries(Object.entries(options.credentials).map(([key, value]) => [key, `${value}\ud800`])) },
      ];
      for (const wrong of WRONG) {
        try {
          // A password may hold any character.
          new slim.Client(wrong).free();
        } catch (error) {
          assert.ok(["invalid-input", "unsupported"].includes(error.kind), String(error));
        }
        assertNone(secrets, "after a refusal");
      }
    });

    it(`${name}: while others live`, () => {
      const { options, secrets } = fresh(name);
      const others = Array.from({ length: 10 }, () => fresh(name));
      const clients = others.map((other) => new slim.Client(other.options));
      const client = new slim.Client(options);
      const more = others.map((other) => new slim.Client(other.options));
      client.free();
      assertNone(secrets, "after free()");
      for (const other of [...clients, ...more]) other.free();
      assertNone(others.flatMap((other) => other.secrets), "after free()");
    });
  }

  it("500 clients one after the other", () => {
    const all = [];
    for (let index = 0; index < 50; index += 1) {
      for (const name of Object.keys(OPTIONS)) {
        const { options, secrets } = fresh(name);
        const client = new slim.Client({ ...options, headers: { "x-filler": "x".repeat(index * 37 + 1) } });
        client.explain(operationsOf(options.vendor).removal);
        client.free();
        all.push(...secrets);
      }
    }
    assertNone(all, "after free()");
  });
});

describe("memory after real calls", () => {
  for (const [kind, more] of FORMS) {
    it(named(kind, more), async () => {
      const { url, identityEndpoint, region, credentials } = cloud.info[kind];
      const where = identityEndpoint ? { vendor: "openstack", identityEndpoint } : { vendor: kind, endpoint: url };
      const client = new slim.Client({ ...where, ...more, region, credentials, allowHttp: true });
      for (const operation of Object.values(CALLS[kind])) await settled(client.send(operation));
      const secrets = [credentials[SECRET[kind] ?? "password"]];
      if (kind === "keystone") secrets.push(client.sign(CALLS.keystone.read).headers["x-auth-token"]);
      client.free();
      await new Promise(setImmediate);
      assertNone(secrets, "after free()");
      // As JSON wrote it for the identity service.
      assertNone(secrets.map((secret) => JSON.stringify(secret).slice(1, -1)), "after free()");
    });
  }
});

describe("memory after the signers alone", () => {
  const INPUTS = {
    signAlibabaRpc: { method: "POST", parameters: { Action: "X" }, accessKeySecret: "" },
    signAlibabaAcs3: { method: "POST", headers: { host: "h" }, accessKeyId: "testid", accessKeySecret: "" },
    signUcloud: { parameters: { Action: "X", List: [1, { a: null }] }, privateKey: "" },
    signSdkHmacSha256: { method: "GET", headers: { host: "h", "x-sdk-date": "20240314T150926Z" }, accessKey: "AK", secretKey: "" },
  };
  for (const [name, input] of Object.entries(INPUTS)) {
    it(name, async () => {
      const field = Object.keys(input).find((key) => input[key] === "");
      const secret = unique();
      for (let round = 0; round < 20; round += 1) slim[name]({ ...input, [field]: secret });
      await errorOf(() => slim[name]({ ...input, [field]: secret, colour: "blue" }));
      await errorOf(() => slim[name]({ ...input, [field]: [secret] }));
      assertNone([secret], `after ${name}`);
    });
  }

  it("scoped", () => {
    const secret = unique();
    slim.signSdkHmacSha256({ ...INPUTS.signSdkHmacSha256, secretKey: secret, scope: { region: "eu-de", service: "" } });
    assertNone([secret, `SDK${secret}`], "after signing");
  });
});
