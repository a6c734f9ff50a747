// Replaces the built-ins that could take the interpreter down with one call, and those that would read a real clock
// or real randomness.
const { maxLength, maxElements } = host;

function replace(object, name, make) {
  const original = object[name];
  const replacement = make(original);
  Object.defineProperty(replacement, 'name', { value: name, configurable: true });
  Object.defineProperty(object, name, { value: replacement, writable: true, enumerable: false, configurable: true });
}

function tooLong(length) {
  if (length > maxLength) throw new RangeError('Invalid string length');
}

replace(String.prototype, 'repeat', (repeat) => function (count) {
  const text = String(this);
  tooLong(text.length * Number(count));
  return repeat.call(text, count);
});
for (const name of ['padStart', 'padEnd']) {
  replace(String.prototype, name, (pad) => function (length, ...fill) {
    tooLong(Number(length));
    return pad.call(this, length, ...fill);
  });
}
replace(Array.prototype, 'join', (join) => function (separator) {
  const width = separator === undefined ? 1 : String(separator).length;
  tooLong((Number(this?.length) || 0) * width);
  if (host.isTooDeep(this)) throw new RangeError('Maximum call stack size exceeded');
  return join.call(this, separator);
});
for (const name of ['toString', 'toLocaleString']) {
  replace(Array.prototype, name, (original) => function (...args) {
    if (host.isTooDeep(this)) throw new RangeError('Maximum call stack size exceeded');
    return original.apply(this, args);
  });
}
replace(Array.prototype, 'flat', (flat) => function (depth) {
  if (host.isTooDeep(this)) throw new RangeError('Maximum call stack size exceeded');
  return flat.call(this, depth);
});
// These walk up to `length`, however sparse the array is.
for (const name of ['fill', 'sort', 'reverse', 'map', 'filter', 'forEach', 'reduce', 'reduceRight', 'indexOf', 'lastIndexOf', 'includes', 'every', 'some', 'find', 'findIndex', 'findLast', 'findLastIndex', 'slice', 'splice', 'concat', 'shift', 'unshift', 'copyWithin', 'toSorted', 'toReversed', 'toSpliced', 'with']) {
  if (typeof Array.prototype[name] !== 'function') continue;
  replace(Array.prototype, name, (original) => function (...args) {
    if (this?.length > maxElements) throw new RangeError('Invalid array length');
    return original.apply(this, args);
  });
}
replace(Array, 'from', (from) => function (items, ...rest) {
  if (items !== null && items !== undefined && typeof items !== 'string' && items[Symbol.iterator] === undefined && items.length > maxElements) {
    throw new RangeError('Invalid array length');
  }
  return from.call(this ?? Array, items, ...rest);
});

const OriginalRegExp = RegExp;
function checkPattern(pattern) {
  let depth = 0;
  for (const character of String(pattern)) {
    if (character === '(') depth += 1;
    if (depth > 100) throw new SyntaxError('Invalid regular expression: too many groups');
  }
}
function BoundedRegExp(pattern, flags) {
  if (!(pattern instanceof OriginalRegExp)) checkPattern(pattern);
  if (new.target === undefined) return OriginalRegExp(pattern, flags);
  return Reflect.construct(OriginalRegExp, [pattern, flags], new.target === BoundedRegExp ? OriginalRegExp : new.target);
}
Object.setPrototypeOf(BoundedRegExp, OriginalRegExp);
Object.defineProperty(BoundedRegExp, 'prototype', { value: OriginalRegExp.prototype, writable: false });
Object.defineProperty(BoundedRegExp, 'name', { value: 'RegExp', configurable: true });
OriginalRegExp.prototype.constructor = BoundedRegExp;
globalThis.RegExp = BoundedRegExp;

replace(JSON, 'parse', () => function parse(text, reviver) {
  const value = host.parseJson(text);
  if (typeof reviver !== 'function') return value;
  const revive = (holder, key) => {
    const held = holder[key];
    if (held !== null && typeof held === 'object') {
      for (const name of Object.keys(held)) {
        const next = revive(held, name);
        if (next === undefined) delete held[name];
        else held[name] = next;
      }
    }
    return reviver.call(holder, key, held);
  };
  return revive({ '': value }, '');
});
replace(JSON, 'stringify', (stringify) => function (value, ...rest) {
  if (host.isTooDeep(value)) throw new RangeError('Maximum call stack size exceeded');
  return stringify.call(JSON, value, ...rest);
});

Math.random = function random() { return host.random(); };
Object.defineProperty(Math, 'random', { enumerable: false });

const OriginalDate = Date;
function VirtualDate(...args) {
  host.nowMicros();
  if (new.target === undefined) return OriginalDate();
  return Reflect.construct(OriginalDate, args, new.target === VirtualDate ? OriginalDate : new.target);
}
Object.setPrototypeOf(VirtualDate, Function.prototype);
Object.defineProperty(VirtualDate, 'prototype', { value: OriginalDate.prototype, writable: false });
Object.defineProperty(VirtualDate, 'name', { value: 'Date', configurable: true });
Object.defineProperty(VirtualDate, 'length', { value: 7, configurable: true });
for (const [name, value] of [['now', () => Math.floor(host.nowMicros() / 1000)], ['parse', OriginalDate.parse], ['UTC', OriginalDate.UTC]]) {
  Object.defineProperty(VirtualDate, name, { value, writable: true, configurable: true });
}
Object.defineProperty(OriginalDate.prototype, 'constructor', { value: VirtualDate, writable: true, configurable: true });
Object.defineProperty(globalThis, 'Date', { value: VirtualDate, writable: true, configurable: true });
Object.defineProperty(globalThis, 'RegExp', { enumerable: false });
// Blocks a thread; there is none here.
delete globalThis.Atomics;
delete globalThis.SharedArrayBuffer;
