// Puts the defence of each number beside it. Everything here is also in the page without this script: a number
// leads to its row in the ledger at the end of the lesson, and a note unfolds under its line.
(() => {
  const lesson = document.querySelector(".lesson");
  const hasMargin = matchMedia("(min-width: 64rem)");
  const DRIFT = 70; // pixels a note may stand below its number before it stops being beside it
  const GAP = 18; // pixels between two notes

  const part = (name, content) => {
    const line = document.createElement("span");
    line.className = name;
    line.append(...content);
    return line;
  };

  // What the ledger says about a number, as lines of a note. Links are kept only where they can be reached.
  const defence = (row, keepsLinks) => {
    const [value, how, source] = row.querySelectorAll("td");
    const copy = (cell) => {
      const twin = cell.cloneNode(true);
      for (const node of twin.querySelectorAll("[id]")) node.removeAttribute("id");
      if (!keepsLinks) for (const link of twin.querySelectorAll("a")) link.replaceWith(...link.childNodes);
      return [...twin.childNodes];
    };
    const sign = part(`sign sign-${row.className.replace("number-", "")}`, []);
    const lines = [part("what", [sign, ` ${row.querySelector("th").firstChild.textContent.trim()}`])];
    if (keepsLinks) lines.push(part("value", copy(value)));
    lines.push(part("how", copy(how)));
    if (source.hasChildNodes()) lines.push(part("from", copy(source)));
    return lines;
  };
  const rowOf = (number) => document.getElementById(number.hash.slice(1))?.closest("tr");

  // The first time a number is used in running text, its defence goes into the margin, unless the margin is full.
  const fillMargin = () => {
    const seen = new Set();
    const notes = [];
    for (const number of lesson.querySelectorAll(":is(p, li) > a.number, :is(p, li) > :is(em, strong) > a.number")) {
      const row = rowOf(number);
      if (!row || seen.has(number.hash) || number.closest("figure, details, .scroll, .explorer, .sidenote, .block-title")) continue;
      seen.add(number.hash);
      const note = part("sidenote defence", defence(row, false));
      note.setAttribute("aria-hidden", "true"); // a screen reader is not interrupted: the number is a link to the same
      number.after(note);
      notes.push({ number, note });
    }
    const places = notes.map(({ number, note }) => ({ note, top: number.getBoundingClientRect().top, height: note.offsetHeight }));
    for (const note of lesson.querySelectorAll(".sidenote:not(.defence)")) {
      places.push({ top: note.getBoundingClientRect().top, height: note.offsetHeight, stays: true });
    }
    places.sort((one, other) => one.top - other.top);
    let free = -Infinity;
    for (const { note, top, height, stays } of places) {
      if (!stays && free - top > DRIFT) note.remove();
      else free = Math.max(free, top) + height + GAP;
    }
  };
  const fillOnce = () => {
    if (!hasMargin.matches) return;
    hasMargin.removeEventListener("change", fillOnce);
    fillMargin();
  };

  // A number that is pressed opens its defence with all its links; Escape or a press elsewhere closes it.
  let card;
  const close = () => card?.remove();
  const open = (number, row) => {
    close();
    card = part("card defence", defence(row, true));
    const ledger = document.createElement("a");
    ledger.href = number.hash;
    ledger.textContent = "In the ledger";
    card.append(part("to-ledger", [ledger]));
    card.popover = "auto";
    number.after(card); // so that the next Tab goes into it
    number.classList.add("is-open");
    card.addEventListener("toggle", (event) => {
      if (event.newState === "closed") { number.classList.remove("is-open"); event.target.remove(); }
    });
    card.showPopover();
    const line = number.getClientRects()[0];
    const column = lesson.getBoundingClientRect();
    const left = hasMargin.matches ? column.right + 48 : Math.max(column.left, Math.min(line.left, column.right - card.offsetWidth));
    const top = hasMargin.matches ? line.top : line.bottom + 6;
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${top + scrollY}px`;
  };

  const isPlain = (event) => event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  const onClick = (event) => {
    const number = event.target.closest("a.number");
    const row = number && rowOf(number);
    if (row && isPlain(event) && !row.contains(number)) {
      event.preventDefault();
      if (number.classList.contains("is-open")) close();
      else open(number, row);
    }
    const call = event.target.closest(".note-ref");
    const note = call && document.getElementById(call.hash.slice(1));
    if (note && !hasMargin.matches) {
      event.preventDefault();
      note.classList.toggle("is-open");
    }
  };

  // The contents show where the reader is.
  const follow = () => {
    const entries = new Map([...document.querySelectorAll(".toc a")].map((link) => [link.hash.slice(1), link]));
    const observer = new IntersectionObserver((sections) => {
      for (const { target, isIntersecting } of sections) {
        const link = entries.get(target.querySelector("h2")?.id);
        if (isIntersecting) link?.setAttribute("aria-current", "true");
        else link?.removeAttribute("aria-current");
      }
    }, { rootMargin: "-20% 0px -79% 0px" });
    for (const section of lesson.querySelectorAll(":scope > .section")) observer.observe(section);
  };

  if (lesson) {
    lesson.addEventListener("click", onClick);
    hasMargin.addEventListener("change", fillOnce);
    document.fonts.ready.then(fillOnce); // what is beside what is known only then
    follow();
  }

  document.querySelector(".site-search")?.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.activeElement.blur();
  });
})();
