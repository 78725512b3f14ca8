// The pool that an operation is about: which call reads it, what its answer means, and how it is shown.

import { clock } from "./clock.ts";
import { fill, h } from "./dom.ts";

export interface Backend {
  /** What makes it the same backend in two readings. */
  key: string;
  name: string;
  detail: string;
}

/** One reading of a pool. */
export interface Reading {
  at: Date;
  backends?: readonly Backend[];
  problem?: string;
}

type Row = Record<string, unknown>;
export interface Operation {
  operation: string;
  [parameter: string]: unknown;
}

const text = (value: unknown) => (value === undefined || value === null ? "" : String(value));
const rows = (value: unknown): Row[] => (Array.isArray(value) ? (value as Row[]) : []);
const line = (...parts: string[]) => parts.filter(Boolean).join(" · ");
const address = (host: unknown, port: unknown) => text(host) + (text(port) && `:${text(port)}`);

const server = (row: Row): Backend => ({
  key: [row.serverId, row.serverIp, row.port].map(text).join(" "),
  name: text(row.serverId),
  detail: line(
    row.port === undefined ? text(row.serverIp) : address(row.serverIp ?? "port ", row.port),
    `weight ${text(row.weight)}`,
    text(row.type),
  ),
});

const node = (row: Row): Backend => ({
  key: text(row.backendId),
  name: text(row.backendId),
  detail: line(address(row.privateIp, row.port), `weight ${text(row.weight)}`, text(row.resourceName)),
});

const member = (row: Row): Backend => ({
  key: text(row.id),
  name: text(row.name) || text(row.id),
  detail: line(
    address(row.address, row.protocolPort),
    `weight ${text(row.weight)}`,
    text(row.name) && `${text(row.id).slice(0, 8)}…`,
    text(row.provisioningStatus).startsWith("PENDING") ? text(row.provisioningStatus) : "",
  ),
});

interface Source {
  read: Operation;
  what: string;
  list: (answer: Row) => Backend[];
}

/** How to read the pool that `operation` changes or reads; undefined when it names none. */
export function source(operation: Operation): Source | undefined {
  const { loadBalancerId, vServerGroupId, ulbId, poolId } = operation;
  // What says where to look is the same for the read.
  const scope = Object.fromEntries(
    ["regionId", "ownerAccount", "region", "projectId"].flatMap((name) => (name in operation ? [[name, operation[name]]] : [])),
  );
  if (typeof vServerGroupId === "string") {
    return {
      read: { operation: "DescribeVServerGroupAttribute", vServerGroupId, ...scope },
      what: vServerGroupId,
      list: (answer) => rows(answer.backendServers).map(server),
    };
  }
  if (typeof loadBalancerId === "string") {
    return {
      read: { operation: "DescribeLoadBalancerAttribute", loadBalancerId, ...scope },
      what: loadBalancerId,
      list: (answer) => rows(answer.backendServers).map(server),
    };
  }
  if (typeof ulbId === "string") {
    return {
      read: { operation: "DescribeVServer", ulbId, ...scope },
      what: ulbId,
      list: (answer) => rows(answer.dataSet).flatMap((vserver) => rows(vserver.backendSet).map(node)),
    };
  }
  if (typeof poolId === "string") {
    return { read: { operation: "ListMembers", poolId }, what: poolId, list: (answer) => rows(answer.members).map(member) };
  }
  return undefined;
}

/** Draws one reading; those in `missing` are marked as gone. */
export function show(parent: HTMLElement, title: string, reading: Reading | undefined, missing: readonly Backend[], idle: string): void {
  const lost = new Set(missing.map((backend) => backend.key));
  const list = reading?.backends;
  fill(
    parent,
    h("h3", {}, title, reading && h("small", {}, ` as of ${clock(reading.at)}`)),
    !reading && h("p", { class: "idle" }, idle),
    reading?.problem !== undefined && h("p", { class: "idle" }, `Could not be read: ${reading.problem}`),
    list?.length === 0 && h("p", { class: "idle" }, "No backends. Traffic has nowhere to go."),
    list &&
      list.length > 0 &&
      h(
        "ul",
        {},
        ...list.map((backend) => {
          const left = lost.has(backend.key);
          return h(
            "li",
            { class: left ? "backend gone" : "backend" },
            h("span", { class: "mark", "aria-hidden": "true" }, left ? "○" : "●"),
            h("span", { class: "name" }, backend.name),
            left && h("span", { class: "tag" }, "Removed"),
            h("span", { class: "detail" }, backend.detail),
          );
        }),
      ),
    list && h("p", { class: "count" }, `${list.length} in the pool`),
  );
}
