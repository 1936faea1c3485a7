// One area drawn on the map: by mouse, finger or keys. The form's field says the same as GeoJSON.
import { calm, drawn, openMap, shapesFor } from "./area_map.js";
import { Outline, ringOf } from "./outline.js";

const MOST_HANDLES = 250; // more cannot be told apart, let alone gripped
const STEP_PX = 4;

const place = document.getElementById("areas-map");
const words = place.dataset;
const map = openMap(place);
const outline = new Outline(document.getElementById(words.edits));
const shape = L.polygon([], { ...drawn, interactive: false }).addTo(map);
const sketch = L.polyline([], { ...drawn, dashArray: "6 6", interactive: false }).addTo(map);
const handles = L.layerGroup().addTo(map);
const tool = (name) => document.getElementById(`draw-${name}`);
const said = tool("said");
let unfinished = null; // corners of a part that is being drawn
let selected = null; // { part, ring, index }

const flipped = ([lon, lat]) => [lat, lon];
const lonlat = ({ lng, lat }) => [lng, lat];
const sameCorner = (one, other) => one && other && one.part === other.part && one.ring === other.ring && one.index === other.index;

function say(text, isWrong = false) {
  said.textContent = text;
  said.classList.toggle("wrong", isWrong);
}

function draw() {
  shape.setLatLngs(outline.parts.map((rings) => rings.map((ring) => ring.map(flipped))));
  sketch.setLatLngs((unfinished ?? []).map(flipped));
  drawHandles();
  tool("part").hidden = unfinished !== null;
  tool("end").hidden = unfinished === null;
  tool("end").disabled = (unfinished ?? []).length < 3;
  tool("undo").disabled = unfinished === null ? !outline.before.length : !unfinished.length;
  showSelected();
}

function drawHandles() {
  handles.clearLayers();
  if (unfinished) {
    unfinished.forEach((corner, index) => handle(corner, index ? "corner" : "corner first", `${words.corner} ${index + 1}`)
      .on("click", () => { if (!index) end(); }));
    return;
  }
  const view = map.getBounds().pad(0.05);
  const seen = outline.corners().filter(({ corner }) => view.contains(flipped(corner)));
  if (seen.length > MOST_HANDLES) {
    say(words.zoom);
    return;
  }
  if (!outline.isReadable) say(words.unreadable, true);
  else if (said.textContent === words.zoom || said.textContent === words.unreadable) say("");
  for (const at of seen) {
    corner(at);
    middle(at);
  }
}

function handle(where, className, label) {
  const marker = L.marker(flipped(where), { icon: L.divIcon({ className, iconSize: [24, 24] }), draggable: unfinished === null, bubblingMouseEvents: false });
  marker.addTo(handles);
  marker.getElement().setAttribute("aria-label", label);
  return marker;
}

function corner(at) {
  const [lon, lat] = at.corner;
  const label = `${words.corner} ${at.index + 1}: ${lat.toFixed(5)}, ${lon.toFixed(5)}`;
  const marker = handle(at.corner, "corner", label);
  const element = marker.getElement();
  element.corner = at;
  element.setAttribute("aria-describedby", "draw-keys");
  marker.on("drag", ({ latlng }) => {
    const parts = structuredClone(outline.parts);
    ringOf(parts, at)[at.index] = lonlat(latlng);
    shape.setLatLngs(parts.map((rings) => rings.map((ring) => ring.map(flipped))));
  }).on("dragend", () => {
    selected = at;
    outline.move(at, lonlat(marker.getLatLng()));
  });
  element.addEventListener("focus", () => select(at));
  element.addEventListener("keydown", (event) => byKey(event, at));
}

// Between two corners: pulled, it becomes one. For keys there is the button.
function middle(at) {
  const ring = ringOf(outline.parts, at);
  const next = ring[(at.index + 1) % ring.length];
  const where = [(at.corner[0] + next[0]) / 2, (at.corner[1] + next[1]) / 2];
  if (map.latLngToLayerPoint(flipped(at.corner)).distanceTo(map.latLngToLayerPoint(flipped(next))) < 60) return;
  const marker = handle(where, "corner middle", words.middle);
  marker.getElement().tabIndex = -1;
  marker.getElement().setAttribute("aria-hidden", "true");
  marker.on("dragend", () => {
    selected = { ...at, index: at.index + 1 };
    outline.insert(at, lonlat(marker.getLatLng()));
  });
}

// Nothing is drawn anew: the corner may be on its way with the finger that chose it.
function select(at) {
  selected = at;
  showSelected();
}

function showSelected() {
  if (unfinished || !outline.parts[selected?.part]?.[selected.ring]?.[selected.index]) selected = null;
  for (const marker of handles.getLayers()) {
    const element = marker.getElement();
    element.classList.toggle("selected", sameCorner(element.corner, selected));
  }
  tool("corner").disabled = tool("remove").disabled = selected === null;
}

function redraw() {
  const hadFocus = document.activeElement?.classList.contains("corner") ?? false;
  draw();
  if (hadFocus) place.querySelector(".corner.selected")?.focus({ preventScroll: true });
}

function byKey(event, at) {
  const step = event.shiftKey ? 10 * STEP_PX : STEP_PX;
  const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
  if (move) outline.move(at, lonlat(map.layerPointToLatLng(map.latLngToLayerPoint(flipped(at.corner)).add(move))));
  else if (event.key === "Delete") outline.remove(at);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function end() {
  const corners = unfinished;
  unfinished = null;
  place.classList.remove("drawing");
  say("");
  if (corners.length >= 3) outline.add(corners);
  else draw();
}

// By keys there is nothing to click with: a part in the middle of the map, to be moved.
function inTheMiddle() {
  const view = map.getBounds().pad(-0.3);
  selected = { part: outline.parts.length, ring: 0, index: 0 };
  outline.add([view.getNorthWest(), view.getNorthEast(), view.getSouthEast(), view.getSouthWest()].map(lonlat));
  place.querySelector(".corner.selected")?.focus({ preventScroll: true });
}

tool("part").addEventListener("click", (event) => {
  if (event.detail === 0) {
    inTheMiddle();
    return;
  }
  unfinished = [];
  place.classList.add("drawing");
  say(words.draw);
  draw();
});
tool("end").addEventListener("click", end);
tool("undo").addEventListener("click", () => {
  if (unfinished) {
    unfinished.pop();
    draw();
  } else outline.undo();
});
tool("corner").addEventListener("click", () => outline.remove(selected));
tool("remove").addEventListener("click", () => outline.removeRing(selected));
document.addEventListener("keydown", (event) => {
  if (!unfinished || event.target.closest("input, select, textarea, button")) return;
  if (event.key === "Enter") end();
  else if (event.key === "Escape") {
    unfinished = [];
    end();
  }
});

map.on("click", ({ latlng }) => {
  if (unfinished) {
    unfinished.push(lonlat(latlng));
    draw();
  } else select(null);
});
map.on("moveend", () => { if (!unfinished) redraw(); });
outline.addEventListener("change", redraw);
tool("tools").hidden = false;

async function load() {
  const shapes = await shapesFor(place);
  if (!shapes) return;
  const others = shapes.features.filter(({ properties: { code } }) => code !== words.only);
  const all = L.geoJSON({ type: "FeatureCollection", features: others }, { style: calm, interactive: false }).addTo(map);
  shape.bringToFront();
  if (!outline.parts.length && others.length) map.fitBounds(all.getBounds(), { padding: [24, 24], animate: false });
  place.dataset.shown = others.length;
}

draw();
if (outline.parts.length) map.fitBounds(shape.getBounds(), { padding: [32, 32] });
load().catch(() => {}); // offline: the outline itself is here
