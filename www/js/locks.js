// One tab has a workspace at a time. The browser's locks say which, and end with the tab, however it ends.

/** Waits a moment for a tab that is just being left. */
const PATIENCE_MILLIS = 700;

export const hasLocks = () => Boolean(globalThis.navigator?.locks);

/**
 * Takes the lock of this name. Resolves to a function that gives it back, or to null when another tab has it.
 * `steal` takes it from that tab, which is told by `onLost`.
 */
export function take(name, steal, onLost) {
  if (!hasLocks()) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    const patience = new AbortController();
    const timer = steal ? undefined : setTimeout(() => patience.abort(), PATIENCE_MILLIS);
    const options = steal ? { steal: true } : { signal: patience.signal };
    let held = false;
    navigator.locks
      .request(name, options, () => {
        clearTimeout(timer);
        held = true;
        return new Promise((release) => resolve(() => release()));
      })
      .catch(() => {
        if (held) onLost();
        else resolve(null);
      });
  });
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
