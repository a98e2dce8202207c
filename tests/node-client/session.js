'use strict';

// PROTOCOL.md: The handshake; Sessions; Errors.

const { EventEmitter } = require('node:events');
const WebSocket = require('ws');

const { parse } = require('./sealed.js');

const VERSION = 2;
const PING_EVERY = 20_000;
const SILENCE = 50_000;
const GREETED_WITHIN = 10_000;
const CONFIRM_EVERY = 64;
const MOST_KEPT = 512;
const LARGEST_FRAME = 128 * 1024;
/** Half to all of these is waited before each try to connect again. */
const PAUSES = [250, 1_000, 2_000, 4_000, 8_000, 15_000];
const GOOD_AFTER = 10_000;

/**
 * A client's conversation with the server, across sockets.
 *
 * Events: `welcome` with `{ resumed, challenge }`, `message` with each counted message of the server, `refused`
 * with an error, `cut` when a socket is lost.
 */
class Session extends EventEmitter {
  #address;
  #longestPause;
  #socket = null;
  #isGreeted = false;
  #isOver = false;
  #tries = 0;
  #timers = [];
  /** What both sides know of each other; `null` before the first `welcome`. */
  #known = null;

  constructor(address, longestPause = Infinity) {
    super();
    this.#address = address;
    this.#longestPause = longestPause;
  }

  connect() {
    const socket = new WebSocket(this.#address, {
      followRedirects: false,
      maxPayload: LARGEST_FRAME,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    this.#isGreeted = false;
    const isCurrent = () => socket === this.#socket;
    this.#after(GREETED_WITHIN, () => this.#isGreeted || socket.terminate());
    socket.on('open', () => isCurrent() && this.#greet());
    socket.on('message', (data, isBinary) => isCurrent() && !isBinary && this.#hear(data.toString()));
    socket.on('close', () => isCurrent() && this.#lost());
    // What went wrong does not matter: `close` follows.
    socket.on('error', () => {});
  }

  /** Says a counted message, now or on the next socket. Without a session it is dropped. */
  say(message) {
    if (!this.#known) return;
    if (this.#known.kept.length >= MOST_KEPT) return this.#startAnew();
    const text = JSON.stringify(message);
    this.#known.kept.push(text);
    if (this.#isGreeted) this.#socket.send(text);
  }

  /** Closes the socket for good. Membership ends before, with `leave`. */
  end() {
    this.#isOver = true;
    this.#clear();
    this.#socket?.close(1000);
  }

  #greet() {
    const hello = { type: 'hello', version: VERSION };
    if (this.#known) hello.resume = { token: this.#known.token, received: this.#known.received };
    this.#socket.send(JSON.stringify(hello));
  }

  #hear(text) {
    const message = parse(text);
    if (!message) return;
    this.#watchSilence();
    if (message.type === 'welcome') this.#welcome(message);
    else if (message.type === 'pong') this.#confirmed(message.received);
    else if (message.type === 'error') this.#refused(message);
    else this.#counted(message);
  }

  #welcome({ resumed, resume: token, received, challenge }) {
    this.#clear();
    this.#isGreeted = true;
    this.#watchSilence();
    const ping = setInterval(() => this.#ping(), PING_EVERY);
    this.#timers.push(ping);
    this.#after(GOOD_AFTER, () => { this.#tries = 0; });
    if (resumed) {
      this.#known.token = token;
      this.#known.confirmed = this.#known.received;
      this.#confirmed(received);
      this.#known.kept.forEach((text) => this.#socket.send(text));
    } else {
      this.#known = { token, received: 0, confirmed: 0, accepted: 0, kept: [] };
    }
    this.emit('welcome', { resumed, challenge });
  }

  /** The server has our counted messages up to this number. */
  #confirmed(number) {
    const { accepted, kept } = this.#known;
    if (number <= accepted) return;
    if (number > accepted + kept.length) return this.#startAnew();
    kept.splice(0, number - accepted);
    this.#known.accepted = number;
  }

  #refused(error) {
    // Nobody says which message was not carried out.
    if (error.code === 'rate_limited') this.#startAnew();
    this.emit('refused', error);
  }

  #counted(message) {
    this.#known.received += 1;
    if (this.#known.received - this.#known.confirmed >= CONFIRM_EVERY) this.#ping();
    this.emit('message', message);
  }

  #ping() {
    this.#known.confirmed = this.#known.received;
    this.#socket.send(JSON.stringify({ type: 'ping', received: this.#known.received }));
  }

  #startAnew() {
    this.#known = null;
    this.#socket.terminate();
  }

  #lost() {
    this.#clear();
    this.#socket = null;
    this.#isGreeted = false;
    if (this.#isOver) return;
    this.emit('cut');
    const pause = PAUSES[Math.min(this.#tries, PAUSES.length - 1)];
    this.#tries += 1;
    const jittered = pause * (0.5 + Math.random() / 2);
    this.#after(Math.min(jittered, this.#longestPause), () => this.connect());
  }

  #silence = null;

  #watchSilence() {
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#silence = setTimeout(() => socket.terminate(), SILENCE);
  }

  #after(time, act) {
    this.#timers.push(setTimeout(act, time));
  }

  #clear() {
    clearTimeout(this.#silence);
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
  }
}

module.exports = { Session };
