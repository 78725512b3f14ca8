// Functions that take any vendor's client and plan; a plan of another vendor is still a mistake.
import { Client, type Plan, type Report } from "unpool";

const credentials = { accessKeyId: "a", accessKeySecret: "b" };
const alibaba = new Client({ vendor: "alibaba", region: "cn-hangzhou", credentials });
const otc = new Client({ vendor: "otc", region: "eu-de", credentials: { accessKey: "a", secretKey: "b" } });
const clients: Client[] = [alibaba, otc];
export const takeOut = (client: Client, plan: Plan): Promise<Report> => client.run(plan);

// A client of whichever vendor is none of a certain one, and one vendor's is none of another's.
declare const anybodys: Client;
// @ts-expect-error
const notUclouds: Client<"ucloud"> = anybodys;
// @ts-expect-error
const notAlibabas: Client<"alibaba"> = anybodys;
// @ts-expect-error
const notOtcs: Client<"otc"> = anybodys;
// @ts-expect-error
const notScloud: Client<"ucloud"> = new Client({ vendor: "scloud", region: "sg", credentials: { publicKey: "a", privateKey: "b" } });
// @ts-expect-error
const notHuaweis: Client<"huawei"> = otc;
// One of several is one of each of more.
export const either = (one: Client<"otc">): Client<"otc" | "huawei"> => one;
void [notUclouds, notAlibabas, notOtcs, notScloud, notHuaweis];

export async function use(plan: Plan<"alibaba">): Promise<(string | undefined)[]> {
  await takeOut(alibaba, plan);
  // @ts-expect-error
  await otc.run(plan);
  // @ts-expect-error
  await otc.send({ operation: "RemoveBackendServers", loadBalancerId: "lb-1", backendServers: ["i-1"] });
  for (const client of clients) client.free();
  const { members } = await otc.send({ operation: "ListMembers", poolId: "p" });
  return members.map(({ id }) => id);
}
