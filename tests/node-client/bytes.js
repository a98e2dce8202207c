'use strict';

/** Joins byte strings and ASCII or UTF-8 texts. */
function concat(...parts) {
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

/** A 64-bit number, big endian. */
function u64(number) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(number));
  return bytes;
}

function toText(bytes) {
  return Buffer.from(bytes).toString('base64url');
}

/** Reads base64url in its one spelling; `null` for anything else. */
function fromText(text, length) {
  if (typeof text !== 'string') return null;
  const bytes = Buffer.from(text, 'base64url');
  const isRight = bytes.toString('base64url') === text;
  return isRight && (length === undefined || bytes.length === length) ? bytes : null;
}

module.exports = { concat, fromText, toText, u64 };
