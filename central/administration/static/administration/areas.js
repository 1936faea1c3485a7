// The map of areas: outlines, the small ones on top; one that is pointed at in the list is filled.
(() => {
  "use strict";

  const place = document.getElementById("areas-map");
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--link").trim();
  const soft = style.getPropertyValue("--soft").trim();
  const accent = style.getPropertyValue("--accent").trim();
  const WEIGHT = { province: 2.5, city: 2, district: 1.25, ward: 0.75, own: 2 };

  const Squares = L.GridLayer.extend({
    createTile() {
      const square = document.createElement("div");
      square.className = "map-square";
      return square;
    },
  });

  const map = L.map(place, { zoomControl: false, attributionControl: false });
  L.control.zoom({ zoomInTitle: place.dataset.zoomIn, zoomOutTitle: place.dataset.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  if (place.dataset.tiles) L.tileLayer(place.dataset.tiles, { maxZoom: 19 }).addTo(map);
  else new Squares().addTo(map);
  map.setView([-2.5, 118], 5); // the country, until it is known what to show

  const layers = new Map();
  const calm = ({ properties: { level, active, code } }) => ({
    color: level === "own" ? accent : active ? ink : soft,
    weight: WEIGHT[level],
    dashArray: active ? null : "4 6",
    fillOpacity: code === place.dataset.only ? 0.3 : level === "own" ? 0.2 : 0.04,
    fillColor: level === "own" ? accent : ink,
  });

  function put(feature, layer) {
    const { code, name } = feature.properties;
    layers.set(code, layer);
    layer.bindTooltip(document.createTextNode(name), { sticky: true });
    layer.on("click", () => {
      if (code !== place.dataset.only) location.assign(place.dataset.area.replace("AREA", code));
    });
  }

  async function load() {
    const answer = await fetch(place.dataset.shapes, { headers: { Accept: "application/json" } });
    if (answer.redirected) location.reload(); // the session has ended
    if (!answer.ok || answer.redirected) return;
    const drawn = L.geoJSON(await answer.json(), { style: calm, onEachFeature: put }).addTo(map);
    const shown = layers.get(place.dataset.only) ?? drawn;
    if (layers.size) map.fitBounds(shown.getBounds(), { padding: [24, 24] });
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
})();
