// The call sheet by keyboard: 0 to 9 and t for ten choose the number, unless somebody is typing.
(() => {
  "use strict";
  const form = document.getElementById("sheet");
  if (!form) return;
  const typing = (place) => place.closest("textarea, select, input:not([type=radio]):not([type=checkbox])");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter" && form.contains(event.target)) {
      form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const value = event.key.toLowerCase() === "t" ? "10" : event.key;
    if (!/^\d+$/.test(value)) return;
    const step = form.querySelector(`input[name=q1][value="${value}"]`);
    if (!step) return;
    event.preventDefault();
    step.checked = true;
    (form.querySelector("textarea") || step).focus();
  });
})();
