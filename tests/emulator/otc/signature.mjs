// SDK-HMAC-SHA256 as the API gateway checks it, in both variants that carry this name.
import { canonicalQuery, hmac, percentEncode, sha256Hex } from "../encoding.mjs";
import { Refusal } from "./refusal.mjs";

const WINDOW_MS = 15 * 60 * 1000;
const ACCESS = /^SDK-HMAC-SHA256 Access=([^,\s]+), SignedHeaders=([^,\s]+), Signature=([0-9a-f]{64})$/;
const SCOPED = /^SDK-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]*)\/([^/,\s]*)\/sdk_request, SignedHeaders=([^,\s]+), Signature=([0-9a-f]{64})$/;

/** -> the key that signed; throws a Refusal. */
export function checkSignature(request, keys, clock) {
  const { scope, accessKey, signedHeaders, signature } = readAuthorization(request.headers.authorization);
  const names = signedHeaders.split(";");
  const date = request.headers["x-sdk-date"];
  if (!date || !names.includes("x-sdk-date") || !names.includes("host")) throw unauthorized("x-sdk-date and host must be signed");
  const time = parseDate(date);
  if (Number.isNaN(time)) throw unauthorized("x-sdk-date is not well formatted");
  if (Math.abs(time - clock.now()) > WINDOW_MS) throw unauthorized("signature expired", "APIGW.0303");
  const key = keys.get(accessKey);
  if (!key || (key.securityToken ?? "") !== (request.headers["x-security-token"] ?? "")) {
    throw unauthorized("verify aksk signature fail, access key or security token is unknown");
  }
  const canonical = canonicalRequest(request, names, signedHeaders);
  const lines = ["SDK-HMAC-SHA256", date, ...(scope ? [scope.text] : []), sha256Hex(canonical)];
  const signingKey = scope ? derivedKey(key.secretKey, scope) : key.secretKey;
  const expected = hmac("sha256", signingKey, lines.join("\n"), "hex");
  if (expected !== signature || (scope && scope.date !== date.slice(0, 8))) {
    // The real gateway shows its canonical request, one line, "|" for newlines.
    throw unauthorized(`verify aksk signature fail, canonicalRequest:${canonical.replaceAll("\n", "|")}`);
  }
  return key;
}

function readAuthorization(text) {
  const access = ACCESS.exec(text);
  if (access) return { accessKey: access[1], signedHeaders: access[2], signature: access[3] };
  const scoped = SCOPED.exec(text);
  if (!scoped) throw unauthorized("the Authorization header is not well formatted");
  const [, accessKey, date, region, service, signedHeaders, signature] = scoped;
  return { accessKey, signedHeaders, signature, scope: { date, region, service, text: `${date}/${region}/${service}/sdk_request` } };
}

function canonicalRequest(request, names, signedHeaders) {
  const headers = names.map((name) => `${name}:${(request.headers[name] ?? "").trim()}\n`).join("");
  const bodyHash = names.includes("x-sdk-content-sha256") ? request.headers["x-sdk-content-sha256"] : sha256Hex(request.body);
  return [request.method, canonicalPath(request.path), canonicalQuery(request.query), headers, signedHeaders, bodyHash].join("\n");
}

/** Every segment decoded and encoded again; it ends with a slash although the request does not. */
function canonicalPath(path) {
  const encoded = path.split("/").map((segment) => {
    try {
      return percentEncode(decodeURIComponent(segment));
    } catch {
      return percentEncode(segment);
    }
  }).join("/");
  return encoded.endsWith("/") ? encoded : `${encoded}/`;
}

function derivedKey(secretKey, { date, region, service }) {
  return [date, region, service, "sdk_request"].reduce((key, part) => hmac("sha256", key, part), `SDK${secretKey}`);
}

function parseDate(text) {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  return parts ? Date.parse(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`) : NaN;
}

function unauthorized(reason, code = "APIGW.0301") {
  return new Refusal(401, code, `Incorrect IAM authentication information: ${reason}`);
}
