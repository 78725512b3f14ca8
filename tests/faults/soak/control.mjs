// The emulator's control server, as the soak uses it.
import { setTimeout as pause } from "node:timers/promises";

/** -> { arrange(add), fault(rule), changesOf(testCall, lateMs), late() } */
export function control(info) {
  const ask = async (path, body) => {
    const response = await fetch(`${info.control.url}${path}`, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  const byCall = new Map();
  let last = 0;
  let reading;
  let next;
  const read = async () => {
    for (const change of await ask(`/changes?since=${last}`)) {
      if (change.seq <= last) continue;
      last = change.seq;
      byCall.set(change.testCall, [...(byCall.get(change.testCall) ?? []), change]);
    }
  };
  return {
    arrange: async (add) => (await ask("/state", { add })).added,
    fault: (rule) => ask("/faults/add", [rule]),
    /** What one call changed. What its caller gave up may still be carried out: `lateMs` is how long to look for that. */
    async changesOf(testCall, lateMs = 0) {
      const until = Date.now() + lateMs;
      for (;;) {
        // A read that is under way may have begun before this call ended; the next one is for all who wait.
        next ??= (async () => {
          await reading;
          next = undefined;
          await (reading = read());
        })();
        await next;
        const changes = byCall.get(testCall) ?? [];
        byCall.delete(testCall);
        if (changes.length > 0 || Date.now() >= until) return changes;
        await pause(100);
      }
    },
    /** The calls that changed something after they were judged. */
    late: () => [...byCall.keys()],
  };
}
