// What the ledger at the end of the lesson says about a number, as the lines of a note.
import { part, target, twin } from "./parts.js";

const KIND = /^(?:cited|computed|assumed)(?:[:;] )?/; // the sign says it

export const rowOf = (number) => target(number)?.closest("tr");

export const defence = (row, { keepsLinks }) => {
  const [value, how, source] = row.querySelectorAll("td");
  const copy = (cell) => {
    const content = twin(cell);
    if (!keepsLinks) for (const link of content.querySelectorAll("a")) link.replaceWith(...link.childNodes);
    content.normalize();
    return [...content.childNodes];
  };
  const reason = copy(how);
  reason[0].textContent = reason[0].textContent.replace(KIND, "");
  const sign = part(`sign sign-${row.className.replace("number-", "")}`);
  const label = row.querySelector("th").firstChild.textContent.trim();
  const why = [reason.some((node) => node.textContent) && part("how", reason), source.textContent && part("from", copy(source))];
  return [part("what", [part("value", copy(value)), ` ${label}`]), part("why", [sign, ...why.filter(Boolean)])];
};
