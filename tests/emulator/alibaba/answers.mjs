// Writes the same answer as JSON or as XML. Lists nest the same way in both.

export function writeAnswer(format, root, value) {
  if (format === "json") {
    return { headers: { "content-type": "application/json;charset=utf-8" }, body: JSON.stringify(value) };
  }
  return {
    // Vendor clients recognise an XML error by exactly this content type.
    headers: { "content-type": "text/xml;charset=utf-8" },
    body: `<?xml version="1.0" encoding="UTF-8"?><${root}>${xmlChildren(value)}</${root}>`,
  };
}

function xmlChildren(value) {
  return Object.entries(value)
    .map(([name, child]) => (Array.isArray(child) ? child : [child]).map((item) => xmlElement(name, item)).join(""))
    .join("");
}

function xmlElement(name, value) {
  const inner = value !== null && typeof value === "object" ? xmlChildren(value) : escapeXml(String(value));
  return `<${name}>${inner}</${name}>`;
}

function escapeXml(text) {
  const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
  return text.replace(/[&<>"']/g, (c) => entities[c]);
}
