(() => {
"use strict";
const it = JSON.parse(document.getElementById("data").textContent);
const stage = document.getElementById("stage"), queue = document.getElementById("queue");
const panel = document.getElementById("panel"), key = document.getElementById("settings");
const BEAT = 60000, THANKS = 8, WARNING = 10;
let language = it.languages[0], now = null, timer, isGone = false, tag = it.tag, isBusy = false, held = 0, lost = false;
const words = () => it.words[language];

const h = (kind, is, ...inner) => {
const made = document.createElement(kind);
for (const [name, value] of Object.entries(is)) {
if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
else if (value != null && value !== false) made.setAttribute(name, value === true ? "" : value);
}
made.append(...inner.filter((one) => one != null));
return made;
};

// --- What was said and is not confirmed yet: on the tablet's disk, under the key of the answer.
const memory = new Map();
const opened = new Promise((yes) => {
try {
const asked = indexedDB.open("gloed-kiosk", 1);
asked.onupgradeneeded = () => asked.result.createObjectStore("answers", { keyPath: "id" });
asked.onsuccess = () => yes(asked.result);
asked.onerror = () => yes(null);
} catch { yes(null); }
});
const work = async (mode, what) => {
const base = await opened;
if (!base) return what(null);
return new Promise((yes, no) => {
const done = base.transaction("answers", mode, { durability: "strict" });
const request = what(done.objectStore("answers"));
done.oncomplete = () => yes(request && request.result);
done.onerror = done.onabort = () => no(done.error);
});
};
// the kiosk is part of the key: one tablet may have served another desk before
const idOf = (answer) => `${it.base} ${answer.key}`;
const put = (answer) => work("readwrite", (store) => store ? store.put({ ...answer, id: idOf(answer) }) : void memory.set(idOf(answer), { ...answer, id: idOf(answer) }));
const all = async () => {
const found = await work("readonly", (store) => store ? store.getAll() : { result: [...memory.values()] }) || [];
return (Array.isArray(found) ? found : found.result).filter((one) => one.id.startsWith(`${it.base} `));
};
// only what was delivered goes: a newer state of the same answer stays for the next time
const drop = (sent) => work("readwrite", (store) => {
if (!store) { const kept = memory.get(sent.id); if (kept && kept.revision === sent.revision) memory.delete(sent.id); return; }
const asked = store.get(sent.id);
asked.onsuccess = () => { if (asked.result && asked.result.revision === sent.revision) store.delete(sent.id); };
});

const deliver = async () => {
if (isBusy || isGone) return;
isBusy = true;
try {
const waiting = await all(), batch = waiting.slice(0, 50);
held = waiting.length;
const body = { sent_at: Date.now(), waiting: waiting.length, answers: batch.map(({ id, ...answer }) => answer) };
const answer = await fetch(`${it.base}answers/`, { method: "POST", body: JSON.stringify(body), credentials: "omit" });
lost = false;
if (answer.status === 404) { isGone = true; begin(); }
if (answer.ok) {
const said = await answer.json();
const settled = new Set([...said.taken, ...said.refused.map((one) => one.key)]);
for (const one of batch) if (settled.has(one.key)) await drop(one);
held = (await all()).length;
tag = said.tag;
renew();
if (held && settled.size) setTimeout(deliver);
}
} catch { lost = true; }
isBusy = false;
tell();
};
const tell = () => {
queue.textContent = held && lost ? words().waiting.replace("%(n)s", held) : "";
queue.dataset.held = held;
};
// another wording, or the survey opened or closed: loaded anew while nobody is using it
const renew = () => { if (tag !== it.tag && !now && !panel.open && navigator.onLine) location.reload(); };

// --- One visitor after the other.
const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const keep = (news) => {
Object.assign(now, news);
const asked = it.asked[language];
const answers = [{ position: asked.rating.position, rating: now.rating }];
if (now.text || now.isDone) answers.push({ position: asked.open.position, text: now.text || "" });
now.revision = Math.max(now.revision + 1, Date.now());
const saved = put({ key: now.key, at: now.at, revision: now.revision, version: asked.version, is_complete: now.isDone, language, answers });
return saved.then(deliver, deliver);
};
const fitting = (said) => said.texts[said.by_rating[now.rating - it.asked[language].rating.minimum] || 0];
const show = (...parts) => { stage.replaceChildren(...parts); stage.className = ""; };

const begin = () => {
clearTimeout(timer);
now = null;
language = it.languages[0];
ask();
renew();
};
const ask = () => {
document.documentElement.lang = language;
const asked = it.asked[language];
drawLanguages();
if (isGone || !it.is_open || !asked) {
show(h("h1", {}, isGone ? words().gone : words().closed));
stage.className = "center";
return;
}
const { rating } = asked, steps = rating.maximum - rating.minimum + 1;
const scale = h("div", { class: `scale${steps > 7 ? " many" : ""}`, role: "group", "aria-labelledby": "question" });
for (let value = rating.minimum; value <= rating.maximum; value++) {
const end = value === rating.minimum ? rating.low_label : value === rating.maximum ? rating.high_label : "";
scale.append(h("button", { type: "button", class: "step", value, "aria-label": end ? (steps === 2 ? end : `${value}, ${end}`) : String(value), "aria-pressed": now && now.rating === value ? "true" : null, onclick: (e) => e.isTrusted && choose(value) }, face(rating, value, steps, end)));
}
scale.style.setProperty("--steps", steps);
show(h("h1", { id: "question", tabindex: "-1" }, rating.text), scale,
steps === 2 ? "" : h("div", { class: "ends", "aria-hidden": "true" }, h("span", {}, rating.low_label), h("span", {}, rating.high_label)),
h("p", { class: "small" }, words().privacy));
};
// faces, stars and thumbs where the survey is asked so; numbers else
const draw = (name, is) => { const made = document.createElementNS("http://www.w3.org/2000/svg", name); for (const [k, v] of Object.entries(is)) made.setAttribute(k, v); return made; };
const face = (rating, value, steps, end) => {
if (rating.presentation === "stars") return h("span", { "aria-hidden": "true" }, `${value} ★`);
if (steps === 2) return end;
if (rating.presentation !== "faces") return String(value);
const svg = draw("svg", { viewBox: "0 0 40 40", "aria-hidden": "true", class: "face" });
const bend = ((value - rating.minimum) / (steps - 1) - 0.5) * 14;
svg.append(draw("circle", { cx: 20, cy: 20, r: 17 }), draw("circle", { cx: 14, cy: 16, r: 1.4, class: "eye" }), draw("circle", { cx: 26, cy: 16, r: 1.4, class: "eye" }), draw("path", { d: `M12 ${26 - bend / 4} Q20 ${26 + bend} 28 ${26 - bend / 4}` }));
return svg;
};
const choose = (value) => {
now = now || { key: fresh(), at: Date.now(), revision: 0, text: "", isDone: false };
keep({ rating: value });
why();
};
const why = () => {
const box = h("textarea", { id: "why", maxlength: 5000, rows: 4, "aria-describedby": "hint", oninput: () => { now.text = box.value; } });
box.value = now.text;
show(h("h1", { tabindex: "-1" }, h("label", { for: "why" }, fitting(it.asked[language].open))), box,
h("p", { class: "small", id: "hint" }, words().hint),
h("div", { class: "row" }, h("button", { type: "button", class: "main", onclick: () => keep({ text: box.value.trim(), isDone: true }).then(thank, thank) }, words().done),
h("button", { type: "button", class: "plain", onclick: () => { keep({ text: box.value.trim() }); ask(); focusHeading(); } }, words().back)));
focusHeading();
};
const thank = () => {
const own = it.asked[language].thanks && fitting(it.asked[language].thanks);
now = null;
show(h("h1", { tabindex: "-1" }, words().thanks), h("p", {}, own ? own.text : words().promise),
h("div", { class: "row" }, h("button", { type: "button", class: "main", onclick: begin }, words().again)));
stage.className = "center";
focusHeading();
clearTimeout(timer);
timer = setTimeout(begin, THANKS * 1000);
};
const focusHeading = () => stage.querySelector("h1").focus();

// Whoever walks away leaves nothing on the screen; whoever is slow is asked first.
const stir = () => {
if (!now) return;
clearTimeout(timer);
stage.querySelector(".still")?.remove();
timer = setTimeout(doubt, it.idle_seconds * 1000);
};
const doubt = () => {
stage.append(h("div", { class: "still", role: "alert" }, h("span", {}, words().still), h("button", { type: "button", class: "main", onclick: stir }, words().more_time)));
timer = setTimeout(() => { if (now && now.text) keep({}); begin(); }, WARNING * 1000);
};
for (const kind of ["pointerdown", "keydown", "input"]) addEventListener(kind, () => setTimeout(stir), true);
addEventListener("contextmenu", (e) => e.preventDefault());

const drawLanguages = () => {
const place = document.getElementById("languages");
place.setAttribute("aria-label", words().language);
place.replaceChildren(...(it.languages.length < 2 ? [] : it.languages.map((code) =>
h("button", { type: "button", lang: code, "aria-pressed": code === language ? "true" : "false", onclick: () => { language = code; now ? (ask()) : ask(); tell(); } }, it.names[code] || code))));
key.hidden = Boolean(it.lock && !(window.crypto && crypto.subtle));
key.textContent = words().settings;
};

// --- For colleagues: behind the code, where there is one.
const close = () => panel.close();
const openPanel = () => {
if (it.lock) {
const field = h("input", { id: "pin", type: "password", inputmode: "numeric", autocomplete: "off", maxlength: 8 });
const wrong = h("p", { role: "alert" });
panel.replaceChildren(h("form", { onsubmit: async (e) => { e.preventDefault(); if (await fits(field.value)) settle(); else { wrong.textContent = words().wrong; field.value = ""; field.focus(); } } },
h("label", { for: "pin" }, words().pin), field, wrong,
h("div", { class: "row" }, h("button", { class: "main" }, words().unlock), h("button", { type: "button", class: "plain", onclick: close }, words().close))));
} else settle();
if (!panel.open) panel.showModal();
};
const fits = async (pin) => {
const text = new TextEncoder();
const base = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveBits"]);
const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: text.encode(it.lock.salt), iterations: it.lock.rounds }, base, 256);
return [...new Uint8Array(bits)].map((byte) => byte.toString(16).padStart(2, "0")).join("") === it.lock.digest;
};
const settle = async () => {
held = (await all()).length;
panel.replaceChildren(h("p", { id: "state" }, held ? words().waiting.replace("%(n)s", held) : words().all_in),
h("div", { class: "row" },
document.fullscreenEnabled ? h("button", { type: "button", class: "main", onclick: () => { close(); document.documentElement.requestFullscreen().catch(() => {}); } }, words().full) : null,
h("button", { type: "button", class: "main", id: "leave", onclick: () => { if (document.fullscreenElement) document.exitFullscreen(); location.assign("/"); } }, words().leave),
h("button", { type: "button", class: "plain", onclick: close }, words().close)));
panel.querySelector("button").focus();
};
key.addEventListener("click", openPanel);

// --- The tablet stays awake, the queue moves, the page is kept for a start without a network.
const stayAwake = () => { if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {}); };
document.addEventListener("visibilitychange", stayAwake);
stayAwake();
addEventListener("online", deliver);
setInterval(deliver, BEAT);
setInterval(() => { if (held) deliver(); }, 5000);
navigator.storage?.persist?.().catch(() => {});
if (navigator.serviceWorker) navigator.serviceWorker.register(`${it.base}sw.js`, { scope: it.base }).catch(() => {});
begin();
deliver();
})();
