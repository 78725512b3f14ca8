// The table of results in README.md, between its markers: one row for each fault, what was seen in the words of the expectations.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { EFFECTS, RUNTIMES } from "./contract.mjs";
import { FAULTS } from "./table.mjs";

const readme = fileURLToPath(new URL("README.md", import.meta.url));
const [BEGIN, END] = ["<!-- results: written by run.mjs --write -->", "<!-- end of results -->"];

/** Equal lines once; otherwise each with the runtimes and clouds that it is true of. */
function cellText(results) {
  const groups = new Map();
  for (const result of results) groups.set(result.actual, [...(groups.get(result.actual) ?? []), result.cell]);
  if (groups.size <= 1) return [...groups.keys()][0] ?? "";
  const all = results.map(({ cell }) => cell);
  return [...groups].map(([line, cells]) => `**${where(cells, all)}**: ${line}`).join("<br>");
}

/** Which of `all` are meant, as briefly as it can be said. */
function where(cells, all) {
  const distinct = (list, key) => [...new Set(list.map((cell) => cell[key]))];
  for (const key of ["runtime", "cloud", "api"]) {
    const names = distinct(cells, key);
    if (all.filter((cell) => names.includes(cell[key])).length === cells.length) return names.join(", ");
  }
  return distinct(cells, "runtime").map((runtime) => `${runtime} (${cells.filter((cell) => cell.runtime === runtime).map(({ api }) => api).join(", ")})`).join(", ");
}

export function report(results) {
  const differing = results.filter(({ differs }) => differs);
  const perRuntime = RUNTIMES.map((name) => `${results.filter(({ cell }) => cell.runtime === name).length} in ${name}`).join(", ");
  const lines = [
    `${results.length} cells (${perRuntime}); **${differing.length} differ from their expectation**.`,
    "",
    `| fault | attempts | ${EFFECTS.join(" | ")} |`,
    `|---|---|${EFFECTS.map(() => "---|").join("")}`,
    ...FAULTS.map((fault) => {
      const own = results.filter(({ cell }) => cell.fault.name === fault.name);
      const row = EFFECTS.map((effect) => {
        const there = own.filter(({ cell }) => cell.effect === effect);
        return there.length === 0 ? "" : cellText(there) + (there.some(({ differs }) => differs) ? " **(differs)**" : "");
      });
      return `| **${fault.name}**: ${fault.about} | ${fault.attempts} | ${row.join(" | ")} |`;
    }),
  ];
  return lines.join("\n");
}

const parts = () => {
  const text = readFileSync(readme, "utf8");
  const [before, rest] = text.split(BEGIN);
  const [inside, after] = rest.split(END);
  return { before, inside, after };
};

export const written = () => parts().inside.trim();

export function writeReport(results) {
  const { before, after } = parts();
  writeFileSync(readme, `${before}${BEGIN}\n${report(results)}\n${END}${after}`);
}
