// Sending a file starts as soon as it is dropped or chosen. Without this the button does it.
(() => {
  "use strict";

  for (const form of document.querySelectorAll("form[data-upload]")) {
    const input = form.querySelector('input[type="file"]');
    const bar = form.querySelector("[data-upload-bar]");
    input.addEventListener("change", () => { if (input.files.length) form.requestSubmit(); });
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
