// Timers, immediates, ticks. Time is the host's; nothing here waits.
const timers = new Map();
const immediates = new Map();
const ticks = [];
let nextId = 1;
let openCalls = 0;
let onUncaught = (error) => { throw error; };

function guarded(fn) {
  return function (...args) {
    try {
      return fn(...args);
    } catch (error) {
      onUncaught(error);
    }
  };
}

class Timeout {
  constructor(fn, delay, args, repeat) {
    const millis = Number(delay);
    this._id = nextId++;
    this._millis = millis >= 1 && millis <= 2147483647 ? Math.trunc(millis) : 1;
    this._repeat = repeat;
    this._ref = true;
    Object.defineProperty(this, '_run', { value: () => fn(...args) });
    this._schedule();
  }
  _schedule() {
    Object.defineProperty(this, '_at', { value: host.nowMicros() + this._millis * 1000, configurable: true });
    timers.set(this._id, this);
  }
  ref() { this._ref = true; return this; }
  unref() { this._ref = false; return this; }
  hasRef() { return this._ref; }
  refresh() { timers.delete(this._id); this._schedule(); return this; }
  close() { timers.delete(this._id); return this; }
  [Symbol.toPrimitive]() { return this._id; }
}

class Immediate {
  constructor(fn, args) {
    this._id = nextId++;
    Object.defineProperty(this, '_run', { value: () => fn(...args) });
    immediates.set(this._id, this);
  }
  ref() { return this; }
  unref() { return this; }
  hasRef() { return true; }
}

function needFunction(fn, name = 'callback') {
  if (typeof fn !== 'function') {
    const error = new TypeError(`The "${name}" argument must be of type function. Received ${fn === null ? 'null' : typeof fn}`);
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }
}

function earliest() {
  let first;
  for (const timer of timers.values()) {
    if (first === undefined || timer._at < first._at) first = timer;
  }
  return first;
}

const globals = {
  setTimeout(fn, delay, ...args) { needFunction(fn); return new Timeout(fn, delay, args, false); },
  setInterval(fn, delay, ...args) { needFunction(fn); return new Timeout(fn, delay, args, true); },
  setImmediate(fn, ...args) { needFunction(fn); return new Immediate(fn, args); },
  clearTimeout(timer) { timers.delete(typeof timer === 'object' && timer !== null ? timer._id : Number(timer)); },
  clearImmediate(immediate) { if (immediate) immediates.delete(immediate._id); },
  queueMicrotask(fn) { needFunction(fn); Promise.resolve().then(guarded(() => fn())); },
};
globals.clearInterval = globals.clearTimeout;

module.exports = {
  globals,
  guarded,
  needFunction,
  setUncaught(fn) { onUncaught = fn; },
  callOpened() { openCalls += 1; },
  callClosed() { openCalls -= 1; },
  nextTick(fn, ...args) { needFunction(fn); ticks.push(() => fn(...args)); },
  drainTicks() {
    let ran = false;
    while (ticks.length > 0) {
      ran = true;
      guarded(ticks.shift())();
    }
    return ran;
  },
  // One due timer, or else one immediate.
  runMacrotask() {
    const timer = earliest();
    if (timer !== undefined && timer._at <= host.nowMicros()) {
      timers.delete(timer._id);
      if (timer._repeat) timer._schedule();
      guarded(timer._run)();
      return true;
    }
    for (const immediate of immediates.values()) {
      immediates.delete(immediate._id);
      guarded(immediate._run)();
      return true;
    }
    return false;
  },
  isWaiting() {
    if (openCalls > 0) return true;
    for (const timer of timers.values()) if (timer._ref) return true;
    return false;
  },
  nextTimer() { return earliest()?._at; },
};
