// A pool of 25 members, page by page. Octavia's links point at a trap here, as links behind a proxy often point at hosts
// that nobody outside may call: whoever follows one carries the token there.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { lab, openstack, poolOf, withPassword } from "./shared.mjs";

describe("25 members", () => {
  const NAMES = Array.from({ length: 25 }, (_, index) => `m${String(index + 1).padStart(2, "0")}`);
  const caught = [];
  const trap = createServer((request, response) => {
    caught.push(`${request.method} ${request.url}`);
    response.setHeader("content-type", "application/json").end('{"members": [], "members_links": []}');
  });
  let poolId;
  /** All ids in Octavia's own order. */
  let ids;

  async function configure(options = {}) {
    const links = `http://127.0.0.1:${trap.address().port}`;
    await lab.configure("octavia", { api_settings: { api_base_uri: links, ...options } });
  }

  before(async () => {
    await new Promise((done) => trap.listen(0, "127.0.0.1", done));
  });
  after(async () => {
    trap.close();
    await lab.configure("octavia", {});
  });

  /** Lists with these arguments; -> the ids, and the queries that arrived. */
  async function list(parameters) {
    if (!poolId) {
      ({ poolId } = await poolOf(...NAMES));
      ids = (await lab.api.members(poolId)).map(({ id }) => id);
    }
    const client = withPassword();
    const watch = await lab.watch();
    const answer = await client.send(openstack.listMembers({ poolId, ...parameters }));
    const requests = await watch.octavia();
    for (const { method, path, status } of requests) {
      assert.deepEqual([method, path, status], ["GET", `/v2.0/lbaas/pools/${poolId}/members`, 200]);
    }
    assert.equal(new Set(requests.map(({ token }) => token)).size, 1);
    assert.equal((await watch.tokens()).length, 1);
    assert.deepEqual(caught, [], "a link was followed");
    return { answer, found: answer.members.map(({ id }) => id), queries: requests.map(({ query }) => query) };
  }

  test("25 members by 7: four requests, each with the last id of the page before, all members once", async () => {
    await configure();
    const { answer, found, queries } = await list({ limit: 7 });
    assert.deepEqual(found, ids);
    assert.deepEqual(answer.members.map(({ name }) => name).sort(), NAMES);
    assert.deepEqual(queries, [
      { limit: "7" },
      { limit: "7", marker: ids[6] },
      { limit: "7", marker: ids[13] },
      { limit: "7", marker: ids[20] },
    ]);
  });

  test("a service that pages by itself, though nothing was asked: all members", async () => {
    await configure({ pagination_max_limit: "10" });
    const { found, queries } = await list({});
    assert.deepEqual(found, ids);
    assert.deepEqual(queries.map(({ marker }) => marker), [undefined, ids[9], ids[19]]);
  });

  test("pages as long as the list: Octavia promises a next one, which is empty", async () => {
    await configure();
    const { found, queries } = await list({ limit: 25 });
    assert.deepEqual(found, ids);
    assert.deepEqual(queries, [{ limit: "25" }, { limit: "25", marker: ids[24] }]);
  });

  test("from a marker on: what follows it, page by page", async () => {
    await configure();
    const { found, queries } = await list({ limit: 4, marker: ids[14] });
    assert.deepEqual(found, ids.slice(15));
    assert.deepEqual(queries.map(({ marker }) => marker), [ids[14], ids[18], ids[22]]);
  });

  test("what Octavia links to is the trap", async () => {
    await configure();
    const { json } = await lab.api.ask("GET", `pools/${poolId}/members?limit=7`);
    const [{ rel, href }] = json.members_links;
    assert.equal(rel, "next");
    assert.equal(new URL(href).host, `127.0.0.1:${trap.address().port}`);
  });
});
