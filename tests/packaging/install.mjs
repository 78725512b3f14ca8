// The package as its users get it: packed by npm, and installed from the tarball.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const target = here("../../target/packaging");

export const pkg = process.env.UNPOOL_PKG ? resolve(process.env.UNPOOL_PKG) : here("../../pkg");

// npm's own settings of whoever runs this must not change what is tested.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith("npm_")));

const execute = promisify(execFile);

/** Runs a program; where it fails, the error says what it printed. */
export async function run(folder, file, args, env = {}) {
  try {
    return (await execute(file, args, { cwd: folder, env: { ...environment, ...env }, maxBuffer: 1 << 26 })).stdout;
  } catch (error) {
    throw new Error(`${[file, ...args].join(" ")}\n${error.stdout ?? ""}${error.stderr ?? error.message}`);
  }
}

/** A new folder that `t` removes at its end. */
export async function folderFor(t) {
  await mkdir(target, { recursive: true });
  const folder = await mkdtemp(join(target, "run-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** -> the tarball's path and its list of files. */
export async function pack(folder) {
  const said = await run(folder, "npm", ["pack", pkg, "--json", "--ignore-scripts", "--pack-destination", folder]);
  const [{ filename, files }] = JSON.parse(said);
  return { tarball: join(folder, filename), files: files.map(({ path }) => path).sort() };
}

/** A project that has installed the tarball, with these folders' files in it -> { folder, node(program, ...args), tarball, files } */
export async function project(t, ...sources) {
  const folder = await folderFor(t);
  const packed = await pack(folder);
  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  await run(folder, "npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", packed.tarball]);
  for (const source of sources) await cp(here(source), folder, { recursive: true });
  const node = async (program, input = {}) => JSON.parse(await run(folder, process.execPath, [program], { INPUT: JSON.stringify(input) }));
  return { folder, installed: join(folder, "node_modules/unpool"), node, ...packed };
}

/** A captured request of a vendor's own client, and what unpool is told to make the same one. */
export async function captured() {
  const vectors = JSON.parse(await readFile(here("../vectors/alibaba.json"), "utf8"));
  const { input, expected } = vectors.find(({ name }) => name === "popcore-post-rvs-eni");
  const [{ ServerId: serverId, Weight: weight, Type: type, ServerIp: serverIp, Port: port, Description: description }] = JSON.parse(input.params.BackendServers);
  return {
    expected,
    job: {
      client: {
        vendor: "alibaba",
        region: input.params.RegionId,
        endpoint: `https://${input.host}`,
        credentials: { accessKeyId: input.access_key_id, accessKeySecret: input.access_key_secret },
      },
      parameters: { vServerGroupId: input.params.VServerGroupId, backendServers: [{ serverId, weight, type, serverIp, port, description }] },
      stamp: { timestamp: Date.parse(input.timestamp), nonce: input.nonce },
      signer: { method: "POST", parameters: input.signed_params, accessKeySecret: input.access_key_secret },
    },
  };
}
