// A colour may be picked as well as written.
(() => {
  "use strict";
  const place = document.querySelector("[data-picker]");
  if (!place) return;
  const picker = place.querySelector("input"), written = document.getElementById("id_accent");
  place.hidden = false;
  picker.addEventListener("input", () => { written.value = picker.value; });
  written.addEventListener("input", () => { if (/^#[0-9a-f]{6}$/i.test(written.value)) picker.value = written.value; });
})();
