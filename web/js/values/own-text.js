// The plugin's own words for a value: asked of it, one question at a time, the newest value first.

export class OwnText {
  #ask;
  #told;
  /** @type {{value: number, text: string}|null} */
  #known = null;
  /** @type {number|null} */
  #wanted = null;
  /** @type {number|null} */
  #asked = null;

  /**
   * @param {(value: number) => Promise<string|null>} ask null: the plugin has none for it
   * @param {() => void} told there is a new text
   */
  constructor(ask, told) {
    this.#ask = ask;
    this.#told = told;
  }

  /** The plugin is another one now. */
  forget() {
    this.#known = null;
  }

  /**
   * The text for a value; until the answer comes, some milliseconds later, that of the value
   * before; null when the plugin has none.
   * @param {number} value
   * @returns {string|null}
   */
  of(value) {
    if (this.#known?.value !== value) {
      this.#wanted = value === this.#asked ? null : value;
      if (this.#asked === null) void this.#run();
    }
    return this.#known?.text || null;
  }

  async #run() {
    while (this.#wanted !== null) {
      const value = this.#wanted;
      [this.#asked, this.#wanted] = [value, null];
      this.#known = { value, text: (await this.#ask(value)) ?? "" };
      this.#asked = null;
      this.#told();
    }
  }
}
