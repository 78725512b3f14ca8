// A client that is kept in an application's state: the libraries of state put proxies around what they are given, freeze
// it, or copy it. In each of them a client does what it does elsewhere, and shows no more than elsewhere.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { freeze, immerable, produce } from "immer";
import * as mobx from "mobx";
import { createPinia, defineStore, setActivePinia } from "pinia";
import { proxy, ref as valtioRef, snapshot } from "valtio/vanilla";
import * as vue from "vue";
import { CALLS, emulator } from "./cloud.mjs";
import { Client, OPTIONS, STAMP, checkError, errorOf, operationsOf, settled, watchStrays } from "./support.mjs";

watchStrays();
const cloud = emulator();

const deep = (client) => ({ page: { clients: [client] } });

/** Each: a client -> the same, as the library gives it back. */
const HOLDERS = {
  "Vue's ref": (client) => vue.ref(client).value,
  "Vue's ref, deep inside": (client) => vue.ref(deep(client)).value.page.clients[0],
  "Vue's reactive": (client) => vue.reactive(client),
  "Vue's readonly": (client) => vue.readonly(client),
  "Vue's readonly of reactive": (client) => vue.readonly(vue.reactive(deep(client))).page.clients[0],
  "Vue's shallowReactive": (client) => vue.shallowReactive(client),
  "Vue's computed": (client) => {
    const held = vue.reactive({ client });
    return vue.computed(() => held.client).value;
  },
  "Pinia, state": (client) => {
    setActivePinia(createPinia());
    return defineStore("clouds", { state: () => deep(client) })().page.clients[0];
  },
  "Pinia, set up": (client) => {
    setActivePinia(createPinia());
    return defineStore("clouds", () => ({ client: vue.ref(client) }))().client;
  },
  "Valtio": (client) => proxy(client),
  "Valtio, deep inside": (client) => proxy(deep(client)).page.clients[0],
  "Valtio's snapshot": (client) => snapshot(proxy(deep(client))).page.clients[0],
  "Valtio's ref": (client) => proxy({ client: valtioRef(client) }).client,
  "MobX's observable": (client) => mobx.observable(deep(client)).page.clients[0],
  "MobX's observable box": (client) => mobx.observable.box(client).get(),
  "MobX's makeAutoObservable, of a store": (client) => {
    class Store {
      client = client;
      constructor() {
        mobx.makeAutoObservable(this);
      }
    }
    return new Store().client;
  },
  "MobX's makeAutoObservable, of the client": (client) => mobx.makeAutoObservable(client),
  "Immer, inside produce": (client) => {
    let held;
    produce(deep(client), (draft) => {
      held = draft.page.clients[0];
    });
    return held;
  },
  "Immer, after produce": (client) => produce(deep(client), (draft) => void (draft.page.title = "changed")).page.clients[0],
  "Immer's freeze": (client) => freeze(deep(client), true).page.clients[0],
  "Immer, a subclass that may be drafted": (client) => {
    class Drafted {
      [immerable] = true;
      client = client;
      count = 0;
    }
    return produce(new Drafted(), (draft) => void draft.count++).client;
  },
  "Object.freeze": (client) => Object.freeze(client),
};

/** Every text that can be read from a value, its symbols and what is not enumerable included; nothing is called. */
function texts(value, found = [], seen = new Set()) {
  if (typeof value === "string") found.push(value);
  if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return found;
  seen.add(value);
  if (value instanceof Map || value instanceof Set) for (const one of value) texts(one, found, seen);
  for (const key of Reflect.ownKeys(value)) {
    texts(typeof key === "symbol" ? key.description : key, found, seen);
    const { value: own } = Object.getOwnPropertyDescriptor(value, key);
    texts(own, found, seen);
  }
  return found;
}

for (const [name, hold] of Object.entries(HOLDERS)) {
  describe(name, () => {
    for (const kind of Object.keys(OPTIONS)) {
      it(`${kind}: signs the same bytes, or says the same`, async () => {
        const given = new Client(OPTIONS[kind]);
        const held = hold(given);
        const { removal } = operationsOf(OPTIONS[kind].vendor);
        const needsToken = "password" in OPTIONS[kind].credentials || "applicationCredentialId" in OPTIONS[kind].credentials;
        for (const method of ["sign", "explain"]) {
          const plain = () => new Client(OPTIONS[kind])[method](removal, STAMP);
          if (needsToken && method === "sign") {
            checkError(await errorOf(() => held.sign(removal, STAMP)), { kind: "auth", sent: false });
            continue;
          }
          assert.deepEqual(held[method](removal, STAMP), plain());
        }
        held.free();
        checkError(await errorOf(() => given.sign(removal, STAMP)), { kind: "invalid-input", hint: /new Client/ });
      });

      it(`${kind}: shows no secret`, () => {
        const { credentials } = OPTIONS[kind];
        const held = hold(new Client(OPTIONS[kind]));
        const shown = [...texts(held), JSON.stringify(held), inspect(held, { showHidden: true, depth: Infinity, showProxy: true })].join("\n");
        const secrets = ["accessKeySecret", "privateKey", "secretKey", "password", "applicationCredentialSecret", "token"].filter((field) => field in credentials);
        assert.equal(secrets.length, 1);
        for (const field of secrets) assert.ok(!shown.includes(credentials[field]), `${field} is shown`);
      });
    }

    it("sends by the fetch that was given, and by none of its own", async () => {
      const asked = [];
      const fetch = async (url, init) => {
        asked.push(init.method);
        return new Response('{"RequestId":"r-1"}');
      };
      const held = hold(new Client({ ...OPTIONS["alibaba rpc"], fetch }));
      const { removal } = operationsOf("alibaba");
      const answers = await settled(Promise.all([held.send(removal), held.send(removal)]));
      assert.deepEqual(answers.map(({ requestId }) => requestId), ["r-1", "r-1"]);
      assert.deepEqual(asked, ["POST", "POST"]);
      held.free();
    });

    it("gets a token once for several calls, and keeps it", async () => {
      const held = hold(cloud.client("keystone"));
      await settled(Promise.all([held.send(CALLS.keystone.read), held.send(CALLS.keystone.read)]));
      await settled(held.send(CALLS.keystone.read));
      assert.equal(cloud.control.log().filter(({ cloud: of }) => of === "keystone").length, 1);
      held.free();
    });

    it("takes a server out, and is freed", async () => {
      const held = hold(cloud.client("ucloud"));
      const request = { from: { ulbId: "ulb-5xyz", vServerId: "vserver-http" }, remove: { backendId: "backend-1a2b" }, drain: { waitMs: 10 } };
      const picture = await settled(held.inspect(request.from));
      assert.equal(picture.schema, "unpool/picture@1");
      const plan = await settled(held.plan(request));
      assert.deepEqual(plan.refusals, []);
      const report = await settled(held.run(plan), 30_000);
      assert.equal(report.status, "done");
      assert.ok(!cloud.control.state().ucloud.backends.some((line) => line.includes("backend-1a2b")));
      held.free();
      checkError(await errorOf(() => held.plan(request)), { kind: "invalid-input", sent: false });
    });
  });
}

describe("what such a library makes of a client", () => {
  it("a plan that was kept in a state runs as it is", async () => {
    const held = vue.reactive({ client: cloud.client("ucloud"), plan: undefined, report: undefined });
    held.plan = await held.client.plan({ from: { ulbId: "ulb-5xyz", vServerId: "vserver-http" }, remove: { backendId: "backend-1a2b" }, drain: { waitMs: 10 } });
    held.report = await settled(held.client.run(held.plan), 30_000);
    assert.equal(held.report.status, "done");
    const undone = await settled(held.client.undo(held.report), 30_000);
    assert.equal(undone.status, "done");
  });

  it("is still a Client", () => {
    for (const hold of Object.values(HOLDERS)) assert.ok(hold(new Client(OPTIONS.ucloud)) instanceof Client);
  });

  it("nobody is told of a change by signing", async () => {
    const held = vue.reactive({ client: new Client(OPTIONS.ucloud) });
    let runs = 0;
    vue.watchEffect(
      () => {
        runs++;
        held.client.sign({ operation: "DescribeVServer", ulbId: "ulb-1" });
      },
      { flush: "sync" },
    );
    held.client.sign({ operation: "DescribeVServer", ulbId: "ulb-1" });
    await vue.nextTick();
    assert.equal(runs, 1);
  });
});
