// Keeps a real Keystone and Octavia running for the demo page: prints one JSON line with the URLs, ids and credentials,
// and ends with the servers when it is asked to.
import { startLab } from "../tests/openstack/lab.mjs";

const lab = await startLab();
const { identityEndpoint, endpoint, region, credentials, loadBalancerId, poolId, members } = lab;
console.log(JSON.stringify({ identityEndpoint, endpoint, region, credentials, loadBalancerId, poolId, members }));

const stay = setInterval(() => {}, 60_000);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, async () => {
    clearInterval(stay);
    await lab.stop();
    process.exit(0);
  });
}
