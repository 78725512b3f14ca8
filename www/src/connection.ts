// Where calls go and with which keys. All of it lives in this module's memory and nowhere else.

import type { ClientSettings } from "./api.ts";
import type { Cloud, Connection } from "./clouds.ts";
import { byId, fill, h } from "./dom.ts";
import type { Place } from "./kept.ts";

const connections = new Map<string, Connection>();

export function connectionOf(cloud: Cloud): Connection {
  let connection = connections.get(cloud.id);
  if (!connection) {
    connection = structuredClone(cloud.start);
    connections.set(cloud.id, connection);
  }
  return connection;
}

/** Without keys. */
export function placeOf(cloud: Cloud): Place {
  const { endpoint, region, options } = connectionOf(cloud);
  return structuredClone({ endpoint, region, options });
}

/** To where a run was that is to be gone on with. Keys that belong elsewhere are left out. */
export function returnTo(cloud: Cloud, place: Place): void {
  const { start } = cloud;
  connections.set(cloud.id, { ...structuredClone(place), credentials: place.endpoint === start.endpoint ? { ...start.credentials } : {} });
}

const isLoopback = (url: string) => {
  try {
    return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
  } catch {
    return false;
  }
};
export const isLocal = (cloud: Cloud) => isLoopback(connectionOf(cloud).endpoint);

const filled = (record: Record<string, string>) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== ""));

/** Options for a Client. A wrong secret is the right one with a tail: it looks plausible and never fits. */
export function settings(cloud: Cloud, callOptions: Record<string, string>, wrongSecret = false): ClientSettings {
  const { endpoint, region, credentials, options } = connectionOf(cloud);
  const keys: Record<string, string> = filled(credentials);
  for (const { name, secret } of cloud.credentials) {
    const value = keys[name];
    if (wrongSecret && secret && value !== undefined) keys[name] = `${value}-wrong`;
  }
  return {
    vendor: cloud.vendor,
    region,
    credentials: keys,
    ...filled({ ...options, ...callOptions }),
    ...(endpoint !== "" && { [cloud.endpointOption]: endpoint }),
    ...(isLoopback(endpoint) && { allowHttp: true }),
  };
}

function field(label: string, value: string, masked: boolean, change: (value: string) => void): HTMLElement {
  const input = h("input", {
    type: masked ? "password" : "text",
    value,
    autocomplete: "off",
    spellcheck: false,
  });
  input.addEventListener("input", () => change(input.value.trim()));
  return h("label", { class: "field" }, h("span", {}, label), input);
}

function choice(label: string, values: readonly string[], value: string, change: (value: string) => void): HTMLElement {
  const select = h("select", {}, ...values.map((name) => h("option", { value: name }, name === "" ? "default" : name)));
  select.value = value;
  select.addEventListener("change", () => change(select.value));
  return h("label", { class: "field" }, h("span", {}, label), select);
}

/** Draws the form of one cloud; `changed` is called after every change. */
export function showConnection(cloud: Cloud, changed: () => void): void {
  const connection = connectionOf(cloud);
  const setting = (name: "endpoint" | "region") => (value: string) => {
    connection[name] = value;
    changed();
  };
  const entry = (record: Record<string, string>, name: string) => (value: string) => {
    record[name] = value;
    changed();
  };
  fill(
    byId("connection-form"),
    field(cloud.endpointOption === "endpoint" ? "Endpoint" : "Identity endpoint", connection.endpoint, false, setting("endpoint")),
    field("Region", connection.region, false, setting("region")),
    ...cloud.credentials.map(({ name, label, secret }) =>
      field(label, connection.credentials[name] ?? "", secret, entry(connection.credentials, name)),
    ),
    ...cloud.options.map(({ name, label, values }) =>
      values
        ? choice(label, values, connection.options[name] ?? "", entry(connection.options, name))
        : field(label, connection.options[name] ?? "", false, entry(connection.options, name)),
    ),
  );
}
