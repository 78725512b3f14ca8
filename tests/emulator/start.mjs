// Puts the clouds together: one server each, one clock, one log, one set of faults.
import { AlibabaCloud } from "./alibaba/cloud.mjs";
import { REGION as ALIBABA_REGION, listBackends as alibabaBackends } from "./alibaba/state.mjs";
import { examples } from "./examples.mjs";
import { Clock } from "./clock.mjs";
import { createControlServer } from "./control.mjs";
import { ALIBABA, DOMAIN, OTC, PROJECTS, PROJECT_ID, SCLOUD, UCLOUD, USERS, keyMap } from "./credentials.mjs";
import { Faults } from "./faults.mjs";
import { Keystone } from "./keystone/cloud.mjs";
import { Tokens } from "./keystone/tokens.mjs";
import { RequestLog } from "./log.mjs";
import { OtcGateway } from "./otc/cloud.mjs";
import { listBackends as otcBackends } from "./otc/state.mjs";
import { createCloudServer } from "./server.mjs";
import { UCloud } from "./ucloud/cloud.mjs";
import { listBackends as ucloudBackends, listRules } from "./ucloud/state.mjs";

const CORS_IN_REALITY = {
  alibaba: "Simple requests pass (signature \"rpc\": answers carry Access-Control-Allow-Origin: *); the preflight that ACS3 needs does not allow Authorization.",
  ucloud: "Refused: no CORS headers are known to be sent, so a page needs a relay.",
  scloud: "Refused: no CORS headers are known to be sent, so a page needs a relay.",
  otc: "Refused: no CORS headers are documented for ELB, so a page needs a relay.",
  keystone: "Refused unless the operator of the cloud opens it; upstream Keystone ships with CORS off, and OTC documents none.",
};

/**
 * options: port (0 = chosen by the system; N = N, N+1, ...), cors, tokenTtlMs, now,
 * extraOperations: { alibaba: [...], ucloud: [...] } (verified, then refused as not emulated).
 * -> { info, close, control: { state, reset, log, clock, faults, keys, revokeTokens } }
 */
export async function start({ port = 0, cors = false, tokenTtlMs = 3_600_000, now, extraOperations = {} } = {}) {
  const clock = new Clock();
  if (now !== undefined) clock.set({ now });
  const context = { clock, faults: new Faults(), log: new RequestLog(), corsOpened: cors };
  const tokens = new Tokens(clock, tokenTtlMs);
  const urls = {};
  const ucloudOptions = { projectId: "org-abc123", extraOperations: extraOperations.ucloud };
  const clouds = {
    alibaba: new AlibabaCloud({ keys: keyMap("accessKeyId", ALIBABA.credentials, ALIBABA.stsCredentials), clock, extraOperations: extraOperations.alibaba }),
    ucloud: new UCloud({ name: "ucloud", region: "cn-bj2", keys: keyMap("publicKey", UCLOUD.credentials, UCLOUD.stsCredentials), ...ucloudOptions }),
    scloud: new UCloud({ name: "scloud", region: "sg", keys: keyMap("publicKey", SCLOUD.credentials, SCLOUD.stsCredentials), ...ucloudOptions, projectId: "project-emulator" }),
    otc: new OtcGateway({
      keys: keyMap("accessKey", OTC.credentials, OTC.stsCredentials, { ...OTC.readOnlyCredentials, readOnly: true }),
      tokens,
      clock,
      projectId: PROJECT_ID,
    }),
    keystone: new Keystone({
      users: USERS,
      projects: PROJECTS,
      domain: DOMAIN,
      tokens,
      region: "eu-de",
      endpoints: () => ({ identity: `${urls.keystone}/v3`, loadBalancer: urls.otc }),
    }),
  };

  const control = createControl(clouds, context, tokens);
  const servers = Object.fromEntries(Object.entries(clouds).map(([name, cloud]) => [name, createCloudServer(cloud, context)]));
  servers.control = createControlServer({
    "GET /state": control.state,
    "POST /reset": control.reset,
    "GET /log": control.log,
    "GET /clock": () => ({ now: new Date(clock.now()).toISOString(), offsetMs: clock.offsetMs }),
    "POST /clock": control.clock,
    "GET /faults": () => context.faults.list(),
    "POST /faults": control.faults,
    "POST /keys": control.keys,
    "POST /tokens/revoke": control.revokeTokens,
  });
  const close = async () => {
    await Promise.all(Object.values(servers).map((server) => server.close()));
  };
  try {
    let next = Number(port);
    for (const [name, server] of Object.entries(servers)) urls[name] = await server.listen(next === 0 ? 0 : next++);
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
  return { info: describe(urls, clouds, cors), close, control };
}

function createControl(clouds, { clock, faults, log }, tokens) {
  const done = { ok: true };
  return {
    state: () => ({
      alibaba: { backends: alibabaBackends(clouds.alibaba.state) },
      ucloud: { backends: ucloudBackends(clouds.ucloud.state), rules: listRules(clouds.ucloud.state) },
      scloud: { backends: ucloudBackends(clouds.scloud.state), rules: listRules(clouds.scloud.state) },
      otc: { backends: otcBackends(clouds.otc.state) },
    }),
    reset: () => {
      for (const cloud of Object.values(clouds)) cloud.reset();
      faults.set([]);
      log.clear();
      clock.set({ offsetMs: 0 });
      return done;
    },
    log: () => log.list(),
    clock: (wish) => {
      clock.set(wish);
      return done;
    },
    faults: (rules) => {
      faults.set(rules);
      return done;
    },
    /** { cloud, ...credentials } adds a key, or gives a known one another secret. */
    keys: ({ cloud, ...record }) => {
      const idField = { alibaba: "accessKeyId", ucloud: "publicKey", scloud: "publicKey", otc: "accessKey" }[cloud];
      if (!idField || !record[idField]) throw new TypeError("keys: { cloud: alibaba | ucloud | scloud | otc, ...credentials }");
      clouds[cloud].keys.set(record[idField], record);
      return done;
    },
    revokeTokens: () => {
      tokens.revokeAll();
      return done;
    },
  };
}

/** The one line that main.mjs prints. `credentials` have the shape that a client's options take. */
function describe(urls, clouds, corsOpened) {
  const user = ({ name, password }) => ({ username: name, password, userDomain: DOMAIN.name, project: PROJECTS[0].name, projectDomain: DOMAIN.name });
  const cloud = (name, rest) => ({ url: urls[name], ...rest, corsInReality: CORS_IN_REALITY[name] });
  return {
    corsOpened,
    alibaba: cloud("alibaba", { region: ALIBABA_REGION, ...ALIBABA }),
    ucloud: cloud("ucloud", { region: clouds.ucloud.region, projectId: clouds.ucloud.projectId, ...UCLOUD }),
    scloud: cloud("scloud", { region: clouds.scloud.region, projectId: clouds.scloud.projectId, ...SCLOUD }),
    otc: cloud("otc", { region: "eu-de", projectId: PROJECT_ID, ...OTC }),
    keystone: cloud("keystone", {
      identityEndpoint: `${urls.keystone}/v3`,
      region: "eu-de",
      projectId: PROJECT_ID,
      credentials: user(USERS[0]),
      readOnlyCredentials: user(USERS[1]),
    }),
    control: { url: urls.control },
    examples,
  };
}
