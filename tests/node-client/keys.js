'use strict';

// PEERS.md: A room's key; Persons, visits and certificates. PROTOCOL.md: Peer ids and proofs.

const { ed25519 } = require('@noble/curves/ed25519');
const { expand, extract } = require('@noble/hashes/hkdf');
const { sha256, sha512 } = require('@noble/hashes/sha2');

const { concat, fromText, toText } = require('./bytes.js');

/** The address of the server's WebSocket, the room's secret and its name, from an invitation. */
function readLink(link) {
  const url = new URL(link);
  const [key, name = ''] = url.hash.slice(1).split('/');
  const bytes = fromText(key, 18);
  if (!bytes) throw new Error('the link has no key');
  const [secret, check] = [bytes.subarray(0, 16), bytes.subarray(16)];
  if (!check.equals(checkOf(secret))) throw new Error('the link is damaged');
  const scheme = url.protocol === 'https:' ? 'wss' : 'ws';
  return { secret, name: decodeURIComponent(name), socket: `${scheme}://${url.host}/ws` };
}

/** The fragment of an invitation. */
function fragment(secret, name) {
  const key = toText(concat(secret, checkOf(secret)));
  const escape = (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  const isPlain = (byte) => /[A-Za-z0-9]/.test(String.fromCharCode(byte));
  const encoded = [...Buffer.from(name)].map((byte) =>
    byte < 128 && isPlain(byte) ? String.fromCharCode(byte) : escape(byte));
  return name === '' ? key : `${key}/${encoded.join('')}`;
}

function checkOf(secret) {
  return Buffer.from(sha256(concat('parlor room 1', secret))).subarray(0, 2);
}

/** What follows from a room's secret. */
function roomKeys(secret) {
  const extracted = extract(sha256, secret, Buffer.from('parlor room 1'));
  const derive = (info, length) => Buffer.from(expand(sha256, extracted, Buffer.from(info), length));
  return { room: derive('room id', 16), sealing: derive('sealing key', 32) };
}

function peerId(key) {
  return Buffer.from(sha256(concat('parlor peer 2', key))).subarray(0, 16);
}

function publicKey(secret) {
  return Buffer.from(ed25519.getPublicKey(secret));
}

function sign(secret, claim) {
  return Buffer.from(ed25519.sign(claim, secret));
}

/** Verifies as strictly as the documents ask for, which is more strictly than the library does. */
function hasSigned(key, claim, signature) {
  const { BASE, Fn, fromHex } = ed25519.Point;
  try {
    const [point, s] = [fromHex(key), littleEndian(signature.subarray(32))];
    const encodedR = signature.subarray(0, 32);
    if (point.isSmallOrder() || fromHex(encodedR).isSmallOrder() || s >= Fn.ORDER) return false;
    const k = littleEndian(sha512(concat(encodedR, key, claim))) % Fn.ORDER;
    const expected = BASE.multiplyUnsafe(s).subtract(point.multiplyUnsafe(k));
    return encodedR.equals(expected.toBytes());
  } catch {
    return false;
  }
}

function littleEndian(bytes) {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function joinClaim(room, challenge) {
  return concat('parlor join 2', room, challenge);
}

function visitClaim(room, key) {
  return concat('parlor visit 2', room, key);
}

/** The keys of one visit to a room, and the person's certificate for them. */
function visit(room, personSecret, secret) {
  const [person, key] = [publicKey(personSecret), publicKey(secret)];
  const proof = sign(personSecret, visitClaim(room, key));
  const certificate = { person: toText(person), key: toText(key), proof: toText(proof) };
  return { room, secret, key, peer: peerId(key), certificate };
}

/** What people compare of a person's key. */
function fingerprint(person) {
  const bytes = Buffer.from(sha256(concat('parlor fingerprint 1', person)));
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = Array.from({ length: 10 }, (_, at) => parseInt(bits.slice(at * 11, at * 11 + 11), 2));
  return { bytes: bytes.subarray(0, 16), groups };
}

module.exports = {
  checkOf,
  fingerprint,
  fragment,
  hasSigned,
  joinClaim,
  peerId,
  publicKey,
  readLink,
  roomKeys,
  sign,
  visit,
  visitClaim,
};
