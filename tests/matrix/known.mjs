// Requests and signatures that are known from elsewhere: from the vendors' documents and from captures of the vendors' clients.
import { readFileSync } from "node:fs";
import { captured } from "../packaging/install.mjs";

const vectors = (vendor) => JSON.parse(readFileSync(new URL(`../vectors/${vendor}.json`, import.meta.url), "utf8"));
const published = (vendor, wanted) => vectors(vendor).find(({ name }) => name === wanted);

const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** -> what the job asks to be signed, and what must come of it. */
export async function known() {
  const { job, expected } = await captured();
  const [rpc, acs3, ucloud, sdk] = [
    published("alibaba", "rpcv1-published-doc-example"),
    published("alibaba", "acs3-published-doc-example"),
    published("ucloud", "published/ucloud-doc-signature-page"),
    published("openstack", "py-otc-v2.0-delete"),
  ];
  const signers = [
    { name: "signAlibabaRpc", input: { method: rpc.input.method, parameters: rpc.input.signed_params, accessKeySecret: rpc.input.access_key_secret } },
    {
      name: "signAlibabaAcs3",
      input: {
        method: acs3.input.method,
        query: acs3.input.params,
        headers: {
          host: acs3.input.host,
          "x-acs-action": acs3.input.action,
          "x-acs-content-sha256": EMPTY_SHA256,
          "x-acs-date": acs3.input.timestamp,
          "x-acs-signature-nonce": acs3.input.nonce,
          "x-acs-version": acs3.input.version,
        },
        accessKeyId: acs3.input.access_key_id,
        accessKeySecret: acs3.input.access_key_secret,
      },
    },
    { name: "signUcloud", input: { parameters: { ...ucloud.input.params, PublicKey: ucloud.input.public_key }, privateKey: ucloud.input.private_key } },
    {
      name: "signSdkHmacSha256",
      input: {
        method: sdk.input.method,
        path: sdk.input.path,
        headers: { ...sdk.input.headers, host: sdk.input.host, "x-sdk-date": sdk.input.date },
        accessKey: sdk.input.ak,
        secretKey: sdk.input.sk,
      },
    },
  ];
  const keys = { accessKey: "AK", secretKey: "SK" };
  const odd = "ä ∑ 😀 '*~ +";
  const stamp = { timestamp: Date.UTC(2026, 0, 1), nonce: "n-1" };
  const requests = [
    { client: job.client, operation: { operation: "RemoveVServerGroupBackendServers", ...job.parameters }, stamp: job.stamp },
    {
      client: { vendor: "alibaba", region: "cn-hangzhou", signature: "acs3", credentials: { accessKeyId: "AK", accessKeySecret: "SK", securityToken: "T" } },
      operation: { operation: "AddBackendServers", loadBalancerId: "lb-1", backendServers: [{ serverId: "i-1", type: "ecs", weight: 10, description: odd }] },
      stamp,
    },
    {
      client: { vendor: "scloud", region: "sg", projectId: "p", encoding: "form", credentials: { publicKey: "PK", privateKey: "SK" } },
      operation: { operation: "UpdatePolicy", ulbId: "ulb-1", vServerId: "v-1", policyId: "p-1", type: "Path", match: "/ä", backendIds: ["b-1", "b-2"] },
      stamp,
    },
    {
      client: { vendor: "huawei", region: "cn-north-4", signature: "scoped", credentials: keys },
      operation: { operation: "UpdateMember", poolId: "pool-1", memberId: "member-1", weight: 0 },
      stamp,
    },
  ];
  return {
    sign: { requests, signers },
    body: expected.body,
    signatures: [rpc, acs3, ucloud, sdk].map((vector) => vector.expected.signature),
  };
}
