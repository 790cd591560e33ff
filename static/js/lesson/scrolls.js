// What scrolls inside itself is a stop of the Tab key only while it is wider than its box. Without this script it
// always is one, so nothing is ever out of reach.
export const keepScrolls = (page) => {
  const observer = new ResizeObserver((boxes) => {
    for (const { target: box } of boxes) {
      const scroller = box.matches("[role=group]") ? box : box.parentElement;
      if (scroller.scrollWidth > scroller.clientWidth) scroller.tabIndex = 0;
      else scroller.removeAttribute("tabindex");
    }
  });
  for (const scroller of page.querySelectorAll(":is(.scroll, pre)[tabindex]")) {
    observer.observe(scroller);
    if (scroller.firstElementChild) observer.observe(scroller.firstElementChild);
  }
};
