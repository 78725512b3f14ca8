// UCloud's signature: SHA-1 over sorted key+value of what was received, and the private key. No time, no nonce.
import { compareBytes, sha1Hex } from "../encoding.mjs";
import { signedText } from "./parameters.mjs";

export function expectedSignature(parameters, privateKey) {
  const signed = Object.keys(parameters)
    .filter((key) => key !== "Signature")
    .sort(compareBytes)
    .map((key) => key + signedText(parameters[key], compareBytes))
    .join("");
  return sha1Hex(signed + privateKey);
}
