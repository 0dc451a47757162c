// The shop without a connection. docs/phone.md says what is kept here, and for how long.
"use strict";

const SHOP = {{ shop }};
const ORDER = "order"; // the one cache that outlives a version; it holds one slip
const ANY = { ignoreVary: true };
const LASTING = /\.[0-9a-f]{12}\.\w+$/; // a name with a hash stands for one content
// Who asks for these is leaving, or is nobody yet: the order on this device goes.
const DOORS = /^\/account\/(login|logout|register)\//;
let passed = 0; // how often somebody went through one

self.addEventListener("install", (event) => event.waitUntil(prepare()));

async function prepare() {
  const cache = await caches.open(SHOP.version);
  await cache.addAll(SHOP.files);
  await cache.add(new Request(SHOP.offline, { cache: "reload" }));
  await self.skipWaiting();
}

self.addEventListener("activate", (event) => event.waitUntil(begin()));

async function begin() {
  const old = (name) => name !== SHOP.version && name !== ORDER;
  const names = await caches.keys();
  await Promise.all(names.filter(old).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (DOORS.test(pathname)) event.waitUntil(forget());
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(visit(event));
  else if (pathname.startsWith(SHOP.static)) event.respondWith(file(request));
});

// However long it takes: a page that comes late is worth more than a note that says so.
async function visit(event) {
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    event.waitUntil(learn(answer.headers).catch(() => {}));
    return answer;
  } catch {
    return withoutConnection();
  }
}

// Pages are never kept. What an answer says of them is: its language, and that there is
// an order to keep a slip of ("none": the shopper wants none on this device).
async function learn(headers) {
  const order = headers.get("X-Offline-Order");
  const language = headers.get("Content-Language");
  if (order === "none") await forget();
  else if (order) await keep(order);
  if (!language) return;
  const cache = await caches.open(SHOP.version);
  const page = await cache.match(SHOP.offline, ANY);
  if (page?.headers.get("Content-Language") === language) return;
  await cache.add(new Request(SHOP.offline, { cache: "reload" }));
}

async function keep(address) {
  const before = passed;
  const headers = { "HX-Request": "true" };
  const slip = await fetch(address, { headers, redirect: "error" });
  if (!slip.ok || !slip.headers.has("X-Until")) return;
  const kept = await caches.match(ORDER, { cacheName: ORDER, ...ANY });
  const placed = (one) => one?.headers.get("X-Placed") ?? "";
  if (placed(kept) > placed(slip) || before !== passed) return;
  await (await caches.open(ORDER)).put(ORDER, slip);
}

async function forget() {
  passed += 1;
  await caches.delete(ORDER);
}

async function withoutConnection() {
  const page = await caches.match(SHOP.offline, { cacheName: SHOP.version, ...ANY });
  if (!page) return Response.error();
  const slip = await caches.match(ORDER, { cacheName: ORDER, ...ANY });
  const stale = slip && Date.parse(slip.headers.get("X-Until")) < Date.now();
  if (stale) await forget();
  const order = slip && !stale ? await slip.text() : "";
  const text = (await page.text()).replace("<!--order-->", () => order);
  const headers = new Headers(page.headers);
  headers.delete("Content-Encoding"); // the text is plain by now
  return new Response(text, { status: 503, headers });
}

// Names without a hash (with DEBUG) are asked for anew while there is a connection.
async function file(request) {
  const cache = await caches.open(SHOP.version);
  const kept = await cache.match(request, ANY);
  if (kept && LASTING.test(new URL(request.url).pathname)) return kept;
  try {
    const answer = await fetch(request);
    if (answer.status === 200) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}
