/* What an open page may no longer show leaves the screen; a list is read again when somebody comes back to it;
   a key for the search box. Every page works without it. */
"use strict";
(() => {
  const EVERY = 120000;
  const AWAY = 10000;
  const still = document.querySelector("template[data-still]");
  let timer = 0;
  let hiddenSince = 0;

  /* 404: nothing there any more for this person; 403: no position; 0: on to the sign-in page. `wait`: try again then. */
  const look = async (wait) => {
    if (!still.isConnected) return;
    const answer = await fetch(still.dataset.still, { redirect: "manual", headers: { "X-Unattended": "1" } }).catch(() => null);
    if (wait && (!answer || answer.status >= 500)) setTimeout(look, wait, wait * 2);
    if (!answer || ![0, 403, 404].includes(answer.status)) return;
    clearInterval(timer);
    document.title = still.dataset.title;
    document.querySelector("#main > .wrap").replaceChildren(still.content.cloneNode(true));
  };
  /* The stream of live.js looks after the page; only where there is none the page asks by itself. */
  if (still) timer = setInterval(() => { if (!document.body.hasAttribute("data-covered")) look(); }, EVERY);
  document.addEventListener("live", ({ detail }) => {
    if (still) look(5000);
    else if (detail === "out" && document.querySelector("[data-fresh], [data-fresh-on]")) location.reload();
  });

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { hiddenSince = Date.now(); return; }
    if (still) look();
    else if (Date.now() - hiddenSince > AWAY) document.querySelectorAll("[data-fresh]").forEach((part) => htmx.trigger(part, "fresh"));
  });
  /* Ctrl+K goes to the search box. A key with Ctrl, so that no single letter does anything by itself. */
  document.addEventListener("keydown", (event) => {
    const box = document.querySelector("[data-search]");
    if (event.key !== "k" || !(event.ctrlKey || event.metaKey) || !box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
  /* A page kept by the browser and shown again may be older than what it shows. */
  window.addEventListener("pageshow", (event) => { if (event.persisted && still) look(); });
})();
