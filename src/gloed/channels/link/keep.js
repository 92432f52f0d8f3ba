(() => {
  const f = document.getElementById("f");
  if (!f) return;
  const more = document.getElementById("more"), kept = document.getElementById("kept"), ask = document.getElementById("ask");
  const began = +f.dataset.moment;
  const revision = () => Math.round(began + performance.now());
  let touched = false, last = "";
  try {
    if (history.state && history.state.key) f.elements.key.value = history.state.key;
    else history.replaceState({ key: f.elements.key.value }, "");
  } catch { /* a reload then counts as somebody else */ }
  const keep = () => {
    const data = new URLSearchParams(new FormData(f));
    const now = data.get("rating") + "\n" + (data.get("why") || "");
    if (!touched || !data.get("rating") || now === last) return;
    last = now;
    data.set("step", "keep");
    data.set("revision", revision());
    fetch(f.action, { method: "POST", body: data, keepalive: true, credentials: "omit" })
      .then((r) => { if (r.ok && kept) kept.hidden = false; if (!r.ok) last = ""; }, () => { last = ""; });
  };
  const show = () => {
    const chosen = f.querySelector("[name=rating]:checked");
    if (!chosen || !more) return;
    ask.textContent = ask.dataset[chosen.dataset.sign] || ask.dataset.all;
    more.hidden = false;
    f.elements.step.value = "all";
    const send = f.querySelector(".send");
    send.textContent = send.dataset.send;
    const next = document.getElementById("next");
    if (next) next.hidden = true;
  };
  const touch = (e) => { if (e.isTrusted && !touched) { touched = true; setTimeout(keep); } };
  addEventListener("pointerdown", touch, true);
  addEventListener("keydown", touch, true);
  f.addEventListener("change", (e) => { show(); if (e.isTrusted) { touched = true; keep(); } });
  f.addEventListener("submit", () => { f.elements.revision.value = revision(); last = "sent"; touched = false; });
  addEventListener("pagehide", keep);
  addEventListener("pageshow", () => { if (f.querySelector("[name=rating]:checked")) show(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
})();
