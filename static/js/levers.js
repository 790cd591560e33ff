// Counts down what is meant for a lever. It closes nothing.
(() => {
  const timer = document.querySelector("[role=timer]");
  if (!timer) return;
  const end = performance.now() + Number(timer.dataset.left) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    timer.textContent = left;
    if (!left || !timer.isConnected) clearInterval(ticking);
  };
  const ticking = setInterval(tick, 1000);
  tick();
})();
