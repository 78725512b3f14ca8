// Content forwarding rules of HTTP and HTTPS VServers.
import { assertChangeable, findUlb, findVServer, integer, oneOf } from "./find.mjs";
import { listOf, textOf } from "./parameters.mjs";
import { Refusal } from "./refusal.mjs";

const RULES_PER_ULB = 50;

export const POLICY_OPERATIONS = {
  CreatePolicy: {
    required: ["Region", "ULBId", "VServerId", "Match"],
    run(balancers, parameters, failing, state) {
      const ulb = findUlb(balancers, parameters);
      const vserver = findL7(ulb, parameters);
      const kind = oneOf(parameters, "Type", "Domain", ["Domain", "Path"]);
      const backendIds = readBackendIds(vserver, parameters);
      if (backendIds.length === 0) throw new Refusal(4077, "A rule needs at least one backend");
      const match = readMatch(parameters, kind);
      if (vserver.policies.some((policy) => policy.type === "Custom" && policy.kind === kind && policy.match === match)) {
        throw new Refusal(4097, `Create policy failed, the match [${match}] is in use`);
      }
      const rules = ulb.vservers.flatMap(({ policies }) => policies).filter(({ type }) => type === "Custom");
      if (rules.length >= RULES_PER_ULB) throw new Refusal(4207, "The number of rules exceeds the quota");
      const policy = { type: "Custom", kind, match, backendIds, ...readMode(parameters, kind, {}) };
      assertChangeable(ulb);
      policy.id = `policy-new${(state.allocated += 1)}`;
      // The default rule stays the last one.
      vserver.policies.splice(vserver.policies.findLastIndex(({ type }) => type === "Custom") + 1, 0, policy);
      return { PolicyId: policy.id };
    },
  },
  UpdatePolicy: {
    required: ["Region", "ULBId", "VServerId"],
    run(balancers, parameters) {
      const ulb = findUlb(balancers, parameters);
      const vserver = findL7(ulb, parameters);
      const kind = oneOf(parameters, "Type", "Domain", ["Domain", "Path", "Default"]);
      // The list is replaced: left out it means none.
      const backendIds = readBackendIds(vserver, parameters);
      if (kind === "Default") {
        const rule = vserver.policies.find(({ type }) => type === "Default");
        if (!rule) throw new Refusal(4117, "The default rule does not exist");
        assertChangeable(ulb);
        rule.backendIds = backendIds;
        return {};
      }
      const policyId = textOf(parameters, "PolicyId");
      if (!policyId) throw new Refusal(220, "Missing params [PolicyId]");
      if (textOf(parameters, "Match") === undefined) throw new Refusal(220, "Missing params [Match]");
      const match = readMatch(parameters, kind);
      const rule = vserver.policies.find(({ id, type }) => id === policyId && type === "Custom");
      if (!rule) throw new Refusal(4096, `Get policy [${policyId}] info failed`);
      const mode = readMode(parameters, kind, rule);
      assertChangeable(ulb);
      Object.assign(rule, { kind, match, backendIds, ...mode });
      return {};
    },
  },
  DeletePolicy: {
    required: ["Region", "PolicyId"],
    run(balancers, parameters) {
      const policyId = textOf(parameters, "PolicyId");
      const vserverId = textOf(parameters, "VServerId");
      for (const ulb of balancers) {
        for (const vserver of ulb.vservers) {
          const rule = vserver.policies.find(({ id, type }) => id === policyId && type === "Custom");
          if (!rule || (vserverId && vserverId !== vserver.id)) continue;
          assertChangeable(ulb);
          vserver.policies = vserver.policies.filter((policy) => policy !== rule);
          return {};
        }
      }
      throw new Refusal(4098, `Delete policy [${policyId}] failed`);
    },
  },
};

function findL7(ulb, parameters) {
  const vserver = findVServer(ulb, parameters);
  if (!["HTTP", "HTTPS"].includes(vserver.protocol)) throw new Refusal(4112, "Rules are not supported by TCP and UDP");
  return vserver;
}

function readBackendIds(vserver, parameters) {
  const ids = [...new Set(listOf(parameters, "BackendId"))];
  for (const id of ids) {
    if (!vserver.backends.some((backend) => backend.id === id)) throw new Refusal(4093, `The backend [${id}] does not exist`);
  }
  return ids;
}

function readMatch(parameters, kind) {
  const match = textOf(parameters, "Match");
  if (match === "") throw new Refusal(63030, "The content of the rule is empty");
  if (match.length > 255) throw new Refusal(240, "Params [Match] too large");
  if (kind === "Path" && !match.startsWith("/")) throw new Refusal(63031, "The content of the rule is not a valid expression");
  return match;
}

/** A domain rule keeps its mode when none is given, and only a path rule has a priority. */
function readMode(parameters, kind, rule) {
  if (kind === "Domain") {
    return { domainMatchMode: oneOf(parameters, "DomainMatchMode", rule.domainMatchMode ?? "Regular", ["Regular", "Wildcard"]), priority: 0 };
  }
  return { domainMatchMode: undefined, priority: integer(parameters, "PolicyPriority", rule.priority || 1, [1, 9999]) };
}
