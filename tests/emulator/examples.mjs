// One call for each of the five removal APIs, with ids that exist in the emulator's first state.

export const examples = [
  { cloud: "scloud", operation: { operation: "ReleaseBackend", ulbId: "ulb-5xyz", backendId: "backend-1a2b" } },
  {
    cloud: "alibaba",
    operation: {
      operation: "RemoveBackendServers",
      loadBalancerId: "lb-bp15lbk8uja8rvm4a0001",
      backendServers: [
        { serverId: "i-bp1fq61enf4loa5i0000", type: "ecs", weight: 100 },
        { serverId: "eni-2ze1sdp50001", type: "eni", serverIp: "192.168.0.31" },
      ],
    },
  },
  {
    cloud: "alibaba",
    operation: {
      operation: "RemoveBackendServers",
      regionId: "cn-east-hangzhou-01",
      loadBalancerId: "139a00604ad-cn-east-hangzhou-01",
      backendServers: ["vm-233", "vm-234"],
      ownerAccount: "OwnerAccount",
    },
  },
  {
    cloud: "otc",
    operation: { operation: "DeleteMember", poolId: "5a9a3e9e-d1aa-448e-af37-a70171f2a332", memberId: "cf024846-7516-4e3a-b0fb-6590322c836f" },
  },
  {
    cloud: "alibaba",
    operation: {
      operation: "RemoveVServerGroupBackendServers",
      vServerGroupId: "rsp-cige6j5e7p",
      backendServers: [
        { serverId: "i-bp1fq61enf4loa5i0000", port: 8080, type: "ecs" },
        { serverId: "eni-2ze1sdp50000", port: 80, type: "eni", serverIp: "172.16.6.1" },
      ],
    },
  },
];
