// The lesson's editor in the admin. markdownx sends only the text to the preview and hears nothing of the rest, so
// this sends the whole form: a number that is new below the text counts in the text at once.
(() => {
  const editor = document.querySelector("textarea.markdownx-editor");
  if (!editor) return;
  const form = editor.form;
  const box = editor.closest(".markdownx");
  const preview = box.querySelector(".markdownx-preview");
  const PAUSE = 400; // milliseconds without typing
  const REST = 2000; // milliseconds until a preview that stood back for somebody who saves is asked for again
  Object.assign(preview, { tabIndex: 0, role: "region", ariaLabel: "Preview" }); // it scrolls, and so takes the focus
  let touched = Boolean(document.querySelector(".errornote"));
  let leaving = false;
  let timer, running;

  async function show() {
    clearTimeout(timer);
    running?.abort();
    running = new AbortController();
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File && !value.size) data.delete(name);
    try {
      const answer = await fetch(editor.dataset.markdownxUrlsPath, { method: "POST", body: data, signal: running.signal });
      const isResting = answer.status === 429 || answer.status === 503;
      if (isResting && !leaving) timer = setTimeout(show, REST);
      fill(answer.ok || isResting ? await answer.text() : sentence(`The preview failed (${answer.status}). Your text is still here.`));
    } catch (error) {
      if (error.name !== "AbortError") fill(sentence("The preview could not be fetched. Is the notebook running?"));
    }
  }

  const sentence = (text) => `<div class="troubles" role="status"><p>${text}</p></div>`;

  function fill(html) {
    const scrolled = preview.scrollTop;
    preview.innerHTML = html;
    preview.scrollTop = scrolled;
    settle();
  }

  // The buttons of an explorer come first in the form, and a disabled one there keeps Enter from saving.
  function settle() {
    for (const button of preview.querySelectorAll(".lesson button")) button.type = "button";
  }

  function changed() {
    touched = true;
    clearTimeout(timer);
    if (!leaving) timer = setTimeout(show, PAUSE);
  }

  // Ahead of markdownx's own listeners on the editor: its preview of the text alone would contradict ours; Tab has to
  // lead out of the editor; its other keys change the first line that reads like the current one, without undo.
  const stop = (event) => { if (event.target === editor) event.stopPropagation(); };
  form.addEventListener("input", (event) => { stop(event); changed(); }, true);
  form.addEventListener("change", changed);
  form.addEventListener("focusin", stop, true);
  form.addEventListener("keydown", stop, true);
  // It also refuses whatever is dropped that is no picture: a passage dragged to another place, a file on its field.
  form.addEventListener("drop", (event) => {
    const isPicture = event.dataTransfer.files.length > 0;
    if (event.target === editor ? !isPicture : event.target.type === "file") event.stopPropagation();
  }, true);
  // markdownx still asks when the page opens and after a picture was dropped.
  box.addEventListener("markdownx.update", () => { settle(); if (touched) show(); });
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
    editor.focus({ preventScroll: true });
    editor.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
    editor.scrollTop = heightOf(editor.value.slice(0, start)) - editor.clientHeight / 3;
    editor.scrollIntoView({ block: "nearest" });
  }

  // How far down some of the text reaches: a line of it may be wrapped into many, so a copy is measured.
  function heightOf(text) {
    const copy = editor.cloneNode();
    copy.removeAttribute("id");
    copy.removeAttribute("name");
    Object.assign(copy.style, { position: "absolute", visibility: "hidden", height: "0", width: `${editor.offsetWidth}px` });
    copy.value = text;
    editor.after(copy);
    const height = copy.scrollHeight;
    copy.remove();
    return height;
  }

  // A preview that ran beside the save would meet rows which the save has just made.
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    clearTimeout(timer);
    running?.abort();
  });
  addEventListener("beforeunload", (event) => { if (touched && !leaving) event.preventDefault(); });
})();
