import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

// The frameworks are installed in the folder above this project.
const root = dirname(dirname(fileURLToPath(import.meta.url)));
export default { turbopack: { root }, outputFileTracingRoot: root };
