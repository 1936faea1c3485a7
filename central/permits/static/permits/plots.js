// Outlines of permits on a map: all of them to look at, or one to draw.
(() => {
  "use strict";

  const COLOURS = {
    stage: { valid: "--green-dot", ending: "--orange-dot", expired: "--red-dot", ahead: "--blue-dot" },
    open: { true: "--green-dot", false: "--grey-dot" },
  };
  const COUNTRY = [[-11, 95], [6, 141]];

  const place = document.getElementById("plots");
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();

  // Without a street map: squares that move along, so that dragging and zooming can be seen.
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
  if (place.dataset.tiles) L.tileLayer(place.dataset.tiles, { maxZoom: 19, maxNativeZoom: 19 }).addTo(map);
  else new Squares().addTo(map);
  map.fitBounds(place.dataset.frame ? JSON.parse(place.dataset.frame) : COUNTRY, { maxZoom: 16 });

  const show = (layer) => layer.getBounds().isValid() && map.fitBounds(layer.getBounds(), { padding: [32, 32], maxZoom: 18 });
  const dress = (name) => ({ color: colour(name), weight: 3, fillOpacity: 0.3 });
  const dressed = ({ properties }) => dress(COLOURS[place.dataset.by][properties[place.dataset.by]]);

  function say(feature) {
    const { name, sk, says } = feature.properties;
    const box = document.createElement("div");
    const link = document.createElement("a");
    const to = place.dataset.link;
    link.href = to.startsWith("#") ? to + feature.id : to.replace("/0/", `/${feature.id}/`);
    link.textContent = name;
    const more = document.createElement("p");
    more.textContent = `${says} · ${sk}`;
    box.append(link, more);
    return box;
  }

  async function load() {
    const answer = await fetch(place.dataset.plots, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) return;
    const told = await answer.json();
    const plots = L.geoJSON(told, {
      style: dressed,
      onEachFeature: (feature, layer) => layer.bindPopup(() => say(feature)),
    }).addTo(map);
    // A place of a few metres cannot be seen from far away: a dot can.
    for (const layer of plots.getLayers()) {
      L.circleMarker(layer.getBounds().getCenter(), { ...dressed(layer.feature), radius: 5, weight: 2 })
        .bindPopup(() => say(layer.feature)).addTo(map);
    }
    place.dataset.shown = told.features.length;
    show(plots);
  }

  function draw(typed) {
    const plot = L.polygon([], dress("--green-dot")).addTo(map);
    const handles = L.layerGroup().addTo(map);
    const dot = L.divIcon({ className: "corner", iconSize: [24, 24] });

    const read = () => typed.value.split("\n").map((line) => line.split(",").map((number) => Number.parseFloat(number)))
      .filter((corner) => corner.length === 2 && corner.every(Number.isFinite));
    const write = (corners) => {
      typed.value = corners.map(([lat, lon]) => `${lat.toFixed(7)}, ${lon.toFixed(7)}`).join("\n");
      redraw();
    };

    function redraw() {
      const corners = read();
      plot.setLatLngs(corners);
      handles.clearLayers();
      corners.forEach((corner, number) => {
        L.marker(corner, { icon: dot, draggable: true, keyboard: false }).addTo(handles).on("drag", (event) => {
          const moved = read();
          moved[number] = [event.latlng.lat, event.latlng.lng];
          plot.setLatLngs(moved);
        }).on("dragend", (event) => {
          const { lat, lng } = event.target.getLatLng();
          write(read().map((old, at) => (at === number ? [lat, lng] : old)));
        });
      });
      undo.hidden = corners.length === 0;
    }

    const undo = document.getElementById("undo-corner");
    undo.addEventListener("click", () => write(read().slice(0, -1)));
    map.on("click", (event) => write([...read(), [event.latlng.lat, event.latlng.lng]]));
    typed.addEventListener("input", redraw);
    redraw();
    show(plot);
  }

  if (place.dataset.edits) draw(document.getElementById(place.dataset.edits));
  else load().catch(() => {}); // offline: the list says the same
})();
