// What a failed build complains of: errors first, each with its place.

/** @import {Build, Diagnostic} from "../types.js" */

import { h } from "../dom.js";

const mostShown = 12;
const order = { error: 0, warning: 1, note: 2 };

/**
 * @param {Build} build
 * @param {((diagnostic: number) => void)|null} open shows one in the author's editor
 */
export function complaints(build, open) {
  const all = build.diagnostics
    .map((diagnostic, index) => ({ diagnostic, index }))
    .filter(({ diagnostic }) => diagnostic.severity !== "note")
    .sort((a, b) => order[a.diagnostic.severity] - order[b.diagnostic.severity]);
  const shown = all.slice(0, mostShown);
  const more = all.length - shown.length + build.diagnosticsDropped;
  return h(
    "div",
    { class: "complaints" },
    h(
      "ul",
      {},
      ...shown.map(({ diagnostic, index }) =>
        h(
          "li",
          { class: diagnostic.severity },
          place(diagnostic, open && (() => open(index))),
          h("span", {}, diagnostic.message),
        ),
      ),
    ),
    more > 0 ? h("p", { class: "sub" }, `and ${more} more`) : null,
    said(build, shown.length === 0),
  );
}

/**
 * @param {Diagnostic} diagnostic
 * @param {(() => void)|null} open
 */
function place({ file, line, column }, open) {
  if (!file) return null;
  const name = file.split("/").at(-1) ?? file;
  const text = [name, line, column].filter((part) => part !== 0).join(":");
  return open
    ? h("button", { type: "button", class: "place", title: `Open ${file}`, onclick: open }, text)
    : h("code", { class: "place", title: file }, text);
}

/**
 * @param {Build} build
 * @param {boolean} unfolded when nothing in it was understood
 */
function said({ tail, command, exitStatus }, unfolded) {
  return h(
    "details",
    { open: unfolded },
    h("summary", {}, `What ${command} said (status ${exitStatus})`),
    h("pre", {}, tail.join("\n")),
  );
}
