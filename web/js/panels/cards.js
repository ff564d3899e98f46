// What went wrong and what still plays: each card goes away when its cause does.

/** @import {JigEvent} from "../types.js" */

import { h, panel, setText } from "../dom.js";
import { complaints } from "./complaints.js";

const noticeMs = 6000;

/**
 * @param {"bad"|"warn"|"calm"} tone
 * @param {string} name for styles and tests
 * @param {string} title
 * @param {string} text
 * @param {...Node} actions
 */
function card(tone, name, title, text, ...actions) {
  return h(
    "section",
    { class: `card ${tone}`, "data-card": name, "aria-label": title },
    h("div", { class: "card-text" }, h("h2", {}, title), h("p", {}, text)),
    h("div", { class: "card-actions" }, ...actions),
  );
}

/**
 * @param {string} label
 * @param {() => void} act
 */
const action = (label, act) => h("button", { type: "button", onclick: act }, label);

panel("jig-cards", (root, session) => {
  const spoken = h("div", { role: "alert", class: "unseen" });
  const slots = Object.fromEntries(
    ["link", "trip", "build", "engine", "crash", "rejected", "device", "notice"].map((name) => [
      name,
      h("div", { class: "card-slot" }),
    ]),
  );
  root.append(spoken, ...Object.values(slots));

  /**
   * Puts a card in its slot, or takes it away; says its title once.
   * @param {string} slot
   * @param {HTMLElement|null} content
   */
  const show = (slot, content) => {
    const place = slots[slot];
    if (!place) return;
    const before = place.textContent;
    place.replaceChildren(...(content ? [content] : []));
    if (content?.classList.contains("bad") && place.textContent !== before) {
      setText(spoken, content.querySelector(".card-text")?.textContent ?? "");
    }
  };

  session.store.watch(["link"], ({ link: { phase, reason } }) => {
    const retry = action("Try now", () => session.connect());
    const title = phase === "refused" ? "Not let in" : "Connection lost";
    show(
      "link",
      phase === "lost" || phase === "refused" ? card("bad", "link", title, reason, retry) : null,
    );
    document.body.classList.toggle("offline", phase !== "open");
  });

  session.store.watch(["monitor"], ({ monitor }) => {
    const rearm = action("Open the output", () => session.ask("monitor.rearm"));
    const text = "The output was far too loud and is closed. Mend the cause, then open it again.";
    show(
      "trip",
      monitor?.tripped ? card("bad", "trip", "Output closed: too loud", text, rearm) : null,
    );
  });

  session.store.watch(["engine"], ({ engine }) => {
    const titles = {
      starting: "The engine is starting",
      restarting: "The engine is starting again",
      silent: "Silent until the next build",
      running: "",
    };
    const quiet = !engine || engine.status === "running";
    const tone = engine?.status === "silent" ? "bad" : "warn";
    show("engine", quiet ? null : card(tone, "engine", titles[engine.status], engine.reason));
  });

  session.store.watch(["build"], ({ build }) => {
    if (build?.status === "running") return; // the last failure stands until the next outcome
    if (build?.status !== "failed") return show("build", null);
    const again = action("Build again", () => session.ask("build.run"));
    const still = session.store.now.plugin ? "The last good build plays on." : "";
    const failed = card("bad", "build", "The build failed", still, again);
    const open = build.editor
      ? (/** @type {number} */ diagnostic) => session.ask("build.open", { diagnostic })
      : null;
    failed.querySelector(".card-text")?.append(complaints(build, open));
    show("build", failed);
  });

  session.store.watch(["audio"], ({ audio }) => {
    const lost = audio?.state === "lost";
    const text = `${audio?.name ?? ""} went away; audio returns by itself when it is back.`;
    show("device", lost ? card("bad", "device", "Audio device lost", text) : null);
  });

  session.events.watch((event, live) => {
    if (event.kind === "plugin.rejected") {
      show("rejected", rejection(event, session.store.now.engine?.status === "running"));
    }
    if (event.kind === "plugin.reloaded") {
      show("rejected", null);
      show("crash", null);
    }
    if (event.kind === "engine.crashed") {
      const dismiss = () => show("crash", null);
      show("crash", crash(event, dismiss));
    }
    if (event.kind === "engine.restarted") {
      const text = slots["crash"]?.querySelector("[data-after]");
      if (text) setText(text, ` Sound was back after ${Math.round(event.data["silentMs"])} ms.`);
    }
    if (live && event.level === "error") setText(spoken, event.text);
  });

  let noticeTimer = 0;
  session.onFailure((sentence) => {
    if (session.store.now.link.phase !== "open") return;
    clearTimeout(noticeTimer);
    noticeTimer = setTimeout(() => show("notice", null), noticeMs);
    const dismiss = action("Dismiss", () => show("notice", null));
    show("notice", card("bad", "notice", "Not done", sentence, dismiss));
  });
});

/**
 * @param {JigEvent} event
 * @param {boolean} playing whether an earlier build is heard
 */
function rejection({ text, data }, playing) {
  const title = `${data["file"] ? baseName(String(data["file"])) : "The new build"} was not taken`;
  const element = card("warn", "rejected", title, text);
  if (playing && !text.includes("last good build")) {
    const still = h("p", { class: "sub" }, "The last good build is still playing.");
    element.querySelector(".card-text")?.append(still);
  }
  return element;
}

/**
 * @param {JigEvent} event
 * @param {() => void} dismiss
 */
function crash({ text, data, timeMs }, dismiss) {
  const how = data["hang"]
    ? "hung"
    : data["signalName"]
      ? `died of ${data["signalName"]}`
      : "ended";
  const element = card(
    "bad",
    "crash",
    `Build ${data["generation"]} ${how}`,
    text,
    action("Dismiss", dismiss),
  );
  const where = data["inProcess"] ? "It happened inside the plugin's process call." : "";
  const at = new Date(timeMs).toLocaleTimeString();
  element
    .querySelector(".card-text")
    ?.append(h("p", { class: "sub" }, `${at}. ${where}`, h("span", { "data-after": "" })));
  return element;
}

/** @param {string} path */
const baseName = (path) => path.split("/").at(-1) ?? path;
