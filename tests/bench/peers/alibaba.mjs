// RemoveBackendServers of Alibaba Cloud, as others sign it: each `make(options)` gives a function (operation) -> the request
// as { url, body, headers }, or a promise of it. Nothing is sent: what would carry a request of the vendor's clients answers
// at once. The hand-written ones are for exactly this one call.
import { createHmac, randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { hmac } from "@noble/hashes/hmac.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { AwsV4Signer } from "aws4fetch";
import { npmClients } from "../../clients/alibaba-npm.mjs";

const require = createRequire(import.meta.url);
const VERSION = "2014-05-15";
const HOST = "slb.aliyuncs.com";

const servers = (backendServers) => JSON.stringify(backendServers.map(({ serverId, type, weight }) => ({ ServerId: serverId, Weight: weight, Type: type })));
const ofCloud = ({ region }, { loadBalancerId, backendServers }) => ({ RegionId: region, LoadBalancerId: loadBalancerId, BackendServers: servers(backendServers) });

/** What the RPC signature is about, up to the HMAC: `query` is sent with the signature behind it. */
function rpc({ region, credentials: { accessKeyId } }, operation) {
  const parameters = {
    Action: "RemoveBackendServers", Version: VERSION, Format: "JSON", AccessKeyId: accessKeyId, SignatureMethod: "HMAC-SHA1", SignatureVersion: "1.0",
    SignatureNonce: randomUUID(), Timestamp: `${new Date().toISOString().slice(0, 19)}Z`, ...ofCloud({ region }, operation),
  };
  let query = "";
  for (const name of Object.keys(parameters).sort()) query += `${query && "&"}${name}=${encode(parameters[name])}`;
  return { query, text: `POST&%2F&${encode(query)}` };
}
const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
const request = (query, signature) => ({ url: `https://${HOST}/`, body: `${query}&Signature=${encodeURIComponent(signature)}` });

const utf8 = new TextEncoder();
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

function nodeCrypto(options) {
  const key = `${options.credentials.accessKeySecret}&`;
  return (operation) => {
    const { query, text } = rpc(options, operation);
    return request(query, createHmac("sha1", key).update(text).digest("base64"));
  };
}

function noble(options) {
  const key = utf8.encode(`${options.credentials.accessKeySecret}&`);
  return (operation) => {
    const { query, text } = rpc(options, operation);
    return request(query, base64(hmac(sha1, key, utf8.encode(text))));
  };
}

function webCrypto(options) {
  const key = crypto.subtle.importKey("raw", utf8.encode(`${options.credentials.accessKeySecret}&`), { name: "HMAC", hash: "SHA-1" }, false, ["sign"]);
  return async (operation) => {
    const { query, text } = rpc(options, operation);
    return request(query, base64(new Uint8Array(await crypto.subtle.sign("HMAC", await key, utf8.encode(text)))));
  };
}

/** It signs for another cloud; the request is as large. */
function aws4fetch({ region, credentials: { accessKeyId, accessKeySecret: secretAccessKey } }) {
  const cache = new Map();
  return async ({ loadBalancerId, backendServers }) => {
    const url = `https://elasticloadbalancing.us-east-1.amazonaws.com/?Action=DeregisterTargets&Version=2015-12-01&TargetGroupArn=${loadBalancerId}&Targets=${encode(servers(backendServers))}`;
    const signer = new AwsV4Signer({ method: "POST", url, accessKeyId, secretAccessKey, service: "elasticloadbalancing", region, cache });
    const signed = await signer.sign();
    return { url: signed.url.href, body: "", headers: Object.fromEntries(signed.headers) };
  };
}

/** What is between pop-core and the network keeps the request. */
function popCore(options) {
  const httpx = require(require.resolve("httpx", { paths: [require.resolve("@alicloud/pop-core")] }));
  let sent;
  httpx.request = async (url, { data, headers }) => {
    sent = { url, body: data, headers };
    return { req: { getHeaders: () => headers }, headers: {}, statusCode: 200 };
  };
  httpx.read = async () => '{"RequestId":"r"}';
  const call = npmClients["pop-core, POST"]({ url: `https://${HOST}` }, options.credentials);
  return async (operation) => {
    await call("RemoveBackendServers", ofCloud(options, operation));
    return sent;
  };
}

/** As little of a stream as its reader takes. */
const answer = Buffer.from('{"RequestId":"r"}');
const stream = {
  removeListener() {},
  on(event, listener) {
    if (event === "data") listener(answer);
    if (event === "end") listener();
  },
};

/** The same for openapi-core. */
function openapiCore(options) {
  const folder = require.resolve("@darabonba/typescript", { paths: [require.resolve("@alicloud/openapi-core")] });
  const carrier = require(folder.replace(/index\.js$/, "core.js"));
  let sent;
  carrier.doAction = async ({ headers, query }) => {
    sent = { url: `https://${headers.host}/?${new URLSearchParams(query)}`, body: "", headers };
    return { statusCode: 200, headers: {}, body: stream };
  };
  const call = npmClients["openapi-core, ACS3"]({ url: `http://${HOST}` }, options.credentials);
  return async (operation) => {
    await call("RemoveBackendServers", ofCloud(options, operation));
    return sent;
  };
}

/** name, signature (what is signed, and how), make */
export const PEERS = [
  { name: "node:crypto, by hand", signature: "RPC", make: nodeCrypto },
  { name: "@noble/hashes, by hand", signature: "RPC", make: noble },
  { name: "WebCrypto, by hand", signature: "RPC", make: webCrypto },
  { name: "@alicloud/pop-core", signature: "RPC", make: popCore },
  { name: "@alicloud/openapi-core", signature: "ACS3", make: openapiCore },
  { name: "aws4fetch", signature: "SigV4", make: aws4fetch },
];
