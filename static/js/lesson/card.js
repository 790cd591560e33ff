// A card tells what stands behind a number, a citation or a note, beside it, and stays until Escape, a press
// elsewhere or the next card. A press opens each; citations and notes also open under a pointer that rests on them
// and under the keyboard's focus. A number has its tooltip for that, and on a wide page its defence in the margin.
// Without this script each of them leads to its place at the end of the lesson, and a note unfolds under its line.
import { defence, rowOf } from "./defence.js";
import { hasMargin, isPlain, link, part, target, twin, words } from "./parts.js";

const REST = 250; // milliseconds a pointer rests on a citation before it means it

let card;

const close = () => card?.box.hidePopover();

const show = (trigger, name, content, at = trigger) => {
  if (card?.trigger === trigger && !card.isClosing) return;
  close();
  const box = part(`card ${name}`, content);
  const mine = { box, trigger };
  box.popover = "auto";
  box.addEventListener("beforetoggle", ({ newState }) => {
    if (newState === "open") return;
    mine.isClosing = true;
    trigger.classList.remove("is-open");
    trigger.removeAttribute("aria-expanded");
  });
  box.addEventListener("toggle", ({ newState }) => {
    if (newState === "open") return;
    box.remove();
    if (card === mine) card = undefined;
  });
  at.after(box); // so that the next Tab goes into it
  trigger.classList.add("is-open"); // the style sheet puts the card beside it
  trigger.setAttribute("aria-expanded", "true");
  card = mine;
  box.showPopover();
};

// What each kind of link opens: the class of its card and its lines; nothing where it should just lead on.
const numberCard = (number) => {
  const row = rowOf(number);
  if (!row || row.contains(number)) return null;
  const ways = [link(number.hash, words.inLedger), ...elsewhere(row)];
  return ["defence", [...defence(row, { keepsLinks: true }), part("to-place", ways)]];
};
// The number's own page, where a reader may give it another value, and the form that says it is wrong.
const elsewhere = (row) => {
  const own = row.querySelector("th a:has(code)");
  const name = own.textContent;
  const id = /[.:]/.test(name) ? name : `${row.closest("[data-lesson]").dataset.lesson}:${name}`;
  return [
    link(own.getAttribute("href"), words.ownPage),
    link(`${own.getAttribute("href")}#what-if`, words.whatIf),
    link(`/report/?about=${encodeURIComponent(id)}`, words.report),
  ];
};
const citationCard = (cite) => {
  const source = target(cite);
  if (!source) return null;
  const copy = twin(source);
  copy.querySelector(".backlinks")?.remove();
  const after = cite.nextSibling?.nodeType === Node.TEXT_NODE ? cite.nextSibling.textContent : "";
  const locator = after.startsWith(", ") ? after.slice(2).replace(cite.closest(".citation") ? /(?:; |\))$/ : "", "") : "";
  const lines = [part("what", copy.childNodes)];
  if (locator) lines.push(part("at", [locator]));
  return ["citation-card", [...lines, part("to-place", [link(cite.hash, words.inSources)])]];
};
const noteCard = (call) => {
  const note = target(call);
  if (!note || note.checkVisibility()) return null; // it is in the margin, or unfolded
  const copy = twin(note);
  copy.querySelectorAll(".sidenote-number, .defence").forEach((node) => node.remove());
  return ["note-card", [...copy.childNodes]];
};
const cardOf = (trigger) => {
  if (trigger.matches(".number")) return numberCard(trigger);
  return trigger.matches(".cite") ? citationCard(trigger) : noteCard(trigger);
};
const open = (trigger) => {
  const found = cardOf(trigger);
  if (found) show(trigger, ...found);
  return Boolean(found);
};

const unfold = (call) => {
  const note = target(call);
  close();
  call.setAttribute("aria-expanded", String(note.classList.toggle("is-open")));
};

export const keepCards = (page) => {
  let resting;
  page.addEventListener("click", (event) => {
    const trigger = event.target.closest("a:is(.number, .cite, .note-ref)");
    if (!trigger || !isPlain(event)) return;
    clearTimeout(resting);
    const isNote = trigger.matches(".note-ref");
    if (isNote && hasMargin.matches) return;
    if (isNote) unfold(trigger);
    if (isNote || open(trigger)) event.preventDefault();
  });
  page.addEventListener("pointerover", (event) => {
    clearTimeout(resting);
    const trigger = event.pointerType === "mouse" && event.target.closest("a:is(.cite, .note-ref)");
    if (trigger) resting = setTimeout(open, REST, trigger);
  });
  page.addEventListener("pointerleave", () => clearTimeout(resting));
  page.addEventListener("focusin", ({ target: focused }) => {
    if (card?.isClosing) return; // the focus comes back from a card that was just dismissed
    const isCards = card && (card.box.contains(focused) || card.trigger === focused);
    if (card && !isCards) close();
    if (!isCards && focused.matches("a:is(.cite, .note-ref):focus-visible")) open(focused);
  });
  page.addEventListener("focusout", ({ relatedTarget }) => {
    if (card && relatedTarget && !page.contains(relatedTarget)) close();
  });
};

export { close as closeCard, numberCard, show as showCard };
