// A slot is a load balancer that one caller at a time works on: it knows from the emulator what is there, and thinks of the next call.

/** cloud -> what a slot sends. `ids` are those that the emulator gave; `there` is the backend's id, or what identifies it. */
const CALLS = {
  alibaba: {
    read: ({ ids }) => ({ operation: "DescribeLoadBalancerAttribute", loadBalancerId: ids.loadBalancerId }),
    write: ({ ids, there }, weight) => ({ operation: "SetBackendServers", loadBalancerId: ids.loadBalancerId, backendServers: [{ serverId: there, type: "ecs", weight }] }),
    add: ({ ids }, name) => ({ operation: "AddBackendServers", loadBalancerId: ids.loadBalancerId, backendServers: [{ serverId: `i-soak${name}`, type: "ecs", weight: 100 }] }),
    remove: ({ ids, there }) => ({ operation: "RemoveBackendServers", loadBalancerId: ids.loadBalancerId, backendServers: [{ serverId: there }] }),
    idOf: ({ serverId }) => serverId,
    first: ({ serverIds }) => serverIds[0],
  },
  ucloud: {
    read: ({ ids }) => ({ operation: "DescribeVServer", ulbId: ids.ulbId }),
    write: ({ ids, there }, weight) => ({ operation: "UpdateBackendAttribute", ulbId: ids.ulbId, backendId: there, weight }),
    add: ({ ids }, name) => ({ operation: "AllocateBackend", ulbId: ids.ulbId, vServerId: ids.vServers[0].vServerId, resourceType: "UHost", resourceId: `uhost-soak${name}`, port: 80 }),
    remove: ({ ids, there }) => ({ operation: "ReleaseBackend", ulbId: ids.ulbId, backendId: there }),
    idOf: ({ backendId }) => backendId,
    first: ({ vServers }) => vServers[0].backendIds[0],
  },
  otc: {
    read: ({ ids }) => ({ operation: "ListMembers", poolId: ids.pools[0].poolId }),
    write: ({ ids, there }, weight) => ({ operation: "UpdateMember", poolId: ids.pools[0].poolId, memberId: there, weight }),
    add: ({ ids }, name) => ({ operation: "CreateMember", poolId: ids.pools[0].poolId, address: `10.7.${(name >> 8) & 255}.${name & 255}`, protocolPort: 80, subnetId: "823d5866-6e30-45c2-9b1a-a1ebc3757fdb", weight: 1 }),
    remove: ({ ids, there }) => ({ operation: "DeleteMember", poolId: ids.pools[0].poolId, memberId: there }),
    idOf: ({ memberId }) => memberId,
    first: ({ pools }) => pools[0].memberIds[0],
  },
};
CALLS.keystone = CALLS.otc;

/** What the emulator is to make for a slot of each cloud. */
export const WISHES = { alibaba: { servers: 1 }, ucloud: { backends: 1 }, otc: { members: 1 }, keystone: { members: 1 } };
const BACKENDS = new Set(["backendServer", "backend", "member"]);

export class Slot {
  constructor(number, cloud, ids, random) {
    const { first } = CALLS[cloud];
    Object.assign(this, { number, cloud, ids, random, there: first(ids), gone: undefined, made: 0, weight: 50 });
  }

  /** -> { effect, operation }; effect: "read", "write", "add", "remove", or "remove again" of what is gone. */
  next() {
    const calls = CALLS[this.cloud];
    if (this.there === undefined) {
      const effect = this.random.weighted([["add", 8], ["read", 1], ["remove again", this.gone === undefined ? 0 : 1]]);
      if (effect === "remove again") return { effect, operation: calls.remove({ ids: this.ids, there: this.gone }) };
      return { effect, operation: effect === "add" ? calls.add(this, this.number * 100_000 + (this.made += 1)) : calls.read(this) };
    }
    const effect = this.random.weighted([["remove", 5], ["write", 3], ["read", 2]]);
    // Never the weight that is set already: a change that is carried out must show.
    const weight = (this.weight % 90) + 1 + this.random.below(9);
    return { effect, operation: { read: calls.read, write: calls.write, remove: calls.remove }[effect](this, weight), weight };
  }

  /** What the emulator's log of changes says of the last call, and nobody else. */
  learn(changes) {
    for (const { change, resource, ids, after } of changes) {
      if (!BACKENDS.has(resource)) continue;
      const id = CALLS[this.cloud].idOf(ids);
      if (change === "removed") [this.gone, this.there] = [id, undefined];
      if (change === "added") this.there = id;
      // Of what was added, too: a change to the weight that it has already would not show.
      if (change !== "removed") this.weight = after.weight ?? this.weight;
    }
  }
}

/** Whether a change is one of those that the operation itself makes; rules that follow a backend are the cloud's own work. */
export const isOwn = ({ resource }) => BACKENDS.has(resource);
