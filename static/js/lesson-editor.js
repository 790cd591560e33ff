// The lesson's editor in the admin. markdownx sends only the text to the preview and hears nothing of the rest, so
// this sends the whole form: a number that is new below the text counts in the text at once.
(() => {
  const editor = document.querySelector("textarea.markdownx-editor");
  if (!editor) return;
  const form = editor.form;
  const box = editor.closest(".markdownx");
  const preview = box.querySelector(".markdownx-preview");
  const PAUSE = 600; // milliseconds without typing
  let touched = Boolean(document.querySelector(".errornote"));
  let leaving = false;
  let timer, running;

  async function show() {
    running?.abort();
    running = new AbortController();
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File && !value.size) data.delete(name);
    try {
      const answer = await fetch(editor.dataset.markdownxUrlsPath, { method: "POST", body: data, signal: running.signal });
      const scrolled = preview.scrollTop;
      preview.innerHTML = await answer.text();
      preview.scrollTop = scrolled;
    } catch (error) {
      if (error.name !== "AbortError") preview.textContent = "The preview could not be fetched. Is the notebook running?";
    }
  }

  function changed() {
    touched = true;
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  }

  // Ahead of markdownx's own listeners on the editor: its preview of the text alone would contradict ours, and the
  // Tab key has to lead out of the editor.
  form.addEventListener("input", (event) => {
    if (event.target === editor) event.stopPropagation();
    changed();
  }, true);
  form.addEventListener("change", changed);
  form.addEventListener("focusin", (event) => { if (event.target === editor) event.stopPropagation(); }, true);
  form.addEventListener("keydown", (event) => {
    if (event.target === editor && event.key === "Tab") event.stopPropagation();
  }, true);
  // markdownx still asks when the page opens and after a picture was dropped.
  box.addEventListener("markdownx.update", () => { if (touched) show(); });
  box.addEventListener("markdownx.fileUploadEnd", () => { touched = true; });

  document.addEventListener("click", (event) => {
    const place = event.target.closest("[data-line]");
    if (place) goTo(Number(place.dataset.line));
    const link = event.target.closest(".markdownx-preview a[href]");
    if (link && !link.getAttribute("href").startsWith("#")) link.target = "_blank";
  });

  function goTo(line) {
    const lines = editor.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    editor.focus();
    editor.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
    const height = editor.scrollHeight / lines.length;
    editor.scrollTop = height * (line - 1) - editor.clientHeight / 3;
  }

  form.addEventListener("submit", () => { leaving = true; });
  addEventListener("beforeunload", (event) => { if (touched && !leaving) event.preventDefault(); });
})();
