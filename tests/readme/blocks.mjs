// The fenced blocks of README.md and docs/*.md, each with the document and the heading that it stands under.
import { readFileSync, readdirSync } from "node:fs";

const root = new URL("../../", import.meta.url);
export const read = (path) => readFileSync(new URL(path, root), "utf8");

/** What is shipped with the package, by path: the README first. */
export const paths = ["README.md", ...readdirSync(new URL("docs", root)).filter((name) => name.endsWith(".md")).sort().map((name) => `docs/${name}`)];
export const documents = Object.fromEntries(paths.map((path) => [path, read(path)]));

/** -> [{ document, heading, language, code, program }]; `program` can run by itself. */
export function blocksOf(document) {
  const blocks = [];
  let heading = "";
  let open;
  for (const line of documents[document].split("\n")) {
    if (open) {
      if (line === "```") {
        blocks.push(finished(open, blocks));
        open = undefined;
      } else {
        open.lines.push(line);
      }
    } else if (line.startsWith("```")) {
      open = { document, heading, language: line.slice(3), lines: [] };
    } else if (/^#+ /.test(line)) {
      heading = line.replace(/^#+ /, "");
    }
  }
  if (open) throw new Error(`a block of ${document} under "${open.heading}" has no end`);
  return blocks;
}

/** All blocks in these languages. */
export const blocksIn = (...languages) => paths.flatMap(blocksOf).filter(({ language }) => languages.includes(language));

/** The first block under a heading. */
export function blockUnder(document, heading, language) {
  const block = blocksOf(document).find((block) => block.heading === heading && block.language === language);
  if (!block) throw new Error(`${document} has no ${language} under "${heading}"`);
  return block;
}

/** A block without imports goes on where the program before it in its document ended, as a reader takes it. */
function finished({ document, heading, language, lines }, before) {
  const code = lines.join("\n");
  const goesOn = language === "js" && !/^(import|export) /m.test(code);
  const program = goesOn ? `${before.findLast((block) => block.language === language).program}\n${code}` : code;
  return { document, heading, language, code, program };
}

/** What a program's own comments say that it prints, line by line; "…" stands for anything. */
export function printedBy(program) {
  return [...program.matchAll(/\/\/ prints: (.*)$/gm)].map(([, text]) => text);
}

export function fits(line, wanted) {
  const parts = wanted.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(line);
}
