// Puts the defence of each number beside it. Everything here is also in the page without this script: a number
// leads to its row in the ledger at the end of the lesson, and a note unfolds under its line.
(() => {
  const page = document.querySelector(".lesson-page");
  const hasMargin = matchMedia("(min-width: 68rem)");
  const DRIFT = 70; // pixels a note may stand below its number before it stops being beside it
  const GAP = 18; // pixels between two notes

  const part = (name, content) => {
    const line = document.createElement("span");
    line.className = name;
    line.append(...content);
    return line;
  };

  const KIND = /^(?:cited|computed|assumed)(?:[:;] )?/; // the sign says it

  // What the ledger says about a number, as the lines of a note. Links are kept only where they can be reached.
  const defence = (row, keepsLinks) => {
    const [value, how, source] = row.querySelectorAll("td");
    const copy = (cell) => {
      const twin = cell.cloneNode(true);
      for (const node of twin.querySelectorAll("[id]")) node.removeAttribute("id");
      if (!keepsLinks) for (const link of twin.querySelectorAll("a")) link.replaceWith(...link.childNodes);
      twin.normalize();
      return [...twin.childNodes];
    };
    const reason = copy(how);
    reason[0].textContent = reason[0].textContent.replace(KIND, "");
    const sign = part(`sign sign-${row.className.replace("number-", "")}`, []);
    const label = row.querySelector("th").firstChild.textContent.trim();
    const why = [reason.some((node) => node.textContent) && part("how", reason), source.textContent && part("from", copy(source))];
    return [part("what", [part("value", copy(value)), ` ${label}`]), part("why", [sign, ...why.filter(Boolean)])];
  };
  const rowOf = (number) => document.getElementById(number.hash.slice(1))?.closest("tr");

  // A number used in running text has its defence in the margin once: at the first place where there is room.
  const fillMargin = () => {
    const uses = [...page.querySelectorAll(":is(p, li) > a.number, :is(p, li) > :is(em, strong) > a.number")]
      .filter((number) => rowOf(number) && !number.closest("figure, details, .scroll, .explorer, .sidenote, .block-title"));
    const notes = new Map();
    for (const number of uses) {
      if (notes.has(number.hash)) continue;
      const note = part("sidenote defence", defence(rowOf(number), false));
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
    const column = page.querySelector(".lesson").getBoundingClientRect();
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
    for (const section of page.querySelectorAll(".lesson > .section")) observer.observe(section);
  };

  if (page) {
    page.addEventListener("click", onClick);
    hasMargin.addEventListener("change", fillOnce);
    document.fonts.ready.then(fillOnce); // what is beside what is known only then
    follow();
  }

  document.querySelector(".site-search")?.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.activeElement.blur();
  });
})();
