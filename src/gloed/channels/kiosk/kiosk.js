(() => {
  const it = JSON.parse(document.getElementById("data").textContent);
  const stage = document.getElementById("stage"), queue = document.getElementById("queue");
  const panel = document.getElementById("panel"), key = document.getElementById("settings");
  const BEAT = 60000, THANKS = 8, WARNING = 10;
  const { put, all, drop, batch } = outbox(it.base);
  let language = it.languages[0], now = null, timer, isGone = false, tag = it.tag, isBusy = false, held = 0, lost = false;
  const words = () => it.words[language], asked = () => it.asked[language];

  const deliver = async () => {
    if (isBusy || isGone) return;
    isBusy = true;
    try {
      const waiting = await all(), going = batch(waiting);
      held = waiting.length;
      const body = { sent_at: Date.now(), waiting: waiting.length, answers: going.map(({ id, ...answer }) => answer) };
      const answer = await fetch(`${it.base}answers/`, { method: "POST", body: JSON.stringify(body), credentials: "omit" });
      lost = false;
      if (answer.status === 404) { isGone = true; begin(); }
      if (answer.ok) {
        const said = await answer.json();
        const settled = new Set([...said.taken, ...said.refused.map((one) => one.key)]);
        for (const one of going) if (settled.has(one.key)) await drop(one);
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

  // --- One visitor after the other: the rating first, then what goes with it, page by page.
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const keep = () => {
    const { rating, open, further, version } = asked(), shown = shownOf(asked(), now);
    const answers = [{ position: rating.position, rating: now.rating }];
    if (now.wrote || now.isDone) answers.push({ position: open.position, text: now.text.trim() });
    for (const one of further) if (now.been.has(one.position)) answers.push(answered(one, shown.has(one.position) ? now.given[one.position] : {}));
    now.isFresh = false;
    now.revision = Math.max(now.revision + 1, Date.now());
    const saved = put({ key: now.key, at: now.at, revision: now.revision, version, is_complete: now.isDone, language, answers });
    return saved.then(deliver, deliver);
  };
  const fitting = (said) => said.texts[said.by_rating[now.rating - asked().rating.minimum] || 0];
  const show = (...parts) => { stage.replaceChildren(...parts); stage.className = ""; };
  const focusHeading = () => stage.querySelector("h1").focus();

  const begin = () => {
    clearTimeout(timer);
    now = null;
    language = it.languages[0];
    ask();
    renew();
  };
  const ask = () => {
    document.documentElement.lang = language;
    drawLanguages();
    if (isGone || !it.is_open || !asked()) {
      show(h("h1", {}, isGone ? words().gone : words().closed));
      stage.className = "center";
      return;
    }
    if (now && now.path.length) return page();
    const { rating } = asked();
    show(h("h1", { id: "question", tabindex: "-1" }, rating.text), ...scaleOf(rating, now && now.rating, "question", choose), h("p", { class: "small" }, words().privacy));
  };
  const choose = (value) => {
    now = now || { key: fresh(), at: Date.now(), revision: 0, text: "", isDone: false, given: {}, orders: {}, been: new Set(), path: [] };
    now.rating = value;
    keep();
    turn();
  };

  // The pages behind this visitor are `path`; the first holds the open question, and always comes.
  const comes = (number, shown) => number === 0 || asked().screens[number].some((position) => shown.has(position));
  const ahead = () => {
    const shown = shownOf(asked(), now), last = now.path.at(-1) ?? -1;
    return asked().screens.flatMap((_, number) => number > last && comes(number, shown) ? [number] : []);
  };
  const turn = () => {
    const [next] = ahead();
    if (next === undefined) return finish();
    now.path.push(next);
    page();
    focusHeading();
  };
  const finish = () => {
    now.isDone = true;
    keep().then(thank, thank);
  };
  const back = () => {
    keep();
    now.path.pop();
    ask();
    focusHeading();
  };
  const page = () => {
    const number = now.path.at(-1), positions = asked().screens[number];
    const blocks = asked().further.filter((one) => positions.includes(one.position)).map((one) => {
      now.been.add(one.position);
      return blockOf(one, now, words(), () => { keep(); sort(); });
    });
    const far = h("h1", { class: "far", tabindex: "-1" });
    const go = h("button", { type: "button", class: "main", onclick: () => { keep(); turn(); } });
    const sort = () => {
      const shown = shownOf(asked(), now);
      for (const one of blocks) one.hidden = !shown.has(Number(one.dataset.position));
      const left = ahead().length, done = now.path.length + 1;
      far.textContent = words().far.replace("%(number)s", done).replace("%(total)s", done + left);
      go.textContent = left ? words().go : words().done;
    };
    const isFirst = number === 0;
    show(...(isFirst ? why(blocks.length ? far : null, sort) : [far]), ...blocks,
      h("div", { class: "row" }, go, h("button", { type: "button", class: "plain", onclick: back }, isFirst ? words().back : words().before)));
    sort();
  };
  // alone on its page the open question is the heading
  const why = (far, sort) => {
    const label = h("label", { for: "why", class: far ? "ask" : null }, fitting(asked().open));
    const box = h("textarea", { id: "why", maxlength: 5000, rows: 4, "aria-describedby": "hint", oninput: () => { now.text = box.value; now.wrote = now.isFresh = true; sort(); } });
    box.value = now.text;
    const hint = h("p", { class: "small", id: "hint" }, words().hint);
    return far ? [far, h("div", { class: "block" }, label, box, hint)] : [h("h1", { tabindex: "-1" }, label), box, hint];
  };
  const thank = () => {
    const own = asked().thanks && fitting(asked().thanks);
    now = null;
    show(h("h1", { tabindex: "-1" }, words().thanks), h("p", {}, own ? own.text : words().promise),
      h("div", { class: "row" }, h("button", { type: "button", class: "main", onclick: begin }, words().again)));
    stage.className = "center";
    focusHeading();
    clearTimeout(timer);
    timer = setTimeout(begin, THANKS * 1000);
  };

  // Whoever walks away leaves nothing on the screen; whoever is slow is asked first.
  const stir = () => {
    if (!now) return;
    clearTimeout(timer);
    stage.querySelector(".still")?.remove();
    timer = setTimeout(doubt, it.idle_seconds * 1000);
  };
  const doubt = () => {
    stage.append(h("div", { class: "still", role: "alert" }, h("span", {}, words().still), h("button", { type: "button", class: "main", onclick: stir }, words().more_time)));
    timer = setTimeout(() => { if (now && now.isFresh) keep(); begin(); }, WARNING * 1000);
  };
  for (const kind of ["pointerdown", "keydown", "input"]) addEventListener(kind, () => setTimeout(stir), true);
  addEventListener("contextmenu", (e) => e.preventDefault());

  const drawLanguages = () => {
    const place = document.getElementById("languages");
    place.setAttribute("aria-label", words().language);
    place.replaceChildren(...(it.languages.length < 2 ? [] : it.languages.map((code) =>
      h("button", { type: "button", lang: code, "aria-pressed": code === language ? "true" : "false", onclick: () => { language = code; ask(); tell(); } }, it.names[code] || code))));
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
