// Makes the report form easier where scripts run: the telephone's location, and a mark on a map that loads when asked.
(() => {
  "use strict";

  const form = document.getElementById("report-form");
  const words = form.dataset;
  const lat = document.getElementById("lat");
  const lon = document.getElementById("lon");
  const said = document.getElementById("place-said");
  const place = document.getElementById("report-map");
  const opener = document.getElementById("open-map");
  let map = null;
  let pin = null;

  document.getElementById("place-buttons").hidden = false;
  document.getElementById("faults")?.focus();

  function say(text, isWrong = false) {
    said.textContent = text;
    said.classList.toggle("wrong", isWrong);
  }

  function set(where, from = "") {
    lat.value = where.lat.toFixed(6);
    lon.value = where.lng.toFixed(6);
    say(`${words.found} ${where.lat.toFixed(5)}, ${where.lng.toFixed(5)}${from}`);
    if (!map) return;
    if (pin) pin.setLatLng(where);
    else pin = L.circleMarker(where, { radius: 11, weight: 4, color: "#15212a", fillColor: "#ffb62e", fillOpacity: 1 }).addTo(map);
    if (!map.getBounds().contains(where)) map.setView(where, Math.max(map.getZoom(), 16));
  }

  // ---- the telephone's location, asked for only when pressed ------------------------------------------------------
  document.getElementById("locate").addEventListener("click", () => {
    if (!navigator.geolocation) { say(words.denied, true); return; }
    say(words.searching);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        forgetPhotoPlace();
        set({ lat: coords.latitude, lng: coords.longitude }, ` (±${Math.round(coords.accuracy)} m)`);
      },
      () => say(words.denied, true),
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 },
    );
  });

  // ---- the place of a photo ----------------------------------------------------------------------------------------
  function forgetPhotoPlace() {
    form.querySelectorAll("[name=photo_place]").forEach((box) => { box.checked = false; });
  }

  form.addEventListener("change", (event) => {
    const box = event.target;
    if (box.name !== "photo_place") return;
    if (box.checked) set({ lat: Number(box.dataset.lat), lng: Number(box.dataset.lon) });
    else { lat.value = lon.value = ""; say(""); }
  });

  // ---- the map ---------------------------------------------------------------------------------------------------
  function load(tag, attributes) {
    return new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement(tag), attributes);
      element.onload = resolve;
      element.onerror = reject;
      document.head.append(element);
    });
  }

  function show() {
    map = L.map(place, { zoomControl: false, attributionControl: false });
    L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    if (words.tiles) L.tileLayer(words.tiles, { maxZoom: 19 }).addTo(map);
    else new (L.GridLayer.extend({ createTile: () => Object.assign(document.createElement("div"), { className: "map-square" }) }))().addTo(map);
    if (lat.value && lon.value) map.setView([Number(lat.value), Number(lon.value)], 17);
    else if (words.frame) map.fitBounds(JSON.parse(words.frame), { padding: [24, 24], maxZoom: 16 });
    else map.setView([-2.5, 118], 5); // the country
    if (lat.value && lon.value) set({ lat: Number(lat.value), lng: Number(lon.value) });
    map.on("click", ({ latlng }) => { forgetPhotoPlace(); set(latlng); });
    place.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== place) return;
      event.preventDefault();
      forgetPhotoPlace();
      set(map.getCenter());
    });
  }

  opener.addEventListener("click", async () => {
    place.hidden = !place.hidden;
    opener.setAttribute("aria-expanded", String(!place.hidden));
    if (place.hidden || map) return;
    try {
      await Promise.all([
        load("link", { rel: "stylesheet", href: words.leafletStyle }),
        load("script", { src: words.leaflet }),
      ]);
      show();
      const credit = document.getElementById("map-credit");
      if (credit) credit.hidden = false;
    } catch {
      place.hidden = true;
      opener.setAttribute("aria-expanded", "false");
      say(words.offline, true);
    }
  });

  // ---- one press is one report --------------------------------------------------------------------------------------
  form.addEventListener("submit", () => {
    const button = form.querySelector("button.big");
    setTimeout(() => { button.disabled = true; }, 0);
  });
  addEventListener("pageshow", () => { form.querySelector("button.big").disabled = false; });
})();
