// Starts the service worker. Without one the notebook is as it was.
(() => {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  addEventListener("load", () => serviceWorker.register("/service-worker.js").catch(() => {}));
  addEventListener("online", () => serviceWorker.controller?.postMessage("send"));
  // What was marked without a connection has been sent: show what the server made of it.
  serviceWorker.addEventListener("message", ({ data: answers }) => {
    const html = answers.get(location.pathname);
    if (!html) return;
    document.getElementById("controls").outerHTML = html;
    window.htmx?.process(document.getElementById("controls")); // one that has not come yet looks at all of the page
  });
})();
