'use strict';

// PROTOCOL.md: Joining more than once. PEERS.md: Cards; Links and envelopes; States.

const { randomBytes } = require('node:crypto');
const { EventEmitter } = require('node:events');

const { fromText, toText } = require('./bytes.js');
const { joinClaim, roomKeys, sign, visit } = require('./keys.js');
const { cardText, open, openCard, parse, seal, signed, verified } = require('./sealed.js');

/** How often a link is made anew at once; after that, one more in ten seconds is enough for anybody honest. */
const MOST_ANEW = 5;

/**
 * One visit to a room, without WebRTC: it says everything through the server.
 *
 * Events: `joined`, `met`, `renamed`, `gone` and `said`, with a peer's id as text; `dropped` for what was not
 * taken, and why.
 */
class Member extends EventEmitter {
  #session;
  #keys;
  #visit;
  #name;
  #cards = 0;
  #card;
  /** The others, by their ids as text. */
  #peers = new Map();
  /** Counters of all who were ever met: one who comes back goes on counting. */
  #counters = new Map();
  #state = { call: null, rings: false, declined: null, tracks: {} };

  constructor(session, secret, name) {
    super();
    this.#session = session;
    this.#keys = roomKeys(secret);
    this.#visit = visit(this.#keys.room, randomBytes(32), randomBytes(32));
    this.#name = name;
    this.#card = this.#sealCard();
    session.on('welcome', ({ resumed, challenge }) => resumed || this.#join(challenge));
    session.on('message', (message) => message.room === this.#room && this.#hear(message));
  }

  get id() {
    return toText(this.#visit.peer);
  }

  get #room() {
    return toText(this.#keys.room);
  }

  /** Says something to one peer. */
  say(id, message) {
    const peer = this.#peers.get(id);
    if (!peer) return;
    const counters = this.#countersOf(id);
    counters.sealed += 1n;
    const link = peer.theirs === null ? { from: peer.link } : { from: peer.link, to: peer.theirs };
    const text = JSON.stringify({ link, message });
    const [to, counter] = [fromText(id), counters.sealed];
    const place = { from: this.#visit.peer, to, counter };
    const payload = seal(this.#keys, place, signed(this.#visit, to, counter, text));
    this.#session.say({ type: 'relay', room: this.#room, to: id, payload });
  }

  /** Publishes what this peer does. */
  publish(state) {
    this.#state = { ...this.#state, ...state };
    [...this.#peers.keys()].forEach((id) => this.#sayState(id));
  }

  rename(name) {
    this.#name = name;
    this.#card = this.#sealCard();
    this.#session.say({ type: 'card', room: this.#room, card: this.#card });
  }

  leave() {
    this.#session.say({ type: 'leave', room: this.#room });
  }

  #sealCard() {
    this.#cards += 1;
    const text = cardText(this.#visit, this.#cards, this.#name);
    return seal(this.#keys, { from: this.#visit.peer, to: null, counter: this.#cards }, text);
  }

  #join(challenge) {
    const proof = sign(this.#visit.secret, joinClaim(this.#keys.room, fromText(challenge)));
    this.#session.say({
      type: 'join',
      room: this.#room,
      key: toText(this.#visit.key),
      proof: toText(proof),
      card: this.#card,
    });
  }

  #hear(message) {
    switch (message.type) {
      case 'joined': return this.#joined(message.members);
      case 'peer_joined': return this.#meet(message.member);
      case 'peer_card': return this.#meet(message.member);
      case 'peer_left': return this.#left(message.peer, message.reason);
      case 'relayed': return this.#relayed(message.from, message.payload);
      default: return undefined;
    }
  }

  #joined(members) {
    this.emit('joined');
    const here = new Set(members.map((member) => member.peer));
    [...this.#peers.keys()].filter((id) => !here.has(id)).forEach((id) => this.#left(id, 'lost'));
    members.forEach((member) => this.#meet(member));
  }

  #meet({ peer: id, card: sealed }) {
    const card = openCard(this.#keys, fromText(id, 16), sealed);
    const known = this.#peers.get(id);
    if (!card) return this.emit('dropped', id, 'card');
    if (known) {
      if (card.counter > known.card.counter && card.person === known.card.person) {
        known.card = card;
        this.emit('renamed', id, card.name);
      }
      return undefined;
    }
    const link = randomBytes(4).readUInt32BE(0);
    this.#peers.set(id, { card, link, theirs: null, revision: 0, heard: 0, anew: 0 });
    this.emit('met', id, card.name);
    return this.#sayState(id);
  }

  #left(id, reason) {
    if (this.#peers.delete(id)) this.emit('gone', id, reason);
  }

  #relayed(id, payload) {
    const peer = this.#peers.get(id);
    if (!peer) return undefined;
    const [from, to] = [fromText(id), this.#visit.peer];
    const opened = open(this.#keys, { from, to }, payload);
    if (!opened) return this.emit('dropped', id, 'seal');
    const counters = this.#countersOf(id);
    if (opened.counter <= counters.opened) return this.emit('dropped', id, 'counter');
    const sender = { from, key: peer.card.key, to };
    const text = verified(this.#keys.room, sender, opened.counter, opened.text);
    if (text === null) return this.emit('dropped', id, 'signature');
    counters.opened = opened.counter;
    return this.#enveloped(id, peer, parse(text));
  }

  #enveloped(id, peer, envelope) {
    const { link, message } = envelope ?? {};
    if (!Number.isInteger(link?.from) || typeof message?.type !== 'string') {
      return this.emit('dropped', id, 'form');
    }
    if (Number.isInteger(link.to) && link.to !== peer.link) {
      this.emit('dropped', id, 'link');
      return this.#sayState(id);
    }
    if (peer.theirs !== null && peer.theirs !== link.from) {
      if (peer.anew >= MOST_ANEW) return this.emit('dropped', id, 'link');
      const afresh = { link: randomBytes(4).readUInt32BE(0), revision: 0, heard: 0 };
      Object.assign(peer, afresh, { anew: peer.anew + 1, theirs: link.from });
      this.#sayState(id);
    }
    peer.theirs = link.from;
    if (message.type === 'state') {
      if (!(message.revision > peer.heard)) return undefined;
      peer.heard = message.revision;
    }
    return this.emit('said', id, message);
  }

  #sayState(id) {
    const peer = this.#peers.get(id);
    peer.revision += 1;
    this.say(id, { type: 'state', revision: peer.revision, ...this.#state });
  }

  #countersOf(id) {
    if (!this.#counters.has(id)) this.#counters.set(id, { sealed: 0n, opened: 0n });
    return this.#counters.get(id);
  }
}

module.exports = { Member };
