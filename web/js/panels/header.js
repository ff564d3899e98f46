// Who is playing, on what, and whether the page still hears from it.

/** @import {Audio, Link, Plugin} from "../types.js" */

import { h, panel, setOptions, setText } from "../dom.js";
import { formatNumber } from "../values/text.js";
import { deviceWords } from "../values/timing.js";

const themes = /** @type {const} */ (["auto", "light", "dark"]);
const themeKey = "jig.theme";

/**
 * @param {number} frames
 * @param {Audio|null} audio
 */
const inMs = (frames, audio) =>
  audio && audio.rateHz > 0 ? `${formatNumber((frames / audio.rateHz) * 1000, 1)} ms` : "";

/** @param {Audio} audio */
function deviceFigures(audio) {
  const rate = `${formatNumber(audio.rateHz / 1000, audio.rateHz % 1000 === 0 ? 0 : 1)} kHz`;
  const latency = audio.latencyFrames > 0 ? `latency ${inMs(audio.latencyFrames, audio)}` : null;
  const parts = [
    rate,
    `${audio.periodFrames} frames`,
    `${audio.inChannels} in, ${audio.outChannels} out`,
    latency,
    ...deviceWords(audio),
  ];
  return parts.filter((part) => part !== null).join(" · ");
}

/**
 * @param {Plugin} plugin
 * @param {Audio|null} audio
 */
function pluginFigures(plugin, audio) {
  const latency =
    plugin.latencyFrames > 0
      ? `latency ${plugin.latencyFrames} frames ${inMs(plugin.latencyFrames, audio)}`
      : "";
  return [plugin.vendor, plugin.version, latency].filter(Boolean).join(" · ");
}

/** @type {Record<Link["phase"], string>} */
const phases = {
  connecting: "Connecting",
  open: "Connected",
  lost: "Not connected",
  refused: "Refused",
};

function themeButton() {
  const button = h("button", { type: "button", class: "quiet" });
  const stored = localStorage.getItem(themeKey);
  let theme = themes.find((name) => name === stored) ?? "auto";
  const show = () => {
    if (theme === "auto") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.dataset["theme"] = theme;
    setText(button, `Theme: ${theme}`);
    document.dispatchEvent(new Event("themechange"));
  };
  button.addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "auto";
    localStorage.setItem(themeKey, theme);
    show();
  });
  show();
  return button;
}

panel("jig-header", (root, session) => {
  const name = h("h1", {}, "Jig");
  const generation = h("span", { class: "generation", hidden: true });
  const figures = h("p", { class: "sub" });
  const deviceName = h("p", { class: "device-name" });
  const device = h("p", { class: "sub" });
  const why = h("p", { class: "sub" });
  const link = h("span", { class: "link" });
  const pick = h("select", { "aria-label": "Plugin", hidden: true });
  const library = h("select", { "aria-label": "Library", hidden: true });
  pick.addEventListener("change", () => session.ask("plugin.select", { id: pick.value }));
  library.addEventListener("change", () => session.ask("plugin.load", { name: library.value }));

  root.append(
    h("img", { class: "mark", src: "favicon.svg", alt: "", width: 30, height: 30 }),
    h(
      "div",
      { class: "who" },
      h("div", { class: "who-name" }, name, generation, pick, library),
      figures,
    ),
    h("div", { class: "device" }, deviceName, device, why),
    h(
      "div",
      { class: "header-end" },
      link,
      themeButton(),
      h(
        "button",
        {
          type: "button",
          class: "quiet",
          onclick: () => document.dispatchEvent(new Event("showhelp")),
        },
        "Shortcuts",
      ),
    ),
  );

  session.store.watch(["plugin", "audio"], ({ plugin, audio }) => {
    document.body.classList.toggle("blank", !audio);
    setText(name, plugin?.name ?? (audio ? "No plugin" : "Jig"));
    document.title = plugin ? `${plugin.name} – Jig` : "Jig";
    setText(
      figures,
      plugin ? pluginFigures(plugin, audio) : audio ? "The server has no plugin loaded." : "",
    );
    figures.title = plugin?.doc ?? "";
    generation.hidden = !plugin;
    setText(generation, plugin ? `build ${plugin.generation}` : "");
    choose(pick, plugin?.plugins ?? [], plugin?.id ?? "");
    const file = plugin?.path.split("/").at(-1) ?? "";
    choose(
      library,
      (plugin?.libraries ?? []).map((id) => ({ id, name: id })),
      file,
    );
    setText(deviceName, audio?.name ?? "");
    setText(device, audio ? deviceFigures(audio) : "");
    why.hidden = !audio?.why;
    why.title = audio?.why ?? "";
    setText(why, audio?.why ?? "");
  });
  session.store.watch(["link"], ({ link: { phase } }) => {
    link.dataset["phase"] = phase;
    setText(link, phases[phase]);
  });
  session.events.watch(({ kind }, live) => {
    if (!live || kind !== "plugin.reloaded") return;
    generation.classList.remove("flash");
    // Reading a size between the two makes the animation start anew.
    void generation.offsetWidth;
    generation.classList.add("flash");
  });
});

/**
 * A choice that is there only when there is something to choose.
 * @param {HTMLSelectElement} select
 * @param {{id: string, name: string}[]} options
 * @param {string} chosen
 */
function choose(select, options, chosen) {
  select.hidden = options.length < 2;
  const known = options.some(({ id }) => id === chosen);
  setOptions(
    select,
    known || chosen === "" ? options : [{ id: chosen, name: chosen }, ...options],
    chosen,
  );
}
