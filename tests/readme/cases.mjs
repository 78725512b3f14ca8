// What each example needs to run, and what must have come of it in the emulated clouds.
import { blocksOf, readme } from "./blocks.mjs";

const balancer = "lb-bp15lbk8uja8rvm4a0001";
const pool = "5a9a3e9e-d1aa-448e-af37-a70171f2a332";
const web1 = `${pool} cf024846-7516-4e3a-b0fb-6590322c836f 10.0.0.11:80 weight=1`;
const firstServer = `${balancer} default ecs i-bp1fq61enf4loa5i0000 192.168.0.20 weight=100`;

const aliyun = ({ alibaba: { credentials } }) => ({
  ACCESS_KEY_ID: credentials.accessKeyId,
  ACCESS_KEY_SECRET: credentials.accessKeySecret,
});

/** The lines of the text under a heading. */
const transcript = (heading) =>
  blocksOf(readme)
    .find((block) => block.heading === heading && block.language === "text")
    .code.trimEnd()
    .split("\n");

/** Calls the example's object twice, with stand-ins for what Cloudflare gives it. */
const IN_AN_OBJECT = `
import { Client as Planner } from "unpool";
const { env } = process;
const kept = new Map();
const storage = {
  list: async ({ prefix, startAfter, limit }) =>
    new Map([...kept].filter(([key]) => key.startsWith(prefix) && !(key <= startAfter)).sort(([one], [other]) => (one < other ? -1 : 1)).slice(0, limit)),
  put: async (key, value) => void kept.set(key, value),
  delete: async (keys) => keys.filter((key) => kept.delete(key)).length,
};
const leases = new Map();
const state = () => {
  const values = new Map();
  return { storage: { get: async (key) => values.get(key), put: async (key, value) => void values.set(key, value), getAlarm: async () => null, setAlarm: async () => {} } };
};
const LEASES = {
  idFromName: (name) => name,
  get(name) {
    if (!leases.has(name)) leases.set(name, new BalancerLeaseOf(state()));
    return { fetch: (url, init) => leases.get(name).fetch(new Request(url, init)) };
  },
};
const { BalancerLease: BalancerLeaseOf } = await import("unpool/locks");
const credentials = { accessKeyId: env.ACCESS_KEY_ID, accessKeySecret: env.ACCESS_KEY_SECRET };
const planner = new Planner({ vendor: "alibaba", region: "cn-hangzhou", credentials });
const plan = await planner.plan({ from: { vServerGroupId: "rsp-cige6j5e7p" }, remove: { serverId: "i-bp1fq61enf4loa5i0000", port: 8080 }, drain: { waitMs: 100 } });
const ask = async () => {
  const object = new Removal({ storage }, { ...env, LEASES });
  const response = await object.fetch(new Request("https://example.com/", { method: "POST", body: JSON.stringify({ plan, run: "run-1" }) }));
  return response.json();
};
const first = await ask();
console.log(first.status);
const second = await ask();
console.log(second.status + " again, " + (second.calls - first.calls) + " calls more");
console.log("run-1-like entries: " + kept.size);
`;

/**
 * By heading, and in the order of the blocks under it. `env(info)`: the variables that the example reads; `then`: code that
 * calls what it exports; `gone`: { cloud: lines of its state }; `prints`: lines, where the example's comments do not say.
 */
export const cases = {
  "Alibaba Cloud CLB": [
    {
      env: aliyun,
      gone: { alibaba: [firstServer, `${balancer} rsp-cige6j5e7p eni eni-2ze1sdp50000 172.16.6.1:80 weight=100`] },
    },
  ],
  "UCloud and SCloud": [
    {
      env: ({ scloud: { credentials, projectId } }) => ({
        PUBLIC_KEY: credentials.publicKey,
        PRIVATE_KEY: credentials.privateKey,
        PROJECT_ID: projectId,
      }),
      gone: { scloud: ["ulb-5xyz vserver-http backend-1a2b 10.9.1.11:80"] },
    },
  ],
  "OTC and Huawei Cloud": [
    {
      env: ({ otc: { credentials, projectId } }) => ({
        ACCESS_KEY: credentials.accessKey,
        SECRET_KEY: credentials.secretKey,
        PROJECT_ID: projectId,
      }),
      gone: { otc: [web1] },
    },
  ],
  OpenStack: [
    {
      env: ({ keystone: { credentials, region } }) => ({
        OS_AUTH_URL: "https://keystone.example.com/v3",
        OS_REGION_NAME: region,
        OS_USERNAME: credentials.username,
        OS_PASSWORD: credentials.password,
        OS_USER_DOMAIN_NAME: credentials.userDomain,
        OS_PROJECT_NAME: credentials.project,
        OS_PROJECT_DOMAIN_NAME: credentials.projectDomain,
      }),
      gone: { otc: [web1] },
    },
    { env: async ({ keystone }) => ({ OS_TOKEN: await tokenOf(keystone) }) },
  ],
  "In a page": [
    {
      env: aliyun,
      then: `const { env } = process;
const credentials = { accessKeyId: env.ACCESS_KEY_ID, accessKeySecret: env.ACCESS_KEY_SECRET };
console.log(await takeOut(credentials, "${balancer}", "i-bp1fq61enf4loa5i0000"));
console.log(await takeOut(credentials, "${balancer}", "i/1"));
console.log(await takeOut({ ...credentials, accessKeySecret: "wrong" }, "${balancer}", "i-bp1fq61enf4loa5i0001"));`,
      gone: { alibaba: [firstServer] },
      prints: [
        "Done (request ………).",
        "backendServers[0].serverId must be an id …",
        "SignatureDoesNotMatch: … check accessKeySecret: …",
      ],
    },
    {},
  ],
  "In Node": [{}],
  "Take a server out without an outage": [
    {
      env: aliyun,
      gone: {
        alibaba: [
          firstServer,
          `${balancer} rsp-cige6j5e7p ecs i-bp1fq61enf4loa5i0000 192.168.0.20:80 weight=100`,
          `${balancer} rsp-cige6j5e7p ecs i-bp1fq61enf4loa5i0000 192.168.0.20:8080 weight=100`,
        ],
      },
      // The transcript that follows it, word for word.
      prints: transcript("Take a server out without an outage"),
    },
  ],
  "Interrupted? Continue. Wrong one? Put it back.": [
    // What it removes it puts back.
    { env: aliyun, prints: transcript("Interrupted? Continue. Wrong one? Put it back.") },
  ],
  Continue: [{ env: aliyun, prints: [...transcript("Interrupted? Continue. Wrong one? Put it back."), "done true"] }],
  // IndexedDB and Web Locks are not in Node: tests/page has them in Chromium.
  "Journals in a page": [{ then: 'console.log(typeof takeOut);', prints: ["function"] }],
  "Journals in a Worker": [
    {
      env: aliyun,
      then: IN_AN_OBJECT,
      gone: { alibaba: [`${balancer} rsp-cige6j5e7p ecs i-bp1fq61enf4loa5i0000 192.168.0.20:8080 weight=100`] },
      prints: ["done", "done again, 0 calls more", "run-1-like entries: 7"],
    },
  ],
  "Sign only": [
    { env: aliyun, gone: { alibaba: [`${balancer} default ecs i-bp1fq61enf4loa5i0001 192.168.0.21 weight=100`] } },
    { env: aliyun, gone: { alibaba: [`${balancer} default ecs i-bp1fq61enf4loa5i0001 192.168.0.21 weight=100`] } },
  ],
  "The signers alone": [{}],
  "outcome-unknown": [{ env: aliyun, gone: { alibaba: [firstServer] }, prints: ["removed"] }],
};

/** Where the hosts of the examples are, in the emulator. */
export function addressesOf({ alibaba, scloud, otc, keystone }) {
  return {
    "slb.aliyuncs.com": alibaba.url,
    "api.scloudsg.com": scloud.url,
    "elb.eu-de.otc.t-systems.com": otc.url,
    "octavia.example.com": otc.url,
    "keystone.example.com": keystone.url,
    // What the emulated catalogue names.
    [new URL(otc.url).host]: otc.url,
  };
}

async function tokenOf({ identityEndpoint, credentials }) {
  const { username, password, userDomain, project, projectDomain } = credentials;
  const response = await fetch(`${identityEndpoint}/auth/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      auth: {
        identity: { methods: ["password"], password: { user: { name: username, domain: { name: userDomain }, password } } },
        scope: { project: { name: project, domain: { name: projectDomain } } },
      },
    }),
  });
  return response.headers.get("x-subject-token");
}
