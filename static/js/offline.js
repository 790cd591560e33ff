// Starts the service worker.
(() => {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  addEventListener("load", () => serviceWorker.register("/service-worker.js").catch(() => {}));
  addEventListener("online", () => serviceWorker.controller?.postMessage("send"));
  // What was marked offline has been sent: show what the server made of it.
  serviceWorker.addEventListener("message", ({ data: answers }) => {
    const html = answers.get(location.pathname);
    if (html) document.getElementById("controls").outerHTML = html;
    window.htmx?.process(document.body);
  });
})();
