// What the default entry loads at the first safe removal: what carries it out, and its module as text.
import { text } from "./inline_removal.js";
import { opened } from "./removal.js";

/**
 * `begin` starts a module that travels as a text.
 *
 * @param {(text: string) => import("./module.js").Started} begin
 * @returns {(shared: import("./shared.js").Shared) => import("./removal.js").CarryOut}
 */
export const openedBy = (begin) => (shared) => opened(begin(text), shared);
