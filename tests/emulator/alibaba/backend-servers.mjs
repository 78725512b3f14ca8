// The BackendServers parameter: one string that holds JSON, read as leniently as the cloud reads it.
import { Refusal } from "./refusal.mjs";

const MAXIMUM = 20;
const TYPES = new Set(["ecs", "eni", "eci"]);

/** -> [{ serverId, type, serverIp?, port?, weight?, description? }]; throws a Refusal. */
export function readBackendServers(text, { bareIds }) {
  const list = parseLeniently(text);
  if (!Array.isArray(list) || list.length === 0) throw malformed();
  if (list.length > MAXIMUM) {
    throw new Refusal(400, "TooManyBackendServers", `The number of backend servers exceeds max supported number: ${MAXIMUM}.`);
  }
  return list.map((entry) => {
    if (typeof entry === "string" && bareIds) return { serverId: entry.trim(), type: "ecs" };
    if (entry === null || typeof entry !== "object" || Array.isArray(entry)) throw malformed();
    return readEntry(entry);
  });
}

/** Known clients send keys in camelCase, numbers as text, and empty optional members: all of that works. */
function readEntry(entry) {
  const field = (name) => {
    const value = entry[name] ?? entry[name[0].toLowerCase() + name.slice(1)];
    return value === undefined || value === null || value === "" ? undefined : String(value);
  };
  const serverId = field("ServerId");
  if (serverId === undefined) throw malformed();
  const type = field("Type") ?? "ecs";
  if (!TYPES.has(type)) throw malformed();
  const weight = field("Weight");
  if (weight !== undefined && !integerBetween(weight, 0, 100)) {
    throw new Refusal(400, "InvalidWeight.Malformed", "The specified Weight is malformed.");
  }
  const port = field("Port");
  if (port !== undefined && !integerBetween(port, 1, 65535)) {
    throw new Refusal(400, "InvalidParameter", "The specified parameter Port is not valid.");
  }
  const description = field("Description");
  if (description !== undefined && description.length > 80) {
    throw new Refusal(400, "InvalidParameter", "The specified parameter Description is not valid.");
  }
  return { serverId, type, serverIp: field("ServerIp"), port: number(port), weight: number(weight), description };
}

const number = (text) => (text === undefined ? undefined : Number(text));

function parseLeniently(text) {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(text.replaceAll("'", '"'));
    } catch {
      throw malformed();
    }
  }
}

function integerBetween(text, low, high) {
  return /^\d{1,6}$/.test(text) && Number(text) >= low && Number(text) <= high;
}

function malformed() {
  return new Refusal(400, "BackendServersMalformed", "The specified parameter BackendServers is malformed.");
}
