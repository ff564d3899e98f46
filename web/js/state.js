// What the page knows, by name; who watches a name hears of every change.

/** @import {Audio, Build, Engine, Input, Link, Monitor, Plugin, Reload, Transport} from "./types.js" */

/**
 * @typedef {object} Known
 * @property {Link} link
 * @property {Engine|null} engine
 * @property {Plugin|null} plugin
 * @property {Audio|null} audio
 * @property {Monitor|null} monitor
 * @property {Input|null} input
 * @property {Transport|null} transport
 * @property {Reload|null} reload
 * @property {Build|null} build
 */

export class Store {
  /** @type {Known} */
  #known = {
    link: { phase: "connecting", attempt: 0, reason: "" },
    engine: null,
    plugin: null,
    audio: null,
    monitor: null,
    input: null,
    transport: null,
    reload: null,
    build: null,
  };
  /** @type {{names: (keyof Known)[], run: (known: Readonly<Known>) => void}[]} */
  #watchers = [];

  /** @returns {Readonly<Known>} */
  get now() {
    return this.#known;
  }

  /**
   * Takes what is known by name here, ignores the rest.
   * @param {Partial<Known>} news
   */
  merge(news) {
    const changed = /** @type {(keyof Known)[]} */ (Object.keys(this.#known)).filter(
      (name) => name in news,
    );
    for (const name of changed) Object.assign(this.#known, { [name]: news[name] });
    for (const { names, run } of this.#watchers) {
      if (names.some((name) => changed.includes(name))) run(this.#known);
    }
  }

  /**
   * Runs now and after every change of one of `names`.
   * @param {(keyof Known)[]} names
   * @param {(known: Readonly<Known>) => void} run
   */
  watch(names, run) {
    this.#watchers.push({ names, run });
    run(this.#known);
  }
}
