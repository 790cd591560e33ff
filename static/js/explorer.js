// Keeps a slider and its number field in step while the reader moves either; htmx asks the server for the rest. When
// the reader rests, the outputs are told politely; what they unfolded stays unfolded. Without this script the form
// still works: the server sees which of the two was touched.
(() => {
  const STEPS = 400;
  const RESTS = 800; // milliseconds without a new result until it is told
  const share = (box, value) => {
    const { low, high } = bounds(box);
    return "log" in box.dataset ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  };
  const bounds = (box) => ({ low: Number(box.dataset.low), high: Number(box.dataset.high) });
  const valueAt = (box, position) => {
    const { low, high } = bounds(box);
    if (position <= 0 || position >= STEPS) return position <= 0 ? low : high;
    const part = position / STEPS;
    let value = "log" in box.dataset ? low * (high / low) ** part : low + (high - low) * part;
    if (box.dataset.step) value = low + Math.round((value - low) / box.dataset.step) * box.dataset.step;
    return Math.min(Math.max(Number(value.toPrecision(3)), low), high);
  };
  document.addEventListener("input", (event) => {
    const box = event.target.closest?.("[data-low]");
    if (!box) return;
    const slider = box.querySelector("input[type=range]");
    const field = box.querySelector("input[type=text]");
    if (event.target === slider) field.value = valueAt(box, Number(slider.value));
    const value = Number(field.value.replaceAll(",", ""));
    if (event.target === field && Number.isFinite(value) && value > 0) slider.value = Math.round(share(box, value) * STEPS);
  }, true);

  const unfolded = new WeakMap(); // a result: its parts that are open
  let telling;
  const tell = (result) => {
    const lines = [...result.querySelectorAll(".explorer-outputs > div, .lab-summary")];
    const words = (line) => (line.matches("div") ? [...line.children] : [line]).map((each) => each.textContent.trim());
    const told = lines.map((line) => words(line).join(": ")).join("; ");
    result.parentElement.querySelector("[role=status]").textContent = told;
  };
  document.addEventListener("htmx:beforeSwap", ({ target }) => {
    if (!target.matches(".explorer-result")) return;
    unfolded.set(target, new Map([...target.querySelectorAll("details[data-part]")].map((each) => [each.dataset.part, each.open])));
  });
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    if (!target.matches(".explorer-result")) return;
    for (const each of target.querySelectorAll("details[data-part]")) each.open = unfolded.get(target)?.get(each.dataset.part) ?? each.open;
    clearTimeout(telling);
    telling = setTimeout(tell, RESTS, target);
  });
})();
