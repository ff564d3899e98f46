// The server's events in order and without holes, each told once.

/** @import {JigEvent} from "./types.js" */

const kept = 1000;

export class Events {
  /** @type {JigEvent[]} oldest first */
  list = [];
  #lastId = 0;
  /** @type {JigEvent[]|null} what came while the past is being fetched */
  #held = null;
  /** @type {Set<(event: JigEvent, live: boolean) => void>} */
  #watchers = new Set();

  /** The newest event that was told. */
  get lastId() {
    return this.#lastId;
  }

  /** Events that come from now on wait for `resume`. */
  hold() {
    this.#held ??= [];
  }

  /** Another server counts from 1 again. */
  restart() {
    this.#lastId = 0;
  }

  /**
   * The past since `lastId`, then what waited.
   * @param {{events: JigEvent[], gap: number}} past
   */
  resume({ events, gap }) {
    const held = this.#held ?? [];
    this.#held = null;
    const first = this.list.length === 0;
    if (gap > 0 && !first) this.#tell(lost(gap), true);
    for (const event of events) this.#take(event, false);
    for (const event of held) this.#take(event, true);
  }

  /** @param {JigEvent} event */
  receive(event) {
    if (this.#held) this.#held.push(event);
    else this.#take(event, true);
  }

  /** @param {{from: number, to: number}} range */
  gap({ from, to }) {
    this.#tell(lost(to - from + 1), true);
  }

  /** @param {(event: JigEvent, live: boolean) => void} run `live`: it happened just now */
  watch(run) {
    this.#watchers.add(run);
    for (const event of this.list) run(event, false);
  }

  /**
   * @param {JigEvent} event
   * @param {boolean} live
   */
  #take(event, live) {
    if (event.id <= this.#lastId) return;
    this.#lastId = event.id;
    this.#tell(event, live);
  }

  /**
   * @param {JigEvent} event
   * @param {boolean} live
   */
  #tell(event, live) {
    this.list.push(event);
    if (this.list.length > kept) this.list.splice(0, this.list.length - kept);
    for (const run of this.#watchers) run(event, live);
  }
}

/**
 * @param {number} count
 * @returns {JigEvent}
 */
function lost(count) {
  const text = `${count} events were not kept for this page.`;
  return {
    id: 0,
    frame: 0,
    timeMs: Date.now(),
    kind: "lost",
    level: "warn",
    text,
    data: { what: "events", count },
  };
}
