// A mock interview keeps what was typed, ticked and opened until the tab is closed, and its clock counts down. The clock
// is extended or switched off in place; without this script its two links do that by the address, and none runs.
(() => {
  const TELL = [300, 60]; // seconds before the end at which it is said how much is left
  const page = document.getElementById("mock");
  const store = `mock ${page.dataset.part}`;

  const controls = () => [...page.querySelectorAll("input[type=text], input[type=checkbox], textarea")];
  const answers = () => [...page.querySelectorAll("details.answer")];
  const nameOf = (part) => part.id || `open.${part.closest("li").id}`;
  const state = () => Object.fromEntries([
    ...controls().map((box) => [nameOf(box), box.type === "checkbox" ? box.checked : box.value]),
    ...answers().map((answer) => [nameOf(answer), answer.open]),
  ]);
  const restore = (kept) => {
    for (const notes of page.querySelectorAll(".exam-notes")) notes.hidden = false; // only this script can keep them
    for (const box of controls()) {
      if (!(nameOf(box) in kept)) continue;
      if (box.type === "checkbox") box.checked = kept[nameOf(box)];
      else box.value = kept[nameOf(box)] || box.value;
    }
    for (const answer of answers()) answer.open ||= Boolean(kept[nameOf(answer)]);
  };
  const keep = () => {
    try { sessionStorage.setItem(store, JSON.stringify(state())); } catch { /* what was sent is kept by the server */ }
  };
  const kept = () => {
    try { return JSON.parse(sessionStorage.getItem(store)) ?? {}; } catch { return {}; }
  };
  // A question comes back without what was not sent: a number beside the ticks, or ticks beside a number.
  let before = {};
  document.addEventListener("htmx:beforeSwap", () => { before = state(); });
  document.addEventListener("htmx:afterSwap", () => { restore(before); keep(); }); // at once: settled, one may have typed
  page.addEventListener("input", keep);
  page.addEventListener("toggle", keep, true);
  restore(kept());

  const clock = document.getElementById("clock");
  if (!clock) return;
  const shown = clock.querySelector("[role=timer]");
  const status = clock.querySelector("[role=status]");
  const over = clock.querySelector(".mock-over");
  const words = clock.dataset;
  let end = performance.now() + Number(words.left) * 1000;
  let last = Infinity;
  const say = (left) => {
    const passed = TELL.find((mark) => last > mark && left <= mark && last !== Infinity);
    if (left <= 0 && last > 0) status.textContent = words.overSaid;
    else if (passed) status.textContent = passed === 60 ? words.lastSaid : words.leftSaid.replace("%(n)s", passed / 60);
    last = left;
  };
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    shown.textContent = `${Math.max(0, Math.floor(left / 60))}:${String(Math.max(0, left % 60)).padStart(2, "0")}`;
    over.hidden = left > 0;
    say(left);
  };
  const ticking = setInterval(tick, 1000);
  clock.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.replaceState(history.state, "", link.href);
    if ("off" in link.dataset) {
      clearInterval(ticking);
      clock.remove();
      document.getElementById("main").focus();
      return;
    }
    end += Number(link.dataset.more) * 60_000;
    const next = new URL(link.href);
    next.searchParams.set("minutes", Number(next.searchParams.get("minutes")) + Number(link.dataset.more));
    link.href = next;
    last = Infinity;
    tick();
  });
  clock.classList.add("is-running");
  tick();
})();
