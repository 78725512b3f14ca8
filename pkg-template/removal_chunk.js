// What the default entry loads at the first safe removal: what carries it out, and its module as text.
export { text } from "./inline_removal.js";
export { opened } from "./removal.js";
