// Where the runtimes lie that npm installed.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const modules = fileURLToPath(new URL("../../../node_modules/", import.meta.url));

/** npm installs the packages of just this machine's kind; where there are several, as for older processors, any works. */
function program(scope, ...path) {
  const packages = readdirSync(join(modules, scope)).map((name) => join(modules, scope, name, ...path));
  const found = packages.find((path) => existsSync(path));
  if (!found) throw new Error(`${scope} has no ${path.join("/")} for this machine`);
  return found;
}

const suffix = process.platform === "win32" ? ".exe" : "";

export const bun = () => program("@oven", "bin", `bun${suffix}`);
export const deno = () => program("@deno", `deno${suffix}`);
