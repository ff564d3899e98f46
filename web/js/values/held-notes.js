// Which notes this page holds down, and by what: a key that two fingers hold sounds until both let go.

/** @typedef {{type: "noteOn"|"noteOff", key: number, velocity: number, channel: number}} NoteEvent */

export class HeldNotes {
  /** @type {Map<string, number>} source → key */
  #sources = new Map();
  #send;

  /** @param {(events: NoteEvent[]) => void} send */
  constructor(send) {
    this.#send = send;
  }

  /** @param {number} key */
  sounds(key) {
    return [...this.#sources.values()].includes(key);
  }

  /**
   * A source (a finger, a computer key) goes down on a key, or slides to it.
   * @param {string} source
   * @param {number} key 0…127; others are ignored
   * @param {number} velocity 0…1
   */
  press(source, key, velocity) {
    if (key < 0 || key > 127 || this.#sources.get(source) === key) return;
    const off = this.#lift(source);
    const on = this.sounds(key) ? [] : [note("noteOn", key, velocity)];
    this.#sources.set(source, key);
    this.#tell([...off, ...on]);
  }

  /** @param {string} source */
  release(source) {
    this.#tell(this.#lift(source));
  }

  releaseAll() {
    const keys = new Set(this.#sources.values());
    this.#sources.clear();
    this.#tell([...keys].map((key) => note("noteOff", key, 0)));
  }

  /** @param {string} source */
  #lift(source) {
    const key = this.#sources.get(source);
    this.#sources.delete(source);
    return key === undefined || this.sounds(key) ? [] : [note("noteOff", key, 0)];
  }

  /** @param {NoteEvent[]} events */
  #tell(events) {
    if (events.length > 0) this.#send(events);
  }
}

/**
 * @param {"noteOn"|"noteOff"} type
 * @param {number} key
 * @param {number} velocity
 * @returns {NoteEvent}
 */
const note = (type, key, velocity) => ({ type, key, velocity, channel: 0 });
