// One WebSocket that is opened again for ever, with JSON-RPC 2.0 on it.

/** @import {Link} from "../types.js" */

const firstDelayMs = 250;
const longestDelayMs = 5000;
const pingEveryMs = 5000;
const answerWithinMs = 10000;

/**
 * How long to wait before try number `attempt` (1, 2, …): 0.25 → 5 s, up to a quarter less or more
 * so that many pages do not come at once.
 * @param {number} attempt
 * @param {number} random 0…1
 */
export function retryDelayMs(attempt, random) {
  const doubled = firstDelayMs * 2 ** Math.min(attempt - 1, 10);
  return Math.min(longestDelayMs, doubled * (0.75 + 0.5 * random));
}

/** A request that the server answered with an error. */
export class RpcError extends Error {
  /** @param {{code: number, message: string, data?: any}} error */
  constructor({ code, message, data }) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/**
 * @typedef {object} Listener
 * @property {() => Promise<void>} opened makes the page whole again; a rejection closes the socket
 * @property {(method: string, params: any) => void} notified
 * @property {(buffer: ArrayBuffer) => void} received
 * @property {(link: Link) => void} linked
 */

export class Connection {
  /** @type {WebSocket|null} */
  #socket = null;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  #pending = new Map();
  #nextId = 1;
  #attempt = 0;
  #timer = 0;
  #pings = 0;
  #url;
  #refusal;
  #listener;

  /**
   * @param {string} url
   * @param {string} refusal the sentence for a server that is there and lets nobody in by this URL
   * @param {Listener} listener
   */
  constructor(url, refusal, listener) {
    this.#url = url;
    this.#refusal = refusal;
    this.#listener = listener;
    for (const wake of ["online", "focus"])
      addEventListener(wake, () => this.#attempt > 1 && this.retry());
  }

  /** Opens the socket now, unless one is open or opening. */
  retry() {
    clearTimeout(this.#timer);
    if (this.#socket) return;
    const socket = new WebSocket(this.#url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#attempt += 1;
    socket.onopen = () => this.#open(socket);
    socket.onmessage = ({ data }) => this.#message(data);
    socket.onclose = () => this.#closed(socket);
  }

  /**
   * @param {string} method
   * @param {object} [params]
   * @returns {Promise<any>} rejected with RpcError, or with Error when the connection is lost
   */
  call(method, params = {}) {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (!this.#send({ jsonrpc: "2.0", id, method, params })) {
        reject(new Error("The server is not connected; try again when it is back."));
      } else {
        this.#pending.set(id, { resolve, reject });
      }
    });
  }

  /**
   * @param {string} method
   * @param {object} params
   */
  notify(method, params) {
    this.#send({ jsonrpc: "2.0", method, params });
  }

  /** @param {object} message */
  #send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** @param {WebSocket} socket */
  async #open(socket) {
    try {
      await this.#listener.opened();
    } catch (error) {
      this.#closed(socket, error instanceof Error ? error.message : String(error));
      return;
    }
    this.#attempt = 0;
    this.#listener.linked({ phase: "open", attempt: 0, reason: "" });
    clearInterval(this.#pings);
    this.#pings = setInterval(() => this.#ping(socket), pingEveryMs);
  }

  /** @param {WebSocket} socket */
  async #ping(socket) {
    const deadline = setTimeout(() => this.#closed(socket), answerWithinMs);
    await this.call("ping").catch(() => {});
    clearTimeout(deadline);
  }

  /** @param {string|ArrayBuffer} data */
  #message(data) {
    if (typeof data !== "string") {
      this.#listener.received(data);
      return;
    }
    const message = JSON.parse(data);
    if (typeof message.method === "string") {
      this.#listener.notified(message.method, message.params ?? {});
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error) pending?.reject(new RpcError(message.error));
    else pending?.resolve(message.result);
  }

  /**
   * @param {WebSocket} socket
   * @param {string} [reason] one sentence, if there is more to say than that nobody answers
   */
  #closed(socket, reason) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    socket.onclose = null;
    socket.close();
    clearInterval(this.#pings);
    for (const { reject } of this.#pending.values())
      reject(new Error("The connection to the server was lost."));
    this.#pending.clear();
    this.#report(reason);
    this.#timer = setTimeout(
      () => this.retry(),
      retryDelayMs(Math.max(1, this.#attempt), Math.random()),
    );
  }

  /** @param {string} [reason] */
  async #report(reason) {
    const attempt = this.#attempt;
    const silence = "The server does not answer; the page tries again by itself.";
    this.#listener.linked({ phase: "lost", attempt, reason: reason ?? silence });
    if (reason !== undefined || attempt === 0) return;
    // A browser hides why a handshake failed: ask over HTTP whether the server is there at all.
    const there = await fetch("/", { method: "HEAD" }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (there && attempt === this.#attempt) {
      this.#listener.linked({ phase: "refused", attempt, reason: this.#refusal });
    }
  }
}
