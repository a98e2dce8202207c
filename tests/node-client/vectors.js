'use strict';

// Computes the worked examples of the two documents and compares them.
// node vectors.js PROTOCOL.md PEERS.md

const { readFileSync } = require('node:fs');
const { sha256 } = require('@noble/hashes/sha2');

const { concat, toText, u64 } = require('./bytes.js');
const keys = require('./keys.js');
const sealed = require('./sealed.js');

/** The values of a document. Each name takes as many characters as in the first line of its block. */
function read(path) {
  const values = new Map();
  for (const [, block] of readFileSync(path, 'utf8').matchAll(/```vectors\n(.*?)```/gs)) {
    const width = /^.*? {2,}/.exec(block)[0].length;
    let last;
    for (const line of block.trimEnd().split('\n')) {
      last = line.slice(0, width).trim() || last;
      values.set(last, (values.get(last) ?? '') + line.slice(width));
    }
  }
  return values;
}

const hex = (bytes) => Buffer.from(bytes).toString('hex');

function protocol(given) {
  const bytes = (name) => Buffer.from(given.get(name), 'hex');
  const [secret, room, challenge] = [bytes('secret'), bytes('room'), bytes('challenge')];
  const key = keys.publicKey(secret);
  const proof = keys.sign(secret, keys.joinClaim(room, challenge));
  const join = { type: 'join', room: toText(room), key: toText(key), proof: toText(proof), card: 'Y2FyZA' };
  return {
    key: hex(key),
    'peer id': hex(keys.peerId(key)),
    'join claim': hex(keys.joinClaim(room, challenge)),
    proof: hex(proof),
    join: JSON.stringify(join),
  };
}

function peers(given) {
  const bytes = (name) => Buffer.from(given.get(name), 'hex');
  const secret = bytes('secret');
  const room = keys.roomKeys(secret);
  const alice = keys.visit(room.room, bytes('alice person secret'), bytes('alice secret'));
  const bob = keys.visit(room.room, bytes('alice person secret'), bytes('bob secret'));
  const person = keys.publicKey(bytes('alice person secret'));
  const { bytes: fingerprint, groups } = keys.fingerprint(person);
  const field = (json, name) => hex(Buffer.from(JSON.parse(json)[name], 'base64url'));
  return {
    check: hex(keys.checkOf(secret)),
    link: `https://parlor.example/#${keys.fragment(secret, 'Tea room')}`,
    'room id': hex(room.room),
    'room id as text': toText(room.room),
    'sealing key': hex(room.sealing),
    'alice person': hex(person),
    'alice key': hex(alice.key),
    'alice peer id': hex(alice.peer),
    'alice visit claim': hex(keys.visitClaim(room.room, alice.key)),
    'alice proof': field(JSON.stringify(alice.certificate), 'proof'),
    'alice fingerprint': hex(fingerprint),
    'alice groups': groups.join(' '),
    'bob key': hex(bob.key),
    'bob peer id': hex(bob.peer),
    ...card(),
    ...said(),
    ...post(),
  };

  function card() {
    const name = given.get('card name');
    const text = sealed.cardText(alice, 1, name);
    const place = { from: alice.peer, to: null, counter: 1 };
    return {
      'card claim': hex(sealed.cardClaim(room.room, alice.peer, 1, name)),
      'card signature': field(text, 'signature'),
      'card text': text,
      'card associated data': hex(sealed.context(room.room, alice.peer, null, 1)),
      'card sealed': sealed.seal(room, place, text, bytes('card nonce')),
    };
  }

  function said() {
    const text = JSON.stringify({ link: { from: 7 }, message: { type: 'bye' } });
    const plaintext = sealed.signed(bob, alice.peer, 1, text);
    const place = { from: bob.peer, to: alice.peer, counter: 1 };
    return {
      'said text': text,
      'said claim': hex(sealed.saidClaim(room.room, bob.peer, alice.peer, 1, text)),
      'said signature': hex(Buffer.from(plaintext.slice(0, 86), 'base64url')),
      'said plaintext': plaintext,
      'said associated data': hex(sealed.context(room.room, bob.peer, alice.peer, 1)),
      'said sealed': sealed.seal(room, place, plaintext, bytes('said nonce')),
    };
  }

  function post() {
    const [name, text] = [given.get('post name'), given.get('post text')];
    const numbers = concat(u64(1), u64(17), Buffer.alloc(16), u64(1764547200000));
    const length = u64(Buffer.byteLength(name));
    const claim = concat('parlor post 2', room.room, alice.peer, numbers, length, name, text);
    return {
      'post claim': hex(claim),
      'post signature': hex(keys.sign(alice.secret, claim)),
      'post digest': hex(sha256(claim).subarray(0, 16)),
    };
  }
}

function differences(path, compute) {
  const given = read(path);
  const computed = Object.entries(compute(given));
  return computed.filter(([name, value]) => given.get(name) !== value)
    .map(([name, value]) => `${path}: ${name} is ${value} here`);
}

if (require.main === module) {
  const [protocolPath, peersPath] = process.argv.slice(2);
  const found = [...differences(protocolPath, protocol), ...differences(peersPath, peers)];
  found.forEach((difference) => console.error(difference));
  process.exitCode = found.length === 0 ? 0 : 1;
}

module.exports = { peers, protocol, read };
