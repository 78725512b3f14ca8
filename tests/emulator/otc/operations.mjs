// Paths, and the operations behind them.
import { assertChangeable, findLoadBalancer, findMember, findPool } from "./find.mjs";
import { describeLoadBalancer, describePool, describeStatuses } from "./load-balancers.mjs";
import { describeMember, listMembers, prepareCreate, prepareUpdate } from "./members.mjs";

// The catalogue's internal endpoint is the same gateway under another path, so that a log tells which one was taken.
const BASE = "(?:/internal)?/v2\\.0/lbaas";
const ROUTES = [
  [new RegExp(`^${BASE}/pools/([^/]+)/members$`), { GET: "ListMembers", POST: "CreateMember" }],
  [new RegExp(`^${BASE}/pools/([^/]+)/members/([^/]+)$`), { GET: "GetMember", PUT: "UpdateMember", DELETE: "DeleteMember" }],
  [new RegExp(`^${BASE}/pools/([^/]+)$`), { GET: "GetPool" }],
  [new RegExp(`^${BASE}/loadbalancers/([^/]+)$`), { GET: "GetLoadBalancer" }],
  [new RegExp(`^${BASE}/loadbalancers/([^/]+)/statuses$`), { GET: "GetLoadBalancerStatuses" }],
];

/** -> { operation, ids }, or undefined */
export function route({ method, path }) {
  for (const [pattern, methods] of ROUTES) {
    const match = pattern.exec(path);
    if (match && Object.hasOwn(methods, method)) return { operation: methods[method], ids: match.slice(1) };
  }
  return undefined;
}

/** name -> (state, project, ids, request) -> { status, value? } */
export const OPERATIONS = {
  ListMembers: (state, project, [poolId], request) => ({ status: 200, value: listMembers(findPool(state, poolId, project), request.query) }),
  GetMember: onMember((state, pool, member) => ({ status: 200, value: { member: describeMember(pool, member) } })),
  UpdateMember: onMember((state, pool, member, request) => {
    const apply = prepareUpdate(member, request.body);
    assertChangeable(state, pool);
    apply();
    return { status: 200, value: { member: describeMember(pool, member) } };
  }),
  DeleteMember: onMember((state, pool, member) => {
    assertChangeable(state, pool);
    pool.members = pool.members.filter((other) => other !== member);
    return { status: 204 };
  }),
  CreateMember(state, project, [poolId], request) {
    const pool = findPool(state, poolId, project);
    const apply = prepareCreate(pool, request.body);
    assertChangeable(state, pool);
    return { status: 201, value: { member: describeMember(pool, apply()) } };
  },
  GetPool: (state, project, [id]) => ({ status: 200, value: { pool: describePool(state, findPool(state, id, project)) } }),
  GetLoadBalancer: (state, project, [id]) => ({ status: 200, value: { loadbalancer: describeLoadBalancer(state, findLoadBalancer(state, id, project)) } }),
  GetLoadBalancerStatuses: (state, project, [id]) => ({ status: 200, value: describeStatuses(state, findLoadBalancer(state, id, project)) }),
};

function onMember(run) {
  return (state, project, [poolId, memberId], request) => {
    const pool = findPool(state, poolId, project);
    return run(state, pool, findMember(pool, memberId), request);
  };
}
