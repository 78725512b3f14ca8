// What a fault makes of an answer. The answer is undefined where nothing was carried out.

const BIG_BODY = 5 * 1024 * 1024;
const GATEWAY_PAGE = (status) => `<html>\r\n<head><title>${status} Gateway</title></head>\r\n<body><center><h1>${status} Gateway</h1></center></body>\r\n</html>\r\n`;

/** -> an answer, or "drop" or "hang". */
export function faultyAnswer(fault, cloud, request, answer) {
  switch (fault.effect) {
    case "drop-before":
    case "drop-after":
      return "drop";
    case "hang":
    case "hang-after":
      return "hang";
    case "status":
      return {
        status: fault.status ?? 500,
        headers: { ...(fault.contentType ? { "content-type": fault.contentType } : {}), ...fault.headers },
        body: typeof fault.body === "object" ? JSON.stringify(fault.body) : (fault.body ?? ""),
      };
    case "html": {
      const status = fault.status ?? 502;
      return { status, headers: { "content-type": "text/html", ...fault.headers }, body: fault.body ?? GATEWAY_PAGE(status) };
    }
    case "redirect":
      return { status: fault.status ?? 307, headers: { location: fault.location ?? "/" }, body: "" };
    case "content-type":
      return { ...answer, headers: { ...answer.headers, "content-type": fault.contentType ?? "text/plain" } };
    case "big-body":
      return { ...withBody(answer), body: " ".repeat(fault.bytes ?? BIG_BODY) + (answer.body ?? "") };
    case "truncate":
      return { ...withBody(answer), truncate: true };
    case "stall":
      return { ...withBody(answer), stall: true };
    case "half-body":
      return { ...answer, body: (answer.body ?? "").slice(0, Math.floor((answer.body ?? "").length / 2)) };
    case "empty-body":
      return { ...answer, body: "" };
    case "numbers-as-strings":
      return { ...answer, body: numbersAsStrings(answer.body) };
    case "without-headers":
      return { ...answer, withoutHeaders: fault.names };
    case "clock-skew":
      return { ...answer, skewMs: Number(fault.offsetMs) };
    case "throttle":
    case "busy":
    case "server":
    case "refuse": {
      const own = cloud.refusal(request, { code: fault.code ?? cloud.faultCodes[fault.effect], status: fault.status, message: fault.message, envelope: fault.envelope });
      return { ...own, headers: { ...own.headers, ...fault.headers } };
    }
    default:
      return answer;
  }
}

/** 204 has no body that could be cut or grow. */
function withBody(answer) {
  return answer.status === 204 ? { ...answer, status: 200 } : answer;
}

/** XML has no numbers to quote, and neither has an empty body. */
function numbersAsStrings(body) {
  try {
    return JSON.stringify(JSON.parse(body), (_, value) => (typeof value === "number" ? String(value) : value));
  } catch {
    return body;
  }
}
