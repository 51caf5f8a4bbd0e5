/* One stream for all tabs of a browser says that something changed; the tabs ask what, when they are looked at.
   body[data-live-stream] names the stream, [data-live] the address of a part of the page that is then drawn anew.
   Without it every page shows the same when it is loaded again. */
"use strict";
(() => {
  const { liveStream, person } = document.body.dataset;
  if (!liveStream || !window.EventSource) return;
  const AFTER = 2000; /* a page that is left at once opens nothing */
  const SILENT = 80000; /* the stream shows a sign of life every 25 seconds */
  const TICK = 20000;
  const LOST = 150000;
  const LONGEST = 600000;
  const RENEW = 3000; /* whole parts of a page weigh more than its head */
  const STILLS = 20;
  const id = Math.random();
  const name = "live-" + person;
  const shared = Boolean(navigator.locks && window.BroadcastChannel);
  const still = () => document.querySelector("template[data-still]")?.dataset.still || "";
  const stills = new Set(); /* of all tabs: addresses that say whether a page may still be shown */
  let active = false; /* this page is open */
  let channel = null; /* to the other tabs */
  let request = null; /* for being the tab that has the stream */
  let release = null; /* set in the tab that has it */
  let source = null;
  let timer = 0;
  let failures = 0;
  let heardAt = 0;
  let leaderAt = 0;
  let coveredAt = 0;
  let told = 0; /* when something new was last said */
  let known = performance.timeOrigin; /* up to when this page knows all */
  let mine = "";

  const post = (message) => channel?.postMessage(message);
  const leads = () => Boolean(release) || !shared;
  const isOpen = () => source?.readyState === EventSource.OPEN;
  /* fresh.js asks by itself while nobody asks for this page. */
  const cover = () => document.body.toggleAttribute("data-covered", leads() ? isOpen() : Date.now() - coveredAt < LOST);

  /* The stream */
  const shut = () => { clearTimeout(timer); source?.close(); source = null; };
  const heard = () => { heardAt = known = Date.now(); failures = 0; };
  const open = () => {
    shut();
    if (mine) stills.add(mine);
    const query = new URLSearchParams({ age: Math.ceil(Math.max(0, Date.now() - known) / 1000) + 1 });
    stills.forEach((path) => query.append("still", path));
    heardAt = Date.now();
    source = new EventSource(`${liveStream}?${query}`);
    source.onopen = () => { heard(); tick(); };
    source.onmessage = heard;
    for (const word of ["inbox", "gone", "out"]) source.addEventListener(word, () => { heard(); act(word); post({ word }); if (word === "out") stop(); });
    source.addEventListener("enough", () => again(LONGEST));
    source.onerror = () => again(source?.readyState === EventSource.CLOSED ? 30000 : 2000);
  };
  const again = (least) => { shut(); soon(Math.min(least * 2 ** failures++, LONGEST) * (0.75 + Math.random() / 2)); cover(); };
  const soon = (wait) => { clearTimeout(timer); timer = setTimeout(open, wait); };
  const first = () => soon(Math.max(0, AFTER - performance.now()) + 300);

  /* Which tab has it: the one with the lock. One that is silent when asked is asleep, and loses it. */
  const lead = (steal) => {
    request?.abort();
    const own = (request = new AbortController());
    navigator.locks
      .request(name, steal ? { steal } : { signal: own.signal }, () => new Promise((done) => { release = done; post({ live: null }); first(); }))
      .catch(() => {})
      .then(() => {
        if (request !== own) return;
        release = request = null;
        shut();
        setTimeout(() => { if (active && !request) lead(); }, 1000);
      });
  };
  const prod = () => {
    const since = Date.now();
    post({ ask: mine, since: known, from: id });
    setTimeout(() => { if (active && !release && leaderAt < since) lead(true); }, 3000);
  };
  const listen = ({ data }) => {
    if (data.word && (!data.to || data.to === id)) act(data.word);
    if (data.live !== undefined || data.here) leaderAt = Date.now();
    if (data.live?.includes(mine) || (data.live && !mine)) known = coveredAt = leaderAt;
    else if (data.live !== undefined && mine) post({ ask: mine, since: Infinity });
    cover();
    if (!release) return;
    if (data.ask !== undefined) {
      post(isOpen() && (!data.ask || stills.has(data.ask)) ? { live: [...stills] } : { here: true });
      if (data.ask && !stills.has(data.ask) && stills.size < STILLS) { stills.add(data.ask); if (source) soon(300); }
      if (told >= data.since) post({ word: "inbox", to: data.from });
    }
    stills.delete(data.bye);
  };
  const tick = () => {
    if (source && Date.now() - heardAt > SILENT) again(2000);
    if (mine && !still()) { post({ bye: mine }); stills.delete(mine); mine = ""; }
    if (release) post({ live: isOpen() ? [...stills] : null });
    else if (shared && !document.hidden && Date.now() - leaderAt > SILENT) prod();
    cover();
  };

  /* What it says */
  const act = (word) => {
    if (word === "inbox") { told = Date.now(); due(); }
    else document.dispatchEvent(new CustomEvent("live", { detail: word }));
  };
  let isDue = false;
  let asking = 0;
  let askedAt = 0;
  /* WHY: at most once a second, and not everybody at the same moment. */
  const due = () => {
    isDue = true;
    if (!asking && !document.hidden) asking = setTimeout(ask, Math.max(0, askedAt + 1000 - Date.now()) + Math.random() * 1000);
  };
  const ask = async () => {
    asking = 0;
    if (document.hidden || !active) return;
    isDue = false;
    askedAt = Date.now();
    for (const url of new Set([...document.querySelectorAll("[data-live]")].map((part) => part.dataset.live))) {
      const answer = await fetch(url, { headers: { "X-Unattended": "1" }, redirect: "manual" }).catch(() => null);
      if (answer?.ok) draw(await answer.text());
      else if (!answer || answer.status >= 500) setTimeout(due, 30000);
    }
    clearTimeout(renewing);
    renewing = setTimeout(renew, Math.max(0, renewedAt + RENEW - Date.now()));
  };
  let renewing = 0;
  let renewedAt = 0;
  /* Nothing is taken from under somebody's hands. */
  const inUse = (part) => part.matches(":focus-within") || part.querySelector("input:checked");
  const renew = () => {
    if (document.hidden || !active) { isDue = active; return; }
    renewedAt = Date.now();
    for (const part of document.querySelectorAll("[data-fresh-on~=inbox]")) {
      if (!inUse(part)) window.htmx?.trigger(part, "fresh", { unattended: true });
    }
  };
  const region = document.createElement("p");
  region.className = "hidden-text";
  region.setAttribute("role", "status");
  document.body.append(region);
  const draw = (text) => {
    const drawn = document.createElement("template");
    drawn.innerHTML = text;
    for (const fresh of drawn.content.children) {
      const old = fresh.id && document.getElementById(fresh.id);
      if (!old || old.innerHTML === fresh.innerHTML) continue;
      const at = old.contains(document.activeElement) && document.activeElement.getAttribute("href");
      if (fresh.dataset.live) {
        const words = fresh.cloneNode(true);
        words.querySelectorAll("[aria-hidden=true]").forEach((part) => part.remove());
        region.textContent = words.textContent.replace(/\s+/g, " ").trim();
      }
      old.replaceChildren(...fresh.childNodes);
      window.htmx?.process(old);
      if (at) [...old.querySelectorAll("a")].find((link) => link.getAttribute("href") === at)?.focus();
    }
  };
  document.addEventListener("htmx:configRequest", ({ detail }) => { if (detail.triggeringEvent?.detail?.unattended) detail.headers["X-Unattended"] = "1"; });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => { if (detail.requestConfig.triggeringEvent?.detail?.unattended && inUse(detail.target)) detail.shouldSwap = false; });

  /* The page comes and goes */
  let ticking = 0;
  const start = () => {
    if (active) return;
    active = true;
    mine = still();
    ticking = setInterval(tick, TICK);
    if (!shared) { if (!document.hidden) first(); return; }
    channel = new BroadcastChannel(name);
    channel.onmessage = listen;
    lead();
    prod();
  };
  const stop = () => {
    active = false;
    clearInterval(ticking);
    post({ bye: mine });
    shut();
    release?.();
    request?.abort();
    channel?.close();
    channel = release = null;
    stills.clear();
    cover();
  };
  document.addEventListener("visibilitychange", () => {
    if (!active) return;
    if (!shared) { if (document.hidden) { shut(); cover(); } else first(); }
    else if (!document.hidden && !release) prod();
    if (!document.hidden && isDue) due();
  });
  window.addEventListener("online", () => { if (active && leads() && !isOpen() && !document.hidden) { failures = 0; soon(500); } });
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", start);
})();
