// The oracle: what really changed, found by comparing the state before and after a request and not by believing the operation.

/** `resources` yields { resource, ids, value }. -> Map of key to { resource, ids, value, text } */
export function snapshot(resources) {
  const found = new Map();
  for (const { resource, ids, value } of resources) {
    const key = JSON.stringify([resource, ids]);
    // Two entries may share an identity; the second is still one of its own.
    let unique = key;
    for (let n = 2; found.has(unique); n += 1) unique = `${key}#${n}`;
    found.set(unique, { resource, ids, value, text: JSON.stringify(value) });
  }
  return found;
}

/** -> [{ change: "removed" | "changed" | "added", resource, ids, before, after }] */
export function difference(before, after) {
  const changes = [];
  for (const [key, old] of before) {
    const now = after.get(key);
    if (!now) changes.push({ change: "removed", resource: old.resource, ids: old.ids, before: old.value, after: null });
    else if (now.text !== old.text) changes.push({ change: "changed", resource: old.resource, ids: old.ids, before: old.value, after: now.value });
  }
  for (const [key, now] of after) {
    if (!before.has(key)) changes.push({ change: "added", resource: now.resource, ids: now.ids, before: null, after: now.value });
  }
  return changes;
}
