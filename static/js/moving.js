// Search and jump, single keys, and their help. Everything they do can also be done without them: search is a page,
// and the lessons before and after are links.
(() => {
  const palette = document.getElementById("palette");
  const help = document.getElementById("keys");
  if (!palette) return;
  const input = palette.querySelector("[role=combobox]");
  const list = palette.querySelector("[role=listbox]");
  const box = document.getElementById("single-keys");

  // Single keys: off means off in every tab, so it is asked each time.
  const areOn = () => { try { return localStorage.getItem("single-keys") !== "off"; } catch { return box.checked; } };
  box.addEventListener("change", () => {
    try { localStorage.setItem("single-keys", box.checked ? "on" : "off"); } catch { /* it lasts for this page */ }
  });

  const ask = () => window.htmx.trigger(input, "open");
  const open = (dialog) => {
    if (document.querySelector("dialog:modal")) return;
    box.checked = areOn();
    dialog.showModal();
    if (dialog !== palette) return;
    input.select();
    if (window.htmx) ask();
    else document.addEventListener("htmx:load", () => { if (palette.open) ask(); }, { once: true });
  };
  for (const opener of document.querySelectorAll("[data-opens]")) {
    opener.setAttribute("aria-haspopup", "dialog");
    opener.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // the link, in another tab
      event.preventDefault();
      open(document.getElementById(opener.dataset.opens));
    });
  }
  for (const dialog of [palette, help]) {
    dialog.addEventListener("click", (event) => { // outside it, or on its button
      if (event.target === dialog || event.target.closest("[data-closes]")) dialog.close();
    });
  }

  // The options: the focus stays in the field, and the chosen one is its active descendant.
  const options = () => [...list.querySelectorAll("[role=option][href]")];
  const chosen = () => list.querySelector("[aria-selected=true]");
  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const step = (by) => {
    const all = options();
    if (all.length) choose(all.at((all.indexOf(chosen()) + (by < 0 && !chosen() ? 0 : by)) % all.length));
  };
  input.addEventListener("input", () => choose(null)); // what is shown is not yet what was asked for
  list.addEventListener("htmx:afterSwap", () => {
    input.setAttribute("aria-expanded", String(options().length > 0));
    list.scrollTop = 0;
    choose(input.value.trim() ? options()[0] : null);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) step(by);
    else if (event.key === "Enter" && chosen()) chosen().dispatchEvent(new MouseEvent("click", { ...pressed(event), bubbles: true, cancelable: true }));
    else return; // Enter without a choice sends the form to the search page
    event.preventDefault();
  });
  const pressed = ({ ctrlKey, metaKey, shiftKey }) => ({ ctrlKey, metaKey, shiftKey });
  // Before leaving, so that the page a reader comes back to is not covered; the place on this page is a target again.
  list.addEventListener("click", (event) => { if (event.target.closest("[href]")) palette.close(); });
  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option][href]");
    if (option && option !== chosen()) choose(option);
  });

  const follow = (rel) => document.querySelector(`a[rel~=${rel}]`)?.click();
  const single = { "/": () => open(palette), "?": () => open(help), n: () => follow("next"), p: () => follow("prev"), ".": () => document.querySelector("[data-masks]")?.click() };
  const isTyping = (target) => target.isContentEditable || target.matches("input, textarea, select");
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() !== "k" || event.shiftKey) return;
      event.preventDefault();
      open(palette);
    } else if (single[event.key] && areOn() && !isTyping(event.target) && !document.querySelector("dialog:modal")) {
      event.preventDefault();
      single[event.key]();
    }
  });
})();
