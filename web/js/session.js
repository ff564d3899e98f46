// One page's session with the server: the connection and everything that is known through it.

/** @import {Hello} from "./types.js" */

import { Events } from "./events.js";
import { Params } from "./params.js";
import { Connection } from "./protocol/connection.js";
import { Streams } from "./protocol/streams.js";
import { Store } from "./state.js";

const protocol = 1;

export class Session {
  store = new Store();
  events = new Events();
  params = new Params((method, params) => this.call(method, params));
  streams = new Streams(
    (method, params) => this.#connection.call(method, params),
    (method, params) => this.#connection.notify(method, params),
  );
  #serverId = "";
  /** @type {Set<(sentence: string) => void>} */
  #failed = new Set();
  #connection;

  /**
   * @param {string} url of the WebSocket, with the token
   * @param {string} refusal what to tell a person whom the server does not let in
   */
  constructor(url, refusal) {
    this.#connection = new Connection(url, refusal, {
      opened: () => this.#synchronise(),
      notified: (method, params) => this.#notified(method, params),
      received: (buffer) => this.streams.receive(buffer),
      linked: (link) => this.store.merge({ link }),
    });
  }

  /** Connects, now. */
  connect() {
    this.#connection.retry();
  }

  /**
   * A request that a person made: a failure is shown, and rejects.
   * @param {string} method
   * @param {object} [params]
   * @returns {Promise<any>}
   */
  async call(method, params = {}) {
    try {
      return await this.#connection.call(method, params);
    } catch (error) {
      this.#failed.forEach((run) => run(error instanceof Error ? error.message : String(error)));
      throw error;
    }
  }

  /**
   * As call, for who has no use of the answer.
   * @param {string} method
   * @param {object} [params]
   */
  ask(method, params) {
    this.call(method, params).catch(() => {});
  }

  /** @param {(sentence: string) => void} run */
  onFailure(run) {
    this.#failed.add(run);
  }

  async #synchronise() {
    this.events.hold();
    /** @type {Hello} */
    const hello = await this.#connection.call("hello", { client: "page", protocol });
    if (hello.protocol !== protocol) {
      throw new Error(
        `The server speaks protocol ${hello.protocol}, this page ${protocol}; load the page again.`,
      );
    }
    if (hello.serverId !== this.#serverId) this.events.restart();
    this.#serverId = hello.serverId;
    const state = await this.#connection.call("state.get");
    this.params.replace(state.params);
    this.store.merge(state);
    await this.streams.resubscribe();
    this.events.resume(await this.#connection.call("events.since", { id: this.events.lastId }));
  }

  /**
   * @param {string} method
   * @param {any} params
   */
  #notified(method, params) {
    switch (method) {
      case "param.changed":
        this.params.changed(params);
        break;
      case "state.changed":
        if (params.params) this.params.replace(params.params);
        this.store.merge(params);
        if (params.plugin) this.streams.retryMissing();
        break;
      case "stream.layout":
        this.streams.relayout(params);
        break;
      case "event":
        this.events.receive(params);
        break;
      case "events.gap":
        this.events.gap(params);
        break;
      default: // a newer server may say more
    }
  }
}
