// `Buffer` and the text encodings.
const { coded } = require('errors');

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function toBase64(bytes, url) {
  let out = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const chunk = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const left = bytes.length - at;
    out += BASE64[(chunk >> 18) & 63] + BASE64[(chunk >> 12) & 63];
    out += left > 1 ? BASE64[(chunk >> 6) & 63] : '=';
    out += left > 2 ? BASE64[chunk & 63] : '=';
  }
  return url ? out.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') : out;
}

function fromBase64(text) {
  const out = [];
  let bits = 0;
  let held = 0;
  for (const character of text.replaceAll('-', '+').replaceAll('_', '/')) {
    const value = BASE64.indexOf(character);
    if (character === '=') break;
    if (value === -1) continue;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push((held >> bits) & 255);
    }
  }
  return out;
}

function encode(text, encoding = 'utf8') {
  switch (String(encoding).toLowerCase()) {
    case 'utf8': case 'utf-8': return host.utf8Encode(text);
    case 'base64': case 'base64url': return fromBase64(text);
    case 'hex': return (text.match(/[0-9a-f]{2}/gi) ?? []).map((pair) => parseInt(pair, 16));
    case 'ascii': case 'latin1': case 'binary': return Array.from(text, (character) => character.charCodeAt(0) & 255);
    case 'ucs2': case 'ucs-2': case 'utf16le': case 'utf-16le': return Array.from({ length: text.length * 2 }, (_, at) => (text.charCodeAt(at >> 1) >> (8 * (at & 1))) & 255);
    default: throw coded(TypeError, 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${encoding}`);
  }
}

function decode(bytes, encoding = 'utf8') {
  switch (String(encoding).toLowerCase()) {
    case 'utf8': case 'utf-8': return host.utf8Decode(bytes);
    case 'base64': return toBase64(bytes, false);
    case 'base64url': return toBase64(bytes, true);
    case 'hex': return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    case 'ascii': return Array.from(bytes, (byte) => String.fromCharCode(byte & 127)).join('');
    case 'latin1': case 'binary': return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    case 'ucs2': case 'ucs-2': case 'utf16le': case 'utf-16le': {
      let out = '';
      for (let at = 0; at + 1 < bytes.length; at += 2) out += String.fromCharCode(bytes[at] | (bytes[at + 1] << 8));
      return out;
    }
    default: throw coded(TypeError, 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${encoding}`);
  }
}

class Buffer extends Uint8Array {
  static from(value, encoding, length) {
    if (typeof value === 'string') return Buffer.#of(encode(value, encoding));
    if (value instanceof ArrayBuffer) return new Buffer(value, encoding, length);
    if (ArrayBuffer.isView(value) || Array.isArray(value)) return Buffer.#of(value);
    if (value?.type === 'Buffer' && Array.isArray(value.data)) return Buffer.#of(value.data);
    throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', `The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object. Received ${value === null ? 'null' : typeof value}`);
  }
  static #of(bytes) {
    const buffer = new Buffer(bytes.length);
    buffer.set(bytes);
    return buffer;
  }
  static alloc(size, fill, encoding) {
    const buffer = new Buffer(size);
    if (typeof fill === 'number') buffer.fill(fill);
    else if (typeof fill === 'string' && fill !== '') {
      const pattern = encode(fill, encoding);
      for (let at = 0; at < size; at += 1) buffer[at] = pattern[at % pattern.length];
    }
    return buffer;
  }
  static allocUnsafe(size) { return new Buffer(size); }
  static isBuffer(value) { return value instanceof Buffer; }
  static isEncoding(name) { return /^(utf-?8|hex|base64(url)?|ascii|latin1|binary|ucs-?2|utf-?16le)$/i.test(name); }
  static byteLength(value, encoding) { return typeof value === 'string' ? encode(value, encoding).length : value.byteLength; }
  static concat(list, total = list.reduce((sum, part) => sum + part.length, 0)) {
    const buffer = new Buffer(total);
    let at = 0;
    for (const part of list) {
      const fitting = part.subarray(0, Math.max(0, total - at));
      buffer.set(fitting, at);
      at += fitting.length;
    }
    return buffer;
  }
  static compare(left, right) {
    for (let at = 0; at < Math.min(left.length, right.length); at += 1) if (left[at] !== right[at]) return left[at] < right[at] ? -1 : 1;
    return Math.sign(left.length - right.length);
  }
  toString(encoding, start = 0, end = this.length) {
    return decode(start === 0 && end === this.length ? this : this.subarray(start, end), encoding);
  }
  toJSON() { return { type: 'Buffer', data: Array.from(this) }; }
  equals(other) { return Buffer.compare(this, other) === 0; }
  compare(other) { return Buffer.compare(this, other); }
  slice(start, end) { return this.subarray(start, end); }
  write(text, at = 0, encoding = 'utf8') {
    const bytes = encode(text, typeof encoding === 'string' ? encoding : 'utf8').slice(0, this.length - at);
    this.set(bytes, at);
    return bytes.length;
  }
  readUInt8(at = 0) { return this[at]; }
  readUInt16BE(at = 0) { return (this[at] << 8) | this[at + 1]; }
  readUInt32BE(at = 0) { return this.readUInt16BE(at) * 65536 + this.readUInt16BE(at + 2); }
  [Symbol.for('nodejs.util.inspect.custom')]() {
    const shown = Array.from(this.subarray(0, 50), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const more = this.length > 50 ? ` ... ${this.length - 50} more byte${this.length > 51 ? 's' : ''}` : '';
    return `<Buffer${shown === '' ? '' : ' '}${shown}${more}>`;
  }
}

class TextEncoder {
  get encoding() { return 'utf-8'; }
  encode(text = '') { return host.utf8Encode(text); }
}
class TextDecoder {
  get encoding() { return 'utf-8'; }
  decode(bytes) {
    if (bytes === undefined) return '';
    return host.utf8Decode(bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes);
  }
}

const btoa = (text) => toBase64(encode(String(text), 'latin1'), false);
const atob = (text) => decode(fromBase64(String(text)), 'latin1');
module.exports = { Buffer, TextEncoder, TextDecoder, atob, btoa, constants: { MAX_LENGTH: host.maxLength } };
