// Puts the clouds together: one server each, one clock, one log, one set of faults.
import { AlibabaCloud } from "./alibaba/cloud.mjs";
import { REGION as ALIBABA_REGION, listBackends as alibabaBackends } from "./alibaba/state.mjs";
import { Views, recordChanges } from "./carry-out.mjs";
import { difference, snapshot } from "./changes.mjs";
import { Clock } from "./clock.mjs";
import { createControlServer } from "./control.mjs";
import { ALIBABA, APPLICATION_CREDENTIALS, DOMAIN, OTC, PROJECTS, PROJECT_ID, SCLOUD, UCLOUD, USERS, keyMap } from "./credentials.mjs";
import { examples } from "./examples.mjs";
import { Faults } from "./faults.mjs";
import { Keystone } from "./keystone/cloud.mjs";
import { Tokens } from "./keystone/tokens.mjs";
import { NumberedList } from "./log.mjs";
import { OtcGateway } from "./otc/cloud.mjs";
import { listBackends as otcBackends } from "./otc/state.mjs";
import { arrange } from "./seeds.mjs";
import { createCloudServer } from "./server.mjs";
import { UCloud } from "./ucloud/cloud.mjs";
import { listBackends as ucloudBackends, listRules } from "./ucloud/state.mjs";

const CORS_IN_REALITY = {
  alibaba: "Very likely answered with signature \"rpc\", which needs no preflight: the vendor promises nothing for CLB. With \"acs3\" expect a refusal: its preflight does not, as far as known, allow Authorization.",
  ucloud: "Expect a refusal: no CORS headers are documented, so a page needs a Worker of yours.",
  scloud: "Expect a refusal: no CORS headers are documented, so a page needs a Worker of yours.",
  otc: "Expect a refusal: no CORS headers are documented, so a page needs a Worker of yours.",
  keystone: "Expect a refusal, unless the cloud's operator has set [cors] allowed_origin and lets Keystone expose X-Subject-Token; OTC documents none.",
};

/** Enough for a long run; older entries go. */
const LOG_LIMIT = 50_000;

/**
 * options: port (0 = chosen by the system; N = N, N+1, ...), cors, tokenTtlMs, now, logLimit,
 * extraOperations: { alibaba: [...], ucloud: [...] } (verified, then refused as not emulated).
 * -> { info, close, control }; control has what the control server has, see README.md
 */
export async function start({ port = 0, cors = false, tokenTtlMs = 3_600_000, now, logLimit = LOG_LIMIT, extraOperations = {} } = {}) {
  const clock = new Clock();
  if (now !== undefined) clock.set({ now });
  const tokens = new Tokens(clock, tokenTtlMs);
  const context = {
    clock, tokens, faults: new Faults(), log: new NumberedList(logLimit), changes: new NumberedList(logLimit), views: new Views(), corsOpened: cors, epoch: 0,
  };
  const urls = {};
  const ucloudOptions = { projectId: "org-abc123", extraOperations: extraOperations.ucloud };
  const clouds = {
    alibaba: new AlibabaCloud({ keys: keyMap("accessKeyId", ALIBABA.credentials, ALIBABA.stsCredentials), clock, extraOperations: extraOperations.alibaba }),
    ucloud: new UCloud({ name: "ucloud", region: "cn-bj2", keys: keyMap("publicKey", UCLOUD.credentials, UCLOUD.stsCredentials), ...ucloudOptions }),
    scloud: new UCloud({ name: "scloud", region: "sg", keys: keyMap("publicKey", SCLOUD.credentials, SCLOUD.stsCredentials), ...ucloudOptions, projectId: "project-emulator" }),
    otc: new OtcGateway({
      keys: keyMap("accessKey", OTC.credentials, OTC.stsCredentials, { ...OTC.readOnlyCredentials, readOnly: true }, OTC.otherProjectCredentials),
      tokens,
      clock,
      projectId: PROJECT_ID,
    }),
    keystone: new Keystone({
      users: USERS,
      applicationCredentials: APPLICATION_CREDENTIALS,
      projects: PROJECTS,
      domain: DOMAIN,
      tokens,
      region: "eu-de",
      endpoints: () => ({ identity: `${urls.keystone}/v3`, loadBalancer: urls.otc }),
    }),
  };

  const servers = Object.fromEntries(Object.entries(clouds).map(([name, cloud]) => [name, createCloudServer(cloud, context)]));
  const letGo = () => Object.values(servers).forEach((server) => server.letGo?.());
  const control = createControl(clouds, context, letGo);
  const after = (list) => (_, query) => list.since(Number(query.get("since") ?? 0));
  servers.control = createControlServer({
    "GET /state": control.state,
    "POST /state": control.arrange,
    "POST /reset": control.reset,
    "GET /log": after(context.log),
    "DELETE /log": control.clearLog,
    "GET /changes": after(context.changes),
    "DELETE /changes": control.clearChanges,
    "GET /clock": () => ({ now: new Date(clock.now()).toISOString(), offsetMs: clock.offsetMs }),
    "POST /clock": control.clock,
    "GET /faults": () => context.faults.list(),
    "POST /faults": control.faults,
    "POST /faults/add": control.addFaults,
    "POST /keys": control.keys,
    "GET /tokens": control.tokens,
    "POST /tokens": control.setTokens,
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

function createControl(clouds, context, letGo) {
  const { clock, faults, log, changes, tokens } = context;
  const done = { ok: true };
  return {
    state: () => ({
      alibaba: { backends: alibabaBackends(clouds.alibaba.state) },
      ucloud: { backends: ucloudBackends(clouds.ucloud.state), rules: listRules(clouds.ucloud.state) },
      scloud: { backends: ucloudBackends(clouds.scloud.state), rules: listRules(clouds.scloud.state) },
      otc: { backends: otcBackends(clouds.otc.state) },
    }),
    /** More state, and changes that somebody else made: these are in the change log without a request. */
    arrange: (wish) => {
      const { added } = arrange(clouds, { add: wish.add });
      const stateful = Object.values(clouds).filter(({ resources }) => resources);
      const before = stateful.map((cloud) => snapshot(cloud.resources()));
      arrange(clouds, { set: wish.set, gone: wish.gone });
      stateful.forEach((cloud, index) => recordChanges(context, cloud.name, difference(before[index], snapshot(cloud.resources()))));
      return { added };
    },
    reset: () => {
      context.epoch += 1;
      letGo();
      for (const cloud of Object.values(clouds)) cloud.reset();
      faults.set([]);
      context.views.clear();
      log.clear();
      changes.clear();
      clock.set({ offsetMs: 0 });
      return done;
    },
    log: () => log.list(),
    clearLog: () => {
      log.clear();
      return done;
    },
    changes: () => changes.list(),
    clearChanges: () => {
      changes.clear();
      return done;
    },
    clock: (wish) => {
      clock.set(wish);
      return done;
    },
    faults: (rules) => {
      faults.set(rules);
      return done;
    },
    addFaults: (rules) => {
      faults.add(rules);
      return done;
    },
    /** { cloud, ...credentials } adds a key, or gives a known one another secret. */
    keys: ({ cloud, ...record }) => {
      const idField = { alibaba: "accessKeyId", ucloud: "publicKey", scloud: "publicKey", otc: "accessKey" }[cloud];
      if (!idField || !record[idField]) throw new TypeError("keys: { cloud: alibaba | ucloud | scloud | otc, ...credentials }");
      clouds[cloud].keys.set(record[idField], record);
      return done;
    },
    tokens: () => tokens.describe(),
    setTokens: ({ ttlMs }) => {
      tokens.setTtl(ttlMs);
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
  const user = ({ name, password, projects: [id] }) => ({
    username: name, password, userDomain: DOMAIN.name, project: PROJECTS.find((project) => project.id === id).name, projectDomain: DOMAIN.name,
  });
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
      otherProjectCredentials: user(USERS[2]),
      applicationCredentials: { applicationCredentialId: APPLICATION_CREDENTIALS[0].id, applicationCredentialSecret: APPLICATION_CREDENTIALS[0].secret },
    }),
    control: { url: urls.control },
    examples,
  };
}
