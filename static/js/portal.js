/* The portal's own script. Every page works without it; its words are data- attributes of the page. */
"use strict";
(() => {
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const lang = document.documentElement.lang || "en";
  const DRAFT = "draft:";
  /* A full or forbidden store must not stop anybody from typing. */
  const store = (act) => { try { return act(); } catch { return null; } };
  const onTurn = (name, act, options) => document.addEventListener(name, act, options);

  /* One submit. A button that was pressed rests until the page is shown again. */
  onTurn("submit", (event) => {
    const form = event.target;
    if (form.matches("[hx-get], [hx-post]") || event.defaultPrevented) return;
    /* Nothing typed stays on a shared machine after signing out. */
    if (form.matches("[data-sign-out]")) store(() => Object.keys(localStorage).filter((key) => key.startsWith(DRAFT)).forEach((key) => localStorage.removeItem(key)));
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.draft && !form.draft.leave(event)) return;
    form.dataset.sent = "1";
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
  });
  const release = (form) => {
    delete form.dataset.sent;
    $$("[aria-disabled=true]", form).forEach((button) => button.removeAttribute("aria-disabled"));
  };
  window.addEventListener("pageshow", () => $$("form[data-sent]").forEach(release));

  /* Drafts: form[data-autosave], key in data-autosave-key, words on [data-save-state]; "device": not sent. */
  class Draft {
    constructor(form) {
      this.form = form;
      this.state = document.querySelector(form.dataset.saveStateTarget || "[data-save-state]");
      this.wait = 0;
      form.draft = this;
      this.saved = this.text();
      this.restore();
      form.addEventListener("input", () => this.touch(1500));
      form.addEventListener("change", () => this.touch(1500));
      form.addEventListener("focusout", () => this.dirty() && this.touch(200));
      window.addEventListener("online", () => this.dirty() && this.touch(0));
      onTurn("visibilitychange", () => document.hidden && this.dirty() && this.touch(0));
      window.addEventListener("beforeunload", (event) => { if (this.dirty() && !form.dataset.sent) event.preventDefault(); });
    }
    get key() { return DRAFT + this.form.dataset.autosaveKey + new URL(this.form.action).pathname; }
    text() {
      const pairs = [...new FormData(this.form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
      return new URLSearchParams(pairs).toString();
    }
    dirty() { return this.text() !== this.saved; }
    say(word, time) {
      const words = this.state && this.state.dataset[word];
      if (!words) return;
      this.state.textContent = words.replace("{time}", time || "");
      this.state.dataset.tone = /saving|saved/.test(word) ? "" : "bad";
    }
    keep(text) { store(() => (text === null ? localStorage.removeItem(this.key) : localStorage.setItem(this.key, text))); }
    restore() {
      const kept = store(() => localStorage.getItem(this.key));
      if (!kept || kept === this.saved) return;
      const values = new URLSearchParams(kept);
      for (const prefix of $$("[data-formset]", this.form)) rows(prefix, Number(values.get(prefix.dataset.formset + "-TOTAL_FORMS") || 0));
      for (const input of this.form.elements) {
        if (!input.name || (/^(file|hidden|submit|button|fieldset|output)$/.test(input.type) && input.name !== "base")) continue;
        const all = values.getAll(input.name);
        if (input.type === "checkbox" || input.type === "radio") input.checked = all.includes(input.value);
        else if (input.multiple) for (const option of input.options) option.selected = all.includes(option.value);
        else if (values.has(input.name)) input.value = all[$$(`[name="${CSS.escape(input.name)}"]`, this.form).indexOf(input)] ?? all[0];
      }
      conditions();
      this.say("restored");
      this.touch(1500);
    }
    touch(delay) {
      this.keep(this.text());
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.send(), delay);
    }
    async send() {
      if (this.busy || this.form.dataset.autosave || this.form.dataset.sent || !this.dirty()) return;
      const text = this.text();
      const body = new URLSearchParams(text);
      body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken?.value || "");
      this.say("saving");
      let again = 0;
      this.busy = (async () => {
        try {
          const answer = await fetch(this.form.action, { method: "POST", body, headers: { "X-Autosave": "1", Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout(30000) });
          const json = await answer.json().catch(() => ({}));
          /* 422 with "saved": what was sound is kept, and the version moved on. */
          if (answer.ok || json.saved) {
            this.saved = this.moved(json, text);
            this.wait = 0;
            if (answer.ok && !this.dirty()) this.keep(null);
            this.say(answer.ok ? "saved" : "refused", new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: document.body.dataset.zone }).format(new Date()));
            if (this.dirty()) again = 1500;
          } else if (answer.status > 428) throw answer;
          else this.say({ 0: "signedout", 401: "signedout", 403: "signedout", 400: "refused", 422: "refused" }[answer.status] || "conflict");
        } catch {
          this.wait = Math.min((this.wait || 2000) * 2, 60000);
          again = this.wait;
          this.say("retry");
        }
      })();
      await this.busy;
      this.busy = null;
      if (again) { clearTimeout(this.timer); this.timer = setTimeout(() => this.send(), again); }
    }
    /* The server may name the new version, ids of rows, and where the draft now lives. */
    moved(json, text) {
      const clean = this.text() === text;
      for (const [name, value] of Object.entries(json.fields || {})) {
        const input = this.form.elements[name];
        if (input) input.value = value;
      }
      if (json.url) {
        this.keep(null);
        this.form.action = json.url;
        history.replaceState(null, "", json.url);
      }
      return clean ? this.text() : text;
    }
    /* A submit waits for the save under way, so that two versions never race. */
    leave(event) {
      clearTimeout(this.timer);
      this.keep(this.text());
      store(() => sessionStorage.setItem("sent", this.key));
      if (!this.busy) return true;
      event.preventDefault();
      const { submitter } = event;
      this.busy.then(() => { clearTimeout(this.timer); this.form.requestSubmit(submitter); });
      return false;
    }
  }

  /* Rows of a formset: the server's "Add another" button adds one here and now. */
  const rows = (set, wanted) => {
    const total = set.querySelector(`[name="${set.dataset.formset}-TOTAL_FORMS"]`);
    const list = set.querySelector("[data-formset-rows]");
    const blank = set.querySelector("[data-formset-empty]");
    let added = null;
    while (Number(total.value) < wanted) {
      const index = total.value;
      const holder = document.createElement("template");
      holder.innerHTML = blank.innerHTML.replaceAll("__prefix__", index).replaceAll("__number__", String(Number(index) + 1));
      added = holder.content.firstElementChild;
      list.append(added);
      total.value = String(Number(index) + 1);
      ready(added);
    }
    return added;
  };

  /* data-show-when="kind=armed_escort|lift": shown when that answer is given. What is hidden is still sent. */
  const conditions = () => $$("[data-show-when]").forEach((part) => {
    const [name, wanted] = part.dataset.showWhen.split("=");
    const form = part.closest("form");
    const values = form ? new FormData(form).getAll(name) : [];
    if (form && form.elements[name]) part.hidden = !wanted.split("|").some((value) => values.includes(value));
  });

  /* Times: “in 3 hours” kept true; the date picked, said in words. */
  const relative = new Intl.RelativeTimeFormat(lang);
  const times = (root = document) => $$("time[data-relative]", root).forEach((part) => {
    const seconds = (new Date(part.dateTime) - Date.now()) / 1000;
    const size = Math.abs(seconds);
    if (size < 60) return;
    const [unit, length] = size < 3600 ? ["minute", 60] : size < 172800 ? ["hour", 3600] : ["day", 86400];
    part.textContent = relative.format(Math.trunc(seconds / length), unit);
  });
  const echo = (part) => {
    const input = document.getElementById(part.dataset.dateEcho);
    if (!input) return;
    const say = () => {
      const day = input.value && new Date(input.value.length > 10 ? input.value : input.value + "T12:00");
      part.textContent = day && !isNaN(day) ? new Intl.DateTimeFormat(lang, { dateStyle: "full", timeStyle: input.value.length > 10 ? "short" : undefined }).format(day) : "";
    };
    input.addEventListener("input", say);
    say();
  };

  const ready = (root) => {
    $$("[data-date-echo]", root).forEach(echo);
    $$("[data-copy]", root).forEach((button) => { button.hidden = !navigator.clipboard; });
    conditions();
    times(root);
  };

  onTurn("change", conditions);
  onTurn("click", async (event) => {
    const add = event.target.closest("[data-formset-add]");
    if (add) {
      event.preventDefault();
      const set = add.closest("[data-formset]");
      const row = rows(set, Number(set.querySelector(`[name="${set.dataset.formset}-TOTAL_FORMS"]`).value) + 1);
      row?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      return;
    }
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      await navigator.clipboard.writeText(copy.dataset.copy);
      copy.querySelector("[role=status]").textContent = copy.dataset.copied;
    }
    if (event.target.closest("[data-print]")) window.print();
    leave(event);
  });
  /* A menu closes when one goes on elsewhere; on Escape, the inner ones first. */
  const menus = () => $$("details.menu[open]").reverse();
  const leave = (event) => menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  onTurn("focusin", leave);
  onTurn("keydown", (event) => {
    if (event.key === "Escape") menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });
  onTurn("htmx:load", (event) => ready(event.target));
  onTurn("htmx:sendError", () => say("lost"));
  onTurn("htmx:responseError", () => say("lost"));
  const say = (word) => $$("[data-lost]").forEach((part) => { part.textContent = part.dataset[word] || ""; });

  const start = () => {
    ready(document);
    $$("form[data-autosave]").forEach((form) => new Draft(form));
    /* A draft that was sent is let go by the next page without a problem. */
    const sent = store(() => sessionStorage.getItem("sent"));
    if (sent && document.body.dataset.person && !document.querySelector("[data-problem]")) {
      if (!$$("form[data-autosave]").some((form) => form.draft.key === sent)) store(() => localStorage.removeItem(sent));
      store(() => sessionStorage.removeItem("sent"));
    }
    document.querySelector("[data-focus]")?.focus();
    if (matchMedia("(max-width: 48rem)").matches) $$("details[data-wide-open]").forEach((part) => { part.open = false; });
    setInterval(times, 30000);
  };
  document.readyState === "loading" ? onTurn("DOMContentLoaded", start) : start();
})();
