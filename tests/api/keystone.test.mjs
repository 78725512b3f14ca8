// Keystone credentials: getting a token, never showing it, and what happens without one.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { CALLS, IDS, emulator } from "./cloud.mjs";
import { Client, STAMP, checkError, errorOf, settled, watchStrays } from "./support.mjs";

watchStrays();
const cloud = emulator();
const { removal, read } = CALLS.keystone;
const tokens = () => cloud.control.log().filter(({ operation }) => operation === "CreateToken").length;
const credentials = (changes) => ({ credentials: { ...cloud.info.keystone.credentials, ...changes } });

describe("authenticate", () => {
  it("tells when the token expires, for which project and where requests go, and no token", async () => {
    const client = cloud.client("keystone");
    const told = await settled(client.authenticate());
    assert.deepEqual(Object.keys(told).sort(), ["endpoint", "expiresAt", "projectId"]);
    assert.equal(told.projectId, cloud.info.keystone.projectId);
    assert.equal(told.endpoint, cloud.info.otc.url);
    assert.ok(Math.abs(Date.parse(told.expiresAt) - Date.now() - 3_600_000) < 60_000);
    const token = client.sign(read, STAMP).headers["x-auth-token"];
    assert.match(token, /^EMULATOR-/);
    assert.ok(!JSON.stringify(told).includes(token));
    assert.ok(!inspect(client, { showHidden: true, depth: 10 }).includes(token));
  });

  it("before it, sign is auth with a hint and explain shows the token request", async () => {
    const client = cloud.client("keystone");
    checkError(await errorOf(() => client.sign(removal)), { kind: "auth", sent: false, operation: "DeleteMember", hint: /authenticate\(\)/ });
    const shown = client.explain(removal);
    assert.equal(shown.method, "POST");
    assert.match(shown.url, /\/v3\/auth\/tokens$/);
    assert.doesNotMatch(JSON.stringify(shown), /P.{0,2}ssword\\/u);
    assert.equal(tokens(), 0);
  });

  it("after it, sign works without the network and explain shows the call", async () => {
    const client = cloud.client("keystone");
    await settled(client.authenticate());
    const request = client.sign(removal);
    assert.equal(request.method, "DELETE");
    assert.equal(request.url, `${cloud.info.otc.url}/v2.0/lbaas/pools/${IDS.pool}/members/${IDS.member}`);
    assert.equal((await fetch(request.url, request)).status, 204);
    const shown = client.explain(removal);
    assert.equal(shown.method, "DELETE");
    assert.equal(shown.headers["x-auth-token"], "REDACTED");
    assert.ok(!JSON.stringify(shown).includes(request.headers["x-auth-token"]));
  });

  it("send gets a token by itself and keeps it", async () => {
    const client = cloud.client("keystone");
    await settled(client.send(read));
    await settled(client.send(removal));
    assert.equal(tokens(), 1);
  });

  it("by user id, by project id and at a given endpoint without the catalogue", async () => {
    const { username, userDomain, password } = cloud.info.keystone.credentials;
    assert.ok(username && userDomain);
    for (const more of [
      { credentials: { userId: "b1ae0a827df04f549842cd70478bd5aa", password, projectId: cloud.info.keystone.projectId } },
      credentials({ project: undefined, projectDomain: undefined, projectId: cloud.info.keystone.projectId }),
      { endpoint: cloud.info.otc.url },
      { endpoint: `${cloud.info.otc.url}/v2.0` },
    ]) {
      const client = cloud.client("keystone", more);
      assert.equal((await settled(client.send(read))).members.length, 5);
      assert.equal((await settled(client.authenticate())).endpoint, cloud.info.otc.url);
    }
  });

  it("with and without /v3 at the end of the identity endpoint", async () => {
    for (const identityEndpoint of [cloud.info.keystone.url, `${cloud.info.keystone.url}/`, `${cloud.info.keystone.url}/v3`, `${cloud.info.keystone.url}/v3/`]) {
      await settled(cloud.client("keystone", { identityEndpoint }).authenticate());
    }
  });

  it("keys and given tokens need none", async () => {
    for (const client of [cloud.client("otc"), cloud.client("alibaba"), cloud.client("ucloud"), new Client({ vendor: "otc", region: "eu-de", credentials: { token: "t" } })]) {
      checkError(await errorOf(() => client.authenticate()), { kind: "unsupported", sent: false, hint: /at once/ });
    }
  });

  it("a given token", async () => {
    const client = cloud.client("keystone");
    await settled(client.authenticate());
    const { "x-auth-token": token } = client.sign(read).headers;
    const other = cloud.client("otc", { credentials: { token } });
    assert.equal((await settled(other.send(read))).members.length, 5);
    cloud.control.revokeTokens();
    checkError(await errorOf(() => other.send(removal)), { kind: "auth", code: "APIGW.0301", httpStatus: 401, sent: true });
  });
});

describe("no token", () => {
  const call = (client) => [() => client.authenticate(), () => client.send(removal), () => client.send(read)];

  const WRONG = [
    ["a wrong password", { password: "Wrong-Password-9" }],
    ["an unknown user", { username: "nobody" }],
    ["an unknown domain", { userDomain: "nowhere", projectDomain: undefined }],
    ["an unknown project", { project: "none" }],
  ];
  for (const [what, changes] of WRONG) {
    it(what, async () => {
      for (const work of call(cloud.client("keystone", credentials(changes)))) {
        const error = await errorOf(work);
        checkError(error, { kind: "auth", httpStatus: 401, vendor: "openstack", retryable: false, hint: /password/ });
        assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes("Wrong-Password-9"));
      }
      assert.equal(cloud.control.log().filter((entry) => entry.cloud === "otc").length, 0);
    });
  }

  it("for a removal it says that the removal did not leave", async () => {
    const error = await errorOf(() => cloud.client("keystone", credentials({ password: "x" })).send(removal));
    checkError(error, { kind: "auth", sent: false, operation: "DeleteMember" });
    assert.match(error.message, /DeleteMember/);
  });

  const ANSWERS = [
    ["an HTML page", { status: 200, contentType: "text/html", body: "<html>" }, "unexpected-answer"],
    ["an empty 201", { status: 201, body: "" }, "unexpected-answer"],
    ["a 201 without a token", { status: 201, body: {} }, "unexpected-answer"],
    ["a 201 whose token header cannot be read", { status: 201, body: { token: { project: { id: "p" } } } }, "unsupported"],
    ["a token without a project", { status: 201, headers: { "x-subject-token": "secret-token-1" }, body: { token: { expires_at: "x" } } }, "auth"],
    ["a 400", { status: 400, body: { error: { code: 400, message: "schema: Fake password", title: "Bad Request" } } }, "invalid-input"],
    ["a 404", { status: 404, body: "not here" }, "not-found"],
    ["a 404 of another service", { status: 404, body: { error: { code: 404, message: "Could not find the resource", title: "Not Found" } } }, "not-found"],
    ["a removed application credential", { status: 404, body: { error: { code: 404, message: "Could not find Application Credential: 5e0a1c.", title: "Not Found" } } }, "auth"],
    ["a 429", { status: 429, body: "" }, "throttled"],
    ["an empty 503", { status: 503, body: "" }, "server"],
    ["a 503", { status: 503, body: { error: { code: 503, message: "later", title: "Service Unavailable" } } }, "server"],
  ];
  for (const [what, answer, kind] of ANSWERS) {
    it(what, async () => {
      for (const work of call(cloud.client("keystone", { maxAttempts: 1 }))) {
        cloud.control.faults([{ cloud: "keystone", effect: "status", ...answer }]);
        const error = await errorOf(work);
        checkError(error, { kind, vendor: "openstack" });
        assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes("secret-token-1"));
      }
    });
  }

  it("X-Subject-Token unreadable: the hint says what a page needs", async () => {
    cloud.control.faults([{ cloud: "keystone", effect: "status", status: 201, body: { token: { project: { id: "p" } } } }]);
    checkError(await errorOf(() => cloud.client("keystone").authenticate()), { kind: "unsupported", hint: /X-Subject-Token/ });
  });

  for (const effect of ["drop-before", "hang", "truncate"]) {
    it(effect, async () => {
      const client = cloud.client("keystone", { maxAttempts: 1 });
      cloud.control.faults([{ cloud: "keystone", effect, times: 2 }]);
      checkError(await errorOf(() => client.authenticate({ timeoutMs: 200 })), { retryable: true });
      checkError(await errorOf(() => client.send(removal, { timeoutMs: 200 })), { sent: false, operation: "DeleteMember" });
      await settled(client.authenticate());
    });
  }

  it("a catalogue without the service, region or interface", async () => {
    for (const more of [{ region: "eu-nl" }, { interface: "admin" }]) {
      checkError(await errorOf(() => cloud.client("keystone", more).send(removal)), { kind: "unsupported", sent: false, hint: /region/ });
    }
    assert.equal((await settled(cloud.client("keystone", { interface: "internal", region: undefined }).send(read))).members.length, 5);
  });

  it("aborted before, during and after", async () => {
    const reason = new Error("enough");
    checkError(await errorOf(() => cloud.client("keystone").authenticate({ signal: AbortSignal.abort(reason) })), { kind: "aborted", sent: false });
    const controller = new AbortController();
    cloud.control.faults([{ cloud: "keystone", effect: "hang" }]);
    setTimeout(() => controller.abort(reason), 20);
    const error = await errorOf(() => cloud.client("keystone").send(removal, { signal: controller.signal }));
    checkError(error, { kind: "aborted", sent: false });
    assert.equal(error.cause, reason);
  });
});

describe("what a catalogue says", () => {
  const catalogued = (url, region) => ({
    token: {
      expires_at: "2099-01-01T00:00:00.000000Z", issued_at: "2098-12-31T00:00:00.000000Z", project: { id: "p" },
      catalog: [{ type: "load-balancer", endpoints: [{ interface: "public", region_id: region, url }] }],
    },
  });
  const identified = (identityEndpoint, url, region = "eu-de") => {
    const fetch = async () => new Response(JSON.stringify(catalogued(url, region)), { status: 201, headers: { "x-subject-token": "secret-token-2" } });
    return new Client({ vendor: "openstack", region, identityEndpoint, allowHttp: true, fetch, credentials: { userId: "u", password: "p", projectId: "p" } });
  };

  it("https identity is never answered over http", async () => {
    const told = await settled(identified("https://keystone.example/v3", "http://octavia.example:9876/v2.0").authenticate());
    assert.equal(told.endpoint, "https://octavia.example:9876");
  });

  it("a path stays, a version goes", async () => {
    const told = await settled(identified("https://keystone.example/v3", "https://cloud.example/load-balancer/v2.0/").authenticate());
    assert.equal(told.endpoint, "https://cloud.example/load-balancer");
  });

  it("a region may be called as its operator likes", async () => {
    const told = await settled(identified("https://keystone.example/v3", "https://octavia.example/v2", "RegionOne").authenticate());
    assert.equal(told.endpoint, "https://octavia.example");
  });

  for (const url of ["https://user:pass@octavia.example", "ftp://octavia.example", "nonsense", ""]) {
    it(`an address that is none: ${url}`, async () => {
      const error = await errorOf(() => identified("https://keystone.example/v3", url).authenticate());
      checkError(error, { kind: "unexpected-answer", hint: /endpoint/ });
    });
  }
});

describe("short tokens", () => {
  const short = emulator({ tokenTtlMs: 2_000 });
  it("are renewed before they expire", async () => {
    const client = short.client("keystone");
    const first = await settled(client.authenticate());
    await settled(client.send(read));
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    await settled(client.send(read));
    const created = short.control.log().filter(({ operation }) => operation === "CreateToken").length;
    assert.equal(created, 2, `the first token ended at ${first.expiresAt}`);
  });
});
