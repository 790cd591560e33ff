// htmx comes when a reader first does something: it looks for its attributes in all of a page, a long task of a phone's
// time where the page is long, and whoever only reads needs none. Until then, and without it, every form is a form.
(() => {
  const { htmx } = document.currentScript.dataset;
  const SIGNS = ["pointermove", "pointerdown", "keydown", "focusin", "wheel"];
  const bring = () => {
    const script = Object.assign(document.createElement("script"), { src: htmx });
    script.addEventListener("load", () => { // what was typed before it came was told to nobody
      const { activeElement: field } = document;
      if (field.defaultValue !== undefined && field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    document.head.append(script);
  };
  const begin = () => {
    for (const sign of SIGNS) removeEventListener(sign, begin, true);
    if (document.readyState === "complete") bring();
    else addEventListener("load", bring); // between the end of the text and that of its pictures it would wait for ever
  };
  for (const sign of SIGNS) addEventListener(sign, begin, { capture: true, passive: true });
})();
