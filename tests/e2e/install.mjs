// npm ci, once: again only after the lock file has changed.

import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const installed = join(here, "node_modules", ".package-lock.json");
const wanted = join(here, "package-lock.json");

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(wanted).mtimeMs) {
  const npm = process.argv[2] ?? "npm";
  const { status, error } = spawnSync(npm, ["ci", "--prefer-offline"], {
    cwd: here,
    stdio: "inherit",
  });
  if (error) throw error;
  process.exitCode = status ?? 1;
}
