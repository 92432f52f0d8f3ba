// Blocks follow the hand and the arrow keys, and the picture of the mail follows the words.
(() => {
  "use strict";
  const form = document.getElementById("builder");
  const list = document.getElementById("blocks");
  const frame = document.getElementById("preview");
  const show = document.getElementById("show");
  if (!form || !list || !frame || !show) return;
  form.classList.add("has-script");
  show.hidden = true;

  // The picture: fetched as the form stands, put into the frame without loading it anew.
  let wish = 0, waiting = 0;
  const draw = async () => {
    const mine = ++wish;
    const answer = await fetch(show.formAction, { method: "POST", body: new FormData(form) });
    const page = frame.contentDocument;
    if (!answer.ok || mine !== wish || !page) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== wish) return;
    const place = page.documentElement.scrollTop;
    page.documentElement.replaceWith(page.importNode(fresh.documentElement, true));
    page.documentElement.scrollTop = place;
    frame.dataset.drawn = String(mine);
  };
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(draw, 350); };
  document.addEventListener("input", (event) => { if (event.target.form === form) soon(); });
  if (frame.contentDocument?.readyState === "complete") draw();
  else frame.addEventListener("load", draw, { once: true });

  // Order: by the buttons, by the arrow keys on them, and by the grip.
  const blocks = () => [...list.querySelectorAll("[data-block]")];
  const settle = (block) => {
    const all = blocks();
    for (const [place, one] of all.entries()) {
      one.querySelector('[data-by="-1"]').setAttribute("aria-disabled", String(place === 0));
      one.querySelector('[data-by="1"]').setAttribute("aria-disabled", String(place === all.length - 1));
    }
    document.getElementById("moved").textContent = form.dataset.moved.replace("{n}", String(all.indexOf(block) + 1));
    soon();
  };
  const move = (block, by) => {
    const all = blocks();
    const other = all[all.indexOf(block) + by];
    if (!other) return;
    const held = document.activeElement;
    if (by < 0) other.before(block); else other.after(block);
    held.focus();
    block.scrollIntoView({ block: "nearest" });
    settle(block);
  };
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-by]");
    if (!button) return;
    event.preventDefault();
    move(button.closest("[data-block]"), Number(button.dataset.by));
  });
  list.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || !event.target.closest("[data-by]")) return;
    event.preventDefault();
    move(event.target.closest("[data-block]"), by);
  });
  let carried = null;
  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button) return;
    event.preventDefault();
    carried = grip.closest("[data-block]");
    carried.classList.add("is-held");
    list.setPointerCapture(event.pointerId);
  });
  list.addEventListener("pointermove", (event) => {
    if (!carried) return;
    for (const other of blocks()) {
      const box = other.getBoundingClientRect();
      if (other === carried || event.clientY < box.top || event.clientY > box.bottom) continue;
      const isBelow = carried.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (isBelow) other.after(carried); else other.before(carried);
      break;
    }
  });
  const drop = () => {
    if (!carried) return;
    carried.classList.remove("is-held");
    settle(carried);
    carried = null;
  };
  list.addEventListener("pointerup", drop);
  list.addEventListener("pointercancel", drop);
})();
