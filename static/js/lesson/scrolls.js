// What scrolls inside itself is a stop of the Tab key only while it is wider than its box. Without this script it
// always is one, so nothing is ever out of reach; so is what is not laid out yet, which has no width to go by.
const SCROLLERS = ":is(.scroll, pre)[role=group]";

const settle = (scroller) => {
  const laidOut = scroller.checkVisibility({ contentVisibilityAuto: true });
  if (!laidOut || scroller.scrollWidth > scroller.clientWidth) scroller.tabIndex = 0;
  else scroller.removeAttribute("tabindex");
};

export const keepScrolls = (page) => {
  const observer = new ResizeObserver((boxes) => {
    for (const { target: box } of boxes) settle(box.matches(SCROLLERS) ? box : box.parentElement);
  });
  for (const scroller of page.querySelectorAll(SCROLLERS)) {
    observer.observe(scroller);
    if (scroller.firstElementChild) observer.observe(scroller.firstElementChild);
  }
  document.fonts.addEventListener("loadingdone", () => { for (const scroller of page.querySelectorAll(SCROLLERS)) settle(scroller); });
  page.addEventListener("contentvisibilityautostatechange", ({ target: section }) => {
    for (const scroller of section.querySelectorAll(SCROLLERS)) settle(scroller);
  });
};
