'use strict';

// PEERS.md: Sealed texts; Cards; Links and envelopes.

const { randomBytes } = require('node:crypto');
const { xchacha20poly1305 } = require('@noble/ciphers/chacha');

const { concat, fromText, toText, u64 } = require('./bytes.js');
const { hasSigned, peerId, sign, visitClaim } = require('./keys.js');

const SIGNATURE_CHARS = 86;

/** What is authenticated with a sealed text. `to` is `null` for everybody. */
function context(room, from, to, counter) {
  const recipient = to === null ? Buffer.from([0]) : concat([1], to);
  return concat('parlor sealed 1', room, from, recipient, u64(counter));
}

function seal({ room, sealing }, { from, to, counter }, text, nonce = randomBytes(24)) {
  const cipher = xchacha20poly1305(sealing, nonce, context(room, from, to, counter));
  return toText(concat(u64(counter), nonce, cipher.encrypt(Buffer.from(text))));
}

/** The text and its counter; `null` for what does not open. */
function open({ room, sealing }, { from, to }, sealed) {
  const bytes = fromText(sealed);
  if (!bytes || bytes.length < 32) return null;
  const counter = bytes.readBigUInt64BE(0);
  const nonce = bytes.subarray(8, 32);
  try {
    const cipher = xchacha20poly1305(sealing, nonce, context(room, from, to, counter));
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { counter, text: text.decode(cipher.decrypt(bytes.subarray(32))) };
  } catch {
    return null;
  }
}

function cardClaim(room, peer, counter, name) {
  return concat('parlor card 2', room, peer, u64(counter), name);
}

/** The text of a card. */
function cardText(visit, counter, name) {
  const signature = toText(sign(visit.secret, cardClaim(visit.room, visit.peer, counter, name)));
  return JSON.stringify({ ...visit.certificate, name, signature });
}

/** A member's card, if it is one. */
function openCard(keys, peer, sealed) {
  const opened = open(keys, { from: peer, to: null }, sealed);
  const card = opened && parse(opened.text);
  if (!card || typeof card.name !== 'string') return null;
  const [person, key] = [fromText(card.person, 32), fromText(card.key, 32)];
  const [proof, signature] = [fromText(card.proof, 64), fromText(card.signature, 64)];
  if (!person || !key || !proof || !signature || !peerId(key).equals(peer)) return null;
  const claim = cardClaim(keys.room, peer, opened.counter, card.name);
  const holds = hasSigned(key, claim, signature)
    && hasSigned(person, visitClaim(keys.room, key), proof);
  return holds ? { person: card.person, key, name: card.name, counter: opened.counter } : null;
}

function saidClaim(room, from, to, counter, text) {
  return concat('parlor said 2', room, from, to, u64(counter), text);
}

/** A text for one peer, with its signature before it. */
function signed(visit, to, counter, text) {
  return toText(sign(visit.secret, saidClaim(visit.room, visit.peer, to, counter, text))) + text;
}

/** The text behind its signature; `null` if the key did not sign it. */
function verified(room, { from, key, to }, counter, plaintext) {
  const signature = fromText(plaintext.slice(0, SIGNATURE_CHARS), 64);
  const text = plaintext.slice(SIGNATURE_CHARS);
  const holds = signature && hasSigned(key, saidClaim(room, from, to, counter, text), signature);
  return holds ? text : null;
}

/** An object of JSON; `null` for anything else. */
function parse(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

module.exports = {
  cardClaim,
  cardText,
  context,
  open,
  openCard,
  parse,
  saidClaim,
  seal,
  signed,
  verified,
};
