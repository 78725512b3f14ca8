import * as unpool from "unpool";
import { input, sign } from "./job.cjs";

console.log(JSON.stringify({ names: Object.keys(unpool), ...sign(unpool, input) }));
