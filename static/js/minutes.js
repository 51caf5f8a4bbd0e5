/* Minutes that several people write at once. Each text saves itself: what is sent names the text it was built on, the
   server merges, the answer says what stands now. Nothing typed is let go before the server has said that it has it:
   until then it lies in localStorage, under this person's name. Without this script every text has its Save button. */
"use strict";
(() => {
  const page = document.querySelector("[data-minutes]");
  if (!page) return;
  const { person } = page.dataset;
  const PAUSE = Number(page.dataset.pause);
  const LONGEST = PAUSE * 5; /* somebody who does not stop typing is saved, too */
  const EVERY = 5000;
  const AWAY = 20000;
  const store = (act) => { try { return act(); } catch { return null; } };
  const tab = store(() => (sessionStorage.minutes ||= crypto.getRandomValues(new Uint32Array(2)).join(""))) || "0";
  const OURS = `draft:minutes:${person}:`;
  const notice = page.querySelector("[data-minutes-notice]");
  const clock = new Intl.DateTimeFormat(document.documentElement.lang || "en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: document.body.dataset.zone });
  let token = page.querySelector("[name=csrfmiddlewaretoken]").value;
  let closed = page.hasAttribute("data-closed");
  let state = page.dataset.recordState;
  let leaving = false;
  const tell = (word) => { notice.hidden = !word; notice.textContent = word ? page.dataset[word] : ""; };
  const newName = () => {
    const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-a$4-$5");
  };

  class Minute {
    constructor(form) {
      this.form = form;
      this.key = form.dataset.minute;
      this.tag = form.dataset.tag;
      this.area = form.elements.text;
      this.line = form.querySelector("[data-save-state]");
      this.attempt = null; /* what was sent and not answered: it is sent again as it was, under the same name */
      this.waiting = []; /* what other windows had not saved */
      this.wait = 0;
      this.since = 0;
      this.turn = 0; /* counts saves: news that were asked for before one are none any more */
      this.area.value = this.area.getAttribute("aria-invalid") ? this.area.value : this.area.defaultValue;
      this.built(form.elements.base.defaultValue);
      this.area.addEventListener("input", () => this.typed());
      this.area.addEventListener("blur", () => this.dirty() && this.soon(0));
      form.addEventListener("submit", () => { leaving = true; this.built(this.base); setTimeout(() => { leaving = false; }, 5000); });
      form.querySelector("[data-minute-save]")?.addEventListener("click", (event) => {
        if (closed) return;
        event.preventDefault();
        this.wait = 0;
        this.dirty() ? this.soon(0) : this.say("saved");
      });
    }
    get path() { return OURS + this.key + ":"; }
    /* The text that what stands in the box was built on. */
    built(text) { this.base = this.form.elements.base.value = text; }
    dirty() { return Boolean(this.attempt) || this.area.value !== this.base; }
    say(word, message = "") {
      this.word = word;
      this.line.textContent = (page.dataset[word] || "").replace("{time}", clock.format(new Date())).replace("{message}", message);
      this.line.dataset.tone = /^(saving|saved|typing|merged|updated|restored)$/.test(word) ? "" : "bad";
    }
    /* On this device, until it is saved. False where the device keeps nothing. */
    keep() {
      return store(() => {
        if (this.dirty()) localStorage.setItem(this.path + tab, JSON.stringify({ base: this.base, text: this.area.value, attempt: this.attempt }));
        else localStorage.removeItem(this.path + tab);
        return true;
      });
    }
    typed() {
      this.keep();
      if (!this.dirty()) return;
      if (!/^(retry|unkept|signedout|saving|typing)$/.test(this.word)) this.say("typing");
      this.since ||= Date.now();
      if (!this.wait) this.soon(Math.max(0, Math.min(PAUSE, this.since + LONGEST - Date.now())));
    }
    soon(wait) { clearTimeout(this.timer); this.timer = setTimeout(() => this.send(), wait); }
    async send(unattended) {
      if (this.busy || this.over || closed || (!this.dirty() && !unattended)) return;
      clearTimeout(this.timer);
      this.busy = true;
      this.turn += 1;
      this.since = 0;
      this.attempt ||= { base: this.base, text: this.area.value, save: newName() };
      if (!unattended) this.keep();
      if (!this.wait && !unattended) this.say("saving");
      const { base, text, save } = this.attempt;
      const body = new URLSearchParams({ base, text, save, person });
      const headers = { "X-Autosave": "1", "X-CSRFToken": token, Accept: "application/json", ...(unattended && { "X-Unattended": "1" }) };
      let answer = null;
      try { answer = await fetch(this.form.action, { method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout(30000) }); } catch { /* no connection */ }
      const json = answer ? await answer.json().catch(() => null) : null;
      this.busy = false;
      this.heard(answer ? answer.status : -1, json);
    }
    heard(status, json) {
      if (status !== 200 && this.isLook()) { this.attempt = null; if (this.dirty()) this.soon(0); return; }
      if (status === 200 && json?.saved) return this.saved(json);
      if (status === 403 && !json && !this.renewed) return this.renew();
      if ([0, 401, 403].includes(status) && !json?.message) return this.again("signedout");
      if (status < 0 || status === 429 || status >= 500 || (status === 200 && !json)) return this.again(this.keep() ? "retry" : "unkept");
      /* The rest is an answer: it was not saved, and would not be if it were sent again as it is. */
      this.attempt = null;
      this.keep();
      this.wait = 0;
      if (status === 404) this.end("gone");
      else if (status === 409) { state = json?.state || state; shut(); this.end("frozen"); }
      else this.say("refused", json?.message);
    }
    /* Nothing was to be saved: it asked what others wrote. */
    isLook() { return this.attempt.base === this.attempt.text; }
    saved(json) {
      const sent = this.attempt.text;
      const word = this.isLook() ? "updated" : json.conflict ? "conflict" : json.merged ? "merged" : "saved";
      this.attempt = null;
      this.wait = 0;
      this.renewed = false;
      if (this.area.value === sent) {
        for (const [from, to, text] of json.changes) this.area.setRangeText(text, from, to, "preserve");
        if (this.area.value !== json.text) this.area.value = json.text;
        this.built(json.text);
        this.tag = json.tag;
      } else this.built(sent); /* somebody typed on: that was built on what was sent */
      this.keep();
      this.say(word);
      tell("");
      if (this.dirty()) this.typed();
      else if (this.waiting.length) this.put(this.waiting.shift());
    }
    again(word) {
      this.say(word);
      this.wait = Math.min((this.wait || 1000) * 2, 30000);
      this.soon(this.wait);
    }
    /* Somebody signed out and in again: the forms of this page carry a token that is no longer good. */
    async renew() {
      this.renewed = true;
      const answer = await fetch(`${page.dataset.minutes}?token=1&person=${person}`, { redirect: "manual", headers: { "X-Unattended": "1" } }).catch(() => null);
      const json = answer?.ok ? await answer.json().catch(() => null) : null;
      if (!json) { this.renewed = false; return this.again(answer ? "signedout" : "retry"); }
      token = json.token;
      page.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((input) => { input.value = token; });
      this.soon(0);
    }
    /* No more is saved here; what was typed stays to be copied. */
    end(word) {
      this.over = true;
      this.area.readOnly = true;
      this.form.querySelectorAll("button").forEach((button) => { button.hidden = true; });
      if (this.dirty()) this.say(word);
    }
    /* What others wrote: into a box that nobody writes in; where somebody does, the next save brings it. */
    news({ text, tag }, turn) {
      if (this.busy || this.turn !== turn || this.dirty() || this.over) return;
      if (document.activeElement === this.area) { if (!document.hidden) this.send(true); return; }
      this.area.value = text;
      this.built(text);
      this.tag = tag;
      this.say("updated");
    }
    /* What was not saved when the page was left. */
    put({ base, text, attempt, key }) {
      this.area.value = text;
      this.attempt = attempt || null;
      this.built(base);
      if (!this.dirty()) return;
      if (this.keep() && key !== this.path + tab) store(() => localStorage.removeItem(key));
      if (closed) return this.end("frozen");
      this.say("restored");
      this.soon(PAUSE);
    }
    async restore(living) {
      const kept = store(() => Object.keys(localStorage).filter((key) => key.startsWith(this.path))) || [];
      kept.sort((a) => (a.endsWith(":" + tab) ? -1 : 1));
      for (const key of kept) {
        const owner = key.slice(this.path.length);
        if (owner !== tab && living.has(owner)) continue;
        const entry = store(() => JSON.parse(localStorage.getItem(key)));
        if (entry) this.waiting.push({ ...entry, key });
      }
      if (this.waiting.length && !this.dirty()) this.put(this.waiting.shift());
    }
  }

  const all = [...page.querySelectorAll("form[data-minute]")].map((form) => new Minute(form));
  const shut = () => {
    closed = true;
    all.forEach((each) => each.end("frozen"));
  };
  /* The meeting is no longer this person's to read: what they had not typed themselves leaves the screen. */
  const lose = () => {
    all.forEach((each) => {
      if (!each.dirty()) { each.area.value = ""; each.built(""); }
      each.end("gone");
    });
    tell("gone");
  };

  /* What is new */
  let asking = 0;
  const ask = async () => {
    clearTimeout(asking);
    const query = new URLSearchParams({ person });
    all.forEach((each) => query.append("known", each.tag));
    query.append("known", state);
    const turns = new Map(all.map((each) => [each, each.turn]));
    const answer = await fetch(`${page.dataset.minutes}?${query}`, { redirect: "manual", headers: { "X-Unattended": "1" } }).catch(() => null);
    const word = !answer ? "retry" : [0, 401].includes(answer.status) ? "signedout" : "";
    if (answer && [403, 404].includes(answer.status)) return lose();
    if (word || answer.status < 500) tell(word);
    if (answer?.status === 200) heed(await answer.json().catch(() => ({})), turns);
    /* The line is there: what waits for it waits no longer. */
    if (answer?.ok) all.forEach((each) => { if (each.wait && each.dirty()) { each.wait = 0; each.soon(0); } });
    if (!closed) asking = setTimeout(ask, document.hidden ? AWAY : EVERY);
  };
  const heed = (news, turns) => {
    if (news.open === false) return shut();
    state = news.state || state;
    for (const [key, fresh] of Object.entries(news.texts || {})) {
      const mine = all.find((each) => each.key === key);
      if (mine) mine.news(fresh, turns.get(mine));
      else tell("agenda");
    }
  };
  const back = () => { if (!closed) { all.forEach((each) => { if (each.dirty()) { each.wait = 0; each.soon(0); } }); ask(); } };
  window.addEventListener("online", back);
  document.addEventListener("visibilitychange", () => { if (document.hidden) all.forEach((each) => each.dirty() && each.send()); else back(); });
  window.addEventListener("beforeunload", (event) => { if (!leaving && all.some((each) => each.dirty())) event.preventDefault(); });

  const start = async () => {
    /* A window that is open keeps its own words; those of one that was closed are taken over. */
    navigator.locks?.request("minutes:" + tab, () => new Promise(() => {})).catch(() => {});
    const held = await navigator.locks?.query().catch(() => null);
    const living = new Set((held?.held || []).map((lock) => lock.name.replace("minutes:", "")));
    await Promise.all(all.map((each) => each.restore(living)));
    if (!closed) asking = setTimeout(ask, EVERY);
  };
  start();
})();
