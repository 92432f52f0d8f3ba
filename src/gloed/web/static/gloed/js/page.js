// Small courtesies. Every page works without them.
(() => {
  "use strict";

  // An open menu closes on Escape and on a touch elsewhere.
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelector("details.menu[open] > summary")?.focus();
    closeMenus(null);
  });

  // Filters that were left open do not lengthen the address.
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "get") return;
    for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
    setTimeout(() => { for (const field of event.target.elements) field.disabled = false; });
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") return;
    for (const [name, value] of [...event.detail.formData.entries()]) {
      if (value === "") event.detail.formData.delete(name);
    }
  });

  // What stands in a field is copied with one touch, where the browser lets us.
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).value);
      button.querySelector("span").textContent = button.dataset.copied;
    });
  }

  // A file held over the page shows where it may be dropped.
  for (const place of document.querySelectorAll(".drop")) {
    const input = place.querySelector('input[type="file"]');
    const mark = (isOver) => (event) => { event.preventDefault(); place.classList.toggle("is-over", isOver); };
    place.addEventListener("dragover", mark(true));
    place.addEventListener("dragleave", mark(false));
    place.addEventListener("drop", (event) => {
      mark(false)(event);
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
})();
