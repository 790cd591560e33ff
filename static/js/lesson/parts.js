// What the scripts of a lesson share.

export const part = (name, content = []) => {
  const line = document.createElement("span");
  line.className = name;
  line.append(...content);
  return line;
};

export const link = (href, text) => Object.assign(document.createElement("a"), { href, textContent: text });

// A copy that may stand beside its original: no id twice in a page.
export const twin = (node) => {
  const copy = node.cloneNode(true);
  for (const named of copy.querySelectorAll("[id]")) named.removeAttribute("id");
  return copy;
};

// What scripts say, in the language of the page (_words.html).
export const words = document.getElementById("words")?.dataset;

export const isPlain = (event) => event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

export const target = (link) => (link.hash.length > 1 ? document.getElementById(decodeURIComponent(link.hash.slice(1))) : null);

export const hasMargin = matchMedia("(min-width: 68rem)"); // as in lesson.css
