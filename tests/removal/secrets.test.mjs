// Nothing that is written down holds a secret, a token or a signature.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { OPERATIONS, REQUESTS, cloudOf, describePlan, describeReport, emulator, hasty, patient, watchStrays } from "./support.mjs";

watchStrays();
const cloud = emulator();

/** The words that may be nowhere: what the client was given, and what was signed and sent. */
function watched(kind) {
  const [name, role] = kind.split(" ");
  const { credentials, stsCredentials } = cloud.info[name];
  const given = role === "sts" ? stsCredentials : credentials;
  const words = new Set(["accessKeySecret", "securityToken", "privateKey", "secretKey", "password"].map((field) => given[field]).filter(Boolean));
  const ids = new Set(["accessKeyId", "publicKey", "accessKey"].map((field) => given[field]).filter(Boolean));
  const watchedFetch = async (url, init) => {
    const text = decodeURIComponent(`${url}&${typeof init.body === "string" && !init.body.startsWith("{") ? init.body : ""}`);
    for (const [, value] of text.matchAll(/(?:^|[?&])Signature=([^&]+)/g)) words.add(value);
    for (const value of /Signature=([0-9a-f]+)/.exec(init.headers.authorization ?? init.headers.Authorization ?? "")?.slice(1) ?? []) words.add(value);
    if (init.body?.startsWith("{")) words.add(JSON.parse(init.body).Signature);
    for (const [header, value] of Object.entries(init.headers)) if (/^x-(auth|subject)-token$/i.test(header)) words.add(value);
    const response = await fetch(url, init);
    const token = response.headers.get("x-subject-token");
    if (token) words.add(token);
    return response;
  };
  return { words, ids, watchedFetch };
}

function holdsNone(what, value, { words, ids }) {
  const text = `${typeof value === "string" ? value : JSON.stringify(value)}\n${inspect(value, { depth: 20, showHidden: true })}`;
  for (const word of [...words, ...ids].filter((word) => word?.length > 3)) {
    for (const form of [word, encodeURIComponent(word)]) assert.ok(!text.includes(form), `${what} holds ${form.slice(0, 6)}...: ${text.slice(0, 300)}`);
  }
}

describe("no secret is in", () => {
  for (const kind of ["alibaba", "alibaba sts", "ucloud", "ucloud sts", "scloud", "otc", "otc sts", "keystone"]) {
    for (const trouble of [undefined, "drop-after", "refuse"]) {
      it(`${kind}: picture, plan, events, report and their texts${trouble ? `, with ${trouble}` : ""}`, async (t) => {
        hasty(t);
        const name = kind.split(" ")[0];
        const secrets = watched(kind);
        const client = patient(cloud, kind, { fetch: secrets.watchedFetch });
        const picture = await client.inspect(REQUESTS[name].from);
        const plan = await client.plan(REQUESTS[name]);
        const { drain, remove } = OPERATIONS[name];
        if (trouble) {
          const code = { alibaba: "Forbidden.RAM", ucloud: "299", scloud: "299", otc: "ELB.9802" }[cloudOf(name)];
          cloud.control.faults([{ cloud: cloudOf(name), operation: drain, effect: "drop-after" }, { cloud: cloudOf(name), operation: remove, effect: trouble, code, times: trouble === "refuse" ? "always" : 1 }]);
        }
        const events = [];
        const report = await client.run(plan, { onEvent: (event) => events.push(event) });
        assert.equal(report.status, trouble === "refuse" ? "incomplete" : "done");
        assert.ok(secrets.words.size >= 3, "something was looked for");
        for (const [what, value] of Object.entries({ picture, plan, events, report, planText: describePlan(plan), reportText: describeReport(report), client })) holdsNone(what, value, secrets);
      });
    }
  }

  it("an error of a plan whose secret is wrong", async () => {
    for (const kind of ["alibaba", "ucloud", "otc", "keystone"]) {
      const { credentials } = cloud.info[kind];
      const field = { alibaba: "accessKeySecret", ucloud: "privateKey", otc: "secretKey", keystone: "password" }[kind];
      const secret = "not-the-right-secret-at-all";
      const client = patient(cloud, kind, { credentials: { ...credentials, [field]: secret } });
      const error = await client.plan(REQUESTS[kind]).then(() => assert.fail("it was right"), (error) => error);
      assert.equal(error.kind, "auth", `${kind}: ${error.message}`);
      holdsNone(kind, error, { words: new Set([secret]), ids: new Set() });
    }
  });

  it("a run whose credentials were changed meanwhile: failed, and what was drained is said to be", async (t) => {
    hasty(t);
    const client = patient(cloud, "ucloud");
    const plan = await client.plan(REQUESTS.ucloud);
    const { publicKey, privateKey } = cloud.info.ucloud.credentials;
    const report = await client.run(plan, {
      onEvent: ({ event, why }) => event === "wait" && why === "drain" && cloud.control.keys({ cloud: "ucloud", publicKey, privateKey: "rotated" }),
    });
    cloud.control.keys({ cloud: "ucloud", publicKey, privateKey });
    assert.equal(report.status, "incomplete");
    assert.equal(report.loadBalancers[0].error.kind, "auth");
    assert.equal(report.entries[0].outcome, "not-tried");
    assert.equal(report.entries[0].state, "drained", "as it was when it was last seen");
    holdsNone("report", report, { words: new Set([privateKey, "rotated"]), ids: new Set() });
  });
});
