// No secret, token or signature is in a journal, an event or a report: of runs that were cut off, gone on with, refused by
// a lock or a journal, and undone, whoever repeats what was sent.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { OPERATIONS, REQUESTS, UnpoolError, cloudOf, describeReport, emulator, errorOf, hasty, memory, patient, settled, watchStrays } from "./support.mjs";

watchStrays();
const cloud = emulator();

const SECRETS = ["accessKeySecret", "securityToken", "privateKey", "secretKey", "password"];
const IDS = ["accessKeyId", "publicKey", "accessKey"];

/** The words that may be nowhere: what the client was given, and what was signed and sent; and a `fetch` that learns them. */
function watched(kind) {
  const [name, role] = kind.split(" ");
  const given = cloud.info[name][role === "sts" ? "stsCredentials" : "credentials"];
  const words = new Set([...SECRETS, ...IDS].map((field) => given[field]).filter(Boolean));
  const sent = [];
  const learn = async (url, init) => {
    const { headers, body = "" } = init;
    const text = decodeURIComponent(`${url}&${body.startsWith("{") ? "" : body}`);
    for (const [, value] of text.matchAll(/(?:^|[?&])Signature=([^&]+)/g)) words.add(value);
    for (const [, value] of (headers.authorization ?? headers.Authorization ?? "").matchAll(/Signature=([0-9a-f]+)/g)) words.add(value);
    if (body.startsWith("{")) words.add(JSON.parse(body).Signature);
    for (const [header, value] of Object.entries(headers)) if (/^x-(auth|subject|acs-security|security)-token$/i.test(header)) words.add(value);
    sent.push(JSON.stringify(headers) + url + body);
    const response = await fetch(url, init);
    const token = response.headers.get("x-subject-token");
    if (token) words.add(token);
    return response;
  };
  // Which key it was is no secret, and a cloud may say so.
  const ids = new Set(IDS.map((field) => given[field]).filter(Boolean));
  return { words, ids, sent, learn };
}

function holdsNone(what, value, words) {
  const text = `${typeof value === "string" ? value : JSON.stringify(value)}\n${inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null })}`;
  for (const word of [...words].filter((word) => word?.length > 3)) {
    for (const form of [word, encodeURIComponent(word), JSON.stringify(word).slice(1, -1), Buffer.from(word).toString("base64")]) {
      assert.ok(!text.includes(form), `${what} holds ${form.slice(0, 6)}...: ${text.slice(Math.max(0, text.indexOf(form) - 200), text.indexOf(form) + 20)}`);
    }
  }
}

describe("no secret is in what is written down", () => {
  for (const kind of ["alibaba", "alibaba sts", "ucloud", "ucloud sts", "scloud", "otc", "otc sts", "keystone"]) {
    it(`${kind}: a run that is cut off and gone on with, and its undo`, async (t) => {
      hasty(t);
      const name = kind.split(" ")[0];
      const { words, learn } = watched(kind);
      const client = patient(cloud, kind, { fetch: learn });
      const plan = await client.plan(REQUESTS[name]);
      const { drain, remove } = OPERATIONS[name];
      cloud.control.faults([{ cloud: cloudOf(name), operation: drain, effect: "drop-after" }, { cloud: cloudOf(name), operation: remove, effect: "drop-before" }]);
      const told = { events: [] };
      const onEvent = (event) => void told.events.push(event);
      const journal = memory();
      const controller = new AbortController();
      const stop = (_, { entry, error }) => void (entry === "result" && error && journal.entries.length > 3 && controller.abort());
      told.first = await settled(client.run(plan, { journal: { entries: journal.entries, append: async (entry) => (await journal.append(entry), stop(0, entry)) }, signal: controller.signal, onEvent }));
      told.report = await settled(client.run(plan, { journal, onEvent }));
      assert.equal(told.report.status, "done");
      const own = memory();
      told.undone = await settled(client.undo(told.report, { journal: own, onEvent }));
      assert.equal(told.undone.status, "done");
      Object.assign(told, { plan, journal: journal.entries, own: own.entries, texts: [describeReport(told.report), describeReport(told.undone)] });
      assert.ok(words.size >= 3 && journal.entries.length > 4 && told.events.length > 8, "something was looked for");
      assert.ok(JSON.stringify(journal.entries).includes('"error"'), "an error is written, too");
      for (const [what, value] of Object.entries(told)) holdsNone(what, value, words);
    });

    it(`${kind}: a cloud that repeats what it got, in its errors`, async (t) => {
      hasty(t);
      const name = kind.split(" ")[0];
      const { words, ids, sent, learn } = watched(kind);
      const { remove } = OPERATIONS[name];
      // What was signed and sent comes back in the answer to the removal.
      const echo = async (url, init) => {
        const response = await learn(url, init);
        const last = cloud.control.log().filter(({ cloud: of }) => of !== "keystone").at(-1);
        if (last?.operation !== remove) return response;
        await response.text();
        const text = sent.at(-1);
        const body = JSON.stringify({ Code: "Forbidden.RAM", Message: text, RequestId: text, RetCode: 299, error_code: "ELB.9802", error_msg: text, request_id: text });
        return new Response(body, { status: name.endsWith("cloud") ? 200 : 403, headers: { "content-type": "application/json" } });
      };
      const client = patient(cloud, kind, { fetch: echo });
      const plan = await client.plan(REQUESTS[name]);
      const events = [];
      const journal = memory();
      const report = await settled(client.run(plan, { journal, onEvent: (event) => void events.push(event) }));
      const undone = await settled(client.undo(report, { journal: memory() }));
      for (const [what, value] of Object.entries({ events, journal: journal.entries, report, undone, text: describeReport(report) })) holdsNone(what, value, [...words].filter((word) => !ids.has(word)));
    });
  }

  for (const kind of ["alibaba", "ucloud", "otc", "keystone"]) {
    it(`${kind}: a journal or a lock that throws what it should not know: the report says it as it was said, and adds nothing`, async () => {
      const { words, learn } = watched(kind);
      const client = patient(cloud, kind, { fetch: learn });
      const plan = await client.plan(REQUESTS[kind]);
      const reports = [
        await client.run(plan, { journal: { append: () => Promise.reject(new Error("no room")) } }),
        await client.run(plan, { lock: () => Promise.reject(new UnpoolError({ kind: "refused", message: "ann has it", retryable: true, sent: false })) }),
        await client.run(plan, { lock: (key, work) => work({ check: () => Promise.reject("lost") }) }),
      ];
      for (const report of reports) holdsNone("report", report, words);
    });

    it(`${kind}: a plan and a journal into which somebody wrote the secret: the error does not repeat it`, async () => {
      const { credentials } = cloud.info[kind];
      const secret = credentials[{ alibaba: "accessKeySecret", ucloud: "privateKey", otc: "secretKey", keystone: "password" }[kind]];
      const client = patient(cloud, kind);
      const plan = await client.plan(REQUESTS[kind]);
      const errors = [
        await errorOf(() => client.run({ ...plan, schema: secret }, { journal: memory() })),
        await errorOf(() => client.run(plan, { journal: memory({ entries: [{ schema: secret, vendor: secret }] }) })),
        await errorOf(() => client.run(plan, { journal: memory({ entries: [secret, secret] }) })),
        await errorOf(() => client.undo({ schema: secret })),
        await errorOf(() => client.undo({ plan, journal: { entries: [secret, {}] } })),
      ];
      for (const error of errors) {
        assert.equal(error.kind, "invalid-input");
        holdsNone("error", error, [secret]);
      }
    });
  }
});
