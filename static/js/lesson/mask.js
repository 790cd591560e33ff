// Hides every number of the lesson until the reader guesses it or reveals it. Which are hidden is decided by the style
// sheet: all that are not marked as known, while the root has data-mask (theme.js sets it before the first paint).
// Without this script the lesson has a link to the same questions, one number at a time.
import { closeCard, numberCard, showCard } from "./card.js";
import { rowOf } from "./defence.js";
import { isPlain, part } from "./parts.js";

const KEY = "mask";
const root = document.documentElement;
const HIDDEN = "a.number:not(.is-known)";
const NEAR = ".is-right, .is-near";

const keep = (isOn) => { try { localStorage.setItem(KEY, isOn ? "on" : "off"); } catch { /* it lasts for this page */ } };
const filled = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
const labelOf = (row) => row.querySelector("th").firstChild.textContent.trim();
// The unit of a printed number: what is left of "$3.99/GPU-hour", "19.5%" or "2.1 million tokens" without its digits.
const unitOf = (row) => row.querySelector("td").textContent
  .replace(/[−\d.,]+(?:\s×\s10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?/, "").replace(/\b(?:million|billion|trillion)\b/, "").replace(/\s+/g, " ").trim();

export const keepMask = (page) => {
  const button = page.querySelector("[data-masks]");
  if (!button) { // a what-if, which shows what it computes
    delete root.dataset.mask;
    return;
  }
  const tally = page.querySelector(".mask-tally");
  const template = document.getElementById("mask-guess");
  const said = template.dataset;
  const guesses = { near: 0, all: 0 };
  const numbers = [...page.querySelectorAll("a.number")].filter(rowOf);
  const isOn = () => "mask" in root.dataset;

  const name = (number) => { // what a screen reader hears in its place
    if (isOn() && !number.matches(".is-known")) number.ariaLabel = filled(said.hidden, { label: labelOf(rowOf(number)) });
    else number.removeAttribute("aria-label");
  };
  const show = () => {
    button.setAttribute("aria-pressed", String(isOn()));
    numbers.forEach(name);
    page.querySelectorAll(".explorer-masked").forEach((note) => note.remove());
    if (isOn()) for (const explorer of page.querySelectorAll(".explorer:not(:has(.lab))")) explorer.append(part("explorer-masked", [said.explorer]));
    tally.textContent = !isOn() ? "" : guesses.all ? filled(tally.dataset.tally, guesses) : tally.dataset.help;
  };
  // Every mention of a number is known at once, and its row in the ledger.
  const tell = (number, verdict) => {
    for (const other of numbers.filter(({ hash }) => hash === number.hash)) {
      other.classList.add("is-known");
      name(other);
    }
    rowOf(number).classList.add("is-known");
    closeCard();
    const [kind, lines] = numberCard(number) ?? [];
    if (kind) showCard(number, kind, verdict ? [verdict, ...lines] : lines);
    number.focus();
  };
  const check = async (number, form) => {
    const trouble = form.querySelector(".guess-trouble");
    const address = new URL("guess/", rowOf(number).querySelector("th a[href^='/numbers/']").href);
    address.search = new URLSearchParams({ guess: form.elements.guess.value });
    let answer;
    try {
      const response = await fetch(address, { headers: { "HX-Request": "true" } });
      answer = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch {
      trouble.replaceChildren(said.offline);
      return;
    }
    const verdict = answer.querySelector(".graded");
    if (!verdict) {
      trouble.replaceChildren(answer.querySelector(".error")?.textContent ?? said.offline);
      form.elements.guess.select();
      return;
    }
    guesses.all += 1;
    if (verdict.matches(NEAR)) guesses.near += 1;
    tell(number, part(verdict.className, verdict.childNodes));
    tally.textContent = `${verdict.textContent} ${filled(tally.dataset.tally, guesses)}`;
  };
  const ask = (number) => {
    const form = template.content.firstElementChild.cloneNode(true);
    const unit = unitOf(rowOf(number));
    form.querySelector(".guess-label").append(labelOf(rowOf(number)), unit ? ` (${unit})` : "");
    form.addEventListener("submit", (event) => { event.preventDefault(); check(number, form); });
    form.querySelector("[data-reveals]").addEventListener("click", () => tell(number));
    const note = number.nextElementSibling?.matches(".sidenote.defence") ? number.nextElementSibling : number;
    showCard(number, "guess-card", [form], note);
    form.elements.guess.focus();
  };

  button.addEventListener("click", () => {
    if (isOn()) delete root.dataset.mask;
    else root.dataset.mask = "";
    for (const known of page.querySelectorAll(".is-known")) known.classList.remove("is-known");
    Object.assign(guesses, { near: 0, all: 0 });
    keep(isOn());
    closeCard();
    show();
  });
  page.addEventListener("click", (event) => { // before card.js opens what would tell
    const number = isOn() && event.target.closest(HIDDEN);
    if (!number || !numbers.includes(number) || !isPlain(event)) return;
    event.preventDefault();
    event.stopPropagation();
    ask(number);
  }, true);
  show();
};
