// Keeps a page true: listens to the server's events and has htmx fetch the regions they concern.
// A region is an element with an id, data-live="topic topic:ref …" and hx-get; its items carry data-key.
(() => {
  "use strict";

  const body = document.body;
  const GATHER_MS = 120; // one change seldom comes alone
  const PAUSE_MS = 700; // between two refreshes of one region
  const AGAIN_MS = 10000; // after the server refused

  // ---- how long ago -------------------------------------------------------------------------------------------
  const ago = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "short" });

  function sayRelative(time) {
    const seconds = Math.round((new Date(time.dateTime) - Date.now()) / 1000);
    const [size, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]]
      .find(([size]) => Math.abs(seconds) >= size) || [1, "second"];
    if (!time.title) time.title = time.textContent;
    const said = ago.format(Math.trunc(seconds / size), unit);
    if (time.textContent !== said) time.textContent = said;
  }

  function sayTimes() {
    document.querySelectorAll("time[data-relative]").forEach(sayRelative);
  }

  sayTimes();
  setInterval(sayTimes, 15000);

  // ---- regions ------------------------------------------------------------------------------------------------
  const waiting = new Set();
  const refreshed = new Map();

  function concerns(region, topic, ref) {
    const words = region.dataset.live.split(" ");
    return topic === "reset" || words.includes(topic) || words.includes(`${topic}:${ref}`) ||
      (ref === "" && words.some((word) => word.startsWith(`${topic}:`)));
  }

  function isBeingWrittenIn(region) {
    return [...region.querySelectorAll("textarea")].some((text) => text.value !== "" || text === document.activeElement);
  }

  function refreshSoon(region) {
    if (waiting.has(region.id)) return;
    waiting.add(region.id);
    const earliest = (refreshed.get(region.id) || 0) + PAUSE_MS;
    setTimeout(() => refresh(region.id), Math.max(GATHER_MS, earliest - Date.now()));
  }

  function refresh(id) {
    waiting.delete(id);
    const region = document.getElementById(id);
    if (region === null || isBeingWrittenIn(region)) return;
    refreshed.set(id, Date.now());
    htmx.trigger(region, "changed");
  }

  // Nobody loses a half-written note, not even one begun while the answer was on its way.
  body.addEventListener("htmx:beforeSwap", (event) => {
    if (isBeingWrittenIn(event.detail.target)) event.detail.shouldSwap = false;
  });

  function changed(topic, ref) {
    document.querySelectorAll("[data-live]").forEach((region) => {
      if (concerns(region, topic, ref)) refreshSoon(region);
    });
  }

  // ---- whether the page is live, also in regions that were just fetched ------------------------------------------
  let connection = "";

  function showConnection() {
    document.querySelectorAll("[data-connection]").forEach((sign) => {
      if (connection === "" || sign.dataset.connection === connection) return;
      sign.dataset.connection = connection;
      sign.textContent = sign.dataset[connection];
    });
  }

  function connected(yes) {
    connection = yes ? "on" : "off";
    showConnection();
  }

  // ---- what is new is shown, and said to those who listen --------------------------------------------------------
  const keysOf = () => new Set([...document.querySelectorAll("[data-key]")].map((item) => item.dataset.key));
  let known = keysOf();

  body.addEventListener("htmx:afterSettle", () => {
    const fresh = [...document.querySelectorAll("[data-key]")].filter((item) => !known.has(item.dataset.key));
    fresh.forEach((item) => item.classList.add("is-new"));
    const said = document.getElementById("announcement");
    if (said && fresh.length) said.textContent = fresh.map((item) => item.dataset.says).filter(Boolean).join(". ");
    if (fresh.length) body.dispatchEvent(new CustomEvent("arrived", { detail: fresh }));
    known = keysOf();
    sayTimes();
    showConnection();
  });

  // ---- clips move under the pointer; whoever gets dizzy presses play ----------------------------------------------
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  function clipUnder(event) {
    return event.pointerType === "mouse" && event.target.closest("video[data-clip]");
  }

  document.addEventListener("pointerover", (event) => {
    const clip = clipUnder(event);
    if (clip && clip.paused && !still.matches) clip.play().catch(() => {}); // gone before it began: nothing to say
  });
  document.addEventListener("pointerout", (event) => {
    const clip = clipUnder(event);
    if (clip) clip.pause();
  });

  // ---- the stream ---------------------------------------------------------------------------------------------
  const address = body.dataset.stream;
  if (!address) return;
  const mayRest = body.dataset.rest === "hidden";
  let position = body.dataset.since;
  let events = null;

  function listen() {
    events = new EventSource(`${address}?since=${encodeURIComponent(position)}`);
    events.addEventListener("ready", () => connected(true));
    events.addEventListener("change", (event) => {
      if (event.lastEventId) position = event.lastEventId;
      const { topic, ref } = JSON.parse(event.data);
      changed(topic, ref);
    });
    events.addEventListener("error", () => {
      connected(false);
      if (events.readyState === EventSource.CLOSED) setTimeout(listenAgain, AGAIN_MS);
    });
  }

  function listenAgain() {
    if (events) events.close();
    listen();
  }

  document.addEventListener("visibilitychange", () => {
    if (!mayRest) return;
    if (document.hidden && events) events.close(); // a browser keeps only six connections to one server
    else if (!document.hidden) listenAgain();
  });
  window.addEventListener("pagehide", () => events && events.close());
  window.addEventListener("pageshow", (event) => event.persisted && listenAgain());

  listen();
})();
