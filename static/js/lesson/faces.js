// On a phone what is not yet seen is not laid out and asks for no faces; they come before the reader does, so that
// nothing moves when they arrive.
const FACES = { math: '1em "Notebook Math"', code: '1em "Notebook Mono"', em: 'italic 1em "Notebook Serif"', svg: '1em "Notebook Drawn"' };

export const keepFaces = (page) => {
  addEventListener("load", () => {
    for (const [name, face] of Object.entries(FACES)) if (page.querySelector(name)) document.fonts.load(face);
  });
};
