// Keeps a real Keystone and Octavia running for the demo page: prints one JSON line with the URLs, ids and credentials,
// and ends with the servers when it is asked to.
import { startLab } from "../tests/openstack/lab.mjs";

let lab;
let stopping = false;
// Before the start: what is running by then is stopped by the lab itself when this process exits.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, async () => {
    stopping = true;
    await lab?.stop();
    process.exit(0);
  });
}
const stay = setInterval(() => {}, 60_000);
try {
  lab = await startLab();
} catch (error) {
  clearInterval(stay);
  if (!stopping) throw error;
}
if (lab && !stopping) {
  const { identityEndpoint, endpoint, region, credentials, loadBalancerId, poolId, members } = lab;
  console.log(JSON.stringify({ identityEndpoint, endpoint, region, credentials, loadBalancerId, poolId, members }));
}
