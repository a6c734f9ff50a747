// `crypto`: hashes, and random values from the function's seed.
const { Buffer } = require('buffer');
const { coded } = require('errors');

function randomBytes(size) {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 1) bytes[at] = Math.floor(host.random() * 256);
  return bytes;
}

function randomUUID() {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

class Hash {
  #algorithm;
  #parts = [];
  constructor(algorithm) { this.#algorithm = algorithm; }
  update(data, encoding) {
    this.#parts.push(Buffer.from(data, encoding));
    return this;
  }
  digest(encoding) {
    const digest = Buffer.from(host.hash(this.#algorithm, Buffer.concat(this.#parts)));
    return encoding === undefined ? digest : digest.toString(encoding);
  }
}

function hashed(algorithm, bytes) {
  return new Hash(algorithm).update(bytes).digest();
}

class Hmac {
  #algorithm;
  #outer;
  #parts;
  constructor(algorithm, key) {
    let secret = Buffer.from(key);
    if (secret.length > 64) secret = hashed(algorithm, secret);
    const padded = Buffer.concat([secret, Buffer.alloc(64)], 64);
    this.#algorithm = algorithm;
    this.#outer = Buffer.from(Array.from(padded, (byte) => byte ^ 0x5c));
    this.#parts = [Buffer.from(Array.from(padded, (byte) => byte ^ 0x36))];
  }
  update(data, encoding) {
    this.#parts.push(Buffer.from(data, encoding));
    return this;
  }
  digest(encoding) {
    const inner = hashed(this.#algorithm, Buffer.concat(this.#parts));
    const digest = hashed(this.#algorithm, Buffer.concat([this.#outer, inner]));
    return encoding === undefined ? digest : digest.toString(encoding);
  }
}

function known(algorithm) {
  if (!['md5', 'sha256', 'sha-256'].includes(String(algorithm).toLowerCase())) {
    throw coded(Error, 'ERR_NOT_SIMULATED', `The algorithm '${algorithm}' is not simulated here; md5 and sha256 are.`);
  }
  return algorithm;
}

module.exports = {
  randomUUID,
  randomBytes,
  randomInt(low, high) {
    const [from, to] = high === undefined || typeof high === 'function' ? [0, low] : [low, high];
    return from + Math.floor(host.random() * (to - from));
  },
  createHash: (algorithm) => new Hash(known(algorithm)),
  createHmac: (algorithm, key) => new Hmac(known(algorithm), key),
  getHashes: () => ['md5', 'sha256'],
  webcrypto: {
    randomUUID,
    getRandomValues(array) {
      for (let at = 0; at < array.length; at += 1) array[at] = Math.floor(host.random() * 4294967296);
      return array;
    },
  },
};
