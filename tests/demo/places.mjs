// Where the safe removals of the demo take place: how to get there, what is to be taken out, and how to look at the
// other side without the package.

/**
 * `keys(credentials)` may spoil them. -> `name`, `settings` of a client, `request` of the plan, `look()` -> lines of
 * { backends, rules }, `expected(before)` -> those that must `go` and the `rules` afterwards, `changes()`: what the cloud
 * says was changed, in order.
 */
export async function inEmulator(emulator, removal, keys) {
  await emulator.reset();
  const { url, region, projectId, identityEndpoint, credentials } = emulator.info[removal.cloud];
  const added = removal.arrange && (await emulator.arrange({ add: removal.arrange })).added;
  const [made] = added?.[removal.cloud] ?? [];
  const part = (lines = []) => lines.filter((line) => line.startsWith(removal.pool)).map((line) => line.slice(removal.pool.length));
  return {
    name: removal.name,
    settings: {
      ...(identityEndpoint ? { vendor: "openstack", identityEndpoint } : { vendor: removal.cloud, endpoint: url }),
      allowHttp: true,
      region,
      credentials: keys(credentials),
      ...(removal.cloud.endsWith("cloud") && { projectId }),
    },
    request: removal.request(made),
    async look() {
      const { backends, rules } = (await emulator.state())[removal.state];
      return { backends: part(backends), rules: part(rules) };
    },
    expected: ({ rules }) => ({ gone: removal.gone(made), rules: removal.rules ? removal.rules(rules, made) : rules }),
    // What was arranged was asked for by no request.
    changes: async () => (await emulator.changes()).filter(({ request }) => request !== null),
  };
}

/** Two of a pool of five at a real Octavia, which keeps no list of changes. */
export async function inOpenStack(lab, keys, pool) {
  const { poolId, members } = await lab.pool(["web-1", "web-2", "web-3", "web-4", "web-5"], { name: pool });
  const leaving = members.slice(1, 3).map(({ id }) => id);
  return {
    name: "openstack, a real Octavia",
    settings: { vendor: "openstack", region: lab.region, identityEndpoint: lab.identityEndpoint, allowHttp: true, credentials: keys(lab.credentials) },
    request: { from: { poolId }, remove: leaving.map((memberId) => ({ memberId })), drain: { waitMs: 1000 } },
    async look() {
      // It answers before a change is made.
      await lab.api.settled(lab.loadBalancerId);
      const list = await lab.api.members(poolId);
      const lines = list.map(({ id, address, protocol_port: port, weight }) => `${id} ${address}:${port} weight=${weight}`);
      return { backends: lines.sort(), rules: [] };
    },
    expected: ({ backends }) => ({ gone: backends.filter((line) => leaving.some((id) => line.startsWith(id))), rules: [] }),
    changes: async () => undefined,
  };
}
