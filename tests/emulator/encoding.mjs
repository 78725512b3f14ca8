// The encodings that the signature schemes share: RFC 3986 percent-encoding, form decoding, hashes.
import { createHash, createHmac } from "node:crypto";

/** Percent-encodes as all these schemes ask: everything but A-Z a-z 0-9 - _ . ~ */
export function percentEncode(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
}

/** Decodes one name or value of a query or form body. A stray "%" is kept: gateways do not reject it either. */
export function formDecode(text) {
  const spaced = text.replace(/\+/g, " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** `a=1&b=` -> [["a", "1"], ["b", ""]], in the order received, blank values kept. */
export function parseForm(text) {
  const pairs = [];
  for (const part of text.split("&")) {
    if (part === "") continue;
    const at = part.indexOf("=");
    pairs.push(at < 0 ? [formDecode(part), ""] : [formDecode(part.slice(0, at)), formDecode(part.slice(at + 1))]);
  }
  return pairs;
}

/** Order of UTF-8 bytes, which is the order of code points (not of UTF-16 units). */
export function compareBytes(a, b) {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Names and values encoded, sorted by the raw name and then by the raw value. */
export function canonicalQuery(pairs) {
  return [...pairs]
    .sort(([a, x], [b, y]) => compareBytes(a, b) || compareBytes(x, y))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join("&");
}

export const sha256Hex = (data) => createHash("sha256").update(data).digest("hex");
export const sha1Hex = (data) => createHash("sha1").update(data).digest("hex");
export const hmac = (algorithm, key, data, output) => createHmac(algorithm, key).update(data).digest(output);
