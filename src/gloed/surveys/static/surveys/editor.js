// The editor keeps itself and shows what respondents will see. Without it the page is a plain form.
(() => {
  "use strict";
  const root = document.querySelector("[data-editor]");
  if (!root) return;
  const form = document.getElementById("words");
  const frame = root.querySelector("iframe");
  const kept = root.querySelector("[data-kept]");
  const said = root.querySelector("[data-said]");
  const list = root.querySelector("[data-list]");
  const mixing = root.querySelector("[data-mixing]");

  // --- what is written is kept a moment later; a change of form loads the page anew
  let isDirty = false, isBusy = false, timer = 0, round = 0;
  const dirty = (wait) => {
    isDirty = true;
    round += 1;
    clearTimeout(timer);
    timer = setTimeout(keep, wait);
  };
  const keep = async () => {
    if (!isDirty) return;
    if (isBusy) { timer = setTimeout(keep, 200); return; }
    isBusy = true;
    const present = round;
    kept.textContent = root.dataset.busy;
    const body = new URLSearchParams(new FormData(form));
    body.set("automatic", "1");
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } });
      const told = await answer.json();
      if (answer.ok) {
        form.elements.seen.value = told.seen;
        root.querySelector("[data-publishing]").textContent = told.publishing;
        mixing.hidden = !told.mixing;
        mixing.querySelector("p").textContent = told.mixing;
        isDirty = present !== round;
        refresh();
      }
      kept.textContent = answer.ok ? told.kept : told.trouble;
    } catch {
      kept.textContent = root.dataset.lost;
      timer = setTimeout(keep, 8000);
    }
    isBusy = false;
  };
  form.addEventListener("input", (event) => { if (event.target.name) dirty(700); });
  form.addEventListener("change", (event) => {
    const box = event.target.closest(".field");
    if (box && event.target.value) box.classList.remove("is-missing");
    dirty(100);
  });
  let isLeaving = false;
  form.addEventListener("submit", () => { isLeaving = true; });
  addEventListener("beforeunload", (event) => {
    if (!isDirty || isLeaving) return;
    keep();
    event.preventDefault();
  });
  addEventListener("pageshow", () => { isLeaving = false; });

  // --- the preview: the real page, at the place one was looking at
  const seen = { l: "", rating: "" };
  const address = () => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(seen)) if (value) query.set(name, value);
    return `${root.dataset.preview}?${query}`;
  };
  const refresh = () => frame.contentWindow.location.replace(address());
  const mark = (links, is) => { for (const link of links) is(link) ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current"); };
  const follow = (kind, name) => {
    const links = [...root.querySelectorAll(`[data-${kind}]`)].filter((one) => one.tagName === "A");
    for (const link of links) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        seen[name] = link.dataset[kind];
        mark(links, (one) => one === link);
        refresh();
      });
    }
    if (links.length) mark(links, (one) => one === links[0]);
  };
  follow("language", "l");
  follow("rating", "rating");
  const choose = (group, use) => {
    if (!group) return;
    group.hidden = false;
    group.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      for (const one of group.children) one.setAttribute("aria-pressed", String(one === button));
      use(button.dataset.value);
    });
  };
  choose(root.querySelector("[data-width]"), (value) => root.classList.toggle("is-desktop", value === "desktop"));
  root.classList.add("shows-write");
  choose(document.querySelector("[data-views]"), (value) => {
    root.classList.toggle("shows-write", value === "write");
    root.classList.toggle("shows-look", value === "look");
  });

  // --- the order, by handle, keys and arrows
  const cards = () => [...list.children];
  const tell = (card) => {
    const place = cards().indexOf(card);
    cards().forEach((one, at) => { one.querySelector(".ask__number").textContent = at + 3; });
    said.textContent = root.dataset.moved.replace("PLACE", place + 3).replace("ALL", cards().length + 2);
    dirty(100);
  };
  const step = (card, isUp) => {
    const beside = isUp ? card.previousElementSibling : card.nextElementSibling;
    if (!beside) return;
    isUp ? beside.before(card) : beside.after(card);
    tell(card);
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    const [verb] = button ? button.value.split(":") : [""];
    if (verb !== "up" && verb !== "down") return;
    event.preventDefault();
    step(button.closest(".ask"), verb === "up");
    button.focus();
  });
  let drag = null;
  for (const grip of root.querySelectorAll(".grip")) {
    grip.hidden = false;
    grip.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      step(grip.closest(".ask"), event.key === "ArrowUp");
      grip.focus();
    });
    grip.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      drag = { card: grip.closest(".ask"), pointer: event.pointerId, isMoved: false };
      drag.card.classList.add("is-held");
    });
  }
  // a card that moves loses what a pointer is held by, so the whole page listens
  document.addEventListener("pointermove", (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    const over = cards().find((one) => {
      const box = one.getBoundingClientRect();
      return one !== drag.card && event.clientY > box.top && event.clientY < box.bottom;
    });
    if (over) {
      const box = over.getBoundingClientRect();
      const isBefore = event.clientY < box.top + box.height / 2;
      const isThere = (isBefore ? over.previousElementSibling : over.nextElementSibling) === drag.card;
      if (!isThere) { isBefore ? over.before(drag.card) : over.after(drag.card); drag.isMoved = true; }
    }
    if (event.clientY < 80) scrollBy(0, -12);
    else if (event.clientY > innerHeight - 100) scrollBy(0, 12);
  });
  const drop = (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    const { card, isMoved } = drag;
    drag = null;
    card.classList.remove("is-held");
    if (isMoved) tell(card);
  };
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
  root.querySelector("[data-how]").hidden = !list.children.length;

  // --- names to put into the text one is in
  const pipe = root.querySelector("[data-pipe]");
  let into = null;
  form.addEventListener("focusin", (event) => {
    if (pipe.contains(event.target)) return;
    if (!event.target.matches("[data-piped]")) return;
    into = event.target;
    into.after(pipe);
    pipe.hidden = false;
  });
  pipe.querySelector("button").addEventListener("click", () => {
    const name = pipe.querySelector("select").value, other = pipe.querySelector("input").value.trim();
    into.setRangeText(`{${name}${other ? `|${other}` : ""}}`, into.selectionStart, into.selectionEnd, "end");
    into.focus();
    dirty(100);
  });
  pipe.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    pipe.querySelector("button").click();
  });
})();
