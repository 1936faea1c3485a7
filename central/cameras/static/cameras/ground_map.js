// The map beside the still: where the calibration's points lie.
const CLOSE_ZOOM = 19;
const COUNTRY = [[-2.5, 118], 5];

// Without a street map: squares that move along, so that dragging and zooming can be seen.
const Squares = L.GridLayer.extend({
  createTile() {
    const square = document.createElement("div");
    square.className = "map-square";
    return square;
  },
});

export class GroundMap {
  constructor(place, { tiles, location }) {
    this.map = L.map(place, { attributionControl: false, zoomControl: false });
    L.control.zoom({ zoomInTitle: place.dataset.zoomIn, zoomOutTitle: place.dataset.zoomOut }).addTo(this.map);
    L.control.scale({ imperial: false }).addTo(this.map);
    if (tiles) L.tileLayer(tiles, { maxZoom: 21, maxNativeZoom: 19 }).addTo(this.map);
    else new Squares().addTo(this.map);
    this.map.setMaxZoom(21);
    if (location) this.map.setView(location, CLOSE_ZOOM);
    else this.map.setView(...COUNTRY);
    if (location) L.circleMarker(location, { radius: 7, className: "camera-spot", interactive: false }).addTo(this.map);
    this.markers = L.layerGroup().addTo(this.map);
    this.onPlace = null; // ([lon, lat]) of a click
    this.map.on("click", ({ latlng }) => this.onPlace?.([latlng.lng, latlng.lat]));
    new ResizeObserver(() => this.map.invalidateSize()).observe(place);
  }

  // places: [{ index, lonlat, isLeftOut }]; onMove(index, lonlat) after one was dragged; null: clicks go through them.
  show(places, onMove) {
    this.markers.clearLayers();
    for (const { index, lonlat, isLeftOut } of places) {
      const icon = L.divIcon({ className: `map-point${isLeftOut ? " left-out" : ""}`, html: String(index + 1), iconSize: [22, 22] });
      const marker = L.marker([lonlat[1], lonlat[0]], { icon, draggable: onMove !== null, interactive: onMove !== null, alt: String(index + 1), keyboard: false });
      if (onMove) marker.on("dragend", () => onMove(index, [marker.getLatLng().lng, marker.getLatLng().lat]));
      this.markers.addLayer(marker);
    }
  }

  frame(places) {
    if (places.length) this.map.fitBounds(L.latLngBounds(places.map(({ lonlat }) => [lonlat[1], lonlat[0]])), { padding: [30, 30], maxZoom: 20 });
  }
}
