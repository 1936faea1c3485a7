// Calibration: points on the still and on the map, fitted on the server while they are placed.
import { post } from "./asking.js";
import { point } from "./camera.js";
import { element, shape } from "./element.js";
import { number, say } from "./words.js";

const SOON_MS = 250;
const ENOUGH = 4;

export class Calibration {
  constructor({ list, told, camera, outlines, map, address, mayEdit, size }) {
    Object.assign(this, { list, told, camera, outlines, map, address, mayEdit, size });
    this.fit = camera.calibration;
    this.picking = false;
    this.asked = 0;
    this.layer = outlines.svg.insertBefore(shape("g", { class: "calibration" }), outlines.layer);
    camera.on(["calibration"], () => this.draw());
    if (mayEdit) map.onPlace = (lonlat) => this.placed(lonlat);
    this.draw();
    map.frame(this.complete());
  }

  // Clicks on the still are points from now on, or no longer.
  pick(on) {
    this.picking = on;
    this.outlines.onPick = on ? (pixel) => this.clicked(pixel) : null;
    this.outlines.svg.classList.toggle("drawing", on);
    this.draw();
  }

  complete() {
    return this.camera.clicked.map((each, index) => ({ ...each, index })).filter(({ pixel, lonlat }) => pixel && lonlat);
  }

  clicked(pixel) {
    const open = this.camera.clicked.find((each) => !each.pixel);
    if (open) open.pixel = pixel;
    else this.camera.clicked.push({ pixel, lonlat: null });
    this.changed();
  }

  placed(lonlat) {
    if (!this.picking) return;
    const open = this.camera.clicked.find((each) => !each.lonlat);
    if (open) open.lonlat = lonlat;
    else this.camera.clicked.push({ pixel: null, lonlat });
    this.changed();
  }

  changed() {
    this.camera.changed("calibration");
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.ask(), SOON_MS);
  }

  async ask() {
    const complete = this.complete();
    const [width, height] = this.size();
    if (complete.length < ENOUGH) {
      this.take(null, [], complete.length ? say("needMore", { n: complete.length }) : say("uncalibrated"));
      return;
    }
    const asked = ++this.asked;
    this.told.textContent = say("fitting");
    const points = complete.map(({ pixel, lonlat }) => ({ pixel: [pixel[0] * width, pixel[1] * height], lonlat }));
    try {
      const { ok, told } = await post(this.address, { image: { width, height }, points });
      if (asked !== this.asked) return;
      if (ok) this.take(told.calibration, told.grid, "");
      else this.take(null, [], `${say("noFit")} ${told.reason}`, true);
    } catch {
      if (asked === this.asked) this.take(null, [], say("notReached"), true);
    }
  }

  take(calibration, grid, why, isWrong = false) {
    this.camera.calibration = calibration;
    this.camera.grid = grid;
    this.why = why;
    this.isWrong = isWrong;
    this.camera.changed("calibration");
  }

  draw() {
    const residuals = this.residuals();
    this.drawStill(residuals);
    this.map.show(this.complete().map((each) => ({ ...each, isLeftOut: residuals[each.index]?.used === false })),
      this.mayEdit && !this.camera.clicked.some(({ lonlat }) => !lonlat) ? (index, lonlat) => { this.camera.clicked[index].lonlat = lonlat; this.changed(); } : null);
    this.drawList(residuals);
    this.tell();
  }

  // By index of the clicked point.
  residuals() {
    const fitted = this.camera.calibration?.points ?? [];
    return Object.fromEntries(this.complete().map(({ index }, order) => [index, fitted[order]]));
  }

  drawStill(residuals) {
    const at = (each) => this.outlines.at(each).join(",");
    const lines = this.camera.grid.map(({ step, points }) => shape("polyline", { class: `grid step-${step}`, points: points.map(at).join(" ") }));
    const marks = this.camera.clicked.flatMap(({ pixel }, index) => {
      if (!pixel) return [];
      const [x, y] = this.outlines.at(pixel);
      const left = residuals[index]?.used === false ? " left-out" : "";
      return [shape("circle", { class: `ground-point${left}`, cx: x, cy: y, r: 8 }), shape("text", { class: "ground-number", x: x + 12, y: y - 8 }, `${index + 1}`)];
    });
    this.layer.replaceChildren(...lines, ...(this.picking || this.camera.clicked.some(({ pixel }) => pixel) ? marks : []));
  }

  drawList(residuals) {
    const field = document.activeElement?.closest?.("#calibration-list") && document.activeElement.dataset.field;
    this.list.replaceChildren(...this.camera.clicked.map((each, index) => this.row(each, index, residuals[index])));
    if (field) this.list.querySelector(`[data-field="${field}"]`)?.focus();
  }

  row(each, index, fitted) {
    const said = fitted ? (fitted.residual_m === null ? "–" : `${number(fitted.residual_m, 2)} m`) : "";
    return element("li", { class: fitted?.used === false ? "left-out" : "" },
      element("span", { class: "corner-number" }, `${index + 1}`),
      this.field(each, index, "pixel", 0, "across", { min: 0, max: 100, step: 0.01, scale: 100 }),
      this.field(each, index, "pixel", 1, "down", { min: 0, max: 100, step: 0.01, scale: 100 }),
      this.field(each, index, "lonlat", 1, "lat", { min: -85, max: 85, step: 0.0000001, scale: 1 }),
      this.field(each, index, "lonlat", 0, "lon", { min: -180, max: 180, step: 0.0000001, scale: 1 }),
      element("span", { class: "residual" }, fitted?.used === false ? `${said} ${say("leftOut")}` : said),
      this.mayEdit ? element("button", {
        type: "button", class: "tool", "aria-label": `${say("remove")}: ${say("groundPoint")} ${index + 1}`,
        onclick: () => { this.camera.clicked.splice(index, 1); this.changed(); },
      }, "×") : null);
  }

  field(each, index, which, axis, word, { min, max, step, scale }) {
    const value = each[which] ? Math.round(each[which][axis] * scale * 1e7) / 1e7 : "";
    return element("input", {
      type: "number", min, max, step: "any", value, disabled: !this.mayEdit, "data-field": `${word}-${index}`,
      placeholder: say(word), "aria-label": `${say("groundPoint")} ${index + 1}, ${say(word)}${scale === 100 ? ", %" : ""}`,
      onchange: (event) => {
        if (event.target.value === "" || !event.target.checkValidity()) return;
        const half = [...(each[which] ?? each[`half-${which}`] ?? [null, null])];
        half[axis] = Number(event.target.value) / scale;
        if (half.includes(null)) each[`half-${which}`] = half; // the other number is still to come
        else each[which] = which === "pixel" ? point(...half) : half;
        if (!half.includes(null)) this.changed();
      },
    });
  }

  tell() {
    const { calibration } = this.camera;
    const rms = calibration?.rms_m;
    const used = calibration?.points?.length ?? 0;
    let text = this.why || (calibration ? say("ownMetres") : say("uncalibrated"));
    if (!this.why && rms !== null && rms !== undefined && calibration.origin) text = used > ENOUGH ? say("misses", { rms: number(rms, 2) }) : say("exact");
    if (this.picking && this.camera.clicked.some(({ pixel, lonlat }) => pixel && !lonlat)) text = say("pickMap");
    this.told.textContent = text;
    this.told.classList.toggle("wrong", Boolean(this.isWrong));
  }
}
