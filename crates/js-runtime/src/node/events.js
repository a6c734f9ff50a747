// `events`: EventEmitter, and the EventTarget that AbortSignal is.
class EventEmitter {
  #listeners = new Map();
  on(name, fn) { return this.#add(name, fn, false); }
  addListener(name, fn) { return this.#add(name, fn, false); }
  prependListener(name, fn) { return this.#add(name, fn, true); }
  once(name, fn) {
    const wrapper = (...args) => {
      this.off(name, wrapper);
      fn.apply(this, args);
    };
    wrapper.listener = fn;
    return this.#add(name, wrapper, false);
  }
  off(name, fn) {
    const list = this.#listeners.get(name) ?? [];
    const at = list.findLastIndex((other) => other === fn || other.listener === fn);
    if (at !== -1) this.#listeners.set(name, list.filter((_, other) => other !== at));
    return this;
  }
  removeListener(name, fn) { return this.off(name, fn); }
  removeAllListeners(name) {
    if (name === undefined) this.#listeners.clear();
    else this.#listeners.delete(name);
    return this;
  }
  emit(name, ...args) {
    const list = this.#listeners.get(name) ?? [];
    if (list.length === 0) {
      if (name === 'error') throw args[0] instanceof Error ? args[0] : new Error(`Unhandled error. (${args[0]})`);
      return false;
    }
    for (const fn of list) fn.apply(this, args);
    return true;
  }
  listenerCount(name) { return (this.#listeners.get(name) ?? []).length; }
  listeners(name) { return (this.#listeners.get(name) ?? []).map((fn) => fn.listener ?? fn); }
  eventNames() { return [...this.#listeners.keys()].filter((name) => this.listenerCount(name) > 0); }
  setMaxListeners() { return this; }
  #add(name, fn, first) {
    const list = this.#listeners.get(name) ?? [];
    this.#listeners.set(name, first ? [fn, ...list] : [...list, fn]);
    return this;
  }
}

class EventTarget {
  #emitter = new EventEmitter();
  addEventListener(name, fn, options) { this.#emitter[options?.once ? 'once' : 'on'](name, fn); }
  removeEventListener(name, fn) { this.#emitter.off(name, fn); }
  dispatchEvent(event) { this.#emitter.emit(event.type, event); return true; }
}

EventEmitter.EventEmitter = EventEmitter;
EventEmitter.EventTarget = EventTarget;
EventEmitter.once = (emitter, name) => new Promise((resolve, reject) => {
  const onError = (error) => reject(error);
  if (name !== 'error') emitter.once('error', onError);
  emitter.once(name, (...args) => {
    emitter.off('error', onError);
    resolve(args);
  });
});
module.exports = EventEmitter;
