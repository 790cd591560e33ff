// The # beside a place copies its address, and code has a button that copies it. Both say so politely. Without this
// script the # is a link to its place.
import { isPlain, words } from "./parts.js";

const TOLD = 2000; // milliseconds that "copied" stands there

const status = document.createElement("p");
status.className = "visually-hidden";
status.role = "status";

const copy = async (text, button, message) => {
  await navigator.clipboard.writeText(text);
  status.textContent = message;
  button.classList.add("is-copied");
  setTimeout(() => {
    status.textContent = "";
    button.classList.remove("is-copied");
  }, TOLD);
};

const addButton = (code) => {
  const line = document.createElement("span"); // no taller than nothing, so that no line of code moves
  const button = document.createElement("button");
  line.className = "copy-line";
  button.className = "copy-code quiet";
  button.type = "button";
  button.ariaLabel = words.copyCode;
  button.addEventListener("click", () => copy(code.querySelector("code").textContent, button, words.codeCopied));
  line.append(button);
  code.prepend(line);
};

// The lesson as Markdown, from the address that the menu leads to as well.
const addWhole = (menu) => {
  const view = menu.querySelector("a[type]");
  const button = document.createElement("button");
  button.className = "quiet";
  button.type = "button";
  button.textContent = words.copyWhole;
  button.addEventListener("click", async () => {
    const response = await fetch(view.href);
    copy(await response.text(), button, words.wholeCopied);
  });
  const item = document.createElement("li");
  item.append(button);
  menu.prepend(item);
};

export const keepCopies = (page) => {
  if (!navigator.clipboard) return; // a page from an insecure address has none
  page.querySelectorAll(".models ul").forEach(addWhole);
  page.append(status);
  page.querySelectorAll("pre.code").forEach(addButton);
  page.addEventListener("click", (event) => {
    const place = event.target.closest("a:is(.anchor, .equation-label)");
    if (!place || !isPlain(event)) return;
    event.preventDefault();
    history.replaceState(history.state, "", place.hash);
    copy(place.href, place, words.linkCopied).catch(() => { location.hash = place.hash; });
  });
};
