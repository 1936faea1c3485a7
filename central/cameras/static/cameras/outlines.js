// Outlines drawn over the still: selected, moved and drawn anew by mouse, finger or keys.
import { point } from "./camera.js";
import { shape } from "./element.js";
import { of, say } from "./words.js";

const WIDE = 1000; // of the drawing, whatever the picture's size
const STEP = 0.005;
const MIDDLE = [[0.3, 0.4], [0.7, 0.4], [0.7, 0.8], [0.3, 0.8]];
const HANDLE = 9;
const CLOSE = 18; // so near the first corner, an outline is closed

export class Outlines {
  constructor(svg, camera, mayEdit) {
    this.svg = svg;
    this.camera = camera;
    this.mayEdit = mayEdit;
    this.drawing = null; // { type, points } while one is being drawn
    this.onPick = null; // takes a click for itself: the calibration
    this.layer = svg.appendChild(shape("g"));
    camera.on(["outline", "selection"], () => this.draw());
    if (!mayEdit) return;
    svg.addEventListener("click", (event) => this.clicked(event));
    svg.addEventListener("pointerdown", (event) => this.grabbed(event));
    document.addEventListener("keydown", (event) => this.whileDrawing(event));
  }

  get tall() {
    return this.svg.viewBox.baseVal.height;
  }

  // The drawing is as tall as the picture's proportions say.
  fit(width, height) {
    this.svg.setAttribute("viewBox", `0 0 ${WIDE} ${Math.round((WIDE * height) / width)}`);
    this.draw();
  }

  at([x, y]) {
    return [x * WIDE, y * this.tall];
  }

  shareOf(event) {
    const frame = this.svg.getBoundingClientRect();
    return point((event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height);
  }

  draw() {
    const focused = document.activeElement?.dataset?.corner;
    this.layer.replaceChildren(...this.camera.outlines.map((outline) => this.outline(outline)));
    const { selected } = this.camera;
    if (selected && this.mayEdit && !this.drawing) this.layer.append(...this.middles(selected), ...this.corners(selected));
    if (this.drawing) this.layer.append(...this.unfinished());
    if (focused !== undefined) this.layer.querySelector(`[data-corner="${focused}"]`)?.focus();
  }

  outline(outline) {
    const points = outline.points.map((corner) => this.at(corner).join(",")).join(" ");
    const name = outline.type === "mask" ? "mask" : outline.kind;
    const drawn = shape("polygon", { points, class: `outline ${name}${outline === this.camera.selected ? " selected" : ""}` });
    drawn.outline = outline;
    return drawn;
  }

  corners(outline) {
    return outline.points.map((corner, index) => {
      const [cx, cy] = this.at(corner);
      const label = `${say("point")} ${index + 1}, ${outline.id ?? say("privateArea")}: ${Math.round(corner[0] * 100)} %, ${Math.round(corner[1] * 100)} %`;
      return shape("circle", {
        class: "corner", cx, cy, r: HANDLE, tabindex: 0, role: "button", "aria-label": label, "aria-describedby": "keys",
        "data-corner": index, onkeydown: (event) => this.moved(event, outline, index),
      });
    });
  }

  // Between two corners: pulled, it becomes one.
  middles(outline) {
    return outline.points.map(([x, y], index) => {
      const [nextX, nextY] = outline.points[(index + 1) % outline.points.length];
      const [cx, cy] = this.at([(x + nextX) / 2, (y + nextY) / 2]);
      return shape("circle", { class: "middle", cx, cy, r: HANDLE * 0.65, "data-middle": index });
    });
  }

  unfinished() {
    const points = this.drawing.points.map((corner) => this.at(corner));
    return [
      shape("polyline", { class: "unfinished", points: points.map((corner) => corner.join(",")).join(" ") }),
      ...points.map(([cx, cy], index) => shape("circle", { class: index ? "corner" : "corner first", cx, cy, r: HANDLE })),
    ];
  }

  // By keys there is nothing to click with: an area in the middle, to be moved.
  begin(type, byKeys) {
    if (byKeys) {
      this.camera.add(type, MIDDLE.map((corner) => [...corner]));
      this.layer.querySelector("[data-corner]")?.focus();
      return;
    }
    this.camera.select(null);
    this.drawing = { type, points: [] };
    this.svg.classList.add("drawing");
    this.draw();
  }

  end(keep) {
    const { type, points } = this.drawing;
    this.drawing = null;
    this.svg.classList.remove("drawing");
    if (keep && points.length >= 3) this.camera.add(type, points);
    else this.draw();
    this.onEnd?.();
  }

  clicked(event) {
    const share = this.shareOf(event);
    if (this.onPick) {
      this.onPick(share);
    } else if (this.drawing) {
      const { points } = this.drawing;
      if (points.length >= 3 && this.isNear(points[0], share)) this.end(true);
      else if (!points.length || !this.isNear(points.at(-1), share, 3)) {
        points.push(share);
        this.draw();
      }
    } else if (!("corner" in event.target.dataset)) {
      this.camera.select(event.target.outline ?? null);
    }
  }

  isNear(one, other, within = CLOSE) {
    const [ax, ay] = this.at(one);
    const [bx, by] = this.at(other);
    return Math.hypot(ax - bx, ay - by) < within;
  }

  grabbed(event) {
    const { corner, middle } = event.target.dataset;
    const outline = this.camera.selected;
    if (!outline || this.drawing || this.onPick || (corner === undefined && middle === undefined)) return;
    event.preventDefault();
    let index = Number(corner ?? middle);
    if (middle !== undefined) outline.points.splice(++index, 0, this.shareOf(event));
    const pull = (moved) => {
      outline.points[index] = this.shareOf(moved);
      this.camera.changed("outline");
    };
    const leave = () => {
      removeEventListener("pointermove", pull);
      this.layer.querySelector(`[data-corner="${index}"]`)?.focus();
    };
    if (middle !== undefined) this.camera.changed("outline");
    addEventListener("pointermove", pull);
    addEventListener("pointerup", leave, { once: true });
    addEventListener("pointercancel", leave, { once: true });
  }

  moved(event, outline, index) {
    const step = event.shiftKey ? 10 * STEP : STEP;
    const [x, y] = outline.points[index];
    const to = { ArrowLeft: [x - step, y], ArrowRight: [x + step, y], ArrowUp: [x, y - step], ArrowDown: [x, y + step] }[event.key];
    if (to) outline.points[index] = point(...to);
    else if (event.key === "Delete" && outline.points.length > 3) outline.points.splice(index, 1);
    else return;
    event.preventDefault();
    this.camera.changed("outline");
  }

  whileDrawing(event) {
    if (!this.drawing) return;
    if (event.key === "Escape") this.end(false);
    else if (event.key === "Enter" && !event.target.closest("button, input, select, textarea")) this.end(true);
    else if (event.key === "Backspace" && event.target === document.body) {
      this.drawing.points.pop();
      this.draw();
    }
  }
}

export const nameOf = (outline) => (outline.type === "mask" ? say("privateArea") : `${outline.id} (${of("zone", outline.kind)})`);
