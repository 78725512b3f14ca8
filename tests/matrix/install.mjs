// A project that has installed the tarball, with the programs in it, as users' projects have.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { transform } from "esbuild";
import { project } from "../packaging/install.mjs";

/** -> { folder, installed, tarball }; `t.after` gets what removes it. */
export async function install(t) {
  const { folder, installed, tarball } = await project(t, "../matrix/programs");
  // For test runners without import().
  const { code } = await transform(await readFile(join(folder, "checks.mjs"), "utf8"), { format: "cjs" });
  await writeFile(join(folder, "checks.cjs"), code);
  return { folder, installed, tarball };
}
