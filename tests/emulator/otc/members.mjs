// Shared load balancer, API version v2.0: the members of a pool.
import { Refusal } from "./refusal.mjs";

const FILTERS = ["id", "name", "address", "protocol_port", "subnet_id", "admin_state_up", "weight", "tenant_id"];
const MAXIMUM = 1000;

export function findPool(state, poolId, projectId) {
  const pool = state.pools.find(({ id, project }) => id === poolId && project === projectId);
  if (!pool) throw new Refusal(404, "ELB.8904", `Pool ${poolId} could not be found.`);
  return pool;
}

export function findMember(pool, memberId) {
  const member = pool.members.find(({ id }) => id === memberId);
  if (!member) throw new Refusal(404, "ELB.8904", `Member ${memberId} could not be found.`);
  return member;
}

export function listMembers(pool, query) {
  const parameters = new Map(query);
  const wanted = pool.members
    .map((member) => describeMember(pool, member))
    .filter((member) => FILTERS.every((name) => !parameters.has(name) || String(member[name]) === parameters.get(name)));
  if (!parameters.has("limit")) return { members: wanted };

  const limit = Number(parameters.get("limit"));
  if (!/^\d{1,6}$/.test(parameters.get("limit"))) throw new Refusal(400, "ELB.8902", "Invalid input for limit.");
  const marker = parameters.get("marker");
  const start = marker ? wanted.findIndex(({ id }) => id === marker) + 1 : 0;
  if (marker && start === 0) throw new Refusal(400, "ELB.8902", `Marker ${marker} could not be found.`);
  const page = wanted.slice(start, start + Math.min(limit, MAXIMUM));
  const links = [];
  // The host in these links is an internal one, as in the vendor's own sample: it is not for following.
  const href = (id, extra) => `http://lbaas.internal.invalid:9696/v2.0/lbaas/pools/${pool.id}/members?limit=${limit}&marker=${id}${extra}`;
  if (page.length > 0 && start + page.length < wanted.length) links.push({ href: href(page.at(-1).id, ""), rel: "next" });
  if (page.length > 0 && start > 0) links.push({ href: href(page[0].id, "&page_reverse=True"), rel: "previous" });
  return { members: page, members_links: links };
}

export function describeMember(pool, member) {
  return {
    id: member.id,
    name: member.name,
    address: member.address,
    protocol_port: member.port,
    subnet_id: "823d5866-6e30-45c2-9b1a-a1ebc3757fdb",
    admin_state_up: true,
    weight: member.weight,
    tenant_id: pool.project,
    project_id: pool.project,
    operating_status: "ONLINE",
  };
}
