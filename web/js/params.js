// The parameters of the plugin: one optimistic value each, and who watches it.

/** @import {Binding, Param, ParamValue} from "./types.js" */

import { Optimistic } from "./values/optimistic.js";
import { OwnText } from "./values/own-text.js";
import { formatValue, parseValue } from "./values/text.js";

/** @typedef {{desc: Param, number: Optimistic, watchers: Set<() => void>,
 * own: OwnText}} Entry */

export class Params {
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  /** @type {Set<() => void>} */
  #listWatchers = new Set();
  #shape = "";
  #call;

  /** @param {(method: string, params: object) => Promise<any>} call reports its own errors */
  constructor(call) {
    this.#call = call;
  }

  /** Descriptors in the plugin's order. */
  get list() {
    return [...this.#entries.values()].map(({ desc }) => desc);
  }

  /**
   * Runs now and whenever the descriptors are others; a change of values only is not told here.
   * @param {() => void} run
   */
  watchList(run) {
    this.#listWatchers.add(run);
    run();
  }

  /**
   * The whole list, after a hello or a reload. Entries keep their identity, so that a drag goes on.
   * @param {Param[]} params
   */
  replace(params) {
    const shape = JSON.stringify(params.map(({ value, rev, touched, ...desc }) => desc));
    const old = this.#entries;
    this.#entries = new Map(params.map((desc) => [desc.id, this.#entry(desc, old.get(desc.id))]));
    for (const { value, rev, id } of params) this.#entries.get(id)?.number.restart(value, rev);
    if (shape === this.#shape) return;
    this.#shape = shape;
    for (const run of this.#listWatchers) run();
  }

  /**
   * @param {Param} desc
   * @param {Entry|undefined} old
   * @returns {Entry}
   */
  #entry(desc, old) {
    if (old) {
      old.desc = desc;
      old.own.forget();
      return old;
    }
    /** @type {Set<() => void>} */
    const watchers = new Set();
    const number = new Optimistic(desc.value, desc.rev, {
      send: (value) => this.#call("param.set", { id: desc.id, value }),
      changed: () => watchers.forEach((run) => run()),
    });
    const own = new OwnText(
      (value) =>
        this.#call("param.text", { id: desc.id, value }).then(
          ({ text }) => text,
          () => null,
        ),
      () => watchers.forEach((run) => run()),
    );
    return { desc, number, watchers, own };
  }

  /** @param {ParamValue} change */
  changed({ id, value, rev }) {
    this.#entries.get(id)?.number.confirm(value, rev);
  }

  /** Everything back to its default. */
  async resetAll() {
    this.#flush();
    this.#apply(await this.#call("param.reset", {}));
  }

  /** @param {string} name of one of the plugin's presets */
  async loadPreset(name) {
    this.#flush();
    this.#apply(await this.#call("preset.load", { name }));
  }

  /** A knob that was moved before keeps its place in the order. */
  #flush() {
    for (const { number } of this.#entries.values()) number.flush();
  }

  /** @param {string} id */
  trigger(id) {
    this.#call("param.trigger", { id }).catch(() => {});
  }

  /** @param {{values?: ParamValue[]}|null} answer */
  #apply(answer) {
    for (const value of answer?.values ?? []) this.changed(value);
  }

  /**
   * @param {string} id of a parameter in the list
   * @returns {Binding}
   */
  binding(id) {
    const entry = /** @type {Entry} */ (this.#entries.get(id));
    const tell = (/** @type {string} */ method) => this.#call(method, { id }).catch(() => null);
    return {
      get desc() {
        return entry.desc;
      },
      get value() {
        return entry.number.value;
      },
      text: (value) =>
        (entry.desc.ownText ? entry.own.of(value) : null) ?? formatValue(entry.desc, value),
      parse: async (text) => {
        if (!entry.desc.ownText) return parseValue(entry.desc, text);
        return this.#call("param.parse", { id, text }).then(
          ({ value }) => value,
          () => parseValue(entry.desc, text),
        );
      },
      begin: () => {
        entry.number.begin();
        tell("param.begin");
      },
      set: (value) => entry.number.set(value),
      end: () => {
        entry.number.end();
        tell("param.end");
      },
      reset: () => {
        entry.number.flush();
        tell("param.reset").then((answer) => this.#apply(answer));
      },
      watch: (run) => {
        entry.watchers.add(run);
        return () => void entry.watchers.delete(run);
      },
    };
  }
}
