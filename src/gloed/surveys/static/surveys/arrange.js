// Order by dragging, by keyboard and by the arrows; without a script the arrows are plain forms.
(() => {
  "use strict";
  const root = document.querySelector("[data-arrange]");
  if (!root) return;
  const said = root.querySelector("[data-said]");
  root.querySelector("[data-how]").hidden = false;

  const kindOf = (item) => item.dataset.item;
  const listsOf = (kind) => [...root.querySelectorAll(`[data-list="${kind}"]`)];
  const itemsOf = (list) => [...list.children].filter((one) => one.dataset.item);
  const gripOf = (item) => item.querySelector(".grip");
  const place = (item) => ({ list: item.parentElement, next: item.nextElementSibling });

  const say = (words, item) => {
    const list = item.parentElement;
    const all = itemsOf(list);
    const own = { NAME: item.dataset.name, PLACE: all.indexOf(item) + 1, ALL: all.length, LIST: list.dataset.name };
    said.textContent = words.replace(/NAME|PLACE|ALL|LIST/g, (name) => own[name]);
  };

  const keep = async (item) => {
    const next = item.nextElementSibling;
    const body = new URLSearchParams({
      quiet: "1",
      before: next ? next.dataset.id : "",
      phase: item.parentElement.dataset.in || "",
      csrfmiddlewaretoken: root.querySelector("[name=csrfmiddlewaretoken]").value,
    });
    let answer = null;
    try { answer = await fetch(item.dataset.url, { method: "POST", body, redirect: "manual" }); } catch { /* as any other loss */ }
    if (answer && answer.status === 204) { item.dataset.kept = Number(item.dataset.kept || 0) + 1; return; }
    said.textContent = root.dataset.lost;
    setTimeout(() => location.reload(), 1500);
  };

  const put = (item, list, next) => list.insertBefore(item, next || null);

  // One place up or down; past the end of a list into the one beside it.
  const step = (item, up) => {
    const beside = up ? item.previousElementSibling : item.nextElementSibling;
    if (beside) {
      if (up) put(item, item.parentElement, beside); else put(item, item.parentElement, beside.nextElementSibling);
      return true;
    }
    const lists = listsOf(kindOf(item));
    const list = lists[lists.indexOf(item.parentElement) + (up ? -1 : 1)];
    if (!list) return false;
    put(item, list, up ? null : list.firstElementChild);
    return true;
  };

  // --- keyboard
  let held = null;
  const hold = (item) => {
    held = { item, from: place(item) };
    item.classList.add("is-held");
    gripOf(item).setAttribute("aria-pressed", "true");
    say(root.dataset.picked, item);
  };
  const release = (words) => {
    const { item } = held;
    held = null;
    item.classList.remove("is-held");
    gripOf(item).setAttribute("aria-pressed", "false");
    say(words, item);
    return item;
  };
  const drop = () => {
    const { from } = held;
    const item = release(root.dataset.dropped);
    if (item.parentElement !== from.list || item.nextElementSibling !== from.next) keep(item);
  };
  const moveHeld = (up) => {
    const item = held.item;
    const kept = held;
    held = null; // moving takes the focus away for a moment, which is no drop
    const moved = step(item, up);
    held = kept;
    if (moved) say(root.dataset.moved, item);
    gripOf(item).focus();
    item.scrollIntoView({ block: "nearest" });
  };

  root.addEventListener("keydown", (event) => {
    const grip = event.target.closest(".grip");
    if (!grip) return;
    const item = grip.closest("[data-item]");
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      if (held) drop(); else hold(item);
    } else if (held && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      moveHeld(event.key === "ArrowUp");
    } else if (held && event.key === "Escape") {
      const { from } = held;
      const kept = held;
      held = null;
      put(item, from.list, from.next);
      held = kept;
      release(root.dataset.back);
      grip.focus();
    }
  });
  root.addEventListener("focusout", (event) => {
    if (held && event.target === gripOf(held.item)) drop();
  });

  // --- the arrows, without losing the place on the page
  root.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || button.name !== "step") return;
    event.preventDefault();
    const item = button.closest("[data-item]");
    if (step(item, button.value === "up")) {
      say(root.dataset.dropped, item);
      keep(item);
    }
    button.focus();
    item.scrollIntoView({ block: "nearest" });
  });

  // --- pointer and touch
  let drag = null;
  const line = document.createElement("li");
  line.className = "arrange__line";
  line.setAttribute("aria-hidden", "true");

  const under = (item, y) => {
    let best = null;
    for (const list of listsOf(kindOf(item))) {
      const box = list.getBoundingClientRect();
      const away = y < box.top ? box.top - y : Math.max(0, y - box.bottom);
      if (!best || away < best.away) best = { list, away };
    }
    const next = itemsOf(best.list).find((one) => {
      const box = one.getBoundingClientRect();
      return one !== item && y < box.top + box.height / 2;
    });
    return { list: best.list, next: next || null };
  };
  const follow = (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    event.preventDefault();
    const far = event.clientY + scrollY - drag.startY;
    drag.item.style.transform = `translateY(${far}px)`;
    drag.to = under(drag.item, event.clientY);
    put(line, drag.to.list, drag.to.next);
    if (event.clientY < 80) scrollBy(0, -12);
    else if (event.clientY > innerHeight - 100) scrollBy(0, 12);
  };
  const end = (isDrop) => (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    const { item, to } = drag;
    drag = null;
    line.remove();
    item.style.transform = "";
    item.classList.remove("is-held");
    if (!isDrop || !to) return;
    const next = to.next === item ? item.nextElementSibling : to.next;
    if (to.list === item.parentElement && next === item.nextElementSibling) return;
    put(item, to.list, next);
    say(root.dataset.dropped, item);
    keep(item);
  };
  root.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".grip");
    if (!grip || event.button !== 0 || drag) return;
    const item = grip.closest("[data-item]");
    grip.setPointerCapture(event.pointerId);
    drag = { item, pointer: event.pointerId, startY: event.clientY + scrollY, to: null };
    item.classList.add("is-held");
  });
  document.addEventListener("pointermove", follow);
  document.addEventListener("pointerup", end(true));
  document.addEventListener("pointercancel", end(false));

  for (const grip of root.querySelectorAll(".grip")) grip.hidden = false;
})();
