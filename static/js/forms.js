// htmx comes once the page is loaded: it looks for its attributes in all of a page, a long task of a phone's time where
// the page is long. Until then, and without it, every form is sent as a form.
(() => {
  const { htmx } = document.currentScript.dataset;
  addEventListener("load", () => document.head.append(Object.assign(document.createElement("script"), { src: htmx })));
})();
