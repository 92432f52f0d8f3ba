// The widget of Gloed: one question on a page of somebody else.
// No cookie, no framework, no HTML from strings, no inline style. In the browser's own storage
// stands, under "gloed", when somebody was last asked; data-storage="off" leaves even that out.
(() => {
  "use strict";
  const tag = document.currentScript || document.querySelector("script[data-widget][src*='/w/v1/']");
  if (!tag || !tag.dataset.widget) return;
  const name = tag.dataset.widget;
  const base = tag.src.replace(/gloed\.js.*$/, "") + name + "/";
  const preview = "preview" in tag.dataset;
  const isPrivate = !preview && (navigator.globalPrivacyControl || navigator.doNotTrack === "1" || window.doNotTrack === "1");
  const keeps = !preview && !isPrivate && tag.dataset.storage !== "off";
  const DAY = 864e5;
  let person = tag.dataset.person || "", attributes = {}, it, shown, armed = [], wasAsked = false;

  // What the browser remembers: when somebody was asked, and whether they were drawn.
  const recall = () => { try { return (keeps && JSON.parse(localStorage.getItem("gloed"))) || {}; } catch { return {}; } };
  const remember = (news) => { if (keeps) try { localStorage.setItem("gloed", JSON.stringify({ ...recall(), ...news })); } catch { /* full or forbidden */ } };
  const isRecent = (then) => Date.now() - then < it.rest_days * DAY;
  const isDrawn = () => {
    if (it.share >= 100) return true;
    const drawn = recall().drawn || {}, mine = drawn[name];
    if (mine && isRecent(mine[0])) return mine[1];
    const isIn = Math.random() * 100 < it.share;
    remember({ drawn: { ...drawn, [name]: [Date.now(), isIn] } });
    return isIn;
  };

  const post = (path, data) => preview
    ? Promise.resolve({ ok: true, json: () => ({ ask: true }) })
    : fetch(base + path, { method: "POST", body: JSON.stringify(data), keepalive: true, credentials: "omit", referrerPolicy: "no-referrer" });
  const tell = (what, token) => post("happened/", { what, token }).catch(() => {});
  const bounded = (given) => {
    const kept = {};
    for (const [key, value] of Object.entries(given || {}).slice(0, 20)) {
      if (key.length <= 60 && ["string", "number", "boolean"].includes(typeof value)) kept[key] = typeof value === "string" ? value.slice(0, 200) : value;
    }
    return kept;
  };

  // Elements are made one by one: nothing that a page's policy or a stranger's text could break.
  const h = (kind, is, ...inner) => {
    const made = document.createElement(kind);
    for (const [key, value] of Object.entries(is)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value === true) made.setAttribute(key, "");
      else if (value !== false && value != null) made.setAttribute(key, value);
    }
    made.append(...inner.filter((one) => one != null));
    return made;
  };

  const STYLE = `
:host{all:initial;--paper:#fbfaf7;--raised:#fffefc;--ink:#1d1b18;--quiet:#6b655d;--line:#e6e1d8;--edge:#8c857a;--press:#f4f1ea;color-scheme:light}
@media(prefers-color-scheme:dark){:host(:not([theme=light])){--paper:#161513;--raised:#1f1d1a;--ink:#efebe4;--quiet:#a9a299;--line:#33302b;--edge:#7d766c;--press:#24211d;color-scheme:dark}}
:host([theme=dark]){--paper:#161513;--raised:#1f1d1a;--ink:#efebe4;--quiet:#a9a299;--line:#33302b;--edge:#7d766c;--press:#24211d;color-scheme:dark}
*{box-sizing:border-box;margin:0;padding:0}
[hidden]{display:none!important}
.card,.tab{font:400 16px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:var(--ink);background:var(--paper);overflow-wrap:break-word;text-align:start}
.card{position:relative;padding:20px;border:1px solid var(--line);border-radius:8px}
.card>*+*,form>*+*{margin-block-start:14px}
.float{position:fixed;z-index:2147483000;inset-block-end:16px;inset-inline-end:16px;inline-size:min(23rem,calc(100vw - 32px));max-block-size:calc(100vh - 32px);max-block-size:calc(100dvh - 32px);overflow:auto;box-shadow:0 1px 2px #1d1b180f,0 8px 28px #1d1b1838}
.at-corner-left{inset-inline:16px auto}
.at-dialog{inset-inline:0;margin-inline:auto;inline-size:min(43rem,calc(100vw - 32px))}
.wide .scale{grid-template-columns:repeat(var(--steps),minmax(44px,1fr))}
.wide .scale>*{grid-column-start:auto!important}
.tab{position:fixed;z-index:2147483000;inset-block-end:16px;inset-inline-end:16px;padding:10px 18px;border:1px solid var(--edge);border-radius:99px;cursor:pointer;box-shadow:0 1px 2px #1d1b180f,0 4px 14px #1d1b1826}
:focus{outline:0}
:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
fieldset{border:0;min-inline-size:0}
h2,.ask{display:block;font:600 19px/1.28 Charter,"Bitstream Charter","Sitka Text",Cambria,Georgia,"Noto Serif",serif;text-wrap:balance}
h2{padding-inline-end:34px}
.scale{--steps:11;display:grid;grid-template-columns:repeat(6,minmax(44px,1fr));gap:5px;margin-block-start:14px}
.scale>:nth-child(7){grid-column-start:2}
.few{grid-template-columns:repeat(var(--steps),minmax(38px,1fr))}
.few>:nth-child(7){grid-column-start:auto}
.ten{grid-template-columns:repeat(5,minmax(44px,1fr))}
.ten>:nth-child(7){grid-column-start:auto}
.step{position:relative}
.step input{position:absolute;inset:0;inline-size:100%;block-size:100%;opacity:0;cursor:pointer}
.step label{display:grid;place-items:center;min-block-size:46px;border:1px solid var(--edge);border-radius:8px;background:var(--raised);font-variant-numeric:tabular-nums}
.step input:hover+label{border-color:var(--ink);background:var(--press)}
.step input:checked+label{border-color:var(--ink);background:var(--ink);color:var(--paper);font-weight:700}
.step input:focus-visible+label{outline:3px solid var(--ink);outline-offset:2px}
.step svg{display:block;inline-size:30px;fill:none;stroke:currentcolor;stroke-width:2.4;stroke-linecap:round}
.ends{display:flex;justify-content:space-between;gap:16px;margin-block-start:8px}
.ends,.small,.hint{color:var(--quiet);font-size:14px;line-height:1.35}
.ends :last-child{text-align:end}
.field>*+*{margin-block-start:8px}
textarea{display:block;inline-size:100%;min-block-size:84px;padding:10px 12px;border:1px solid var(--edge);border-radius:8px;background:var(--raised);color:inherit;font:inherit;resize:vertical}
.row{display:flex;flex-wrap:wrap;align-items:center;gap:8px 16px}
.send{min-block-size:46px;padding:8px 24px;border:1px solid var(--ink);border-radius:8px;background:var(--fill,var(--ink));border-color:var(--fill,var(--ink));color:var(--paper);font:inherit;font-weight:600;cursor:pointer}
.plain{min-block-size:44px;border:0;background:none;color:inherit;font:inherit;text-decoration:underline;text-underline-offset:.2em;cursor:pointer}
.close{position:absolute;inset-block-start:8px;inset-inline-end:8px;inline-size:44px;block-size:44px;margin:0;border:0;border-radius:8px;background:none;color:var(--quiet);font:400 26px/1 system-ui,sans-serif;cursor:pointer}
.close:hover{background:var(--press);color:var(--ink)}
a{color:inherit}
iframe{display:block;inline-size:100%;block-size:min(30rem,65vh);border:0;border-radius:8px}
.sr{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(forced-colors:active){.step input:checked+label{outline:3px solid Highlight}}
@media print{:host{display:none}}`;
  const accent = () => {
    if (!it.accent) return "";
    const [day, night] = it.accent;
    return `:host{--fill:${day}}@media(prefers-color-scheme:dark){:host(:not([theme=light])){--fill:${night}}}:host([theme=dark]){--fill:${night}}`;
  };

  let host, root, live;
  const stage = (place) => {
    if (host) return;
    host = h("gloed-widget", { theme: it.theme === "auto" ? null : it.theme, lang: it.language });
    root = host.attachShadow({ mode: "open" });
    const css = STYLE + accent();
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet];
    } catch {
      const sheet = h("style", {});
      sheet.nonce = tag.nonce;
      sheet.textContent = css;
      root.append(sheet);
    }
    live = h("div", { class: "sr", role: "status" });
    root.append(live);
    (place || document.body).append(host);
  };

  // One showing: what was chosen and written, and its way to us.
  class Showing {
    constructor(place, token) {
      Object.assign(this, { place, token, rating: null, isFinal: false, delivered: "", tries: 0, revision: 0, began: false, since: performance.now(), took: 0 });
      this.key = crypto.getRandomValues(new Uint8Array(16)).reduce((text, byte) => text + byte.toString(16).padStart(2, "0"), "");
      this.card = this.draw();
      root.append(this.card);
    }
    get isInline() { return this.place === "inline"; }

    draw() {
      const { words, rating, open } = it;
      const isWide = this.place === "dialog" && innerWidth > 720;
      const card = h("section", {
        class: `card${this.isInline ? "" : ` float at-${this.place}`}${isWide ? " wide" : ""}`,
        role: this.isInline ? "region" : "dialog", "aria-label": words.label, tabindex: "-1",
        onpointerdown: (e) => this.begin(e), onkeydown: (e) => this.begin(e),
      });
      card.append((this.form = this.ask(rating)), h("p", { class: "small" }, words.privacy));
      if (!this.isInline) card.append(h("button", { class: "close", type: "button", "aria-label": words.close, onclick: () => this.close() }, "×"));
      return card;
    }

    ask(rating) {
      const { words } = it, steps = rating.maximum - rating.minimum + 1;
      this.scale = h("div", { class: `scale${steps < 8 ? " few" : steps === 10 ? " ten" : ""}` });
      for (let value = rating.minimum; value <= rating.maximum; value++) {
        const end = value === rating.minimum ? rating.low_label : value === rating.maximum ? rating.high_label : "";
        const text = steps === 2 ? [end] : [this.drawn(rating, value, steps), end && h("span", { class: "sr" }, ` ${end}`)];
        this.scale.append(h("div", { class: "step" },
          h("input", { type: "radio", name: "rating", id: `r${value}`, value, onchange: (e) => e.isTrusted && this.choose(value) }),
          h("label", { for: `r${value}` }, ...text.filter(Boolean))));
      }
      this.asked = h("label", { class: "ask", for: "why" });
      this.why = h("textarea", { id: "why", maxlength: 5000, "aria-describedby": "hint" });
      this.more = h("div", { class: "field", hidden: true }, this.asked, this.why, h("p", { class: "hint", id: "hint" }, words.hint));
      // nobody sees this field: whoever fills it in is no person
      this.trap = h("input", { name: "extra", tabindex: "-1", autocomplete: "off" });
      this.button = h("button", { class: "send", hidden: true }, words.send);
      this.status = h("span", { class: "hint", role: "status" });
      const form = h("form", { onsubmit: (e) => { e.preventDefault(); this.finish(); } },
        h("fieldset", {}, h("legend", {}, h("h2", {}, rating.text)), this.scale,
          steps === 2 ? null : h("div", { class: "ends", "aria-hidden": "true" },
            h("span", {}, `${rating.minimum} = ${rating.low_label}`), h("span", {}, `${rating.maximum} = ${rating.high_label}`))),
        this.more, h("p", { class: "sr", "aria-hidden": "true" }, h("label", {}, words.empty, " ", this.trap)),
        h("div", { class: "row" }, this.button, this.status));
      this.scale.style.setProperty("--steps", steps);
      return form;
    }

    // a step as the survey draws it: a number, stars, or a face whose mouth bends
    drawn({ presentation, minimum }, value, steps) {
      if (presentation === "stars") return h("span", {}, String(value), h("span", { "aria-hidden": "true" }, " ★"));
      if (presentation !== "faces") return String(value);
      const shape = (kind, is) => {
        const made = document.createElementNS("http://www.w3.org/2000/svg", kind);
        for (const [key, one] of Object.entries(is)) made.setAttribute(key, one);
        return made;
      };
      const bend = ((value - minimum) / (steps - 1) - 0.5) * 14, svg = shape("svg", { viewBox: "0 0 40 40", "aria-hidden": "true" });
      svg.append(shape("circle", { cx: 20, cy: 20, r: 17 }), shape("path", { d: `M14 15v2M26 15v2M12 ${26 - bend / 4}Q20 ${26 + bend} 28 ${26 - bend / 4}` }));
      return h("span", {}, svg, h("span", { class: "sr" }, String(value)));
    }

    frame() {
      const address = new URL(base + "page/");
      address.searchParams.set("key", this.key);
      address.searchParams.set("l", it.language);
      if (this.token) address.searchParams.set("token", this.token);
      return h("iframe", { src: address.href, title: it.words.label, referrerpolicy: "no-referrer" });
    }

    begin(event) {
      if (this.began || !event.isTrusted || (event.key && ["Escape", "Tab"].includes(event.key))) return;
      this.began = true;
      tell("opened", this.token);
    }

    choose(value) {
      this.rating = value;
      this.time();
      this.asked.textContent = this.fitting(it.open);
      this.more.hidden = this.button.hidden = false;
      this.deliver();
    }

    // the words that go with the rating
    fitting(said) { return said.texts[said.by_rating[this.rating - it.rating.minimum] || 0]; }

    finish() {
      if (this.rating == null) return;
      this.isFinal = true;
      this.time();
      this.deliver();
    }

    // how long it took from seen to here; what waits for a connection after this does not count
    time() { this.took = Math.round(performance.now() - this.since); }

    get state() { return `${this.rating}\n${this.why.value}\n${this.isFinal}`; }
    get data() {
      this.revision = Math.max(this.revision + 1, Date.now());
      const answers = [{ position: it.rating.position, rating: this.rating }];
      if (this.isFinal || this.why.value) answers.push({ position: it.open.position, text: this.why.value });
      return {
        key: this.key, token: this.token, person: this.token || isPrivate ? "" : person, version: it.version, revision: this.revision,
        is_complete: this.isFinal && !it.further.length, language: it.language, answers, took: this.took, extra: this.trap.value.slice(0, 200),
        ...(isPrivate ? {} : { attributes: bounded(attributes), page: location.href.split(/[?#]/)[0] }),
      };
    }

    // Sent until it is confirmed; the same key again is the same answer.
    async deliver() {
      if (this.isSending) return;
      clearTimeout(this.timer);
      const state = this.state;
      if (this.rating == null || state === this.delivered) return;
      this.isSending = true;
      let answer;
      try { answer = await post("answers/", this.data); } catch { answer = null; }
      this.isSending = false;
      if (answer && answer.ok) {
        this.delivered = state;
        this.tries = 0;
        remember({ asked: Date.now(), answered: Date.now() });
        if (state !== this.state) this.deliver();
        else if (this.isFinal) this.thank();
        else this.status.textContent = it.words.kept;
      } else if (answer && answer.status < 500 && answer.status !== 429 && answer.status !== 408) {
        this.delivered = state;
        this.end(it.words.gone);
      } else {
        this.status.textContent = it.words.waiting;
        this.timer = setTimeout(() => this.deliver(), Math.min(2 ** this.tries++, 30) * 1000);
      }
    }

    // What is not confirmed when the page goes away is handed to the browser to bring.
    leave() {
      if (preview || this.rating == null || this.state === this.delivered) return;
      navigator.sendBeacon?.(base + "answers/", new Blob([JSON.stringify(this.data)], { type: "text/plain" }));
    }

    thank() {
      const back = h("button", { class: "plain", type: "button", onclick: () => { this.isFinal = false; said.replaceWith(this.form); this.card.focus(); } }, it.words.change);
      const own = it.thanks && this.fitting(it.thanks);
      const said = h("div", {}, h("h2", { tabindex: "-1" }, it.words.thanks), h("p", {}, own ? own.text : it.words.promise),
        own && own.link ? h("p", {}, h("a", { href: own.link, target: "_blank", rel: "noopener" }, own.link_label || own.link)) : null, h("div", { class: "row" }, back));
      if (it.further.length && !preview) said.lastChild.prepend(h("button", { class: "send", type: "button", onclick: () => said.replaceWith(this.frame()) }, it.words.more));
      this.swap(said);
    }
    end(text) { this.swap(h("div", {}, h("h2", { tabindex: "-1" }, text))); }
    swap(said) {
      const hadFocus = root.activeElement;
      this.form.replaceWith(said);
      live.textContent = said.querySelector("h2").textContent;
      if (hadFocus) said.querySelector("h2").focus();
    }

    close() {
      if (this.rating == null) tell("closed", this.token);
      this.leave();
      const hadFocus = this.card.contains(root.activeElement);
      this.card.remove();
      shown = null;
      live.textContent = "";
      if (tab) tab.hidden = false;
      if (hadFocus) (tab || before)?.focus?.();
    }
  }

  let tab, before;
  const show = (place, token, isOpened) => {
    if (shown) { if (isOpened) shown.card.focus(); return; }
    before = document.activeElement;
    stage(place === "inline" ? spot() : null);
    shown = new Showing(place, token);
    if (tab) tab.hidden = true;
    if (place !== "inline" && place !== "tab") { wasAsked = true; remember({ asked: Date.now() }); }
    if (isOpened) { shown.card.focus(); tell("seen", token); shown.began = true; tell("opened", token); }
    else if (place !== "inline") { live.textContent = it.words.shown; tell("seen", token); }
    else onceVisible(host, () => { shown.since = performance.now(); tell("seen", token); });
  };
  const spot = () => document.querySelector(tag.dataset.at || "[data-gloed]");
  const onceVisible = (element, then) => new IntersectionObserver((found, watch) => {
    if (found.some((one) => one.isIntersecting)) { watch.disconnect(); then(); }
  }).observe(element);

  // Asking is ours, so the contact policy decides; what a visitor opens is theirs.
  const consider = async (options = {}) => {
    if (shown || !it || !(it.is_on || preview)) return;
    if (options.opened) return show(it.place === "inline" ? "corner" : it.place, "", true);
    if (preview) return show(it.place, "");
    if (isPrivate || wasAsked || isRecent(recall().asked || 0) || !isDrawn()) return;
    let token = "";
    if (person) {
      wasAsked = true;
      try {
        const found = await (await post("asking/", { person })).json();
        if (!found.ask) return;
        token = found.token;
      } catch { wasAsked = false; return; }
    }
    show(it.place === "tab" || it.place === "inline" ? "corner" : it.place, token);
  };

  const fits = () => !it.pages.length || it.pages.some((page) =>
    new RegExp("^" + page.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*") + "/?$").test(location.pathname));
  const on = (target, kind, what) => {
    target.addEventListener(kind, what, { passive: true });
    armed.push(() => target.removeEventListener(kind, what));
  };
  const disarm = () => { armed.forEach((undo) => undo()); armed = []; };
  const fire = () => { disarm(); consider(); };
  const arm = () => {
    disarm();
    if (!fits()) return;
    if (preview) return fire();
    if (it.when === "delay") {
      const timer = setTimeout(fire, it.seconds * 1000);
      armed.push(() => clearTimeout(timer));
    } else if (it.when === "scroll") {
      const look = () => {
        const all = document.documentElement.scrollHeight - innerHeight;
        if (all <= 0 || scrollY / all * 100 >= it.percent) fire();
      };
      on(window, "scroll", look);
    } else if (it.when === "exit") {
      on(document.documentElement, "mouseleave", (e) => { if (e.clientY <= 0) fire(); });
    }
  };
  const start = () => {
    if (!(it.is_on || preview)) return;
    if (it.place === "inline") {
      if (spot() && fits() && !isRecent(recall().answered || 0)) show("inline", "");
      return;
    }
    stage();
    if (it.place === "tab") {
      if (!fits()) return;
      tab = h("button", { class: "tab", type: "button", onclick: () => show("tab", "", true) }, it.words.open);
      root.append(tab);
      return;
    }
    arm();
    // a page that changes its address without loading
    let path = location.pathname;
    setInterval(() => { if (path !== location.pathname) { path = location.pathname; if (!shown && !wasAsked) arm(); } }, 1000);
  };

  addEventListener("pagehide", () => shown?.leave());
  addEventListener("online", () => { if (shown) { shown.tries = 0; shown.deliver(); } });
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && shown && !shown.isInline && !e.defaultPrevented) shown.close();
  });

  const language = tag.dataset.language || document.documentElement.lang || navigator.language || "";
  const ready = fetch(`${base}?l=${encodeURIComponent(language.slice(0, 8))}`, { credentials: "omit", referrerPolicy: "no-referrer", cache: preview ? "no-store" : "default" })
    .then((answer) => answer.ok ? answer.json() : Promise.reject(answer.status))
    .then((found) => {
      it = found;
      if (document.body) start(); else addEventListener("DOMContentLoaded", start);
    })
    .catch((why) => { if (why === 403) console.warn("Gloed: this site is not in the list of the widget."); });

  const commands = {
    ask: (options = {}) => { attributes = { ...attributes, ...options.attributes }; ready.then(() => consider(options)); },
    set: (more) => { attributes = { ...attributes, ...more }; },
    identify: (signed) => { person = String(signed || ""); },
    close: () => shown?.close(),
  };
  const asked = window.gloed && window.gloed.q || [];
  const others = window.gloed && window.gloed.run ? window.gloed : null;
  const run = (what, options) => {
    others?.(what, options);
    if (options && options.widget && options.widget !== name) return;
    if (Object.hasOwn(commands, what)) commands[what](options);
  };
  run.run = true;
  run.ready = ready;
  window.gloed = run;
  for (const [what, options] of asked) run(what, options);
})();
