// What each example needs to run, and what must have come of it in the emulated clouds.
import { blockUnder } from "./blocks.mjs";

const balancer = "lb-bp15lbk8uja8rvm4a0001";
const pool = "5a9a3e9e-d1aa-448e-af37-a70171f2a332";
const web1 = `${pool} cf024846-7516-4e3a-b0fb-6590322c836f 10.0.0.11:80 weight=1`;
const firstServer = `${balancer} default ecs i-bp1fq61enf4loa5i0000 192.168.0.20 weight=100`;

const aliyun = ({ alibaba: { credentials } }) => ({
  ACCESS_KEY_ID: credentials.accessKeyId,
  ACCESS_KEY_SECRET: credentials.accessKeySecret,
});

/** The lines of the text under a heading. */
const transcript = (document, heading) => blockUnder(document, heading, "text").code.trimEnd().split("\n");
const ofReadme = transcript("README.md", "A safe removal");
/** The program of another heading runs first, in the same folder, and is killed when it sends this. */
const killed = { heading: "A journal", at: "Action=RemoveVServerGroupBackendServers" };
const checkout = ["80", "8080"].map((port) => `${balancer} rsp-cige6j5e7p ecs i-bp1fq61enf4loa5i0000 192.168.0.20:${port} weight=100`);

/**
 * By document and heading, and in the order of the blocks under it. `env(info)`: the variables that the example reads;
 * `then`: code that follows it; `files(info)`: what is in its folder, by name; `gone`: { cloud: lines of its state }; `prints`: lines, where the example's
 * comments do not say. Workers are in workers.mjs.
 */
export const cases = {
  "README.md": {
    "A safe removal": [
      // What it removes it puts back.
      { env: aliyun, prints: ofReadme },
    ],
    "One plain call": [{ env: aliyun, gone: { alibaba: [firstServer] } }],
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
    ],
  },
  "docs/clouds.md": {
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
  },
  "docs/safe-removal.md": {
    // Only looks.
    "Where and what": [{ env: aliyun }],
    "A whole run": [
      {
        env: aliyun,
        gone: {
          alibaba: [
            firstServer,
            ...checkout,
          ],
        },
        // The transcript that follows it, word for word.
        prints: transcript("docs/safe-removal.md", "A whole run"),
      },
    ],
  },
  "docs/journals-and-locks.md": {
    "A journal": [{ env: aliyun, prints: transcript("docs/journals-and-locks.md", "A journal"), gone: { alibaba: checkout } }],
    Resume: [{ env: aliyun, killed, gone: { alibaba: checkout } }],
    // What the run has removed it puts back.
    Undo: [{ env: aliyun, killed }],
    "A lock of your own": [
      {
        env: aliyun,
        // Somebody has it; then somebody takes it while the run is under way.
        then: `const file = encodeURIComponent(\`alibaba \${plan.endpoint} ${balancer}\`) + ".lock";
const told = ({ status, loadBalancers: [{ error }] }) => console.log(status, error.code, error.message);
await client.undo(report);
await writeFile(file, "bob");
told(await client.run(plan, { lock }));
await rm(file);
const onEvent = ({ step }) => step === "wait" && writeFile(file, "bob");
told(await client.run(plan, { lock, onEvent }));
console.log(await readFile(file, "utf8"));`,
        prints: ["done", "refused locked the lock was not given: Error: it is held by bob", "refused locked the lock was lost: Error: it is held by bob now", "bob"],
        // Drained, which is another line: the lock was lost, so nothing is put back.
        gone: { alibaba: checkout },
      },
    ],
    // IndexedDB and Web Locks are not in Node: tests/page has them in Chromium.
    "In a page": [{ then: "console.log(typeof takeOut);", prints: ["function"] }],
  },
  "docs/demo.md": {
    "A program of your own": [{ files: (info) => ({ "clouds.json": JSON.stringify(info) }), gone: { alibaba: [firstServer] } }],
  },
  "docs/errors.md": {
    "outcome-unknown": [{ env: aliyun, gone: { alibaba: [firstServer] }, prints: ["removed"] }],
  },
  "docs/runtimes.md": {
    "The module in a file of its own": [{}],
    "In Node": [{}],
  },
  "docs/signers.md": {
    "Sign only": [
      { env: aliyun, gone: { alibaba: [`${balancer} default ecs i-bp1fq61enf4loa5i0001 192.168.0.21 weight=100`] } },
      { env: aliyun, gone: { alibaba: [`${balancer} default ecs i-bp1fq61enf4loa5i0001 192.168.0.21 weight=100`] } },
    ],
    "The signers alone": [{}],
  },
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
    // What an example reads from the emulator's own line.
    [new URL(alibaba.url).host]: alibaba.url,
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
