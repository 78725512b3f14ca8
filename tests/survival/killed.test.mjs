// Killed and gone on with, in Node: UNPOOL_KILLS says how often at each moment.
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { folderFor } from "../stores/support.mjs";
import { MOMENTS, begin, killOnce, measured } from "./killed.mjs";
import { KINDS, arrange, changes, emulator, hasty, operator, optionsOf, sameChanges, undisturbed, watchStrays } from "./support.mjs";

watchStrays();
const cloud = emulator();
const KILLS = Number(process.env.UNPOOL_KILLS ?? 3);
const figures = [];

let path;
before(async (t) => {
  path = join(await folderFor(t), "run.jsonl");
});
after(() => process.env.UNPOOL_KILLS && console.log(figures.join("\n")));

for (const kind of KINDS) {
  describe(`${kind}: killed`, () => {
    let whole;
    let expected;
    it("not at all: what it changes is the measure", async (t) => {
      hasty(t);
      expected = await undisturbed(cloud, kind);
      t.mock.restoreAll();
      whole = await measured(cloud, kind, path);
      sameChanges(changes(cloud), expected);
    });

    for (const moment of Object.keys(MOMENTS)) {
      it(`${moment}: another process goes on to the end, and nothing is done twice`, async () => {
        const begun = performance.now();
        const ends = {};
        let kills = 0;
        for (let round = 0; kills < KILLS; round++) {
          const { isKilled, last = "no entry" } = await killOnce(cloud, kind, path, moment, round, whole, expected);
          // At any moment it may have been through.
          if (isKilled) ends[last] = (ends[last] ?? 0) + 1;
          kills += isKilled ? 1 : 0;
          assert.ok(round < 3 * KILLS + 10, "it is never under way");
        }
        figures.push(`${kind}, ${moment}: ${kills} killed, behind ${JSON.stringify(ends)}; all gone on with; ${Math.round(performance.now() - begun)} ms`);
      });
    }

    it("again and again, until it is through", { skip: kind !== "ucloud" && !process.env.UNPOOL_KILLS && "by hand" }, async () => {
      const begun = performance.now();
      await rm(path, { force: true });
      const plan = await operator(cloud, kind).plan({ ...arrange(cloud, kind), drain: { waitMs: 20 } });
      const job = { client: optionsOf(cloud, kind), plan, path, hasty: true };
      for (let round = 0; ; round++) {
        assert.ok(round < 80, "it gets no further");
        const running = begin(job);
        // Each gets a few entries further, or to its end.
        await Promise.race([running.line(/^entry /, round % 3), running.ended]).catch(() => {});
        running.kill();
        const { lines, errors } = await running.ended;
        assert.equal(errors, "");
        const report = lines.find((line) => line.startsWith("report "));
        if (report === undefined) continue;
        assert.equal(JSON.parse(report.slice(7)).status, "done");
        figures.push(`${kind}, again and again: through at the ${round + 1}th process; ${Math.round(performance.now() - begun)} ms`);
        break;
      }
      sameChanges(changes(cloud), expected);
    });
  });
}
