// A request of htmx that the server refuses changes nothing on the page, so say what the answer says, where the reader
// pressed. Without script the answer is a page of its own.
document.addEventListener("htmx:beforeRequest", ({ detail }) => detail.elt.querySelector(":scope > .refused")?.remove());
document.addEventListener("htmx:responseError", ({ detail }) => {
  const answer = new DOMParser().parseFromString(detail.xhr.responseText, "text/html");
  const said = [...(answer.querySelector("main") ?? answer.body).querySelectorAll("h1, p:not(.eyebrow)")].slice(0, 2);
  const box = document.createElement("p");
  box.className = "error refused";
  box.role = "alert";
  box.textContent = said.map((line) => line.textContent.trim()).join(". ") || `The notebook answered ${detail.xhr.status}.`;
  detail.elt.append(box);
});
