// The operators' wall by keyboard and by ear: keys move between the tiles and press their buttons, a tone says "new".
(() => {
  "use strict";

  const body = document.body;
  const remembered = (name) => localStorage.getItem(`sigap.${name}`);
  const remember = (name, value) => localStorage.setItem(`sigap.${name}`, value);

  // A link may lead to a tile or to a field: then the keyboard is there too.
  const aim = location.hash && document.getElementById(location.hash.slice(1));
  if (aim && aim.matches("a, input, button")) aim.focus();

  if (document.getElementById("wall") === null) return;

  // ---- tiles --------------------------------------------------------------------------------------------------
  let place = aim ? aim.id : ""; // id of the link of the tile in hand: the wall is exchanged under our feet
  let index = 0;

  const links = () => [...document.querySelectorAll(".tile-link")];
  const inHand = () => document.activeElement.closest(".tile");

  function goTo(link) {
    if (!link) return;
    link.focus();
    link.closest(".tile").scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = links();
    const now = all.findIndex((link) => link.closest(".tile") === inHand());
    goTo(now < 0 ? document.getElementById(place) || all[0] : all[Math.min(all.length - 1, Math.max(0, now + by))]);
  }

  function row(by) {
    const here = inHand().getBoundingClientRect();
    const beyond = links().map((link) => [link, link.closest(".tile").getBoundingClientRect()])
      .filter(([, box]) => Math.abs(box.left - here.left) < 2 && (box.top - here.top) * by > 2);
    goTo((by > 0 ? beyond[0] : beyond[beyond.length - 1] || [])?.[0]);
  }

  document.addEventListener("focusin", () => {
    const tile = inHand();
    if (!tile) return;
    place = tile.querySelector(".tile-link").id;
    index = links().findIndex((link) => link.id === place);
  });

  body.addEventListener("htmx:afterSettle", () => {
    if (place === "" || document.activeElement !== body) return;
    const all = links();
    goTo(document.getElementById(place) || all[Math.min(index, all.length - 1)]);
  });

  // ---- keys ---------------------------------------------------------------------------------------------------
  const list = document.getElementById("keys");
  const use = document.getElementById("keys-on");
  use.checked = remembered("keys") !== "off";
  use.addEventListener("change", () => remember("keys", use.checked ? "on" : "off"));

  const press = (name) => inHand()?.querySelector(`[data-key-${name}]`)?.click();
  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    a: () => press("a"),
    c: () => press("c"),
    r: () => { if (inHand()) location.assign(`${inHand().dataset.page}#reason`); },
    "?": () => list.showModal(),
  };
  const ARROWS = { ArrowRight: () => step(1), ArrowLeft: () => step(-1), ArrowDown: () => row(1), ArrowUp: () => row(-1) };

  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest("input, textarea, select, [contenteditable]");
    if (!use.checked || list.open || writing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = KEYS[event.key] || (inHand() && ARROWS[event.key]); // else arrows go on scrolling the page
    if (!act) return;
    event.preventDefault();
    act();
  });

  // ---- sound --------------------------------------------------------------------------------------------------
  const NOTES_HZ = [660, 880];
  const NOTE_S = 0.16;
  const VOLUME = 0.18;
  let audio = null;

  const wanted = () => remembered("sound") === "on";
  const audible = () => audio !== null && audio.state === "running";

  function ring() {
    if (!wanted() || !audible()) return;
    NOTES_HZ.forEach((pitch, number) => {
      const begins = audio.currentTime + number * NOTE_S;
      const tone = new OscillatorNode(audio, { frequency: pitch });
      const loudness = new GainNode(audio, { gain: 0 });
      loudness.gain.linearRampToValueAtTime(0, begins);
      loudness.gain.linearRampToValueAtTime(VOLUME, begins + 0.02);
      loudness.gain.exponentialRampToValueAtTime(0.001, begins + 2 * NOTE_S);
      tone.connect(loudness).connect(audio.destination);
      tone.start(begins);
      tone.stop(begins + 2 * NOTE_S);
    });
  }

  // Browsers let a page sound only after somebody has touched it.
  async function wake() {
    if (!wanted() || audible()) return;
    audio = audio || new AudioContext();
    await audio.resume();
    show();
  }

  function show() {
    const button = document.getElementById("sound");
    const word = button.querySelector("[data-on]");
    button.setAttribute("aria-pressed", String(wanted()));
    word.textContent = word.dataset[wanted() ? (audible() ? "on" : "waiting") : "off"];
    document.querySelectorAll(".tool").forEach((tool) => { tool.hidden = false; });
  }

  async function turn() {
    remember("sound", wanted() ? "off" : "on");
    await wake();
    show();
    ring(); // so that it is known how it sounds
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("#sound")) turn();
    else if (event.target.closest("#show-keys")) list.showModal();
    else wake();
  });
  document.addEventListener("keydown", wake);
  body.addEventListener("arrived", (event) => {
    if (event.detail.some((item) => item.classList.contains("tile-new"))) ring();
  });
  body.addEventListener("htmx:afterSettle", show);
  show();
})();
