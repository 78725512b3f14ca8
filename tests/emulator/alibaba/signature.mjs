// Checks both signature schemes of Alibaba Cloud's gateway, from what was received and never from what was meant.
import { canonicalQuery, hmac, parseForm, percentEncode, sha256Hex } from "../encoding.mjs";
import { Refusal } from "./refusal.mjs";

const WINDOW_MS = 15 * 60 * 1000;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const ACS3 = /^ACS3-HMAC-SHA256 Credential=([^,\s]+),SignedHeaders=([^,\s]+),Signature=([0-9a-f]{64})$/;

export function formParameters(request) {
  const type = request.headers["content-type"] ?? "";
  return type.startsWith("application/x-www-form-urlencoded") ? parseForm(request.body.toString("utf8")) : [];
}

export class SignatureCheck {
  #nonces = new Map();

  constructor(keys, clock) {
    this.keys = keys;
    this.clock = clock;
  }

  reset() {
    this.#nonces.clear();
  }

  /** RPC, "SignatureVersion 1.0": query and form parameters are one pool, the verb is the real one. */
  rpc(request, pairs) {
    const pool = new Map(pairs);
    for (const name of ["AccessKeyId", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp", "Signature"]) {
      if (!pool.get(name)) throw new Refusal(400, `Missing${name}`, `${name} is mandatory for this action.`);
    }
    if (pool.get("SignatureMethod") !== "HMAC-SHA1") {
      throw new Refusal(400, "InvalidSignatureMethod", "The specified SignatureMethod is not supported.");
    }
    if (pool.get("SignatureVersion") !== "1.0") {
      throw new Refusal(400, "InvalidSignatureVersion", "The specified SignatureVersion is not supported.");
    }
    const key = this.#key(pool.get("AccessKeyId"), pool.get("SecurityToken"));
    this.#timestamp(pool.get("Timestamp"));
    // Names sort by UTF-16 unit, before they are encoded.
    const canonical = pairs
      .filter(([name]) => name !== "Signature")
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
      .join("&");
    const stringToSign = `${request.method}&%2F&${percentEncode(canonical)}`;
    if (hmac("sha1", `${key.accessKeySecret}&`, stringToSign, "base64") !== pool.get("Signature")) {
      throw mismatch(stringToSign);
    }
    this.#nonce(pool.get("AccessKeyId"), pool.get("SignatureNonce"));
  }

  /** ACS3-HMAC-SHA256: the query is decoded and encoded again, headers are taken as they arrived. */
  acs3(request) {
    const { headers } = request;
    const parts = ACS3.exec(headers.authorization);
    if (!parts) throw incomplete("The Authorization header does not have the form of ACS3-HMAC-SHA256.");
    const [, accessKeyId, signedHeaders, signature] = parts;
    for (const name of ["x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"]) {
      if (!headers[name]) throw incomplete(`The header ${name} is missing.`);
    }
    const names = signedHeaders.split(";");
    const mustBeSigned = Object.keys(headers).filter((name) => name === "host" || name === "content-type" || name.startsWith("x-acs-"));
    const unsigned = mustBeSigned.filter((name) => !names.includes(name));
    if (unsigned.length > 0) throw incomplete(`The header ${unsigned[0]} is not signed.`);
    if (names.join() !== [...names].sort().join()) throw incomplete("SignedHeaders is not sorted.");

    const key = this.#key(accessKeyId, headers["x-acs-security-token"]);
    this.#timestamp(headers["x-acs-date"]);
    const bodyHash = sha256Hex(request.body);
    const canonicalRequest = [
      request.method,
      request.path,
      canonicalQuery(request.query),
      ...names.map((name) => `${name}:${headerValue(request, name)}`),
      "",
      signedHeaders,
      bodyHash,
    ].join("\n");
    const stringToSign = `ACS3-HMAC-SHA256\n${sha256Hex(canonicalRequest)}`;
    const expected = hmac("sha256", key.accessKeySecret, stringToSign, "hex");
    if (headers["x-acs-content-sha256"] !== bodyHash || expected !== signature) throw mismatch(stringToSign);
    this.#nonce(accessKeyId, headers["x-acs-signature-nonce"]);
  }

  #key(id, token) {
    const key = this.keys.get(id);
    // A temporary key without its token is as unknown as one that never existed.
    if (!key || (key.securityToken && !token)) {
      throw new Refusal(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
    }
    if ((token ?? "") !== (key.securityToken ?? "")) {
      throw new Refusal(400, "InvalidSecurityToken.MismatchWithAccessKey", "Specified SecurityToken mismatch with the AccessKey.");
    }
    return key;
  }

  #timestamp(text) {
    const time = TIMESTAMP.test(text) ? Date.parse(text) : NaN;
    if (Number.isNaN(time)) {
      throw new Refusal(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.");
    }
    if (Math.abs(time - this.clock.now()) > WINDOW_MS) {
      throw new Refusal(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
    }
  }

  #nonce(accessKeyId, nonce) {
    const now = this.clock.now();
    for (const [old, seen] of this.#nonces) if (Math.abs(now - seen) > WINDOW_MS) this.#nonces.delete(old);
    const used = `${accessKeyId}\n${nonce}`;
    if (this.#nonces.has(used)) {
      throw new Refusal(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
    }
    this.#nonces.set(used, now);
  }
}

/** A header sent more than once counts as its values, sorted and joined by commas. */
function headerValue(request, name) {
  const values = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    if (request.rawHeaders[i].toLowerCase() === name) {
      values.push(Buffer.from(request.rawHeaders[i + 1], "latin1").toString("utf8").trim());
    }
  }
  return values.sort().join(",");
}

function mismatch(stringToSign) {
  return new Refusal(
    400,
    "SignatureDoesNotMatch",
    `Specified signature is not matched with our calculation. server string to sign is:${stringToSign}`,
  );
}

function incomplete(reason) {
  return new Refusal(400, "IncompleteSignature", `The request signature does not conform to Aliyun standards. ${reason}`);
}
