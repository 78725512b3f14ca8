// TypeScript's compilers over the declarations, and the linters of packages.
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { pkg } from "../../packaging/install.mjs";
import { run } from "../processes.mjs";
import { tool, version } from "../tools.mjs";

const programs = fileURLToPath(new URL("../../packaging/types", import.meta.url));
const MODULES = ["every-name.ts", "other-entries.ts", "stores.ts"];
const WAYS = [
  { moduleResolution: "nodenext", module: "nodenext", files: [...MODULES, "commonjs.cts"] },
  { moduleResolution: "bundler", module: "esnext", files: MODULES },
];

const typescript = (name) => ({
  name: `TypeScript ${version(name)}`,
  async check({ project, out }) {
    const folder = join(out, name);
    await mkdir(folder);
    await cp(programs, folder, { recursive: true });
    await symlink(join(project, "node_modules"), join(folder, "node_modules"));
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    for (const { files, ...way } of WAYS) {
      const compilerOptions = { noEmit: true, strict: true, target: "es2022", lib: ["es2022"], types: [], exactOptionalPropertyTypes: true, ...way };
      await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
      await run(process.execPath, [tool(name, "bin/tsc"), "--project", "."], { cwd: folder });
    }
  },
});

export default [
  ...["typescript5.4", "typescript5.9", "typescript7"].map(typescript),
  {
    name: `publint ${version("publint")}`,
    async check() {
      const { messages, pkg: manifest } = await publint({ pkgDir: pkg, pack: false, strict: true });
      if (messages.length > 0) throw new Error(messages.map((message) => formatMessage(message, manifest)).join("\n"));
    },
  },
  {
    name: `attw ${version("@arethetypeswrong/cli")}`,
    // From CommonJS, the entries for `import` alone are found as what they are.
    check: ({ tarball, out }) =>
      run(process.execPath, [tool("@arethetypeswrong/cli", "dist/index.js"), tarball, "--no-emoji", "--profile", "node16", "--ignore-rules", "cjs-resolves-to-esm"], { cwd: out }),
  },
];
