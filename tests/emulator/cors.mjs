// Which answers a page may read. `opened` is the emulator's --cors; otherwise every cloud does what it does in reality.

const EXPOSED = [
  "X-Subject-Token",
  "X-Request-Id",
  "X-OpenStack-Request-Id",
  "X-UCLOUD-REQUEST-UUID",
  "X-Acs-Request-Id",
  "Date",
  "Retry-After",
  "X-Acs-Retry-After",
].join(", ");

export function openedAnswerHeaders() {
  return { "access-control-allow-origin": "*", "access-control-expose-headers": EXPOSED };
}

export function openedPreflightHeaders(request) {
  const headers = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, POST, PUT, DELETE, OPTIONS",
    "access-control-max-age": "600",
  };
  // "*" never covers Authorization, so the asked names are echoed.
  const asked = request.headers["access-control-request-headers"];
  if (asked) headers["access-control-allow-headers"] = asked;
  if (request.headers["access-control-request-private-network"]) headers["access-control-allow-private-network"] = "true";
  return headers;
}

export function isPreflight(request) {
  return request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined;
}
