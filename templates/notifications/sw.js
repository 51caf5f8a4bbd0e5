{% comment %}context: title, body, url (for when the portal cannot be asked), text_url (with the id `nil` in it).{% endcomment %}/* The portal's service worker: shows push messages. What one says it asks of the portal, as whoever is signed in here. */
"use strict";
const GENERIC = { title: "{{ title|escapejs }}", body: "{{ body|escapejs }}", url: "{{ url|escapejs }}" };
const TEXT = "{{ text_url|escapejs }}";
const NIL = "{{ nil|escapejs }}";
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const ask = async (id, mission) => {
  const headers = { Accept: "application/json", "X-Unattended": "1", ...(mission ? { "X-Mission": mission } : {}) };
  const answer = await fetch(TEXT.replace(NIL, id), { headers, cache: "no-store", redirect: "error", signal: AbortSignal.timeout(10000) });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

/* Somebody who works in several missions hears of each of them. */
const words = async (id) => {
  if (!ID.test(id)) return GENERIC;
  try {
    const said = await ask(id);
    for (const mission of said.elsewhere) {
      const there = await ask(id, mission);
      if (there.found) return there;
    }
    return said;
  } catch {
    return GENERIC;
  }
};

const show = async (id) => {
  const said = await words(id);
  await self.registration.showNotification(said.title, { body: said.body, tag: id || "portal", data: { url: said.url } });
};

self.addEventListener("push", (event) => {
  let id = "";
  try { id = String(event.data.json().id); } catch { /* Nothing that the portal sent. */ }
  event.waitUntil(show(id));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, self.location.origin);
  event.waitUntil((async () => {
    if (url.origin !== self.location.origin) return;
    const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const there = open.find((page) => page.url === url.href);
    await (there ? there.focus() : self.clients.openWindow(url.href));
  })());
});
