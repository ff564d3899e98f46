// Every parameter of the plugin, by group, with a search.

/** @import {Session} from "../session.js" */
/** @import {Param} from "../types.js" */

import { paramControl } from "../controls/param-control.js";
import { h, onShortcut, panel, setText } from "../dom.js";

const styleKey = "jig.controls";

/**
 * Whether every word of the search is in the parameter's name, group, id or unit.
 * @param {Param} desc
 * @param {string} search
 */
function matches({ name, group, id, unit }, search) {
  const text = `${group} ${name} ${id} ${unit}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/**
 * Groups in the order of their first parameter.
 * @param {Param[]} params
 */
function byGroup(params) {
  /** @type {Map<string, Param[]>} */
  const groups = new Map();
  for (const desc of params) groups.set(desc.group, [...(groups.get(desc.group) ?? []), desc]);
  return groups;
}

/**
 * Loads one of the plugin's presets; shows none as chosen, for a knob may have been moved since.
 * @param {Session} session
 */
function presetChoice(session) {
  const choice = h("select", { class: "quiet", "aria-label": "Load a preset" });
  choice.addEventListener("change", () => {
    const name = choice.value;
    choice.selectedIndex = 0;
    session.params.loadPreset(name).catch(() => {});
  });
  session.store.watch(["plugin"], ({ plugin }) => {
    const all = plugin?.presets ?? [];
    choice.hidden = all.length === 0;
    choice.replaceChildren(
      h("option", { value: "", disabled: true, selected: true }, "Presets"),
      ...all.map(({ name, doc }) => h("option", { value: name, title: doc }, name)),
    );
  });
  return choice;
}

panel("jig-parameters", (root, session) => {
  const search = h("input", {
    type: "search",
    placeholder: "Search",
    "aria-label": "Search parameters",
    autocomplete: "off",
  });
  const style = h("button", { type: "button", class: "quiet" });
  const resetAll = h(
    "button",
    { type: "button", class: "quiet", onclick: () => session.params.resetAll().catch(() => {}) },
    "Reset all",
  );
  const presets = presetChoice(session);
  const none = h("p", { class: "empty" });
  const groups = h("div", { class: "param-groups" });
  root.append(
    h(
      "div",
      { class: "panel-head" },
      h("h2", {}, "Parameters"),
      h("div", { class: "panel-tools" }, presets, search, style, resetAll),
    ),
    none,
    groups,
  );

  let look = /** @type {"knobs"|"sliders"} */ (
    localStorage.getItem(styleKey) === "sliders" ? "sliders" : "knobs"
  );

  const filter = () => {
    let found = 0;
    const visible = session.params.list.filter(({ flags }) => !flags.includes("hidden"));
    const shown = new Set(
      visible.filter((desc) => matches(desc, search.value.trim())).map(({ id }) => id),
    );
    for (const control of groups.querySelectorAll("jig-param")) {
      const hit = control instanceof HTMLElement && shown.has(control.dataset["id"] ?? "");
      control.toggleAttribute("hidden", !hit);
      found += hit ? 1 : 0;
    }
    for (const section of groups.children) {
      section.toggleAttribute("hidden", !section.querySelector("jig-param:not([hidden])"));
    }
    none.hidden = found > 0;
    setText(
      none,
      visible.length === 0
        ? "This plugin has no parameters."
        : `No parameter matches “${search.value}”.`,
    );
  };

  const build = () => {
    const visible = session.params.list.filter(({ flags }) => !flags.includes("hidden"));
    const grouped = byGroup(visible);
    const sections = [...grouped].map(([name, params]) => {
      const controls = params.map((desc) =>
        paramControl(session.params.binding(desc.id), look, () => session.params.trigger(desc.id)),
      );
      const title = name === "" && grouped.size > 1 ? "General" : name.replaceAll("/", " / ");
      const section = h(
        "section",
        {
          class: look === "knobs" ? "param-group" : "param-group wide",
          "aria-label": title || "All parameters",
        },
        title ? h("h3", {}, title) : null,
        h("div", { class: `param-grid ${look}` }, ...controls),
      );
      section.style.setProperty("--count", String(params.length));
      return section;
    });
    groups.replaceChildren(...sections);
    setText(style, look === "knobs" ? "Show sliders" : "Show knobs");
    filter();
  };

  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    search.value = "";
    filter();
  });
  style.addEventListener("click", () => {
    look = look === "knobs" ? "sliders" : "knobs";
    localStorage.setItem(styleKey, look);
    build();
  });
  onShortcut("search", () => search.focus());
  session.params.watchList(build);
});
