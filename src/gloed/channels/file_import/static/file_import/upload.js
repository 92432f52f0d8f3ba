// Sending a file starts as soon as it is dropped or chosen. Without this the button does it.
(() => {
  "use strict";

  for (const form of document.querySelectorAll("form[data-upload]")) {
    const input = form.querySelector('input[type="file"]');
    const bar = form.querySelector("[data-upload-bar]");
    const zone = form.querySelector(".drop");
    const holdsFiles = (event) => event.dataTransfer && event.dataTransfer.types.includes("Files");
    const send = () => { input.setCustomValidity(""); if (input.files.length) form.requestSubmit(); };
    input.addEventListener("change", send);
    // a file may be let go anywhere: beside the frame the browser would leave the page and open it
    addEventListener("dragover", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      zone.classList.add("is-over");
    });
    addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) zone.classList.remove("is-over"); // out of the window
    });
    addEventListener("drop", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      zone.classList.remove("is-over");
      const [file, ...others] = event.dataTransfer.files;
      if (!file || !bar.hidden) return;
      if (others.length) {
        input.setCustomValidity(form.dataset.one);
        input.reportValidity();
        return;
      }
      const one = new DataTransfer();
      one.items.add(file);
      input.files = one.files;
      send();
    });
    form.addEventListener("submit", () => {
      bar.hidden = false;
      for (const button of form.querySelectorAll("button")) button.disabled = true;
    });
    addEventListener("pageshow", () => { // back from the next page
      bar.hidden = true;
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    });
  }
})();
