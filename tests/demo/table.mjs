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
