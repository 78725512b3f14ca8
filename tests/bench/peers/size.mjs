// What a program that removes one server weighs with each: bundled for browsers where that can be done, else for Node.
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { MINIMAL, bundled, split, total } from "../../packaging/size.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

const HAND = (hash) => `
const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
${hash}
export async function remove({ accessKeyId, accessKeySecret }, loadBalancerId, backendServers) {
  const parameters = {
    Action: "RemoveBackendServers", Version: "2014-05-15", Format: "JSON", AccessKeyId: accessKeyId, SignatureMethod: "HMAC-SHA1", SignatureVersion: "1.0",
    SignatureNonce: crypto.randomUUID(), Timestamp: new Date().toISOString().slice(0, 19) + "Z", RegionId: "cn-hangzhou", LoadBalancerId: loadBalancerId,
    BackendServers: JSON.stringify(backendServers.map(({ serverId, type, weight }) => ({ ServerId: serverId, Weight: weight, Type: type }))),
  };
  const query = Object.keys(parameters).sort().map((name) => name + "=" + encode(parameters[name])).join("&");
  const body = query + "&Signature=" + encodeURIComponent(await sign(accessKeySecret + "&", "POST&%2F&" + encode(query)));
  const response = await fetch("https://slb.aliyuncs.com/", { method: "POST", body, headers: { "content-type": "application/x-www-form-urlencoded" } });
  return response.json();
}`;
const BASE64 = "const base64 = (bytes) => btoa(String.fromCharCode(...bytes)); const utf8 = new TextEncoder();";

const PROGRAMS = [
  ["node:crypto, by hand", HAND('import { createHmac } from "node:crypto"; const sign = (key, text) => createHmac("sha1", key).update(text).digest("base64");')],
  ["WebCrypto, by hand", HAND(`${BASE64} const sign = async (key, text) => base64(new Uint8Array(await crypto.subtle.sign("HMAC", await crypto.subtle.importKey("raw", utf8.encode(key), { name: "HMAC", hash: "SHA-1" }, false, ["sign"]), utf8.encode(text))));`)],
  ["@noble/hashes, by hand", HAND(`import { hmac } from "@noble/hashes/hmac.js"; import { sha1 } from "@noble/hashes/legacy.js"; ${BASE64} const sign = (key, text) => base64(hmac(sha1, utf8.encode(key), utf8.encode(text)));`)],
  ["aws4fetch", 'import { AwsClient } from "aws4fetch"; export const remove = (credentials, url) => new AwsClient(credentials).fetch(url, { method: "POST" });'],
  ["@alicloud/pop-core", `import RPCClient from "@alicloud/pop-core"; export const remove = (credentials, parameters) =>
    new RPCClient({ ...credentials, endpoint: "https://slb.aliyuncs.com", apiVersion: "2014-05-15" }).request("RemoveBackendServers", parameters, { method: "POST" });`],
  ["@alicloud/openapi-core", `import openapi from "@alicloud/openapi-core"; const { $OpenApiUtil, default: Client } = openapi;
    export const remove = (credentials, query) => new Client(new $OpenApiUtil.Config({ ...credentials, endpoint: "slb.aliyuncs.com" })).callApi(
      new $OpenApiUtil.Params({ action: "RemoveBackendServers", version: "2014-05-15", protocol: "HTTPS", pathname: "/", method: "POST", authType: "AK", style: "RPC", reqBodyType: "formData", bodyType: "json" }),
      new $OpenApiUtil.OpenApiRequest({ query }), {});`],
];

const weigh = (contents) => ({
  raw: contents.length,
  brotli: brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: contents.length } }).length,
});

async function bundle(contents, platform) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here }, outfile: "out.js", write: false, bundle: true, minify: true, format: "esm", platform, logLevel: "silent",
  });
  return weigh(outputFiles[0].contents);
}

/** -> [{ name, runs, raw, brotli }] in bytes */
export async function sizes(pkg) {
  const { start } = await split(pkg, MINIMAL);
  const rows = [
    { name: "unpool, at its start", runs: "browser", ...total(start) },
    { name: "unpool, with the safe removal", runs: "browser", ...total(await bundled(pkg, MINIMAL)) },
  ];
  for (const [name, program] of PROGRAMS) {
    // What needs Node's own modules cannot be bundled for a browser.
    const forBrowser = await bundle(program, "browser").catch(() => undefined);
    rows.push(forBrowser ? { name, runs: "browser", ...forBrowser } : { name, runs: "Node alone", ...(await bundle(program, "node")) });
  }
  return rows;
}
