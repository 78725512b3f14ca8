// A real Keystone and a real Octavia for one test run, with a load balancer in it:
//   const lab = await startLab(); try { ... } finally { await lab.stop(); }
// Needs Python 3.11 or newer and PyPI; the first start installs both (octavia-up.sh), later ones take 20 to 30 s.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { octavia, passwordToken } from "./rest.mjs";

const run = promisify(execFile);
const script = fileURLToPath(new URL("octavia-up.sh", import.meta.url));
const target = fileURLToPath(new URL("../../target/openstack/", import.meta.url));

const user = (username) => ({
  username,
  password: `${username}pw`,
  userDomain: "Default",
  project: "eu-de_demo",
  projectDomain: "Default",
});

/** Both ports are held until both are known, so that they differ. */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((server) => new Promise((done) => server.listen(0, "127.0.0.1", done))));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

async function seed(endpoint, token, names) {
  const api = octavia(endpoint, token);
  const loadBalancer = await api.create("loadbalancer", "loadbalancers", {
    name: "lb-demo",
    vip_subnet_id: "00000000-0000-0000-0000-000000000003",
    vip_address: "10.0.0.10",
  });
  await api.settled(loadBalancer.id);
  const listener = await api.create("listener", "listeners", {
    name: "http",
    protocol: "HTTP",
    protocol_port: 80,
    loadbalancer_id: loadBalancer.id,
  });
  await api.settled(loadBalancer.id);
  const pool = await api.create("pool", "pools", {
    name: "web",
    protocol: "HTTP",
    lb_algorithm: "ROUND_ROBIN",
    listener_id: listener.id,
  });
  await api.settled(loadBalancer.id);
  const members = [];
  for (const [index, name] of names.entries()) {
    const { id } = await api.create("member", `pools/${pool.id}/members`, {
      name,
      address: `10.0.0.${11 + index}`,
      protocol_port: 8080,
    });
    await api.settled(loadBalancer.id);
    members.push({ id, name });
  }
  return { loadBalancerId: loadBalancer.id, listenerId: listener.id, poolId: pool.id, members };
}

/**
 * @param {{ members?: string[] }} [options] names of the members to put into the pool
 * @returns the URLs, the credentials (`credentials` may change, `reader` may only read), the ids, `api` and `token`
 *   for checks by plain fetch, `delay(ms)` to keep every change pending for a while, and `stop()`
 */
export async function startLab({ members = ["web-1", "web-2", "web-3"] } = {}) {
  await mkdir(target, { recursive: true });
  const folder = await mkdtemp(join(target, "lab-"));
  const [keystonePort, octaviaPort] = await freePorts(2);
  const env = { ...process.env, LAB: folder, KS_PORT: String(keystonePort), OC_PORT: String(octaviaPort) };
  // The servers are in sessions of their own and would outlive this process.
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
  const stop = async () => {
    process.off("exit", kill);
    await run("bash", [script, "stop"], { env });
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await run("bash", [script, "up"], { env, timeout: 600_000 });
    const identityEndpoint = `http://127.0.0.1:${keystonePort}/v3`;
    const endpoint = `http://127.0.0.1:${octaviaPort}`;
    const credentials = user("demo");
    const token = await passwordToken(identityEndpoint, credentials);
    return {
      identityEndpoint,
      endpoint,
      region: "eu-de",
      credentials,
      reader: user("viewer"),
      token,
      api: octavia(endpoint, token),
      delay: (ms) => writeFile(join(folder, "delay_ms"), String(ms)),
      stop,
      ...(await seed(endpoint, token, members)),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
