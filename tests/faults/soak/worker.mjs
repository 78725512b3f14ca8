// A Worker that sends the calls of the soak, with clients that it keeps from request to request.
import * as slim from "unpool/slim";
import module from "unpool/core_bg.wasm";
import { caller } from "./caller.mjs";

const { memory } = slim.initSync(module);
const { call } = caller(slim);

export default {
  async fetch(request) {
    const { task } = await request.json();
    return Response.json(task ? await call(task) : { wasm: memory.buffer.byteLength });
  },
};
