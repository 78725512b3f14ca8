// What a page or one of its workers does: fetches its job, answers, and says what it found. Where it was started with is
// in the query of its address, or in the name of a worker.
import { answers, told } from "./checks.mjs";

export async function page(unpool, openJournal, query = globalThis.location.search) {
  const parameters = new URLSearchParams(query);
  const at = (path) => `${parameters.get("desk")}/${path}?id=${parameters.get("id")}`;
  const say = (out) => fetch(at("result"), { method: "POST", body: JSON.stringify(out) });
  try {
    const job = await (await fetch(at("job"))).json();
    await say(await answers(await unpool(), job, () => openJournal(job.id)));
  } catch (error) {
    await say({ crash: told(error) });
  }
}
