// A real Keystone and a real Octavia for one test run, with a load balancer in it:
//   const lab = await startLab(); try { ... } finally { await lab.stop(); }
// Needs Python 3.11 or newer and PyPI; the first start installs both (octavia-up.sh), later ones take 20 to 30 s.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePorts } from "../support/nowhere.mjs";
import { inside } from "./inside.mjs";
import { keystone, octavia } from "./rest.mjs";
import { openstacksdk } from "./sdk.mjs";

const run = promisify(execFile);
const script = fileURLToPath(new URL("octavia-up.sh", import.meta.url));
const target = fileURLToPath(new URL("../../target/openstack/", import.meta.url));

const python = join(target, "venv", "bin", "python");

const user = (username, project = "eu-de_demo") => ({
  username,
  password: `${username}pw`,
  userDomain: "Default",
  project,
  projectDomain: "Default",
});

const openrc = (identityEndpoint, region, { username, password, userDomain, project, projectDomain }) => ({
  OS_AUTH_URL: identityEndpoint,
  OS_REGION_NAME: region,
  OS_USERNAME: username,
  OS_PASSWORD: password,
  OS_USER_DOMAIN_NAME: userDomain,
  OS_PROJECT_NAME: project,
  OS_PROJECT_DOMAIN_NAME: projectDomain,
});

/** A load balancer with a listener and its pool. */
async function seed(api, names, { name = "lb-demo", address = "10.0.0.10" } = {}) {
  const loadBalancer = await api.create("loadbalancer", "loadbalancers", {
    name,
    vip_subnet_id: "00000000-0000-0000-0000-000000000003",
    vip_address: address,
  });
  await api.settled(loadBalancer.id);
  const listener = await api.create("listener", "listeners", {
    name: "http",
    protocol: "HTTP",
    protocol_port: 80,
    loadbalancer_id: loadBalancer.id,
  });
  await api.settled(loadBalancer.id);
  const pool = await addPool(api, loadBalancer.id, { name: "web", listener_id: listener.id }, names);
  return { loadBalancerId: loadBalancer.id, listenerId: listener.id, ...pool };
}

async function addPool(api, loadBalancerId, place, names) {
  const { id: poolId } = await api.create("pool", "pools", {
    protocol: "HTTP",
    lb_algorithm: "ROUND_ROBIN",
    ...place,
  });
  await api.settled(loadBalancerId);
  return { poolId, members: names.length === 0 ? [] : await fill(api, loadBalancerId, poolId, names) };
}

/** Makes these the members of a pool: names, or objects with more; 10.0.0.11 and on, port 8080 unless told otherwise. */
async function fill(api, loadBalancerId, poolId, given) {
  const wanted = given.map((member, index) => ({
    address: `10.0.0.${11 + index}`,
    protocol_port: 8080,
    ...(typeof member === "string" ? { name: member } : member),
  }));
  await api.setMembers(poolId, wanted);
  await api.settled(loadBalancerId);
  const members = await api.members(poolId);
  // Octavia takes a change that its worker then fails to make.
  const failed = members.filter(({ provisioning_status: status }) => status !== "ACTIVE");
  if (failed.length > 0) throw new Error(`Octavia could not make the members: ${JSON.stringify(failed)}`);
  const ids = new Map(members.map(({ id, name }) => [name, id]));
  return wanted.map(({ name }) => ({ id: ids.get(name), name }));
}

/**
 * @param {{ members?: string[] }} [options] names of the members to put into the pool
 * @returns the URLs, three users (`credentials` may change, `reader` may only read, `other` belongs to another
 *   project), the ids, `keystone`, `api` and `token` for checks by plain fetch, `pool(names)` for one more pool,
 *   `balancer(names)` for one more load balancer with a pool, `fill(poolId, names)` for other members, `sdk()` for
 *   another client, what inside.mjs gives, and `stop()`
 */
export async function startLab({ members = ["web-1", "web-2", "web-3"] } = {}) {
  await mkdir(target, { recursive: true });
  const folder = await mkdtemp(join(target, "lab-"));
  const [keystonePort, octaviaPort] = await freePorts(2);
  const env = {
    ...process.env,
    LAB: folder,
    KS_PORT: String(keystonePort),
    OC_PORT: String(octaviaPort),
    // For an end that no handler sees; the servers are in sessions of their own.
    OWNER: String(process.pid),
  };
  const kill = () => {
    for (const name of ["oc", "ks"]) {
      try {
        process.kill(Number(readFileSync(join(folder, `${name}.pid`), "utf8")));
      } catch {
        // never started, or gone
      }
    }
  };
  process.once("exit", kill);
  let sdk;
  const stop = async () => {
    process.off("exit", kill);
    await sdk?.stop();
    await run("bash", [script, "stop"], { env });
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await run("bash", [script, "up"], { env, timeout: 600_000 });
    const identityEndpoint = `http://127.0.0.1:${keystonePort}/v3`;
    const endpoint = `http://127.0.0.1:${octaviaPort}`;
    const credentials = user("demo");
    const identity = keystone(identityEndpoint);
    const token = await identity.token(credentials);
    const api = octavia(endpoint, token);
    const seeded = await seed(api, members);
    return {
      identityEndpoint,
      endpoint,
      region: "eu-de",
      credentials,
      reader: user("viewer"),
      other: user("other", "eu-nl_other"),
      keystone: identity,
      token,
      api,
      ...inside(folder, python),
      pool: (names, place) =>
        addPool(api, seeded.loadBalancerId, { loadbalancer_id: seeded.loadBalancerId, ...place }, names),
      fill: (poolId, names, loadBalancerId = seeded.loadBalancerId) => fill(api, loadBalancerId, poolId, names),
      balancer: (names) => seed(api, names, { name: "lb-second", address: "10.0.0.20" }),
      sdk: () => (sdk ??= openstacksdk(python, openrc(identityEndpoint, "eu-de", credentials))),
      stop,
      ...seeded,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
