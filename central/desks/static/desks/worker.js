// The service worker: pages come from the network, and without one a page that says so. Nothing else is kept, so that
// nobody reads an old state and takes it for the new one.
"use strict";

const CACHE = "sigap-2";
const OFFLINE = "/offline/";

async function keep() {
  const cache = await caches.open(CACHE);
  const page = await fetch(OFFLINE, { cache: "reload" });
  const text = await page.clone().text();
  // What the page needs to look as it should; the addresses are its own.
  const parts = [...text.matchAll(/(?:href|src)="(\/static\/[^"#]+\.(?:css|svg|js))"/g)].map((match) => match[1]);
  await cache.put(OFFLINE, page);
  await cache.addAll([...new Set(parts)]);
}

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));

self.addEventListener("activate", (event) => {
  const drop = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(drop());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (new URL(request.url).pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) || Response.error()));
  }
});
