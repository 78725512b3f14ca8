// RetCodes with their messages.
import { Refusal } from "./refusal.mjs";

const MESSAGES = {
  110: "API response timeout",
  130: "Gateway error",
  150: "Service unavailable",
  153: "Request was throttled",
  171: "Signature VerifyAC Error",
  172: "User Not Exists",
  174: "Token Not Exists",
  292: "Project not exists",
  293: "Zone permission denied",
  294: "The source IP is not allowed",
  295: "The account is locked for security reasons",
  299: "IAM permission denied",
  4090: "Add backend failed, please retry later",
  4091: "Get backend info failed, please retry later",
  4092: "Delete backend failed, please retry later",
  4104: "Update failed, please retry later",
};

export const FAULT_CODES = { throttle: 153, busy: 150, server: 130 };

export function refusalOf(code, { message } = {}) {
  return new Refusal(Number(code), message ?? MESSAGES[code] ?? "Unknown error, please contact support");
}
