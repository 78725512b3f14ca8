// What the safe removal shares with the entry. It is handed over and not imported: were it imported by both, a bundler
// would make one more file of it, which each program would load.

export let UnpoolError, aborted, checkSignal, invalid, isAborted, race, text, told, words;

/** Takes what client.js gives, each by its name. */
export function share(given) {
  ({ UnpoolError, aborted, checkSignal, invalid, isAborted, race, text, told, words } = given);
}
