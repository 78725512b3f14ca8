// What the safe removal shares with the entry. It is handed over and not imported: were it imported by both, a bundler
// would make one more file of it, which each program would load.

export let UnpoolError, aborted, checkSignal, invalid, isAborted, race, text, told, words;

/** Takes what api.js gives, in its order. */
export function share(all) {
  [UnpoolError, aborted, checkSignal, invalid, isAborted, race, text, told, words] = all;
}
