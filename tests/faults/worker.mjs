// A Worker that plays the calls it is sent.
import * as unpool from "unpool";
import { play } from "./player.mjs";

export default {
  async fetch(request, env) {
    const otherRealm = (url, init) => env.CLOUD.fetch(url, init);
    return Response.json(await play(unpool, await request.json(), { otherRealm }));
  },
};
