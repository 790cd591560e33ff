// Puts the defence of each number beside it where there is a margin, once: at the first place where there is room.
// Without this script a number leads to its row in the ledger.
import { defence, rowOf } from "./defence.js";
import { hasMargin, part } from "./parts.js";

const DRIFT = 70; // pixels a note may stand below its number before it stops being beside it
const GAP = 18; // pixels between two notes

export const keepMargin = (page) => {
  const fillOnce = () => {
    if (!hasMargin.matches) return;
    hasMargin.removeEventListener("change", fillOnce);
    fill(page);
  };
  hasMargin.addEventListener("change", fillOnce);
  document.fonts.ready.then(fillOnce); // what is beside what is known only then
};

const fill = (page) => {
  const uses = [...page.querySelectorAll(":is(p, li) > a.number, :is(p, li) > :is(em, strong) > a.number")]
    .filter((number) => rowOf(number) && !number.closest("figure, details, .scroll, .explorer, .sidenote, .block-title"));
  const notes = new Map();
  for (const number of uses) {
    if (notes.has(number.hash)) continue;
    const note = part("sidenote defence", defence(rowOf(number), { keepsLinks: false }));
    note.setAttribute("aria-hidden", "true"); // a screen reader is not interrupted: the number is a link to the same
    number.after(note);
    notes.set(number.hash, note);
  }
  const places = [...uses, ...page.querySelectorAll(".sidenote:not(.defence)")].map((node) => ({
    node, note: notes.get(node.hash), top: node.getBoundingClientRect().top, height: (notes.get(node.hash) ?? node).offsetHeight,
  }));
  places.sort((one, other) => one.top - other.top);
  for (const note of notes.values()) note.remove();
  let free = -Infinity;
  for (const { node, note, top, height } of places) {
    if (note && (note.isConnected || free - top > DRIFT)) continue;
    if (note) node.after(note);
    free = Math.max(free, top) + height + GAP;
  }
};
