// The map of open incidents: one canvas, a shape for each kind, colour and size for how bad it is.
(() => {
  "use strict";

  const AGAIN_MS = 60000;
  const WHOLE_EVERY = 60; // the other times only what changed
  const RADIUS_PX = [0, 8, 9.5, 11, 13]; // by severity, 1 to 4
  const OUTLINE = 10; // how far the legend's paths reach from their middle

  const place = document.getElementById("map");
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--ink").trim();
  const accent = style.getPropertyValue("--accent").trim();
  const FILL = ["", "--yellow-dot", "--amber-dot", "--orange-dot", "--red-dot"]
    .map((name) => name && style.getPropertyValue(name).trim());

  // Words and shapes are those of the legend.
  const legend = (name) => new Map([...document.querySelectorAll(`.legend [data-${name}]`)].map((item) => [item.dataset[name], item]));
  const kinds = legend("kind");
  const severities = legend("severity");
  const shapes = new Map([...kinds].map(([kind, item]) => [kind, new Path2D(item.querySelector("path").getAttribute("d"))]));
  const word = (of, key) => of.get(String(key)).textContent.trim();

  const Mark = L.CircleMarker.extend({
    _updatePath() { // what L.Canvas calls to draw a layer
      const { _drawing: drawing, _ctx: pen } = this._renderer;
      if (!drawing || this._empty()) return;
      const { mark, pointed } = this.options;
      const scale = this._radius / OUTLINE;
      pen.save();
      pen.translate(this._point.x, this._point.y);
      pen.scale(scale, scale);
      const shape = shapes.get(mark.kind);
      if (mark.new || pointed) {
        pen.lineWidth = (pointed ? 13 : 8) / scale;
        pen.strokeStyle = pointed ? ink : accent;
        pen.stroke(shape);
      }
      pen.lineWidth = 4 / scale;
      pen.strokeStyle = ink;
      pen.stroke(shape);
      pen.fillStyle = FILL[mark.severity];
      pen.fill(shape);
      pen.restore();
    },
  });

  // Without a street map: squares that move along, so that dragging and zooming can be seen.
  const Squares = L.GridLayer.extend({
    createTile() {
      const square = document.createElement("div");
      square.className = "map-square";
      return square;
    },
  });

  const map = L.map(place, { renderer: L.canvas({ padding: 0.3, tolerance: 4 }), zoomControl: false, attributionControl: false });
  L.control.zoom({ zoomInTitle: place.dataset.zoomIn, zoomOutTitle: place.dataset.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  if (place.dataset.tiles) L.tileLayer(place.dataset.tiles, { maxZoom: 19 }).addTo(map);
  else new Squares().addTo(map);
  map.setView([-2.5, 118], 5); // the country, until it is known what to show
  map.setMaxZoom(19);

  const marks = new Map();
  let frame = null;
  let position = "";
  let asked = 0;

  function say(mark) {
    const box = document.createElement("div");
    const link = document.createElement("a");
    link.href = place.dataset.incident.replace("/0/", `/${mark.id}/`);
    link.textContent = word(kinds, mark.kind);
    const more = document.createElement("p");
    more.textContent = `${mark.place} · ${word(severities, mark.severity)}`;
    box.append(link, more);
    return box;
  }

  // From far away the whole city's marks lie close together.
  const radiusOf = (mark) => RADIUS_PX[mark.severity] * (map.getZoom() < 12 ? 0.5 : map.getZoom() < 14 ? 0.75 : 1);

  map.on("zoomend", () => marks.forEach(({ layer }) => layer.setRadius(radiusOf(layer.options.mark))));

  function put(mark) {
    const said = JSON.stringify(mark);
    const key = String(mark.id);
    const old = marks.get(key);
    if (old && old.said === said) return;
    if (old) old.layer.remove();
    const layer = new Mark([mark.lat, mark.lon], { radius: radiusOf(mark), weight: 8, mark }).addTo(map);
    layer.bindPopup(() => say(mark));
    marks.set(key, { layer, said });
  }

  function drop(id) {
    const old = marks.get(id);
    if (old) old.layer.remove();
    marks.delete(id);
  }

  function showAll() {
    const bounds = marks.size ? L.latLngBounds([...marks.values()].map(({ layer }) => layer.getLatLng())) : frame;
    if (bounds) map.fitBounds(bounds, { padding: [32, 32], maxZoom: 16 });
  }

  async function load() {
    const since = asked++ % WHOLE_EVERY === 0 ? "" : position;
    const answer = await fetch(`${place.dataset.marks}?since=${since}`, { headers: { Accept: "application/json" } });
    if (answer.redirected) location.reload(); // the session has ended
    if (!answer.ok || answer.redirected) return;
    const told = await answer.json();
    const first = frame === null && marks.size === 0;
    const open = new Set(told.marks.map((mark) => String(mark.id)));
    const whole = told.whole !== false; // a map that is never told parts says nothing of it
    (whole ? [...marks.keys()].filter((id) => !open.has(id)) : told.gone.map(String)).forEach(drop);
    told.marks.forEach(put);
    position = told.position ?? "";
    if (whole) frame = told.frame;
    const rest = document.getElementById("left-out");
    rest.hidden = told.left_out === 0;
    rest.querySelector("strong").textContent = told.left_out;
    place.dataset.shown = marks.size;
    if (first) showAll();
  }

  const tryToLoad = () => load().catch(() => {}); // offline: the page says so already, and the next change comes
  place.addEventListener("changed", tryToLoad);
  setInterval(tryToLoad, AGAIN_MS);

  // What is pointed at in the list is ringed on the map.
  function point(event, pointed) {
    const row = event.target.closest?.("[data-mark]");
    const found = row && marks.get(row.dataset.mark);
    if (!found) return;
    found.layer.options.pointed = pointed;
    if (pointed) found.layer.bringToFront();
    found.layer.redraw();
  }
  for (const [name, pointed] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
    document.addEventListener(name, (event) => point(event, pointed));
  }

  const all = document.getElementById("show-all");
  all.hidden = false;
  all.addEventListener("click", showAll);
  tryToLoad();
})();
