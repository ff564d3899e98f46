// Subscriptions to streams that outlive the connection, and the credit that keeps them flowing.

/** @import {Layout} from "../types.js" */
/** @import {Frame} from "./frames.js" */

import { decodeFrame } from "./frames.js";

/** The server allows 20 acknowledgements a second; at 60 Hz each of ours covers four of 16 frames. */
const ackEveryMs = 60;

/**
 * @typedef {object} Reader
 * @property {(layout: Layout) => void} layout comes before the first frame of that layout
 * @property {(frame: Frame) => void} frame
 */

/** Collects the newest sequence number of each subscription; one message for all, 20 times a second. */
export class Acks {
  /** @type {Map<number, number>} */
  #newest = new Map();
  #waiting = false;
  #lastMs = -Infinity;
  #deps;

  /**
   * @param {object} deps
   * @param {(acks: [number, number][]) => void} deps.send
   * @param {() => number} [deps.nowMs]
   * @param {(run: () => void, ms: number) => void} [deps.later]
   */
  constructor(deps) {
    this.#deps = {
      nowMs: () => performance.now(),
      later: (/** @type {() => void} */ run, /** @type {number} */ ms) => void setTimeout(run, ms),
      ...deps,
    };
  }

  /**
   * @param {number} sub
   * @param {number} seq
   */
  note(sub, seq) {
    this.#newest.set(sub, seq);
    if (this.#waiting) return;
    const dueMs = this.#lastMs + ackEveryMs - this.#deps.nowMs();
    if (dueMs <= 0) {
      this.#flush();
      return;
    }
    this.#waiting = true;
    this.#deps.later(() => this.#flush(), dueMs);
  }

  clear() {
    this.#newest.clear();
  }

  #flush() {
    this.#waiting = false;
    if (this.#newest.size === 0) return;
    this.#lastMs = this.#deps.nowMs();
    const acks = [...this.#newest];
    this.#newest.clear();
    this.#deps.send(acks);
  }
}

export class Streams {
  /** @type {{stream: string, rateHz: number, reader: Reader, sub: number}[]} */
  #wanted = [];
  #acks;
  #call;

  /**
   * @param {(method: string, params: object) => Promise<any>} call
   * @param {(method: string, params: object) => void} notify
   */
  constructor(call, notify) {
    this.#call = call;
    this.#acks = new Acks({ send: (acks) => notify("stream.ack", { acks }) });
  }

  /**
   * Wants a stream from now on, through every reconnect.
   * @param {string} stream
   * @param {number} rateHz
   * @param {Reader} reader
   */
  open(stream, rateHz, reader) {
    this.#wanted.push({ stream, rateHz, reader, sub: -1 });
  }

  /** After a hello: subscribes to everything that is wanted. */
  async resubscribe() {
    this.#acks.clear();
    for (const wanted of this.#wanted) wanted.sub = -1;
    await Promise.all(this.#wanted.map((wanted) => this.#subscribe(wanted)));
  }

  /**
   * A stream that the server did not have may come with another build.
   */
  async retryMissing() {
    await Promise.all(
      this.#wanted.filter(({ sub }) => sub < 0).map((wanted) => this.#subscribe(wanted)),
    );
  }

  /** @param {{stream: string, rateHz: number, reader: Reader, sub: number}} wanted */
  async #subscribe(wanted) {
    const { stream, rateHz } = wanted;
    const answer = await this.#call("stream.subscribe", { stream, rateHz }).catch(() => null);
    if (!answer) return;
    wanted.sub = answer.sub;
    wanted.reader.layout(answer.layout);
  }

  /** @param {{sub: number, layout: Layout}} change */
  relayout({ sub, layout }) {
    this.#wanted.find((wanted) => wanted.sub === sub)?.reader.layout(layout);
  }

  /** @param {ArrayBuffer} buffer */
  receive(buffer) {
    const frame = decodeFrame(buffer);
    if (!frame) return;
    this.#acks.note(frame.sub, frame.seq);
    this.#wanted.find((wanted) => wanted.sub === frame.sub)?.reader.frame(frame);
  }
}
