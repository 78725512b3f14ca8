// Hand-signed requests for the emulator's own tests: short, written from the vendors' documents, sharing no line with what they test.
import { createHash, createHmac, randomUUID } from "node:crypto";

const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const postJson = (url, value, headers = {}) => fetch(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) });

/** Alibaba, RPC by GET; `change` may spoil the parameters after they are signed. */
export async function rpc({ info }, action, parameters, { Format, change = () => {}, timestamp = new Date(), nonce = randomUUID(), headers } = {}) {
  const { url, credentials } = info.alibaba;
  const all = {
    Action: action, Version: "2014-05-15", AccessKeyId: credentials.accessKeyId, SignatureMethod: "HMAC-SHA1", SignatureVersion: "1.0", SignatureNonce: nonce,
    Timestamp: timestamp.toISOString().replace(/\.\d+/, ""), ...(Format ? { Format } : {}), ...parameters,
  };
  const canonical = Object.keys(all).sort().map((name) => `${encode(name)}=${encode(all[name])}`).join("&");
  all.Signature = createHmac("sha1", `${credentials.accessKeySecret}&`).update(`GET&%2F&${encode(canonical)}`).digest("base64");
  change(all);
  const response = await fetch(`${url}/?${Object.entries(all).map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&")}`, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The same, the JSON answer read; `BackendServers` may be given as a list. */
export async function alibaba(emulator, action, parameters, options) {
  const all = { RegionId: "cn-hangzhou", ...parameters };
  if (Array.isArray(all.BackendServers)) all.BackendServers = JSON.stringify(all.BackendServers);
  const { status, text } = await rpc(emulator, action, all, { Format: "JSON", ...options });
  return { status, ...JSON.parse(text) };
}

/** UCloud, JSON with flattened keys unless `send` sends another way. */
export async function ucloud({ info }, parameters, { sign = true, send = postJson, headers } = {}) {
  const { url, credentials } = info.ucloud;
  const all = sign ? { PublicKey: credentials.publicKey, ...parameters } : parameters;
  if (sign) {
    const text = Object.keys(all).sort().map((name) => name + signedText(all[name])).join("") + credentials.privateKey;
    all.Signature = createHash("sha1").update(text).digest("hex");
  }
  const response = await send(url, all, headers);
  return { status: response.status, requestId: response.headers.get("x-ucloud-request-uuid"), body: await response.json() };
}

function signedText(value) {
  if (Array.isArray(value)) return value.map(signedText).join("");
  if (typeof value === "object") return Object.keys(value).sort().map((name) => name + signedText(value[name])).join("");
  return String(value);
}

/** A token of Keystone for the password of `credentials`, changed by `overrides`. */
export function password({ info }, { overrides = {}, credentials = info.keystone.credentials, scope } = {}) {
  const { username, password: secret, userDomain, project, projectDomain } = credentials;
  const user = { name: username, domain: { name: userDomain }, password: secret, ...overrides };
  const auth = { identity: { methods: ["password"], password: { user } }, scope: scope ?? { project: { name: project, domain: { name: projectDomain } } } };
  return postJson(`${info.keystone.identityEndpoint}/auth/tokens`, { auth });
}

/** The gateway of OTC with a token of its own. */
export async function otc(emulator, method, path, { body, token, headers } = {}) {
  const given = token ?? (await password(emulator)).headers.get("x-subject-token");
  const init = { method, headers: { "x-auth-token": given, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers } };
  if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(emulator.info.otc.url + path, init);
  const text = await response.text();
  return { status: response.status, ...(text ? JSON.parse(text) : {}) };
}
