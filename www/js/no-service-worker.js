// A build for development is not kept for offline use. Where a published one was hosted at the same address before, this
// takes its worker and what it kept away.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const ours = `stepyard ${new URL(self.registration.scope).pathname} `;
    const names = (await caches.keys()).filter((name) => name.startsWith(ours));
    await Promise.all(names.map((name) => caches.delete(name)));
    await self.registration.unregister();
  };
  event.waitUntil(tidy());
});
