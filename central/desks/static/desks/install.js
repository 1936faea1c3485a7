// Registers the service worker, where there is one.
if ("serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register("/worker.js").catch(() => {})); // a private window: no app then
}
