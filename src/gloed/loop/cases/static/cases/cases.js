// Cases by keyboard, and gestures that begin a reply. Every page works without this.
(() => {
  "use strict";
  const typing = (place) => place.closest("textarea, select, input:not([type=radio]):not([type=checkbox])");
  const list = document.querySelector("[data-cases]");

  // The list: j and k walk, c opens a case where the call is written down.
  const walk = (step) => {
    const links = [...list.querySelectorAll(".case-row__link")];
    const at = links.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
    links[next]?.focus();
    links[next]?.scrollIntoView({ block: "nearest" });
  };
  const onList = (key) => {
    if (key === "j") walk(1);
    else if (key === "k") walk(-1);
    else if (key === "c" && document.activeElement.matches(".case-row__link")) {
      location.href = `${document.activeElement.href}#id_call_text`;
    } else return false;
    return true;
  };

  // The card: a key goes to where something is written, or touches what it belongs to.
  const PLACES = { c: "#id_call_text", n: "#id_note_text", w: "#id_cause", x: "#id_outcome", r: "[data-takes-openings]" };
  const onCard = (key) => {
    const target = document.querySelector(`[data-key="${key}"]`);
    if (target) { target.click(); return true; }
    if (key === "t") {
      const fold = document.querySelector('[data-fold="t"]');
      if (!fold) return false;
      fold.open = true;
      document.getElementById("id_task_title").focus();
      return true;
    }
    const place = PLACES[key] && document.querySelector(PLACES[key]);
    place?.focus();
    return Boolean(place);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const key = event.key.toLowerCase();
    if (list ? onList(key) : onCard(key)) event.preventDefault();
  });
  if (location.hash === "#id_call_text") document.getElementById("id_call_text")?.focus();

  // A gesture puts its sentence into the reply, or shows it where there is no reply.
  const put = (field, text) => {
    const before = field.value.slice(0, field.selectionStart ?? field.value.length);
    const after = field.value.slice(before.length);
    const gap = before && !/\s$/.test(before) ? " " : "";
    field.value = before + gap + text + after;
    field.focus();
    field.selectionStart = field.selectionEnd = (before + gap + text).length;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.addEventListener("click", (event) => {
    const gesture = event.target.closest("[data-opening]");
    if (gesture) {
      const field = document.querySelector("textarea[data-takes-openings]");
      if (field) put(field, `${gesture.dataset.opening} `);
      const shown = document.querySelector("[data-opened]");
      if (shown) { shown.textContent = gesture.dataset.opening; shown.hidden = Boolean(field); }
    }
    const name = event.target.closest("[data-name]");
    if (name) put(document.getElementById("id_note_text"), `${name.dataset.name} `);
  });
  // What was typed and not kept yet survives when another part of the card is sent.
  const place = (field) => `case ${location.pathname} ${field.id}`;
  const kept = "form[data-keep] textarea, textarea[data-takes-openings]";
  const restore = () => {
    for (const field of document.querySelectorAll(kept)) {
      const { from, text } = JSON.parse(sessionStorage.getItem(place(field)) ?? "{}");
      if (text !== undefined && from === field.defaultValue) field.value = text;
    }
  };
  if (!list) {
    document.addEventListener("input", (event) => {
      const field = event.target;
      if (!field.matches(kept)) return;
      sessionStorage.setItem(place(field), JSON.stringify({ from: field.defaultValue, text: field.value }));
    });
    document.addEventListener("submit", (event) => {
      for (const field of event.target.querySelectorAll("textarea")) sessionStorage.removeItem(place(field));
    });
    document.addEventListener("htmx:load", restore);
    restore();
  }
  for (const names of document.querySelectorAll("[data-names]")) names.hidden = false;
})();
