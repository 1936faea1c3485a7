// An area's outline while it is edited: parts of rings of corners [lon, lat], and what they were before.
const DIGITS = 7; // about a centimetre
const REMEMBERED = 200;

export const ringOf = (parts, { part, ring }) => parts[part][ring];

export class Outline extends EventTarget {
  constructor(typed) {
    super();
    this.typed = typed; // the form's field, which is sent and may be written in by hand
    this.before = [];
    this.read();
    typed.addEventListener("input", () => {
      this.read();
      this.dispatchEvent(new Event("change"));
    });
  }

  // GeoJSON as it stands in the field; what is no polygon leaves nothing to draw, and is said.
  read() {
    this.isReadable = true;
    try {
      const { type, coordinates } = JSON.parse(this.typed.value || "{}");
      const parts = type === "Polygon" ? [coordinates] : type === "MultiPolygon" ? coordinates : [];
      this.parts = parts.map((rings) => rings.map((ring) => ring.slice(0, -1).map(([lon, lat]) => [lon, lat])));
      this.isReadable = this.corners().every(({ corner }) => corner.every(Number.isFinite));
    } catch {
      this.isReadable = false;
    }
    if (!this.isReadable) this.parts = [];
  }

  corners() {
    return this.parts.flatMap((rings, part) =>
      rings.flatMap((corners, ring) => corners.map((corner, index) => ({ part, ring, index, corner }))));
  }

  // One step that can be taken back.
  change(how) {
    const was = this.typed.value;
    how(this.parts);
    const written = this.written();
    if (written === was) return;
    this.before.push(was);
    if (this.before.length > REMEMBERED) this.before.shift();
    this.typed.value = written;
    this.dispatchEvent(new Event("change"));
  }

  undo() {
    if (!this.before.length) return;
    this.typed.value = this.before.pop();
    this.read();
    this.dispatchEvent(new Event("change"));
  }

  written() {
    const round = (degrees) => Number(degrees.toFixed(DIGITS));
    const closed = (ring) => [...ring, ring[0]].map((corner) => corner.map(round));
    const parts = this.parts.map((rings) => rings.map(closed));
    if (!parts.length) return "{}";
    return JSON.stringify(parts.length === 1 ? { type: "Polygon", coordinates: parts[0] } : { type: "MultiPolygon", coordinates: parts });
  }

  add(corners) {
    this.change((parts) => parts.push([corners]));
  }

  move(at, to) {
    this.change((parts) => { ringOf(parts, at)[at.index] = to; });
  }

  insert(at, corner) {
    this.change((parts) => ringOf(parts, at).splice(at.index + 1, 0, corner));
  }

  // A ring without three corners is none.
  remove(at) {
    if (ringOf(this.parts, at).length <= 3) this.removeRing(at);
    else this.change((parts) => ringOf(parts, at).splice(at.index, 1));
  }

  // The first ring is the part itself, the others are holes in it.
  removeRing(at) {
    this.change((parts) => {
      if (at.ring === 0) parts.splice(at.part, 1);
      else parts[at.part].splice(at.ring, 1);
    });
  }
}
