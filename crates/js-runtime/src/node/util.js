// `util`, `path` and `timers/promises`.
const { inspect, format } = require('inspect');
const loop = require('event_loop');
const buffer = require('buffer');

const promisified = Symbol.for('nodejs.util.promisify.custom');

function promisify(fn) {
  loop.needFunction(fn, 'original');
  if (fn[promisified] !== undefined) return fn[promisified];
  return function (...args) {
    return new Promise((resolve, reject) => {
      fn.call(this, ...args, (error, value) => (error ? reject(error) : resolve(value)));
    });
  };
}
promisify.custom = promisified;

function callbackify(fn) {
  return function (...args) {
    const callback = args.pop();
    fn.apply(this, args).then((value) => loop.nextTick(callback, null, value), (error) => loop.nextTick(callback, error));
  };
}

function sameValues(left, right, seen = []) {
  if (Object.is(left, right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) return false;
  if (seen.length > 100) throw new RangeError('Maximum call stack size exceeded');
  if (seen.includes(left)) return true;
  const below = [...seen, left];
  if (left instanceof Date) return left.getTime() === right.getTime();
  if (left instanceof RegExp) return String(left) === String(right);
  if (left instanceof Error && (left.message !== right.message || left.name !== right.name)) return false;
  if (left instanceof Map || left instanceof Set) return left.size === right.size && sameValues([...left], [...right], below);
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && sameValues(left[key], right[key], below));
}

loop.globals.setTimeout[promisified] = (delay, value) => new Promise((resolve) => { loop.globals.setTimeout(() => resolve(value), delay); });
loop.globals.setImmediate[promisified] = (value) => new Promise((resolve) => { loop.globals.setImmediate(() => resolve(value)); });

const timersPromises = {
  setTimeout: loop.globals.setTimeout[promisified],
  setImmediate: loop.globals.setImmediate[promisified],
  async *setInterval(delay, value) {
    for (;;) {
      await timersPromises.setTimeout(delay);
      yield value;
    }
  },
  scheduler: { wait: (delay) => timersPromises.setTimeout(delay) },
};

const types = {
  isDate: (value) => value instanceof Date,
  isRegExp: (value) => value instanceof RegExp,
  isPromise: (value) => value instanceof Promise,
  isMap: (value) => value instanceof Map,
  isSet: (value) => value instanceof Set,
  isNativeError: (value) => value instanceof Error,
  isTypedArray: (value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
};

const util = {
  inspect,
  format,
  promisify,
  callbackify,
  types,
  isDeepStrictEqual: (left, right) => sameValues(left, right),
  inherits(child, parent) {
    child.super_ = parent;
    Object.setPrototypeOf(child.prototype, parent.prototype);
  },
  deprecate: (fn) => fn,
  isArray: Array.isArray,
  TextEncoder: buffer.TextEncoder,
  TextDecoder: buffer.TextDecoder,
};

function normalize(text) {
  const out = [];
  for (const part of text.split('/')) {
    if (part === '..' && out.length > 0 && out[out.length - 1] !== '..') out.pop();
    else if (part !== '' && part !== '.' && !(part === '..' && text.startsWith('/'))) out.push(part);
  }
  return (text.startsWith('/') ? '/' : '') + out.join('/') || '.';
}

const path = {
  sep: '/',
  delimiter: ':',
  normalize,
  join: (...parts) => normalize(parts.filter((part) => part !== '').join('/')),
  resolve: (...parts) => normalize(parts.reduce((whole, part) => (part.startsWith('/') ? part : `${whole}/${part}`), '/var/task')),
  isAbsolute: (text) => text.startsWith('/'),
  dirname: (text) => text.replace(/\/?[^/]*\/*$/, '') || (text.startsWith('/') ? '/' : '.'),
  basename: (text, suffix = '') => {
    const name = /([^/]*)\/*$/.exec(text)[1];
    return suffix !== '' && name.endsWith(suffix) && name !== suffix ? name.slice(0, -suffix.length) : name;
  },
  extname: (text) => /[^/.][^/]*?(\.[^./]*)$/.exec(text)?.[1] ?? '',
};
path.posix = path;

module.exports = { util, path, timersPromises, sameValues };
