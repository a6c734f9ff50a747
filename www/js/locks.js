// One tab has a workspace at a time. The browser's locks say which, and end with the tab, however it ends.

/** A tab that is just being left may still have it for a moment. */
const TRIES = 8;
const PAUSE_MILLIS = 100;

export const hasLocks = () => Boolean(globalThis.navigator?.locks);

/** One request; resolves to what gives the lock back, or to null. */
function request(name, options, onLost) {
  return new Promise((resolve) => {
    let held = false;
    navigator.locks
      .request(name, options, (lock) => {
        if (!lock) return resolve(null);
        held = true;
        return new Promise((release) => resolve(() => release()));
      })
      .catch(() => {
        if (held) onLost();
        else resolve(null);
      });
  });
}

/**
 * Takes the lock of this name. Resolves to a function that gives it back, or to null when another tab has it.
 * `steal` takes it from that tab, which is told by `onLost`.
 */
export async function take(name, steal, onLost) {
  if (!hasLocks()) return () => {};
  if (steal) return request(name, { steal: true }, onLost);
  for (let tried = 1; ; tried += 1) {
    const release = await request(name, { ifAvailable: true }, onLost);
    if (release || tried === TRIES) return release;
    await new Promise((done) => setTimeout(done, PAUSE_MILLIS));
  }
}

/** The names of all locks that some tab has. */
export async function taken() {
  if (!hasLocks()) return [];
  try {
    return (await navigator.locks.query()).held.map(({ name }) => name);
  } catch {
    return [];
  }
}
