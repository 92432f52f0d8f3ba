// One key per theme, capitals after all small letters and digits; Enter goes on to the next answer.
document.addEventListener("keydown", (event) => {
  const form = document.getElementById("review");
  if (!form || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, textarea")) return;
  if (event.key === "Enter" && event.target.type === "checkbox") {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  const box = form.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (box) {
    box.checked = !box.checked;
    box.focus();
  }
});
