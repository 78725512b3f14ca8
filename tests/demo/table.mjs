// A plain text table; a cell is text or a list of lines.

const lines = (cell) => (Array.isArray(cell) ? cell : [cell]);

export function table(titles, rows) {
  const cells = rows.map((row) => row.map((cell) => lines(cell)));
  const widths = titles.map((title, column) => Math.max(title.length, ...cells.flatMap((row) => row[column].map((text) => text.length))));
  const line = (texts) => texts.map((text, column) => text.padEnd(widths[column])).join("  ").trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  const body = cells.flatMap((row) => {
    const height = Math.max(...row.map((cell) => cell.length));
    return [rule, ...Array.from({ length: height }, (_, at) => line(row.map((cell) => cell[at] ?? "")))];
  });
  return [line(titles), ...body].join("\n");
}

/** A rule's backends on a line of their own, to keep the table narrow. */
const marked = (mark, line) => `${mark} ${line}`.replace(" [", "\n    [").split("\n");

const changed = (before, after) => [
  ...before.filter((line) => !after.includes(line)).flatMap((line) => marked("-", line)),
  ...after.filter((line) => !before.includes(line)).flatMap((line) => marked("+", line)),
];

/** What went and what came between two looks at { backends, rules }, as lines. */
export const difference = (before, after) => [...changed(before.backends, after.backends), ...changed(before.rules, after.rules)];
