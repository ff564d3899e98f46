// How the callback's time is spread against its period, and the xruns: how many, and whose fault.

/** @import {Session} from "../session.js" */

import { h, setText } from "../dom.js";
import { formatNumber } from "../values/text.js";
import { lossText } from "../values/timing.js";

const percentiles = /** @type {const} */ ([
  ["50 %", "p50"],
  ["99 %", "p99"],
  ["99.9 %", "p999"],
  ["max", "max"],
]);

/** Rows of the table: the name of a field is made of these (PROTOCOL.md, `load`). */
const spans = /** @type {const} */ ([
  ["Last 10 s", (/** @type {string} */ name) => `recent${name[0]?.toUpperCase()}${name.slice(1)}`],
  ["In all", (/** @type {string} */ name) => name],
]);

/** @param {number} us */
const time = (us) =>
  us < 9999.5 ? `${formatNumber(us, us < 9.95 ? 1 : 0)} µs` : `${formatNumber(us / 1000, 0)} ms`;

/** @param {number} share of the period */
export const percent = (share) => `${formatNumber(share * 100, share < 0.0995 ? 1 : 0)} %`;

/**
 * A table of percentiles; `show` puts in a frame's fields by name.
 * @param {Session} session
 */
export function spreadTable(session) {
  /** @type {{us: HTMLElement, share: HTMLElement, field: string}[]} */
  const cells = [];
  const rows = spans.map(([term, fieldOf]) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, term),
      ...percentiles.map(([, name]) => {
        const us = h("span", {}, "–");
        const share = h("span", { class: "share" });
        cells.push({ us, share, field: fieldOf(name) });
        return h("td", { "data-figure": fieldOf(name) }, us, share);
      }),
    ),
  );
  const element = h(
    "table",
    { class: "spread" },
    h("caption", {}, "How long callbacks take, and against their period"),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h(
          "td",
          {},
          h(
            "button",
            {
              type: "button",
              class: "quiet",
              "aria-label": "Reset the callback's percentiles",
              onclick: () => session.ask("load.reset"),
            },
            "Reset",
          ),
        ),
        ...percentiles.map(([term]) => h("th", { scope: "col" }, term)),
      ),
    ),
    h("tbody", {}, ...rows),
  );
  return {
    element,
    /** @param {(field: string) => number} at */
    show(at) {
      for (const { us, share, field } of cells) {
        setText(us, time(at(`${field}Us`)));
        setText(share, percent(at(field)));
        share.classList.toggle("bad", at(field) > 1);
      }
    },
  };
}

const listed = 5;

/**
 * The last xruns, newest first; hidden while there are none.
 * @param {Session} session
 */
export function xrunList(session) {
  const list = h("ol", { class: "xruns", "aria-label": "Last xruns", hidden: true });
  session.events.watch((event) => {
    if (event.kind !== "audio.xrun") return;
    list.hidden = false;
    list.prepend(
      h(
        "li",
        { title: event.text },
        h("span", { class: "xrun-cause" }, String(event.data["cause"])),
        h("span", {}, lossText(event)),
        h("span", { class: "xrun-frame" }, `at ${event.data["frame"]}`),
      ),
    );
    while (list.children.length > listed) list.lastElementChild?.remove();
  });
  return list;
}
