// Two pools of one project. The ids of the first are those of the vendor's example request.

const member = (id, name, address, port = 80, weight = 1) => ({ id, name, address, port, weight });

export function otcState(project) {
  return {
    pools: [
      {
        id: "5a9a3e9e-d1aa-448e-af37-a70171f2a332",
        project,
        members: [
          member("cf024846-7516-4e3a-b0fb-6590322c836f", "web-1", "10.0.0.11"),
          member("9a7aff27-fd41-4ec1-ba4c-3eb92c629313", "web-2", "10.0.0.12"),
          member("b43fbe21-2ef1-4c27-a7ad-d9c0f1e1cf8a", "web-3", "10.0.0.13"),
          member("1bf2a1f5-7b1c-4a26-8f0f-0d8ef3a4a1c4", "web-4", "10.0.0.14", 80, 10),
          member("4f7c6b1d-6f0c-4f0d-9a0a-0f1e6d6a2b55", "web-5", "10.0.0.15", 80, 0),
        ],
      },
      {
        id: "5a9a3e9e-d1aa-448e-af37-a70171f2a333",
        project,
        members: [member("cf024846-7516-4e3a-b0fb-6590322c8370", "api-1", "10.0.1.11", 8443)],
      },
    ],
  };
}

export function listBackends(state) {
  return state.pools.flatMap((pool) => pool.members.map((m) => `${pool.id} ${m.id} ${m.address}:${m.port} weight=${m.weight}`));
}
