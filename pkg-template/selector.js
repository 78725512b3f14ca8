// What `remove` takes to mean exactly one backend of `inspect` or `plan`: nothing of it is a vendor's.

/** @type {typeof import("./index.js").selectorOf} */
export const selectorOf = ({ groupId, id }) => ({ groupId, id });
