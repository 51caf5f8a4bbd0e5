/* Push messages on this device: asked for with a press of the button and never before. All words come from data- attributes. */
"use strict";
(() => {
  const part = document.querySelector("[data-push]");
  if (!part || !("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return;
  const form = part.querySelector("[data-push-add]");
  const state = part.querySelector("[data-push-state]");
  const say = (word) => { state.textContent = part.dataset[word]; state.hidden = false; };
  const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const current = async () => (await navigator.serviceWorker.getRegistration("/"))?.pushManager.getSubscription();
  const mark = async (subscription) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint));
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 16);
  };

  const look = async () => {
    const subscription = await current();
    const mine = subscription && part.querySelector(`[data-mark="${await mark(subscription)}"]`);
    const denied = Notification.permission === "denied";
    if (mine) mine.querySelector("[data-push-here]").hidden = false;
    if (denied) say("denied");
    form.hidden = denied || Boolean(mine && Notification.permission === "granted");
    part.hidden = false;
  };

  const subscribe = async () => {
    if (await Notification.requestPermission() !== "granted") return look();
    await navigator.serviceWorker.register(part.dataset.worker, { scope: "/" });
    const { pushManager } = await navigator.serviceWorker.ready;
    const known = await pushManager.getSubscription();
    /* One that another key of the portal was given for is good for nothing. */
    if (known && text(known.options.applicationServerKey) !== part.dataset.push) await known.unsubscribe();
    const made = (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: part.dataset.push })).toJSON();
    const body = new URLSearchParams(new FormData(form));
    for (const [name, value] of [["endpoint", made.endpoint], ["key", made.keys.p256dh], ["secret", made.keys.auth]]) body.set(name, value);
    const answer = await fetch(form.action, { method: "POST", body, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    location.reload();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    state.hidden = true;
    subscribe().catch(() => say("failed"));
  });
  /* What is removed here stops in the browser, too. */
  part.addEventListener("submit", async (event) => {
    const row = event.target.closest("[data-mark]");
    if (!row || row.dataset.done) return;
    event.preventDefault();
    const subscription = await current();
    if (subscription && await mark(subscription) === row.dataset.mark) await subscription.unsubscribe().catch(() => {});
    row.dataset.done = "1";
    event.target.submit();
  });
  look();
})();
