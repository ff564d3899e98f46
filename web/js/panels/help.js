// The keys that do something, and the dialog that lists them.

import { h, panel, takesKeys } from "../dom.js";

/** @type {[string, string][]} */
const list = [
  ["?", "Show this list"],
  ["/", "Search parameters"],
  ["M", "Mute the output"],
  ["B", "Bypass the plugin"],
  [".", "Panic: end every note, reset the plugin"],
  ["R", "Reload the build"],
  ["Space", "Play or stop"],
  ["↑ ↓ ← →", "Change the control in focus; with Shift finely"],
  ["PgUp PgDn", "Change it in large steps"],
  ["Home End", "Least and greatest value"],
  ["Enter", "Type a value: 6 dB, 1k, 440 Hz"],
  ["Delete", "Back to the default; so does a double click"],
  ["A … ;", "Play notes, for a plugin that takes them"],
  ["Z X, C V", "Octave and velocity of these notes"],
];

/** @type {Record<string, string>} */
const shortcuts = { "/": "search", m: "mute", b: "bypass", ".": "panic", r: "reload", " ": "play" };

panel("jig-help", (root) => {
  const close = h("button", { type: "button", onclick: () => dialog.close() }, "Close");
  const rows = list.map(([keys, what]) =>
    h("div", {}, h("dt", {}, h("kbd", {}, keys)), h("dd", {}, what)),
  );
  const dialog = h(
    "dialog",
    { "aria-label": "Shortcuts" },
    h("h2", {}, "Shortcuts"),
    h("dl", {}, ...rows),
    close,
  );
  root.append(dialog);
  const show = () => void (dialog.open || dialog.showModal());

  document.addEventListener("showhelp", show);
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || takesKeys(event.target))
      return;
    if (event.key === "?") show();
    const name = shortcuts[event.key.toLowerCase()];
    // Space is the press of the button in focus.
    if (!name || (event.key === " " && event.target instanceof HTMLButtonElement)) return;
    event.preventDefault();
    document.dispatchEvent(new Event(`shortcut-${name}`));
  });
});
