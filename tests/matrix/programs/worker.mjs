// A Worker whose Durable Object answers the questions, with the journal in its storage.
import { durableObjectJournal } from "unpool/journals";
import { answers, told } from "./checks.mjs";
import * as unpool from "./names.mjs";

export class Removal {
  constructor(state) {
    this.storage = state.storage;
  }

  async fetch(request) {
    try {
      const job = await request.json();
      return Response.json(await answers(unpool, job, () => durableObjectJournal(this.storage, job.id)));
    } catch (error) {
      return Response.json({ crash: told(error) });
    }
  }
}

export default {
  fetch: (request, env) => env.REMOVAL.get(env.REMOVAL.idFromName("one")).fetch(request),
};
