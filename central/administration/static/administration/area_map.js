// The map that areas lie on, and how they look on it.
const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(name).trim();
const ink = colour("--link");
const soft = colour("--soft");
const accent = colour("--accent");
const WEIGHT = { province: 2.5, city: 2, district: 1.25, ward: 0.75, own: 2 };
const COUNTRY = [[-2.5, 118], 5]; // until it is known what to show

// Without a street map: squares that move along, so that dragging and zooming can be seen.
const Squares = L.GridLayer.extend({
  createTile() {
    const square = document.createElement("div");
    square.className = "map-square";
    return square;
  },
});

export function openMap(place) {
  const map = L.map(place, { zoomControl: false, attributionControl: false });
  L.control.zoom({ zoomInTitle: place.dataset.zoomIn, zoomOutTitle: place.dataset.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  if (place.dataset.tiles) L.tileLayer(place.dataset.tiles, { maxZoom: 19 }).addTo(map);
  else new Squares().addTo(map);
  map.setView(...COUNTRY);
  return map;
}

// All areas as GeoJSON; null while they cannot be had.
export async function shapesFor(place) {
  const answer = await fetch(place.dataset.shapes, { headers: { Accept: "application/json" } });
  if (answer.redirected) location.reload(); // the session has ended
  return answer.ok && !answer.redirected ? answer.json() : null;
}

export const calm = ({ properties: { level, active } }) => ({
  color: level === "own" ? accent : active ? ink : soft,
  weight: WEIGHT[level],
  dashArray: active ? null : "4 6",
  fillOpacity: level === "own" ? 0.2 : 0.04,
  fillColor: level === "own" ? accent : ink,
});

export const drawn = { color: accent, weight: 3, fillColor: accent, fillOpacity: 0.25 };
