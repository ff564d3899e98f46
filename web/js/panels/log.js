// What happened, newest first: builds, crashes, xruns, and every line that the plugin wrote.

/** @import {JigEvent} from "../types.js" */

import { h, panel, setText } from "../dom.js";

const kept = 1000;

const levels = /** @type {const} */ (["info", "warn", "error"]);

/** @param {JigEvent} event */
const sourceOf = ({ kind, data }) => (kind === "log" ? String(data["source"] ?? "log") : kind);

/** @param {number} timeMs */
function clock(timeMs) {
  const time = new Date(timeMs);
  const pad = (/** @type {number} */ n, /** @type {number} */ width) =>
    String(n).padStart(width, "0");
  return `${pad(time.getHours(), 2)}:${pad(time.getMinutes(), 2)}:${pad(time.getSeconds(), 2)}.${pad(time.getMilliseconds(), 3)}`;
}

/** @param {JigEvent} event */
function entry(event) {
  return h(
    "li",
    { class: `entry ${event.level}` },
    h("time", {}, clock(event.timeMs)),
    h("span", { class: "entry-source" }, sourceOf(event)),
    h(
      "span",
      { class: "entry-text" },
      event.level === "info" ? null : h("span", { class: "unseen" }, `${event.level}: `),
      event.text,
    ),
  );
}

panel("jig-log", (root, session) => {
  const text = h("input", {
    type: "search",
    placeholder: "Filter",
    "aria-label": "Filter the log",
    autocomplete: "off",
  });
  const level = h(
    "select",
    { "aria-label": "Least level" },
    ...["All levels", "Warnings and errors", "Errors"].map((name, i) =>
      h("option", { value: i }, name),
    ),
  );
  const source = h(
    "select",
    { "aria-label": "Source" },
    ...[
      ["", "All sources"],
      ["stdout", "stdout"],
      ["stderr", "stderr"],
      ["plugin", "Plugin log"],
      ["host", "Host"],
    ].map(([value, name]) => h("option", { value }, name ?? "")),
  );
  const pause = h("button", { type: "button", class: "quiet", "aria-pressed": "false" }, "Pause");
  const list = h("ol", { class: "entries", tabindex: "0", "aria-label": "Events, newest first" });
  const none = h("p", { class: "empty" }, "Nothing here.");
  root.append(
    h(
      "div",
      { class: "panel-head" },
      h("h2", {}, "Log"),
      h("div", { class: "panel-tools" }, text, level, source, pause),
    ),
    none,
    list,
  );

  /** @type {JigEvent[]} not yet on the page, oldest first */
  let waiting = [];
  let scheduled = false;
  const paused = () => pause.getAttribute("aria-pressed") === "true";

  /** @param {JigEvent} event */
  const wanted = (event) =>
    levels.indexOf(event.level) >= Number(level.value) &&
    (source.value === "" ||
      sourceOf(event) === source.value ||
      (source.value === "host" && event.kind !== "log")) &&
    `${sourceOf(event)} ${event.text}`.toLowerCase().includes(text.value.trim().toLowerCase());

  const finish = () => {
    while (list.children.length > kept) list.lastElementChild?.remove();
    none.hidden = list.children.length > 0;
    list.hidden = list.children.length === 0;
    setText(
      pause,
      paused() ? `Resume${waiting.length > 0 ? ` (${waiting.length} new)` : ""}` : "Pause",
    );
  };
  const flush = () => {
    scheduled = false;
    if (!paused()) {
      list.prepend(...waiting.filter(wanted).reverse().map(entry));
      waiting = [];
    }
    finish();
  };
  const rebuild = () => {
    const seen = session.events.list.slice(0, session.events.list.length - waiting.length);
    list.replaceChildren(...seen.filter(wanted).reverse().map(entry));
    flush();
  };

  session.events.watch((event) => {
    waiting.push(event);
    if (waiting.length > kept) waiting.shift();
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(flush);
  });
  for (const choice of [level, source]) choice.addEventListener("change", rebuild);
  text.addEventListener("input", rebuild);
  pause.addEventListener("click", () => {
    pause.setAttribute("aria-pressed", String(!paused()));
    flush();
  });
  finish();
});
