// A figure that was played is a still again: the checkbox that plays it (modules/rendering/page.py) lets go by itself.
document.addEventListener("change", (event) => {
  if (!event.target.matches(".fig-play")) return;
  const drawing = event.target.parentElement.querySelector(".fig");
  const played = drawing.getAnimations({ subtree: true }).map((animation) => animation.finished);
  // What is stopped or played again before its end rejects; whoever did that has set the checkbox too.
  Promise.all(played).then(() => { event.target.checked = false; }, () => {});
});
