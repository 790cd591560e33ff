// The service worker: keeps the lessons that were read for when there is no connection, and sends later what was
// marked without one. notebook/offline.py puts `notebook` before it. What fails goes to the network.
(() => {
  const { version, language, files, page, note, controls } = self.notebook;
  const CACHE = `notebook-${version}`;
  const ANY = { ignoreVary: true, ignoreSearch: true }; // a copy is the same for everyone
  const LESSON = /^\/modules\/[\w-]+\/$/;
  const PART = /^\/(?:static|figures)\//;
  const HASHED = /\.[0-9a-f]{12}\.\w+$/; // named after its contents, so it never changes
  const MARK = /^\/progress\/([\w-]+)\/(complete|reopen)\/$/;
  const LEAVING = /^\/(?:accounts\/delete|(?:accounts|admin)\/logout)\/$/;
  const pathOf = (url) => new URL(url, location.href).pathname;
  const quietly = (promise) => promise.catch(() => {});

  // Keeping. One cache a version: a new one is filled whole, pages included, before the old one goes.

  const add = (cache, paths) => Promise.all([...new Set(paths)].map(async (path) => {
    if (!await cache.match(path, ANY)) await cache.add(new Request(path, { credentials: "omit" }));
  }));

  // Fetches the page without cookies, and keeps it only if the server says that it is one for everybody.
  const keep = async (path) => {
    const cache = await caches.open(CACHE);
    const response = await fetch(path, { credentials: "omit" });
    if (response.status >= 500) throw new Error(`${path}: ${response.status}`);
    if (!response.ok || response.redirected || !response.headers.get("Cache-Control")?.includes("public")) return;
    const html = await response.clone().text();
    await add(cache, [...html.matchAll(/ (?:src|href|data-htmx)="(\/(?:static|figures)\/[^"]+)"/g)].map(([, part]) => part));
    await cache.put(path, response);
  };
  const kept = async (cache) => (await cache.keys()).map(({ url }) => pathOf(url)).filter((path) => LESSON.test(path));
  const others = async () => (await caches.keys()).filter((name) => name.startsWith("notebook-") && name !== CACHE);

  // Keeping and forgetting wait for one another, so that nothing comes back after signing out.
  let turn = Promise.resolve();
  const inTurn = (task) => (turn = quietly(turn.then(task)));

  const install = async () => {
    await add(await caches.open(CACHE), [page, ...files]);
    for (const name of await others()) for (const path of await kept(await caches.open(name))) await keep(path);
    await self.skipWaiting();
  };
  const activate = async () => {
    for (const name of await others()) await caches.delete(name);
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
    for (const { url } of await self.clients.matchAll()) if (LESSON.test(pathOf(url))) inTurn(() => keep(pathOf(url)));
    await turn;
  };
  const forget = async () => {
    for (const name of await others()) await caches.delete(name);
    const cache = await caches.open(CACHE);
    for (const request of await cache.keys()) {
      if (![page, ...files].includes(pathOf(request.url))) await cache.delete(request);
    }
    await clicks("readwrite", (store) => store.clear());
  };

  // What was marked offline, in order.

  const clicks = (mode, act) => new Promise((resolve, reject) => {
    const opening = indexedDB.open("notebook", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("clicks", { keyPath: "id", autoIncrement: true });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction("clicks", mode);
      const asked = act(transaction.objectStore("clicks"));
      transaction.oncomplete = () => { database.close(); resolve(asked.result); };
      transaction.onabort = () => { database.close(); reject(transaction.error); };
    };
  });
  const waiting = () => clicks("readonly", (store) => store.getAll()).catch(() => []);
  const marked = ({ lesson, action }) => controls[action].replaceAll("LESSON", lesson);

  // Sends one after another and stops at the first that fails. Sent twice, a click does what it did once.
  const deliver = async () => {
    const answers = new Map();
    for (const { id, lesson, action } of await waiting()) {
      const response = await fetch(`/progress/${lesson}/${action}/`, { method: "POST", headers: { "HX-Request": "true" } });
      if (!response.ok && response.status !== 404) throw new Error(`${lesson}: ${response.status}`); // 404: it is gone
      await clicks("readwrite", (store) => store.delete(id));
      if (response.ok) answers.set(`/modules/${lesson}/`, await response.text());
    }
    for (const client of await self.clients.matchAll()) client.postMessage(answers);
  };
  let sending;
  const send = () => (sending ??= deliver().finally(() => { sending = undefined; }));

  const mark = async (request, lesson, action) => {
    const click = { lesson, action };
    try {
      await send(); // what came first goes first
      return await fetch(request);
    } catch {
      await clicks("readwrite", (store) => store.add(click));
      await quietly(Promise.resolve(self.registration.sync?.register("clicks")));
      return request.headers.has("HX-Request") ? html(marked(click)) : Response.redirect(`/modules/${lesson}/#controls`, 303);
    }
  };

  // From the cache

  const HTML = { "Content-Type": "text/html; charset=utf-8" };
  const html = (text, like) => new Response(text, { headers: like?.headers ?? HTML });

  const copy = async (path) => {
    const response = await (await caches.open(CACHE)).match(path, ANY);
    if (!LESSON.test(path) || !response) return undefined;
    const click = (await waiting()).findLast(({ lesson }) => path === `/modules/${lesson}/`);
    const day = new Date(response.headers.get("Date")).toLocaleDateString(language, { dateStyle: "long" });
    let text = (await response.text()).replace("<main", () => `${note.replace("DAY", day)}<main`);
    if (click) text = text.replace(/<section class="controls"[^]*?<\/section>/, () => marked(click));
    return html(text, response);
  };
  const index = async () => {
    const cache = await caches.open(CACHE);
    const response = await cache.match(page, ANY);
    const items = await Promise.all((await kept(cache)).map(async (path) => {
      const [, title] = (await (await cache.match(path, ANY)).text()).match(/<title>([^<]*?)(?: · [^<·]*)?<\/title>/);
      return `<li class="lesson-line"><a href="${path}">${title}</a></li>`;
    }));
    const list = `<ol class="lesson-list">${items.join("")}</ol>`;
    const text = await response.text();
    return html(items.length ? text.replace(/<p id="kept">[^]*?<\/p>/, () => list) : text, response);
  };

  // Requests

  const visit = async (event, path) => {
    let response;
    try {
      event.waitUntil(quietly(Promise.resolve(event.preloadResponse)));
      if ((await waiting()).length) {
        await quietly(send()); // before the page is asked for, so that it shows what was sent
        response = await fetch(event.request);
        if ((await waiting()).some(({ lesson }) => path === `/modules/${lesson}/`)) throw new Error("still waiting");
      } else {
        response = (await event.preloadResponse) ?? await fetch(event.request);
      }
    } catch {
      return (!event.request.url.includes("?set=") && await copy(path)) || await index(); // a what-if is not kept
    }
    if (response.ok && LESSON.test(path)) event.waitUntil(inTurn(() => keep(path)));
    return response;
  };
  const part = async (event) => {
    const found = await quietly(caches.match(event.request, ANY));
    if (found && HASHED.test(found.url)) return found;
    const response = await quietly(fetch(event.request));
    if (response?.status === 200) {
      const twin = response.clone();
      event.waitUntil(quietly(caches.open(CACHE).then((cache) => cache.put(event.request, twin))));
    }
    return response ?? found ?? Response.error();
  };
  const leave = async (event) => {
    await quietly(send()); // what the reader marked is theirs
    const response = await quietly(fetch(event.request));
    if (response?.status < 400) event.waitUntil(inTurn(forget)); // a redirect, which is all a worker may know, is 0
    return response ?? index();
  };

  addEventListener("install", (event) => event.waitUntil(install()));
  addEventListener("activate", (event) => event.waitUntil(activate()));
  addEventListener("sync", (event) => event.waitUntil(send()));
  addEventListener("message", (event) => { if (event.data === "send") event.waitUntil(quietly(send())); });
  addEventListener("fetch", (event) => {
    const { method, mode, url, headers } = event.request;
    const path = pathOf(url);
    const [, lesson, action] = path.match(MARK) ?? [];
    if (new URL(url).origin !== location.origin) return;
    if (method === "POST") {
      if (lesson) event.respondWith(mark(event.request, lesson, action));
      else if (LEAVING.test(path)) event.respondWith(leave(event));
    } else if (method === "GET" && !path.startsWith("/admin/")) {
      if (PART.test(path)) event.respondWith(part(event));
      else if (path === page) event.respondWith(index().catch(() => fetch(event.request)));
      else if (mode === "navigate" || headers.has("HX-Boosted")) event.respondWith(visit(event, path));
    }
  });
})();
