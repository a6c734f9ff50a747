// Where workspaces are kept: in IndexedDB or, where the browser keeps nothing for this page, in the page's memory. What the
// texts say is none of its affair; `crates/workspace/src/kept.rs` knows. The one exception is `projectText`, for the
// screen after a crash, when the page's own code is dead.

const DATABASE = "stepyard";
/** `projects` has whole projects: what earlier versions kept as `current`, and what was taken in from files. */
const STORES = ["workspaces", "heads", "pieces", "projects"];

/** What a page that was built later, or another tab, did to the workspace meanwhile. */
export const CONFLICT = "conflict";

let database = null;
const memory = Object.fromEntries(STORES.map((name) => [name, new Map()]));

function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Opens the database. Rejects where there is none; then everything goes to memory. */
export async function open() {
  const request = indexedDB.open(DATABASE, 2);
  request.onupgradeneeded = () => {
    for (const name of STORES) {
      if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name);
    }
  };
  database = await answer(request);
  // A later version of the page wants to change the database: it must not wait for this one.
  database.onversionchange = () => database.close();
}

/** Texts of the pieces of a workspace have the keys `id/name`. */
const within = (id) => [`${id}/`, `${id}0`];

const inMemory = {
  get: (store, key) => memory[store].get(key),
  put: (store, key, text) => memory[store].set(key, text),
  remove: (store, key) => memory[store].delete(key),
  list: (store, range) =>
    [...memory[store]].filter(([key]) => !range || (key >= range[0] && key < range[1])),
};

function inDatabase(transaction) {
  return {
    get: (store, key) => answer(transaction.objectStore(store).get(key)),
    put: (store, key, text) => answer(transaction.objectStore(store).put(text, key)),
    remove: (store, key) => answer(transaction.objectStore(store).delete(key)),
    async list(store, range) {
      const bounds = range && IDBKeyRange.bound(range[0], range[1], false, true);
      const object = transaction.objectStore(store);
      const [keys, texts] = await Promise.all([answer(object.getAllKeys(bounds)), answer(object.getAll(bounds))]);
      return keys.map((key, index) => [key, texts[index]]);
    },
  };
}

/** Does `work` in one transaction: all of it or nothing. */
async function transact(mode, work) {
  const transaction = database.transaction(STORES, mode, { durability: "relaxed" });
  const ended = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new Error("the browser gave up writing"));
  });
  // It is awaited below; an error of the work itself comes first.
  ended.catch(() => {});
  try {
    const result = await work(inDatabase(transaction));
    transaction.commit?.();
    await ended;
    return result;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It has ended by itself.
    }
    throw error;
  }
}

const isIn = (id) => (database && !memory.workspaces.has(id) ? "database" : "memory");
const run = (where, mode, work) => (where === "memory" ? work(inMemory) : transact(mode, work));

/** True where this workspace lasts only as long as the page. */
export const lastsAsThePage = (id) => isIn(id) === "memory";

/** `[id, summary, id, summary, …]` of all workspaces. */
export async function list() {
  const kept = database ? await transact("readonly", (at) => at.list("workspaces")) : [];
  return [...new Map([...kept, ...memory.workspaces])].flat();
}

/** `[whole, head, name, text, name, text, …]`; "" stands for nothing. */
export function read(id) {
  return run(isIn(id), "readonly", async (at) => {
    const [whole, head, pieces] = [await at.get("projects", id), await at.get("heads", id), await at.list("pieces", within(id))];
    return [whole ?? "", head ?? "", ...pieces.flatMap(([key, text]) => [key.slice(id.length + 1), text])];
  });
}

/** Another tab wrote a head since: then nothing is written over it. */
async function assertSame(at, id, expected) {
  if (((await at.get("heads", id)) ?? "") !== expected) throw new Error(CONFLICT);
}

/**
 * Keeps pieces (`[name, text, …]`) and, after the last of them, the head in place of the expected one with the list of
 * what it no longer needs. Without a head the one that is there stays as it is.
 */
export function put(id, expected, pieces, head, summary, unneeded) {
  return run(isIn(id), "readwrite", async (at) => {
    await assertSame(at, id, expected);
    for (let each = 0; each < pieces.length; each += 2) await at.put("pieces", `${id}/${pieces[each]}`, pieces[each + 1]);
    if (head === null) return;
    await at.put("heads", id, head);
    await at.put("workspaces", id, summary);
    await at.remove("projects", id);
    for (const name of unneeded) await at.remove("pieces", `${id}/${name}`);
  });
}

/** Keeps a project as one text. */
export function putWhole(id, text, summary) {
  return run(isIn(id), "readwrite", async (at) => {
    await at.put("projects", id, text);
    await at.put("workspaces", id, summary);
  });
}

export function putSummary(id, summary) {
  return run(isIn(id), "readwrite", (at) => at.put("workspaces", id, summary));
}

export function remove(id) {
  return run(isIn(id), "readwrite", async (at) => {
    for (const store of ["workspaces", "heads", "projects"]) await at.remove(store, id);
    for (const [key] of await at.list("pieces", within(id))) await at.remove("pieces", key);
  });
}

/** From now on this workspace goes to memory: the browser has no room for it, or another tab has it. */
export function moveToMemory(id, summary) {
  memory.workspaces.set(id, summary);
}

/** What earlier versions kept under another name. */
export async function unlisted() {
  if (!database) return [];
  return transact("readonly", async (at) => {
    const [wholes, listed] = [await at.list("projects"), await at.list("workspaces")];
    const known = new Set(listed.map(([id]) => id));
    return wholes.filter(([id]) => !known.has(id)).flat();
  });
}

/** `[used, quota, lasting]`, or nothing where the browser does not say. */
export async function room() {
  const { usage, quota } = await navigator.storage.estimate();
  return [usage, quota, await navigator.storage.persisted()];
}

export const persist = async () => navigator.storage.persist();

/** A kept workspace as a project's file, or "" where that cannot be. */
export async function projectText(id) {
  const [whole, headText, ...rest] = await read(id);
  if (!headText) return whole;
  const head = JSON.parse(headText);
  const pieces = new Map();
  for (let at = 0; at < rest.length; at += 2) pieces.set(rest[at], rest[at + 1]);
  const log = head.pieces.map(({ name }) => (pieces.get(name) ?? "[]").slice(1, -1)).filter(Boolean);
  const { project: version, name, options, position, drafts, lesson } = head;
  const start = JSON.stringify({ format: "stepyard-project", version, name, options, position, drafts, lesson });
  return `${start.slice(0, -1)},"log":[${log.join(",")}]}`;
}
