// What the default entry loads at the first safe removal: what carries it out, and its module as text.
import { bytes } from "./inline_removal.js";
import { opened } from "./removal.js";

export const open = () => opened(bytes());
