// node cold-child.mjs <URL of the package's entry | "own">: prints the milliseconds and the CPU time from here to the first
// signature. Node's own start lies before the first line.
const startedAt = performance.now();
const cpu = process.cpuUsage();

const options = {
  vendor: "alibaba",
  region: "cn-hangzhou",
  credentials: { accessKeyId: "LTAI5tTESTACCESSKEYID000", accessKeySecret: "kTESTsecretKEY0000000000000000" },
};
const operation = {
  operation: "RemoveBackendServers",
  loadBalancerId: "lb-bp15lbk8uja8rvm4a0001",
  backendServers: [{ serverId: "i-bp1fq61enf4loa5i0000", type: "ecs", weight: "100" }],
};

async function unpool(entry) {
  const { Client } = await import(entry);
  return new Client(options).sign(operation);
}

async function own() {
  const { alibabaRpc } = await import("./own.mjs");
  return alibabaRpc(options)(operation);
}

const entry = process.argv[2];
const { body } = await (entry === "own" ? own() : unpool(entry));

const wall = performance.now() - startedAt;
const { user, system } = process.cpuUsage(cpu);
if (!body.includes("&Signature=")) throw new Error(`no signature: ${body}`);
console.log(JSON.stringify({ wall, cpu: (user + system) / 1000 }));
