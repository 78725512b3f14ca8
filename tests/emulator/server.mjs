// One HTTP server in front of one cloud: reads the request, lets a fault have its way, asks the cloud, answers, writes the log.
import { createServer } from "node:http";
import { carryOut } from "./carry-out.mjs";
import { isPreflight, openedAnswerHeaders, openedPreflightHeaders } from "./cors.mjs";
import { faultyAnswer } from "./effects.mjs";
import { parseForm } from "./encoding.mjs";
import { kindOf } from "./kinds.mjs";
import { redactTarget } from "./log.mjs";

/**
 * `cloud` has: name, operationOf(request), handle(request, fault) -> { status, headers?, body?, verified?, code? },
 * refusal(request, { code, status?, message?, envelope? }) -> the same shape, faultCodes, and optionally corsHeaders() and
 * preflightHeaders(). With state it also has: state, resources() for the change log, balancer(id).
 */
export function createCloudServer(cloud, context) {
  const held = new Set();
  const server = createServer((incoming, response) => {
    serve(cloud, context, held, incoming, response).catch((error) => {
      response.destroy();
      // A bug in the emulator must not look like a network fault of the test.
      process.stderr.write(`emulator: ${cloud.name}: ${error.stack}\n`);
    });
  });
  // A hanging answer is meant to outlive any default of the HTTP server.
  server.requestTimeout = 0;
  const letGo = () => {
    for (const cancel of held) cancel();
  };
  return {
    server,
    letGo,
    async listen(port) {
      await new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", resolve);
      });
      return `http://127.0.0.1:${server.address().port}`;
    },
    async close() {
      letGo();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readRequest(incoming) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const target = incoming.url;
  const at = target.indexOf("?");
  const rawQuery = at < 0 ? "" : target.slice(at + 1);
  return {
    method: incoming.method,
    target,
    path: at < 0 ? target : target.slice(0, at),
    query: parseForm(rawQuery),
    headers: incoming.headers,
    rawHeaders: incoming.rawHeaders,
    body: Buffer.concat(chunks),
  };
}

async function serve(cloud, context, held, incoming, response) {
  let request;
  try {
    request = await readRequest(incoming);
  } catch {
    return; // the client went away while it was still sending
  }
  if (isPreflight(request)) return answerPreflight(cloud, context, request, response);

  const operation = cloud.operationOf(request);
  const testCall = request.headers["x-test-call"]?.slice(0, 200);
  const fault = context.faults.take({ cloud: cloud.name, operation, kind: kindOf(operation), testCall, request });
  const entry = context.log.add(logEntry(cloud, context, request, operation, fault, testCall));
  if (fault?.ms) {
    const { epoch } = context;
    await sleep(Number(fault.ms), held);
    // What was waiting when everything was reset belongs to no test any more.
    if (epoch !== context.epoch) return void incoming.socket.destroy();
  }

  let answer = !fault || fault.apply ? carryOut(cloud, context, request, fault, entry) : undefined;
  if (fault) answer = faultyAnswer(fault, cloud, request, answer);
  if (answer === "drop") return void incoming.socket.destroy();
  if (answer === "hang") return;

  entry.status = answer.status;
  send(response, answer, corsOf(cloud, context), context.clock);
}

function logEntry(cloud, context, request, operation, fault, testCall) {
  return {
    at: new Date(context.clock.now()).toISOString(),
    cloud: cloud.name,
    method: request.method,
    target: redactTarget(request.target),
    operation: operation ?? null,
    testCall: testCall ?? null,
    contentType: request.headers["content-type"] ?? null,
    origin: request.headers.origin ?? null,
    headerNames: Object.keys(request.headers).sort(),
    bodyBytes: request.body.length,
    verified: false,
    applied: false,
    status: null,
    fault: fault?.effect ?? null,
  };
}

function send(response, answer, cors, clock) {
  // The client may have given up during a delay; the change stays made.
  if (response.destroyed) return;
  response.sendDate = false;
  // Browsers silently repeat a request whose reused connection breaks; on a fresh one they report it, so that a fault is seen once.
  response.shouldKeepAlive = false;
  response.statusCode = answer.status;
  const headers = { date: new Date(clock.now() + (answer.skewMs ?? 0)).toUTCString(), ...answer.headers, ...cors };
  for (const name of answer.withoutHeaders ?? []) delete headers[name.toLowerCase()];
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const body = Buffer.from(answer.body ?? "");
  if (answer.truncate || answer.stall) {
    response.setHeader("content-length", body.length + 64);
    response.flushHeaders();
    response.write(body.subarray(0, Math.floor(body.length / 2)));
    // The headers and the first half must be on the wire before the connection goes.
    if (answer.truncate) setTimeout(() => response.destroy(), 50);
    return;
  }
  response.end(answer.status === 204 ? undefined : body);
}

function corsOf(cloud, context) {
  return context.corsOpened ? openedAnswerHeaders() : (cloud.corsHeaders?.() ?? {});
}

function answerPreflight(cloud, context, request, response) {
  const headers = context.corsOpened ? openedPreflightHeaders(request) : (cloud.preflightHeaders?.() ?? {});
  context.log.add({ ...logEntry(cloud, context, request, null, undefined), preflight: true, status: 200 });
  send(response, { status: 200, headers, body: "" }, {}, context.clock);
}

function sleep(ms, held) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      held.delete(done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    held.add(done);
  });
}
