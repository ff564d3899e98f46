// A number that shows at once what this page did to it, and in the end what the server says.

/**
 * While a gesture lasts or a request is under way, the page's own value is shown; the server's
 * answers and echoes are kept aside and cannot make the control jitter. Afterwards the value with the
 * highest revision counts, whoever set it.
 */
export class Optimistic {
  /** @type {number|null} */
  #own = null;
  #dirty = false;
  #scheduled = false;
  #gesture = false;
  #underWay = 0;
  #server;
  #rev;
  #deps;

  /**
   * @param {number} value
   * @param {number} rev
   * @param {object} deps
   * @param {(value: number) => Promise<{value: number, rev: number}|void>} deps.send
   * @param {() => void} deps.changed called when the shown value may be another
   * @param {(run: () => void) => void} [deps.schedule] at most one send each time it runs
   */
  constructor(value, rev, deps) {
    this.#server = value;
    this.#rev = rev;
    this.#deps = {
      schedule: (/** @type {() => void} */ run) => void requestAnimationFrame(run),
      ...deps,
    };
  }

  get value() {
    return this.#own ?? this.#server;
  }

  begin() {
    this.#gesture = true;
  }

  /** @param {number} value */
  set(value) {
    this.#own = value;
    this.#dirty = true;
    if (!this.#scheduled) {
      this.#scheduled = true;
      this.#deps.schedule(() => {
        this.#scheduled = false;
        this.flush();
      });
    }
    this.#deps.changed();
  }

  /** The last value is on its way when this returns. */
  end() {
    this.#gesture = false;
    this.flush();
    this.#settle();
  }

  /** Sends what waits for its frame: what is asked of the server next shall find it there. */
  flush() {
    if (!this.#dirty || this.#own === null) return;
    this.#dirty = false;
    this.#underWay += 1;
    const answered = () => {
      this.#underWay -= 1;
      this.#settle();
    };
    this.#deps.send(this.#own).then((answer) => {
      if (answer) this.confirm(answer.value, answer.rev);
      answered();
    }, answered);
  }

  /**
   * What the server says; an older revision is ignored.
   * @param {number} value
   * @param {number} [rev]
   */
  confirm(value, rev = this.#rev) {
    if (rev < this.#rev) return;
    this.restart(value, rev);
  }

  /**
   * As confirm, but from a server that counts its revisions anew.
   * @param {number} value
   * @param {number} rev
   */
  restart(value, rev) {
    this.#server = value;
    this.#rev = rev;
    this.#deps.changed();
  }

  #settle() {
    if (this.#own === null || this.#gesture || this.#dirty || this.#underWay > 0) return;
    this.#own = null;
    this.#deps.changed();
  }
}
