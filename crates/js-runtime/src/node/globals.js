// The globals of Node.js.
const { Buffer, TextEncoder, TextDecoder, atob, btoa } = require('buffer');
const { coded } = require('errors');
const { process } = require('process');

function structuredClone(value) {
  const seen = new Map();
  const clone = (from, depth) => {
    if (typeof from === 'function' || typeof from === 'symbol') {
      throw coded(Error, 25, `${typeof from === 'symbol' ? String(from) : from} could not be cloned.`);
    }
    if (from === null || typeof from !== 'object') return from;
    if (seen.has(from)) return seen.get(from);
    if (depth > 100) throw new RangeError('Maximum call stack size exceeded');
    let to;
    if (from instanceof Date) return new Date(from.getTime());
    if (from instanceof RegExp) return new RegExp(from.source, from.flags);
    if (from instanceof ArrayBuffer) return from.slice(0);
    if (ArrayBuffer.isView(from)) return new Uint8Array(from).slice();
    if (from instanceof Map) {
      seen.set(from, to = new Map());
      for (const [key, item] of from) to.set(clone(key, depth + 1), clone(item, depth + 1));
      return to;
    }
    if (from instanceof Set) {
      seen.set(from, to = new Set());
      for (const item of from) to.add(clone(item, depth + 1));
      return to;
    }
    if (from instanceof Error) {
      to = new Error(from.message);
      to.name = from.name;
      return to;
    }
    seen.set(from, to = Array.isArray(from) ? [] : {});
    for (const key of Object.keys(from)) to[key] = clone(from[key], depth + 1);
    return to;
  };
  return clone(value, 0);
}

const performance = {
  timeOrigin: host.nowMicros() / 1000,
  now() { return host.nowMicros() / 1000 - this.timeOrigin; },
  mark() {},
  measure() {},
};

const globals = {
  ...require('event_loop').globals,
  global: globalThis,
  Buffer,
  TextEncoder,
  TextDecoder,
  atob,
  btoa,
  console: require('console'),
  performance,
  process,
  structuredClone,
  crypto: require('crypto').webcrypto,
  fetch() {
    return Promise.reject(new TypeError('fetch failed: a handler has no network here; call AWS services through the SDK'));
  },
};
for (const name of Object.keys(globals)) {
  Object.defineProperty(globalThis, name, { value: globals[name], writable: true, configurable: true, enumerable: false });
}

class AbortSignal extends require('events').EventTarget {
  aborted = false;
  reason = undefined;
  throwIfAborted() { if (this.aborted) throw this.reason; }
}
class AbortController {
  signal = new AbortSignal();
  abort(reason) {
    if (this.signal.aborted) return;
    const error = new Error('This operation was aborted');
    error.name = 'AbortError';
    this.signal.aborted = true;
    this.signal.reason = reason ?? error;
    this.signal.dispatchEvent({ type: 'abort' });
  }
}
Object.assign(globalThis, { AbortController, AbortSignal });
