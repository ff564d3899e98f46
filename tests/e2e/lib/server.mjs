// The real server under test: started with a state folder of its own, found by the address it prints.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** @param {string} name */
function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run these tests by ctest, or set it by hand.`);
  return value;
}

/** The plugin that has every kind of parameter. */
export const pagePlugin = () => required("JIG_PAGE_PLUGIN");

/** The plugin that takes as long as it is told. */
export const busyPlugin = () => required("JIG_BUSY_PLUGIN");

/**
 * A folder for the token, which outlives one server so that the next lets the same page in.
 * @returns {{path: string, remove: () => void}}
 */
export function stateFolder() {
  const path = mkdtempSync(join(tmpdir(), "jig-e2e-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * @typedef {object} Server
 * @property {string} url of the page, with the token
 * @property {number} port
 * @property {() => Promise<void>} stop ends it as Ctrl-C does
 */

/**
 * Starts dev-server on the virtual device with a sine as input.
 * @param {string} plugin
 * @param {string} state its state folder
 * @param {{port?: number, args?: string[]}} [options]
 * @returns {Promise<Server>}
 */
export async function startServer(plugin, state, { port = 0, args = [] } = {}) {
  const own = [
    "run",
    plugin,
    "--device",
    "virtual",
    "--port",
    String(port),
    "--input",
    "sine:997,-18",
  ];
  const child = spawn(required("JIG_SERVER"), [...own, ...args], {
    env: { ...process.env, XDG_STATE_HOME: state },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.stderr.on("data", (text) => (said += text));

  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      said += `${line}\n`;
      const found = /http:\/\/\S+#token=\S+/.exec(line);
      if (found) resolve(found[0]);
    });
    child.once("error", reject);
    ended.then(() =>
      reject(new Error(`dev-server ended before it printed the page's address:\n${said}`)),
    );
  });
  return {
    url,
    port: Number(new URL(url).port),
    async stop() {
      child.kill("SIGINT");
      await ended;
    },
  };
}
