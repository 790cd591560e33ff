// Sets the reader's theme before anything is painted, so it runs first and blocks; the admin keeps the same key.
(() => {
  const root = document.documentElement;
  const read = () => { try { return localStorage.getItem("theme") || "auto"; } catch { return "auto"; } };
  const show = (theme) => {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
  };
  const mark = () => {
    const chosen = document.querySelector(`input[name=theme][value=${read()}]`);
    if (chosen) chosen.checked = true;
  };
  root.classList.add("has-script");
  // So that no number of a lesson shows before lesson/mask.js runs.
  try { if (localStorage.getItem("mask") === "on") root.dataset.mask = ""; } catch { /* nothing is hidden, then */ }
  show(read());
  document.addEventListener("DOMContentLoaded", mark);
  document.addEventListener("change", (event) => {
    if (event.target.name !== "theme") return;
    try { localStorage.setItem("theme", event.target.value); } catch { /* it lasts for this page */ }
    show(event.target.value);
  });
  // Another tab, or the admin, changed it.
  addEventListener("storage", (event) => { if (event.key === "theme") { show(read()); mark(); } });
})();
