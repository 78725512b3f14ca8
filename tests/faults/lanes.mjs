// Emulators of their own, so that cells can be played at the same time: the waits of one overlap with the work of another.
import { createServer } from "node:http";
import { start } from "../emulator/main.mjs";
import { nowhere } from "../support/nowhere.mjs";

const listening = (server) => new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}`)));
const closed = (server) => new Promise((resolve) => {
  server.closeAllConnections();
  server.close(resolve);
});

/** `options`: of the emulator. -> { withLane(work), close() }: `work` gets an emulator in its first state, alone. */
export function lanes(count, options) {
  const free = Array.from({ length: count }, () => ({ emulator: undefined }));
  const waiting = [];
  const release = (lane) => {
    const next = waiting.shift();
    if (next) next(lane);
    else free.push(lane);
  };
  return {
    async withLane(work) {
      const lane = free.pop() ?? (await new Promise((resolve) => waiting.push(resolve)));
      try {
        lane.emulator ??= await start({ port: 0, ...options });
        lane.emulator.control.reset();
        return await work(lane.emulator, async () => {
          await lane.emulator.close();
          lane.emulator = undefined;
        });
      } finally {
        release(lane);
      }
    },
    async close() {
      await Promise.all(free.map(({ emulator }) => emulator?.close()));
    },
  };
}

/** A host that must get nothing, and an address where nobody listens. -> { elsewhere, nowhere, visits, close() } */
export async function surroundings() {
  const visits = [];
  const other = createServer((request, response) => {
    visits.push(`${request.method} ${request.url}`);
    response.end("{}");
  });
  const elsewhere = await listening(other);
  return { elsewhere: `${elsewhere}/`, nowhere: await nowhere(), visits, close: () => closed(other) };
}
