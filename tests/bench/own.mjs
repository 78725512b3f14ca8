// What unpool is measured against: the same signatures, written by hand over node:crypto for exactly one call each, as an
// experienced developer would for a program of their own. No checks, no other operations, no other runtime than Node.
import { createHash, createHmac, randomUUID } from "node:crypto";

// encodeURIComponent leaves five characters that RFC 3986 reserves.
const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const seconds = (date) => `${date.toISOString().slice(0, 19)}Z`;
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const EMPTY = sha256("");

const wireServers = (servers) =>
  JSON.stringify(servers.map(({ serverId, type, weight }) => ({ ServerId: serverId, Weight: weight, Type: type })));

const rpcRequest = (query, key) => {
  const signature = createHmac("sha1", key).update(`POST&%2F&${encode(query)}`).digest("base64");
  return {
    method: "POST",
    url: "https://slb.aliyuncs.com/",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: `${query}&Signature=${encodeURIComponent(signature)}`,
  };
};

/** RemoveBackendServers by Alibaba's RPC signature: a pool of parameters, sorted and encoded in one pass. */
export function alibabaRpc({ region, credentials }) {
  const { accessKeyId } = credentials;
  const key = `${credentials.accessKeySecret}&`;
  return ({ loadBalancerId, backendServers }, date = new Date(), nonce = randomUUID()) => {
    const parameters = {
      Action: "RemoveBackendServers",
      Version: "2014-05-15",
      Format: "JSON",
      AccessKeyId: accessKeyId,
      SignatureMethod: "HMAC-SHA1",
      SignatureVersion: "1.0",
      SignatureNonce: nonce,
      Timestamp: seconds(date),
      RegionId: region,
      LoadBalancerId: loadBalancerId,
      BackendServers: wireServers(backendServers),
    };
    let query = "";
    for (const name of Object.keys(parameters).sort()) query += `${query && "&"}${name}=${encode(parameters[name])}`;
    return rpcRequest(query, key);
  };
}

/** The same with nothing left to do that can be done beforehand: this one call's parameters stand in order and encoded already. */
export function alibabaRpcUnrolled({ region, credentials }) {
  const start = `AccessKeyId=${encode(credentials.accessKeyId)}&Action=RemoveBackendServers&BackendServers=`;
  const middle = `&RegionId=${encode(region)}&SignatureMethod=HMAC-SHA1&SignatureNonce=`;
  const key = `${credentials.accessKeySecret}&`;
  return ({ loadBalancerId, backendServers }, date = new Date(), nonce = randomUUID()) =>
    rpcRequest(
      `${start}${encode(wireServers(backendServers))}&Format=JSON&LoadBalancerId=${encode(loadBalancerId)}${middle}${nonce}` +
        `&SignatureVersion=1.0&Timestamp=${encodeURIComponent(seconds(date))}&Version=2014-05-15`,
      key,
    );
}

/** The same call by ACS3-HMAC-SHA256. */
export function alibabaAcs3({ region, credentials }) {
  const SIGNED = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
  const key = credentials.accessKeySecret;
  return ({ loadBalancerId, backendServers }, date = new Date(), nonce = randomUUID()) => {
    const query = `BackendServers=${encode(wireServers(backendServers))}&LoadBalancerId=${encode(loadBalancerId)}&RegionId=${encode(region)}`;
    const time = seconds(date);
    const canonical =
      `POST\n/\n${query}\nhost:slb.aliyuncs.com\nx-acs-action:RemoveBackendServers\nx-acs-content-sha256:${EMPTY}\nx-acs-date:${time}\n` +
      `x-acs-signature-nonce:${nonce}\nx-acs-version:2014-05-15\n\n${SIGNED}\n${EMPTY}`;
    const signature = createHmac("sha256", key).update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`).digest("hex");
    return {
      method: "POST",
      url: `https://slb.aliyuncs.com/?${query}`,
      headers: {
        "x-acs-action": "RemoveBackendServers",
        "x-acs-version": "2014-05-15",
        "x-acs-date": time,
        "x-acs-signature-nonce": nonce,
        "x-acs-content-sha256": EMPTY,
        accept: "application/json",
        authorization: `ACS3-HMAC-SHA256 Credential=${credentials.accessKeyId},SignedHeaders=${SIGNED},Signature=${signature}`,
      },
    };
  };
}

/** ReleaseBackend by UCloud's SHA-1 over names, values and the key. */
export function ucloud({ region, credentials: { publicKey, privateKey } }) {
  return ({ ulbId, backendId }) => {
    const text = `ActionReleaseBackendBackendId${backendId}PublicKey${publicKey}Region${region}ULBId${ulbId}${privateKey}`;
    const Signature = createHash("sha1").update(text).digest("hex");
    return {
      method: "POST",
      url: "https://api.ucloud.cn/",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ Action: "ReleaseBackend", BackendId: backendId, PublicKey: publicKey, Region: region, ULBId: ulbId, Signature }),
    };
  };
}

/** DeleteMember by SDK-HMAC-SHA256, the variant with `Access=`. */
export function otc({ credentials: { accessKey, secretKey } }) {
  const host = "elb.eu-de.otc.t-systems.com";
  return ({ poolId, memberId }, date = new Date()) => {
    const path = `/v2.0/lbaas/pools/${poolId}/members/${memberId}`;
    const time = `${date.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
    const canonical = `DELETE\n${path}/\n\nhost:${host}\nx-sdk-date:${time}\n\nhost;x-sdk-date\n${EMPTY}`;
    const signature = createHmac("sha256", secretKey).update(`SDK-HMAC-SHA256\n${time}\n${sha256(canonical)}`).digest("hex");
    return {
      method: "DELETE",
      url: `https://${host}${path}`,
      headers: {
        "x-sdk-date": time,
        authorization: `SDK-HMAC-SHA256 Access=${accessKey}, SignedHeaders=host;x-sdk-date, Signature=${signature}`,
      },
    };
  };
}
