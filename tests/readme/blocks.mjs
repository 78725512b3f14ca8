// The README's fenced blocks, each with the heading that it stands under.
import { readFileSync } from "node:fs";

export const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

/** -> [{ heading, language, code, program }]; `program` can run by itself. */
export function blocksOf(markdown) {
  const blocks = [];
  let heading = "";
  let open;
  for (const line of markdown.split("\n")) {
    if (open) {
      if (line === "```") {
        blocks.push(finished(open, blocks));
        open = undefined;
      } else {
        open.lines.push(line);
      }
    } else if (line.startsWith("```")) {
      open = { heading, language: line.slice(3), lines: [] };
    } else if (/^#+ /.test(line)) {
      heading = line.replace(/^#+ /, "");
    }
  }
  if (open) throw new Error(`a block under "${open.heading}" has no end`);
  return blocks;
}

/** A block without imports goes on where the program before it ended, as a reader takes it. */
function finished({ heading, language, lines }, before) {
  const code = lines.join("\n");
  const goesOn = language === "js" && !/^(import|export) /m.test(code);
  const program = goesOn ? `${before.findLast((block) => block.language === language).program}\n${code}` : code;
  return { heading, language, code, program };
}

/** What a program's own comments say that it prints, line by line; "…" stands for anything. */
export function printedBy(program) {
  return [...program.matchAll(/\/\/ prints: (.*)$/gm)].map(([, text]) => text);
}

export function fits(line, wanted) {
  const parts = wanted.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(line);
}
