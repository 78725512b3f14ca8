// UCloud's gateway, also sold under other names: the same API behind another host with other keys.
import { randomUUID } from "node:crypto";
import { FAULT_CODES, refusalOf } from "./codes.mjs";
import { KNOWN, OPERATIONS } from "./operations.mjs";
import { readParameters, textOf } from "./parameters.mjs";
import { Refusal } from "./refusal.mjs";
import { expectedSignature } from "./signature.mjs";
import { resources, ucloudState } from "./state.mjs";

export class UCloud {
  faultCodes = FAULT_CODES;

  constructor({ name, keys, region, projectId, extraOperations = [] }) {
    this.name = name;
    this.keys = keys;
    this.region = region;
    this.projectId = projectId;
    this.known = new Set([...KNOWN, ...extraOperations]);
    this.reset();
  }

  reset() {
    this.state = ucloudState(this.region, this.projectId);
  }

  resources() {
    return resources(this.state);
  }

  balancer(id) {
    return this.state.balancers.find((ulb) => ulb.id === id);
  }

  operationOf(request) {
    const parameters = readParameters(request);
    return parameters && textOf(parameters, "Action");
  }

  handle(request, fault) {
    const progress = { action: "", verified: false };
    try {
      const failing = fault?.effect === "item-failure" ? fault : undefined;
      const answer = this.#run(request, progress, failing);
      return this.#answer({ Action: `${progress.action}Response`, RetCode: 0, ...answer }, { verified: true });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.#refuse(error, progress);
    }
  }

  /** The order of the checks is the gateway's: a wrong signature hides a wrong parameter, not the other way round. */
  #run(request, progress, failing) {
    const parameters = readParameters(request) ?? {};
    const action = textOf(parameters, "Action");
    if (!action) throw new Refusal(160, "Missing Action");
    const known = Object.hasOwn(OPERATIONS, action);
    if (!known && !this.known.has(action)) throw new Refusal(161, `Action [${action}] not found`);
    progress.action = action;
    const signature = textOf(parameters, "Signature");
    if (!signature) throw new Refusal(170, "Missing signature");
    const key = this.keys.get(textOf(parameters, "PublicKey"));
    if (!key) throw new Refusal(172, "User Not Exists");
    if (expectedSignature(parameters, key.privateKey) !== signature) throw new Refusal(171, "Signature VerifyAC Error");
    if ((textOf(parameters, "SecurityToken") ?? "") !== (key.securityToken ?? "")) throw new Refusal(174, "Token Not Exists");
    progress.verified = true;
    if (!known) throw new Refusal(4996, `The emulator does not carry out ${action}`);

    const { required, run } = OPERATIONS[action];
    for (const name of required) {
      if (!textOf(parameters, name)) throw new Refusal(220, `Missing params [${name}]`);
    }
    const region = textOf(parameters, "Region");
    if (!/^[a-z0-9-]{1,64}$/.test(region)) throw new Refusal(230, "Params [Region] not available");
    const project = textOf(parameters, "ProjectId");
    if (project && project !== this.projectId) throw new Refusal(292, `Project [${project}] not exists`);
    const balancers = this.state.balancers.filter((ulb) => ulb.region === region);
    return run(balancers, parameters, failing, this.state);
  }

  #refuse({ retCode, message }, { action, verified }, status) {
    const value = { ...(action ? { Action: `${action}Response` } : {}), RetCode: retCode, Message: message };
    return this.#answer(value, { verified, code: retCode, ...(status ? { status } : {}) });
  }

  #answer(value, notes) {
    return {
      status: 200,
      headers: { "content-type": "application/json", "x-ucloud-request-uuid": randomUUID() },
      body: JSON.stringify(value),
      ...notes,
    };
  }

  /** HTTP says 200 whatever happened; another status comes from something in front. */
  refusal(request, { code, status, message }) {
    return this.#refuse(refusalOf(code, { message }), { action: this.operationOf(request), verified: false }, status);
  }
}
