// Test runners: their own ways of loading modules are what is tried.
import { node, tool, version } from "../tools.mjs";

/** Arguments for Jest; without Babel, which a test without TypeScript or JSX does not need. */
const jest = (spec, at) => [
  tool("jest", "bin/jest.js"),
  "--config",
  JSON.stringify({ rootDir: at.project, testMatch: [`<rootDir>/jest/${spec}`], transform: {}, cacheDirectory: at.out, haste: { throwOnModuleCollision: false } }),
];

export default [
  {
    name: `Vitest ${version("vitest")}, Node 22`,
    run: (at) => at.tested(node("22"), [tool("vitest", "vitest.mjs"), "run", "--root", "vitest", "--globals"]),
  },
  ...["20", "24"].map((major) => ({
    name: `Jest ${version("jest")}, Node ${major}, require`,
    run: (at) => at.tested(node(major), jest("commonjs.spec.cjs", at)),
  })),
  {
    name: `Jest ${version("jest")}, Node 24, import`,
    run: (at) => at.tested(node("24"), ["--experimental-vm-modules", ...jest("esm.spec.mjs", at)]),
  },
];
