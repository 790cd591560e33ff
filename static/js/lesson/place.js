// Where the reader is: marked in the contents, told in minutes, kept for the next visit. Nothing ever jumps: what is
// kept is offered as a link. An account keeps it (data-place names the address), else this browser does.
import { closeCard, showCard } from "./card.js";
import { isPlain, link, part, words } from "./parts.js";

const LINE = 0.25; // what stands above this share of the window has been read
const KEY = "places";

const kept = () => {
  try { return JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { return {}; }
};
const keep = (lesson, anchor) => {
  try { localStorage.setItem(KEY, JSON.stringify({ ...kept(), [lesson]: anchor })); } catch { /* it is not offered, then */ }
};

const read = (page) =>
  [...page.querySelectorAll(".toc li")].map((item) => {
    const entry = item.querySelector("a");
    const heading = document.getElementById(entry.hash.slice(1));
    return { entry, title: entry.textContent, section: heading?.closest(".section"), minutes: Number(item.dataset.minutes ?? 0) };
  }).filter(({ section }) => section);

// The section at the line and the minutes from there to the end.
const whereIs = (places) => {
  const line = innerHeight * LINE;
  const here = places.findLastIndex(({ section }) => section.getBoundingClientRect().top <= line);
  const later = places.slice(here + 1).reduce((sum, { minutes }) => sum + minutes, 0);
  if (here < 0) return { here, left: later };
  const { top, height } = places[here].section.getBoundingClientRect();
  return { here, left: Math.ceil(later + places[here].minutes * Math.max(0, 1 - (line - top) / height)) };
};

const follow = (page, places) => {
  const bar = page.querySelector(".here");
  const spare = page.querySelector(".toc-left");
  let waiting;
  const update = () => {
    waiting = undefined;
    const { here, left } = whereIs(places);
    places.forEach(({ entry }, index) => {
      if (index === here) entry.setAttribute("aria-current", "true");
      else entry.removeAttribute("aria-current");
    });
    const time = left ? words.minutesLeft.replace("0", left) : "";
    spare.textContent = time;
    bar.replaceChildren(part("visually-hidden", [`${words.contents}. `]), part("title", [places[here]?.title ?? words.contents]), part("left", [time]));
  };
  addEventListener("scroll", () => { waiting ??= requestAnimationFrame(update); }, { passive: true });
  addEventListener("resize", update);
  update();
};

// On a narrow page the line at its foot opens the contents over the text.
const openContents = (page) => {
  const bar = page.querySelector(".here");
  bar.addEventListener("click", (event) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    const list = page.querySelector(".toc ol").cloneNode(true);
    list.addEventListener("click", ({ target: pressed }) => { if (pressed.closest("a")) closeCard(); });
    showCard(bar, "contents-card toc", [list]);
  });
};

const offer = (page, places) => {
  const already = page.querySelector(".resume");
  const anchor = kept()[page.dataset.lesson];
  const found = places.find(({ entry }) => entry.hash === `#${anchor}`);
  if (location.hash || page.querySelector(".controls .done")) return already?.remove();
  if (!already && !found) return null;
  const box = already ?? document.createElement("p");
  if (!already) {
    box.className = "resume";
    box.append(link(found.entry.hash, `${words.resume} ${found.title}`));
    page.querySelector(".lesson-header").append(box);
  }
  const dismiss = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: words.notNow });
  box.append(dismiss);
  box.addEventListener("click", ({ target: pressed }) => { if (pressed.closest("a, button")) box.remove(); });
  // Whoever reads on has decided.
  addEventListener("scroll", function leave() {
    if (scrollY < innerHeight) return;
    removeEventListener("scroll", leave);
    box.remove();
  }, { passive: true });
  return null;
};

const remember = (page, places) => {
  const readable = places.filter(({ minutes }) => minutes).slice(1); // the beginning needs no finding again
  let last;
  addEventListener("visibilitychange", () => {
    const place = places[whereIs(places).here];
    if (document.visibilityState === "visible" || place === last || !readable.includes(place)) return;
    last = place;
    const anchor = place.entry.hash.slice(1);
    if (!page.dataset.place) keep(page.dataset.lesson, anchor);
    else navigator.sendBeacon(page.dataset.place, new URLSearchParams({ anchor }));
  });
};

export const keepPlace = (page) => {
  const places = read(page);
  if (!places.length) return;
  follow(page, places);
  openContents(page);
  offer(page, places);
  remember(page, places);
};
