import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const web = resolve(here, "../../../web");
const read = (path) => readFileSync(resolve(web, path), "utf8");

/** What exists only for the type checker. */
const typesOnly = ["js/types.js"];

function modules(folder) {
  return readdirSync(resolve(web, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? modules(path) : [path];
  });
}
const served = () =>
  modules("js")
    .filter((path) => !typesOnly.includes(path))
    .sort();

test("the modules hold what their types say", () => {
  const compiler = resolve(here, "../node_modules/typescript/bin/tsc");
  try {
    execFileSync(process.execPath, [compiler, "-p", resolve(here, "..")], { encoding: "utf8" });
  } catch (error) {
    assert.fail(error.stdout || error.message);
  }
});

test("files.cmake names every file that is served, and no other", () => {
  const list = /set\(JIG_WEB_FILES([^)]*)\)/.exec(read("files.cmake"))[1].trim().split(/\s+/);
  assert.deepEqual(
    [...list].sort(),
    ["favicon.svg", "index.html", "style.css", ...served()].sort(),
  );
});

test("every module is preloaded, so that none waits for another", () => {
  const preloaded = [...read("index.html").matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(
    (match) => match[1],
  );
  assert.deepEqual([...preloaded, "js/main.js"].sort(), served());
});

test("every import leads to a served module, and all are reached from main.js", () => {
  const reached = new Set();
  const visit = (path) => {
    if (reached.has(path)) return;
    reached.add(path);
    const text = read(path).replace(/\/\*[\s\S]*?\*\//g, "");
    for (const [, target] of text.matchAll(/^import [^;]*?"([^"]+)";$/gm))
      visit(relative(web, resolve(web, dirname(path), target)));
  };
  visit("js/main.js");
  assert.deepEqual([...reached].sort(), served());
});

test("the page carries nothing that its content policy forbids, and nothing that reads text as markup", () => {
  const html = read("index.html");
  assert.doesNotMatch(html, /<style|style=|\son\w+=|<script(?![^>]*src=)/);
  for (const path of served()) {
    assert.doesNotMatch(
      read(path),
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|https?:\/\/(?!www\.w3\.org\/2000\/svg)/,
      path,
    );
  }
});
