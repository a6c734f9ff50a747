// Answers every request of the page from what was kept when this version was installed. www/build/finish.mjs fills in the
// two constants and adds it to builds that are published; a build for development gets one that takes itself away.

const VERSION = "__VERSION__";
const FILES = __FILES__;

/** Several pages may share an origin: each has its own path. */
const OURS = `stepyard ${new URL(self.registration.scope).pathname} `;
const CURRENT = OURS + VERSION;
/** The version before stays, for tabs that still show it. */
const KEPT = 2;

self.addEventListener("install", (event) => {
  const fill = async () => {
    const cache = await caches.open(CURRENT);
    await cache.addAll(FILES.map((file) => new Request(file, { cache: "no-cache" })));
  };
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const ours = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CURRENT);
    const old = ours.slice(0, Math.max(0, ours.length - (KEPT - 1)));
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("message", (event) => {
  if (event.data === "activate") self.skipWaiting();
});

async function answer(request) {
  const url = new URL(request.url);
  const scope = new URL(self.registration.scope);
  const isPage = request.mode === "navigate" && [scope.pathname, `${scope.pathname}index.html`].includes(url.pathname);
  const wanted = isPage ? new URL("./index.html", scope).href : request;
  const current = await caches.open(CURRENT);
  const kept = await current.match(wanted, { ignoreSearch: true });
  if (kept) return kept;
  for (const name of await caches.keys()) {
    const older = name.startsWith(OURS) && (await (await caches.open(name)).match(wanted, { ignoreSearch: true }));
    if (older) return older;
  }
  return fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(answer(request));
});
