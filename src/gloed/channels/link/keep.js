(() => {
  const f = document.getElementById("f");
  if (!f) return;
  const more = document.getElementById("more"), kept = document.getElementById("kept"), ask = document.getElementById("ask");
  const began = f.dataset.moment - performance.now();
  const revision = () => Math.round(began + performance.now());
  const blocks = [...f.querySelectorAll("[data-if]")].map((b) => [b, JSON.parse(b.dataset.if)]);
  let touched = false, last = "";
  try {
    const state = history.state || {};
    if (state.key) f.elements.key.value = state.key;
    const orders = state.orders || {};
    for (const list of f.querySelectorAll("[data-shuffled]")) {
      const name = list.dataset.order, now = [...list.querySelectorAll(".choice")];
      const key = (one) => one.firstElementChild.value;
      if (orders[name]) for (const wanted of orders[name]) list.append(...now.filter((one) => key(one) === wanted));
      else orders[name] = now.map(key);
      const own = list.querySelector(".own");
      if (own) list.append(own);
    }
    history.replaceState({ key: f.elements.key.value, orders }, "");
  } catch { /* a reload then counts as somebody else */ }
  const sign = () => (f.querySelector("[name=rating]:checked") || f).dataset.sign || "";
  const holds = ([name, not, ...values], data) => {
    if (typeof name === "boolean") return name;
    const told = (name === "band" ? [sign()] : [...data.getAll(name), ...data.getAll(name + "o"), ...["name", "email", "phone"].flatMap((part) => data.getAll(name + part))]).filter(Boolean);
    return (values.length ? told.some((one) => values.includes(one)) : told.length > 0) !== not;
  };
  const sort = () => {
    for (const [block, groups] of blocks) {
      const data = new FormData(f);
      const on = groups.every(([any, ...all]) => any ? all.some((one) => holds(one, data)) : all.every((one) => holds(one, data)));
      block.hidden = block.disabled = !on;
    }
    for (const list of f.querySelectorAll("[data-most]")) {
      const most = +list.dataset.most, all = [...list.querySelectorAll("[type=checkbox]")];
      const full = most && all.filter((one) => one.checked).length >= most;
      for (const one of all) one.disabled = full && !one.checked;
    }
  };
  const keep = () => {
    const data = new URLSearchParams(new FormData(f));
    data.delete("revision");
    const now = data.toString();
    if (!touched || !data.get("rating") || now === last) return;
    last = now;
    data.set("step", "keep");
    data.set("revision", revision());
    fetch(f.action, { method: "POST", body: data, keepalive: true, credentials: "omit" })
      .then((r) => { if (r.ok && kept) kept.hidden = false; if (!r.ok) last = ""; }, () => { last = ""; });
  };
  const show = () => {
    const chosen = f.querySelector("[name=rating]:checked");
    if (chosen && more) {
      ask.textContent = ask.dataset[chosen.dataset.sign] || ask.dataset.all;
      more.hidden = false;
      f.elements.step.value = "all";
      const send = f.querySelector(".send");
      send.textContent = send.dataset.send;
      const next = document.getElementById("next");
      if (next) next.hidden = true;
    }
    if (chosen || !more) sort();
  };
  const touch = (e) => { if (e.isTrusted && !touched) { touched = true; setTimeout(keep); } };
  addEventListener("pointerdown", touch, true);
  addEventListener("keydown", touch, true);
  f.addEventListener("change", (e) => { show(); if (e.isTrusted) { touched = true; keep(); } });
  f.addEventListener("submit", () => { f.elements.revision.value = revision(); last = "sent"; touched = false; });
  addEventListener("pagehide", keep);
  addEventListener("pageshow", show);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
})();
