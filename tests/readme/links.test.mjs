// Links lead to files and headings: those of what is shipped with the package to what is shipped, all others into the repository.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { packageFolder } from "../demo/unpool.mjs";
import { documents, paths, read } from "./blocks.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const design = readdirSync(join(root, "docs/design")).map((name) => `docs/design/${name}`);
const inRepository = ["DESIGN.md", "CONTRIBUTING.md", ...design];

const withoutBlocks = (text) => text.replace(/^```[\s\S]*?^```$/gm, "");
/** As code hosts make it of a heading. */
const anchor = (heading) => heading.toLowerCase().replace(/[^\p{L}\p{N}\-_ ]/gu, "").replaceAll(" ", "-");
const anchorsOf = (path) => [...withoutBlocks(read(path)).matchAll(/^#+ (.*)$/gm)].map(([, text]) => anchor(text));

function targetsOf(path) {
  return [...withoutBlocks(read(path)).matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => {
    const [file, heading] = target.split("#");
    return { target, file: file === "" ? path : join(dirname(path), file), heading };
  });
}

for (const path of [...paths, ...inRepository]) {
  test(`links of ${path}`, () => {
    for (const { target, file, heading } of targetsOf(path)) {
      assert.doesNotMatch(target, /^\w+:/, "a document names no other site");
      assert.ok(existsSync(join(root, file)), target);
      if (path in documents) assert.ok(existsSync(join(packageFolder, file)), `${target} is not in the package`);
      if (heading !== undefined) assert.ok(anchorsOf(file).includes(heading), target);
    }
    // Files that are named without a link.
    for (const [, named] of read(path).matchAll(/`((?:examples|tests|www|src|xtask|pkg-template|docs)\/[a-z_\d./-]*|[A-Z]+\.md)`/g)) {
      assert.ok(existsSync(join(root, named)), named);
    }
  });
}

test("the README leads to every document", () => {
  const linked = targetsOf("README.md").map(({ file }) => file);
  for (const path of paths.slice(1)) assert.ok(linked.includes(path), path);
});

test("DESIGN.md leads to every reason", () => {
  const linked = targetsOf("DESIGN.md").map(({ file }) => file);
  for (const path of design) assert.ok(linked.includes(path), path);
});
