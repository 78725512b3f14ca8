const unpool = require("unpool");
const { input, sign } = require("./job.cjs");

console.log(JSON.stringify({ names: Object.keys(unpool), ...sign(unpool, input) }));
