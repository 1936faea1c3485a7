// What is being edited: outlines, incidents, calibration. Views listen to "change" and draw themselves again.

export class Camera extends EventTarget {
  constructor(data) {
    super();
    const settings = structuredClone(data.settings);
    this.outlines = [
      ...Object.entries(settings.zones ?? {}).map(([id, zone]) => ({ type: "zone", id, kind: zone.kind, place: zone.place ?? "", points: zone.points })),
      ...(settings.privacy_masks ?? []).map((points) => ({ type: "mask", points })),
    ];
    this.incidents = settings.incidents ?? {};
    this.calibration = settings.calibration ?? null;
    this.clicked = data.clicked.map((point) => ({ ...point }));
    this.grid = data.grid;
    this.selected = null;
    this.saved = this.written();
  }

  // As the server takes it.
  settings() {
    const zones = Object.fromEntries(this.outlines.filter(({ type }) => type === "zone").map(({ id, kind, place, points }) =>
      [id, place ? { kind, place, points } : { kind, points }]));
    const masks = this.outlines.filter(({ type }) => type === "mask").map(({ points }) => points);
    return { zones, incidents: this.incidents, privacy_masks: masks, calibration: this.calibration };
  }

  written() {
    return JSON.stringify(this.settings());
  }

  get isChanged() {
    return this.written() !== this.saved;
  }

  // `what` is what views may leave alone when it is not theirs: outline, selection, incidents, calibration, point.
  changed(what) {
    this.dispatchEvent(new CustomEvent("change", { detail: what }));
  }

  on(whats, view) {
    this.addEventListener("change", (event) => { if (whats.includes(event.detail)) view(); });
  }

  select(outline) {
    if (this.selected === outline) return;
    this.selected = outline;
    this.changed("selection");
  }

  add(type, points) {
    const outline = type === "mask" ? { type, points } : { type, id: this.freeId(), kind: "roadway", place: "", points };
    this.outlines.push(outline);
    this.selected = outline;
    this.changed("outline");
    return outline;
  }

  remove(outline) {
    this.outlines.splice(this.outlines.indexOf(outline), 1);
    if (this.selected === outline) this.selected = null;
    if (outline.type === "zone") this.forget(outline.id);
    this.changed("outline");
  }

  rename(outline, id) {
    for (const section of Object.values(this.incidents)) {
      if (section?.zones) section.zones = section.zones.map((zone) => (zone === outline.id ? id : zone));
    }
    outline.id = id;
    this.changed("incidents");
  }

  // A zone that is gone, or of another kind now, is looked at for nothing that it cannot show.
  forget(id) {
    for (const [kind, section] of Object.entries(this.incidents)) {
      if (!section?.zones) continue;
      section.zones = section.zones.filter((zone) => zone !== id);
      if (!section.zones.length) delete this.incidents[kind];
    }
  }

  freeId() {
    const taken = new Set(this.outlines.map(({ id }) => id));
    for (let number = 1; ; number++) if (!taken.has(`zona-${number}`)) return `zona-${number}`;
  }
}

const inside = (share) => Math.min(1, Math.max(0, share));
export const point = (x, y) => [Math.round(inside(x) * 1e4) / 1e4, Math.round(inside(y) * 1e4) / 1e4];
