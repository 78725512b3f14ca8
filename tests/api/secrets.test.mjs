// No secret, token or signature gets out: not in errors, not in what is explained or logged, whoever
// repeats what was sent and however.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { CALLS, FORMS, emulator, named } from "./cloud.mjs";
import { Client, UnpoolError, errorOf, settled, watchStrays } from "./support.mjs";

watchStrays();
const cloud = emulator();

const SECRET_FIELDS = ["accessKeySecret", "privateKey", "secretKey", "securityToken", "token", "password", "applicationCredentialSecret"];
const secretsIn = (credentials) => SECRET_FIELDS.map((name) => credentials[name]).filter((value) => value !== undefined);

/** Every way in which a text may be repeated. */
const encode = encodeURIComponent;
const forms = (secret) => [secret, JSON.stringify(secret).slice(1, -1)].flatMap((text) => [text, encode(text), encode(encode(text)), Buffer.from(text).toString("base64")]);

function assertNone(text, secrets, where) {
  for (const secret of secrets) {
    assert.ok(secret.length >= 4, "too short to look for");
    for (const form of forms(secret)) assert.ok(!text.includes(form), `${where} shows ${form}:\n${text}`);
  }
}

/** Everything that an error shows of itself. A foreign cause is the caller's own value and is let through. */
function shownBy(error) {
  assert.ok(error instanceof UnpoolError, String(error?.stack ?? error));
  const own = { message: error.message, stack: error.stack, text: String(error), json: JSON.stringify(error), toJSON: error.toJSON(), fields: Object.entries(error) };
  const cause = error.cause instanceof UnpoolError ? shownBy(error.cause) : "";
  return `${inspect(own, { depth: 10, maxStringLength: null })}\n${cause}`;
}

/** The signatures and tokens in a request. */
function signaturesIn({ url, headers = {}, body = "" }) {
  const found = [];
  const authorization = headers.authorization ?? "";
  found.push(/Signature=([^,\s]+)/.exec(authorization)?.[1]);
  found.push(headers["x-auth-token"], headers["x-acs-security-token"], headers["x-security-token"]);
  if (headers["content-type"]?.includes("json")) found.push(JSON.parse(body).Signature);
  else found.push(new URLSearchParams(body).get("Signature"), new URL(url).searchParams.get("Signature"));
  return found.filter(Boolean);
}

const ROLES = [
  ...FORMS,
  ...FORMS.filter(([kind]) => kind !== "keystone").map(([kind, more]) => [`${kind} sts`, more]),
  // What a password client has got: the token itself.
  ["otc token", {}],
];
const plain = (kind) => kind.split(" ")[0];

/** A client of each role, what it must not show, and its calls. */
async function make([kind, more], extra = {}) {
  if (kind === "otc token") {
    const giver = cloud.client("keystone");
    await settled(giver.authenticate());
    const token = giver.sign(CALLS.otc.read).headers["x-auth-token"];
    return { client: cloud.client("otc", { ...extra, credentials: { token } }), secrets: [token], calls: CALLS.otc };
  }
  const client = cloud.client(kind, { ...more, ...extra });
  const { credentials, stsCredentials } = cloud.info[plain(kind)];
  return { client, secrets: secretsIn(kind.endsWith(" sts") ? stsCredentials : credentials), calls: CALLS[plain(kind)] };
}

/** All that a request said, the way a gateway or a proxy may repeat it. */
const ECHOES = {
  plain: (text) => text,
  "percent-encoded": (text) => encodeURIComponent(text),
  "JSON in text": (text) => JSON.stringify(text).slice(1, -1),
};
const ENVELOPES = {
  "alibaba message": (text) => ({ status: 400, body: JSON.stringify({ RequestId: text, Code: "InvalidParameter", Message: `bad: ${text}`, HostId: text }) }),
  "alibaba code": (text) => ({ status: 400, body: JSON.stringify({ RequestId: "r", Code: text, Message: "bad" }) }),
  "ucloud message": (text) => ({ status: 200, body: JSON.stringify({ RetCode: 230, Message: `Params [${text}] not available` }) }),
  "gateway message": (text) => ({ status: 400, body: JSON.stringify({ error_code: "APIGW.0101", error_msg: text, request_id: text }) }),
  "gateway code": (text) => ({ status: 403, body: JSON.stringify({ error_code: text, error_msg: "no" }) }),
  "Keystone message": (text) => ({ status: 400, body: JSON.stringify({ error: { code: 400, title: text, message: text } }) }),
  "Octavia fault": (text) => ({ status: 500, body: JSON.stringify({ faultcode: "Server", faultstring: text, debuginfo: text }) }),
  "XML error": (text) => ({ status: 400, body: `<Error><RequestId>r</RequestId><Code>Bad</Code><Message>${text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</Message></Error>` }),
  "HTML page": (text) => ({ status: 502, body: `<html><body><pre>${text}</pre></body></html>` }),
  "HTML page as success": (text) => ({ status: 200, body: `<html><body><pre>${text}</pre></body></html>` }),
  "request id headers": (text) => ({ status: 500, body: "{}", headers: Object.fromEntries(["x-request-id", "x-acs-request-id", "x-ucloud-request-uuid", "x-openstack-request-id"].map((name) => [name, text])) }),
};

describe("a server that repeats what it got", () => {
  for (const role of ROLES) {
    it(named(...role), async () => {
      for (const [how, echo] of Object.entries(ECHOES)) {
        for (const [where, envelope] of Object.entries(ENVELOPES)) {
          const sent = [];
          const fetch = async (url, init) => {
            sent.push({ url, ...init });
            const { status, body, headers = {} } = envelope(echo(JSON.stringify(init.headers) + url + (init.body ?? "")));
            return { status, headers: { get: (name) => headers[name] ?? null }, text: async () => body };
          };
          const { client, secrets, calls } = await make(role, { fetch, maxAttempts: 1 });
          for (const operation of Object.values(calls)) {
            const error = await errorOf(() => client.send(operation));
            assertNone(shownBy(error), [...secrets, ...sent.flatMap(signaturesIn)], `${where}, ${how}`);
          }
          if (plain(role[0]) === "keystone") assertNone(shownBy(await errorOf(() => client.authenticate())), secrets, `authenticate: ${where}, ${how}`);
        }
      }
    });
  }
});

describe("a fetch that throws what it got", () => {
  const THROWN = {
    "an Error": (text) => new Error(text),
    text: (text) => text,
    "an object with a message": (text) => ({ message: text, name: text }),
    "an object with a name": (text) => ({ name: text }),
  };
  for (const role of ROLES) {
    it(named(...role), async () => {
      for (const [how, echo] of Object.entries(ECHOES)) {
        for (const [what, thrown] of Object.entries(THROWN)) {
          for (const late of [false, true]) {
            const sent = [];
            const fetch = (url, init) => {
              sent.push({ url, ...init });
              const value = thrown(echo(JSON.stringify(init.headers) + url + (init.body ?? "")));
              return late ? Promise.resolve({ status: 200, headers: new Headers(), text: () => Promise.reject(value) }) : Promise.reject(value);
            };
            const { client, secrets, calls } = await make(role, { fetch, maxAttempts: 1 });
            for (const operation of Object.values(calls)) {
              const error = await errorOf(() => client.send(operation));
              assertNone(shownBy(error), [...secrets, ...sent.flatMap(signaturesIn)], `${what}, ${how}`);
            }
            if (plain(role[0]) === "keystone") assertNone(shownBy(await errorOf(() => client.authenticate())), secrets, `authenticate: ${what}, ${how}`);
          }
        }
      }
    });
  }
});

describe("the earlier attempts", () => {
  for (const role of ROLES) {
    it(named(...role), { timeout: 30_000 }, async () => {
      const work = Object.values(ECHOES).flatMap((echo) => ["removal", "read"].map(async (which) => {
        const sent = [];
        const fetch = async (url, init) => {
          sent.push({ url, ...init });
          const text = echo(JSON.stringify(init.headers) + url + (init.body ?? ""));
          if (sent.length !== 2) throw new TypeError(text);
          return new Response(JSON.stringify({ Code: "Throttling.User", Message: text, RetCode: 153, error_code: "APIGW.0308", error_msg: text, error: { message: text } }), { status: 429 });
        };
        const { client, secrets, calls } = await make(role, { fetch });
        const error = await errorOf(() => settled(client.send(calls[which]), 20_000));
        assert.equal(error.attempts?.length, 2);
        assert.ok(error.attempts.every((attempt) => attempt instanceof UnpoolError));
        const shown = error.attempts.map(shownBy).join("\n") + shownBy(error);
        assertNone(shown, [...secrets, ...sent.flatMap(signaturesIn)], which);
      }));
      await Promise.all(work);
    });
  }
});

describe("the clouds' own echoes", () => {
  for (const role of ROLES.filter(([kind]) => kind !== "keystone" && kind !== "otc token")) {
    it(`${named(...role)}: a refused signature`, async () => {
      const [kind, more] = role;
      const sent = [];
      const fetch = (url, init) => {
        sent.push({ url, ...init });
        return globalThis.fetch(url, init);
      };
      const info = cloud.info[plain(kind)];
      const credentials = { ...(kind.endsWith(" sts") ? info.stsCredentials : info.credentials) };
      for (const name of ["accessKeySecret", "privateKey", "secretKey"]) if (credentials[name]) credentials[name] = "Wrong+Secret/1=";
      const client = cloud.client(kind, { ...more, fetch, credentials });
      for (const operation of Object.values(CALLS[plain(kind)])) {
        const error = await errorOf(() => client.send(operation));
        assert.equal(error.kind, "auth");
        assertNone(shownBy(error), [...secretsIn(credentials), ...sent.flatMap(signaturesIn)], "the error");
      }
    });
  }
});

describe("what a client shows of itself", () => {
  for (const role of ROLES) {
    it(named(...role), async () => {
      const { client, secrets, calls } = await make(role);
      if (plain(role[0]) === "keystone") await settled(client.authenticate());
      const request = client.sign(calls.removal);
      const hidden = [...secrets, ...signaturesIn(request)];
      const shown = {
        inspect: inspect(client, { showHidden: true, depth: 20, maxStringLength: null, getters: true }),
        json: JSON.stringify(client),
        text: `${client} ${Object.entries(client)} ${Object.getOwnPropertyNames(client)}`,
        clone: JSON.stringify({ ...client }),
      };
      for (const [where, text] of Object.entries(shown)) assertNone(text, hidden, where);
      assert.equal(shown.json, "{}");
      // Functions of a freed client hold nothing either.
      client.free();
      assertNone(inspect(client, { showHidden: true, depth: 20 }), hidden, "freed");
    });
  }

  it("structuredClone and postMessage carry nothing", async () => {
    const { client } = await make(["alibaba", {}]);
    assert.equal(JSON.stringify(structuredClone(client)), "{}");
  });
});

describe("explain", () => {
  for (const role of ROLES) {
    it(named(...role), async () => {
      const { client, secrets, calls } = await make(role);
      const rounds = plain(role[0]) === "keystone" ? 2 : 1;
      for (let round = 0; round < rounds; round += 1) {
        if (round === 1) await settled(client.authenticate());
        for (const operation of Object.values(calls)) {
          const stamp = { timestamp: Date.now(), nonce: "nonce-of-explain" };
          const explained = client.explain(operation, stamp);
          const signed = rounds === 2 && round === 0 ? [] : signaturesIn(client.sign(operation, stamp));
          assertNone(inspect(explained, { depth: 10, maxStringLength: null, maxArrayLength: null }), [...secrets, ...signed], "explain");
          assert.match(JSON.stringify(explained), /REDACTED/);
          assert.ok(explained.curl.startsWith("curl "));
          if (explained.signature !== "token") assert.ok(explained.stages.length >= 2);
        }
      }
    });
  }

  it("the string to sign is the one that is signed, but for what is hidden", () => {
    const client = cloud.client("alibaba");
    const stamp = { timestamp: 1_710_428_966_000, nonce: "n-1" };
    const explained = client.explain(CALLS.alibaba.removal, stamp);
    const request = client.sign(CALLS.alibaba.removal, stamp);
    const canonical = explained.stages.find(({ name }) => name === "canonical query").text;
    assert.ok(request.body.startsWith(`${canonical}&Signature=`));
    assert.equal(explained.body, `${canonical}&Signature=REDACTED`);
  });
});

describe("refused options show nothing of what was given", () => {
  const MISPLACED = [
    { vendor: "Secret-In-Place-1" },
    { vendor: "alibaba", region: "Secret-In-Place-1" },
    { vendor: "alibaba", region: "cn-hangzhou", credentials: "Secret-In-Place-1" },
    { vendor: "alibaba", region: "cn-hangzhou", credentials: { accessKeyId: "a", accessKeySecret: "Secret-In-Place-1 " } },
    { vendor: "alibaba", region: "cn-hangzhou", credentials: { accessKeyId: ["Secret-In-Place-1"], accessKeySecret: "b" } },
    { vendor: "alibaba", region: "cn-hangzhou", credentials: { accessKeyId: "a", accessKeySecret: "b" }, endpoint: "https://u:Secret-In-Place-1@host" },
    { vendor: "alibaba", region: "cn-hangzhou", credentials: { accessKeyId: "a", accessKeySecret: "b" }, headers: { "x-key": "Secret-In-Place-1\n" } },
    { vendor: "alibaba", region: "cn-hangzhou", credentials: { accessKeyId: "a", accessKeySecret: "b" }, signature: "Secret-In-Place-1" },
    { vendor: "otc", region: "eu-de", credentials: { username: "u", password: "Secret-In-Place-1", userDomain: "d" } },
    { vendor: "otc", region: "eu-de", credentials: { token: "Secret-In-Place-1\n" } },
    { vendor: "ucloud", region: "cn-bj2", credentials: { publicKey: "a", privateKey: { "Secret-In-Place-1": 1 } } },
  ];
  for (const [index, options] of MISPLACED.entries()) {
    it(`${index}`, async () => assertNone(shownBy(await errorOf(() => new Client(options))), ["Secret-In-Place-1"], "the error"));
  }
});
