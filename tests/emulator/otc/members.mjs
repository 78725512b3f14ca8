// Shared load balancer, API version v2.0: the members of a pool.
import { randomUUID } from "node:crypto";
import { refusalOf } from "./codes.mjs";
import { invalid } from "./find.mjs";

const FILTERS = ["id", "name", "address", "protocol_port", "subnet_id", "admin_state_up", "weight", "tenant_id"];
const MAXIMUM = 1000;
const SETTABLE = ["name", "weight", "admin_state_up"];
const CREATABLE = [...SETTABLE, "address", "protocol_port", "subnet_id", "tenant_id", "project_id"];
const HEAVIEST = 100;

export function listMembers(pool, query) {
  const parameters = new Map(query);
  const wanted = pool.members
    .map((member) => describeMember(pool, member))
    .filter((member) => FILTERS.every((name) => !parameters.has(name) || String(member[name]) === parameters.get(name)));
  if (!parameters.has("limit")) return { members: wanted };

  const limit = Number(parameters.get("limit"));
  if (!/^\d{1,6}$/.test(parameters.get("limit"))) throw invalid("Invalid input for limit.");
  const marker = parameters.get("marker");
  const start = marker ? wanted.findIndex(({ id }) => id === marker) + 1 : 0;
  if (marker && start === 0) throw invalid(`Marker ${marker} could not be found.`);
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
    subnet_id: member.subnetId,
    // Reserved: it is kept as it was written, and has no effect.
    admin_state_up: member.adminStateUp,
    weight: member.weight,
    tenant_id: pool.project,
    project_id: pool.project,
    operating_status: operatingStatus(member),
  };
}

/** At weight 0 the vendor shows every member as one that fails its check. */
export const operatingStatus = (member) => (member.weight === 0 ? "OFFLINE" : member.operatingStatus);

/** Checks everything first; -> the change itself. */
export function prepareUpdate(member, body) {
  const wish = readMember(body, SETTABLE);
  return () => {
    if (wish.name !== undefined) member.name = wish.name;
    if (wish.weight !== undefined) member.weight = wish.weight;
    if (wish.admin_state_up !== undefined) member.adminStateUp = wish.admin_state_up;
  };
}

export function prepareCreate(pool, body) {
  const wish = readMember(body, CREATABLE);
  for (const name of ["address", "protocol_port", "subnet_id"]) {
    if (wish[name] === undefined) throw invalid(`Invalid input for member. '${name}' is a required property.`);
  }
  if (pool.members.some(({ address, port }) => address === wish.address && port === wish.protocol_port)) {
    throw refusalOf("ELB.8907", { message: `Another member on this pool is already using ip ${wish.address} on protocol_port ${wish.protocol_port}` });
  }
  return () => {
    const member = newMember({ id: randomUUID(), name: wish.name ?? "", address: wish.address, port: wish.protocol_port, weight: wish.weight, adminStateUp: wish.admin_state_up, subnetId: wish.subnet_id });
    pool.members.push(member);
    return member;
  };
}

export function newMember({ id, name, address, port = 80, weight = 1, adminStateUp = true, subnetId = "823d5866-6e30-45c2-9b1a-a1ebc3757fdb", operatingStatus = "ONLINE" }) {
  return { id, name, address, port, weight, adminStateUp, subnetId, operatingStatus };
}

function readMember(body, known) {
  const wish = parse(body)?.member;
  if (wish === null || typeof wish !== "object" || Array.isArray(wish)) throw invalid("Invalid input for member.");
  for (const name of Object.keys(wish)) {
    if (!known.includes(name)) throw invalid(`Attribute '${name}' not allowed.`);
  }
  check(wish, "name", (value) => typeof value === "string" && value.length <= 255);
  check(wish, "weight", (value) => Number.isInteger(value) && value >= 0 && value <= HEAVIEST);
  check(wish, "admin_state_up", (value) => typeof value === "boolean");
  check(wish, "protocol_port", (value) => Number.isInteger(value) && value >= 1 && value <= 65535);
  check(wish, "address", (value) => typeof value === "string" && /^[0-9a-fA-F:.]+$/.test(value));
  check(wish, "subnet_id", (value) => typeof value === "string" && value !== "");
  return wish;
}

function check(wish, name, accepts) {
  if (wish[name] !== undefined && !accepts(wish[name])) throw invalid(`Invalid input for ${name}. Reason: '${String(wish[name])}' is not valid.`);
}

function parse(body) {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw invalid("Malformed request body.");
  }
}
