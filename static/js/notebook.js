// What a page can do with script and does without it in another way. Each part says which.
import { keepCards } from "./lesson/card.js";
import { keepCopies } from "./lesson/copy.js";
import { keepFaces } from "./lesson/faces.js";
import { keepMargin } from "./lesson/margin.js";
import { keepMask } from "./lesson/mask.js";
import { keepPlace } from "./lesson/place.js";
import { keepScrolls } from "./lesson/scrolls.js";
import "./troubles.js";

const page = document.querySelector(".lesson-page");
if (page) {
  for (const keep of [keepMask, keepCards, keepMargin, keepFaces]) keep(page);
  // Nobody scrolls, copies or tabs into code before the page is there. Each of these touches all of a long one, so each
  // has a task of its own, and a phone answers its reader in between.
  addEventListener("load", () => { for (const keep of [keepPlace, keepCopies, keepScrolls]) setTimeout(keep, 0, page); });
}
