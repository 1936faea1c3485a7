// The map of areas: outlines, the small ones on top; one that is pointed at in the list is filled.
import { calm, openMap, shapesFor } from "./area_map.js";

const place = document.getElementById("areas-map");
const map = openMap(place);
const layers = new Map();

function put(feature, layer) {
  const { code, name } = feature.properties;
  layers.set(code, layer);
  layer.bindTooltip(document.createTextNode(name), { sticky: true });
  layer.on("click", () => location.assign(place.dataset.area.replace("AREA", code)));
}

async function load() {
  const shapes = await shapesFor(place);
  if (!shapes) return;
  const all = L.geoJSON(shapes, { style: calm, onEachFeature: put }).addTo(map);
  if (layers.size) map.fitBounds(all.getBounds(), { padding: [24, 24] });
  place.dataset.shown = layers.size;
}

function point(event, pointed) {
  const layer = layers.get(event.target.closest?.("[data-area]")?.dataset.area);
  if (!layer || event.target.closest("#areas-map")) return;
  layer.setStyle(pointed ? { fillOpacity: 0.45, weight: 3 } : calm(layer.feature));
  if (pointed) layer.bringToFront();
}
for (const [name, pointed] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(name, (event) => point(event, pointed));
}

load().catch(() => {}); // offline: the list is still there
