// A Worker that takes one server out of one load balancer:
//   curl -X POST https://.../ -H "Authorization: Bearer $REMOVE_TOKEN" -d '{ "serverId": "i-bp1fq61enf4loa5i0000" }'
// The caller names the server; the load balancer is the Worker's own and cannot be chosen from outside.
//
// Secrets, by `wrangler secret put`: ACCESS_KEY_ID, ACCESS_KEY_SECRET, REMOVE_TOKEN. Variables: REGION, LOAD_BALANCER_ID,
// and ENDPOINT if it is not the vendor's public one.
import { Client, UnpoolError, alibaba } from "unpool";

const LIMIT = 4096;
/** Refusals of the vendor are 502: the caller of this Worker did nothing wrong and cannot mend them. */
const STATUS = { "invalid-input": 400, "not-found": 404, busy: 503, throttled: 503, timeout: 504 };

const encoder = new TextEncoder();
const digest = (text) => crypto.subtle.digest("SHA-256", encoder.encode(text));

async function mayRemove(request, env) {
  // Without this line a Worker without its secret would let "Bearer undefined" pass.
  if (!env.REMOVE_TOKEN) return false;
  const given = request.headers.get("authorization") ?? "";
  // timingSafeEqual wants equal lengths, and digests have them.
  return crypto.subtle.timingSafeEqual(await digest(given), await digest(`Bearer ${env.REMOVE_TOKEN}`));
}

const answer = (status, body, headers) => Response.json(body, { status, headers: { "cache-control": "no-store", ...headers } });

export default {
  async fetch(request, env) {
    if (request.method !== "POST") return answer(405, { kind: "method" }, { allow: "POST" });
    if (!(Number(request.headers.get("content-length") ?? NaN) <= LIMIT)) return answer(413, { kind: "size" });
    // Read before refusing: a connection whose body nobody read is closed, which looks like a lost answer.
    const body = await request.text();
    if (!(await mayRemove(request, env))) return answer(401, { kind: "token" });

    // What is wrong with the Worker's own configuration is not for the caller to see: it ends as a 500 in the Worker's log.
    const client = new Client({
      vendor: "alibaba",
      region: env.REGION,
      credentials: { accessKeyId: env.ACCESS_KEY_ID, accessKeySecret: env.ACCESS_KEY_SECRET },
      ...(env.ENDPOINT && { endpoint: env.ENDPOINT, allowHttp: true }),
    });
    try {
      const { serverId, type } = JSON.parse(body) ?? {};
      const operation = alibaba.removeBackendServers({
        loadBalancerId: env.LOAD_BALANCER_ID,
        backendServers: [{ serverId, type }],
      });
      const { requestId, backendServers } = await client.send(operation);
      return answer(200, { requestId, left: backendServers.length });
    } catch (error) {
      if (error instanceof SyntaxError) return answer(400, { kind: "json" });
      if (!(error instanceof UnpoolError)) throw error;
      const { kind, code, field, requestId } = error;
      return answer(STATUS[kind] ?? 502, { kind, code, field, requestId });
    } finally {
      client.free();
    }
  },
};
