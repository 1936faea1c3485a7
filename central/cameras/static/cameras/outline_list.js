// All outlines as a list; the selected one with its fields and its corners as numbers.
import { point } from "./camera.js";
import { element, labelled } from "./element.js";
import { nameOf } from "./outlines.js";
import { of, say } from "./words.js";

const KINDS = ["roadway", "no_vending", "no_parking", "water_gauge", "ignore"];

export class OutlineList {
  constructor(place, camera, mayEdit) {
    this.place = place;
    this.camera = camera;
    this.mayEdit = mayEdit;
    camera.on(["outline", "selection"], () => this.draw());
    this.draw();
  }

  draw() {
    const field = document.activeElement?.closest?.("#outline-list") && document.activeElement.dataset.field;
    const { outlines, selected } = this.camera;
    this.place.replaceChildren(
      outlines.length ? element("ul", { class: "outline-list" }, ...outlines.map((outline) => this.row(outline, outline === selected)))
        : element("p", { class: "hint" }, say("noZones")));
    if (field) this.place.querySelector(`[data-field="${field}"]`)?.focus();
  }

  row(outline, isSelected) {
    const button = element("button", {
      type: "button", class: "outline-name", "aria-expanded": String(isSelected), "data-field": `pick-${this.camera.outlines.indexOf(outline)}`,
      onclick: () => this.camera.select(isSelected ? null : outline),
    }, element("i", { class: `swatch ${outline.type === "mask" ? "mask" : outline.kind}` }), nameOf(outline));
    const row = element("li", {}, button);
    if (isSelected) row.append(this.fields(outline));
    return row;
  }

  fields(outline) {
    const fields = element("fieldset", { class: "fields plain", disabled: !this.mayEdit });
    if (outline.type === "zone") fields.append(this.kind(outline), this.id(outline), ...this.whereabouts(outline));
    fields.append(this.corners(outline));
    if (this.mayEdit) fields.append(element("div", { class: "buttons" },
      element("button", { type: "button", "data-field": "add", onclick: () => this.insert(outline) }, say("addPoint")),
      element("button", { type: "button", onclick: () => this.camera.remove(outline) }, say("remove"))));
    return fields;
  }

  kind(outline) {
    const choices = KINDS.map((kind) => element("option", { value: kind, selected: kind === outline.kind }, of("zone", kind)));
    return labelled(say("zoneKind"), element("select", {
      "data-field": "kind",
      onchange: (event) => {
        outline.kind = event.target.value;
        this.camera.forget(outline.id);
        this.camera.changed("outline");
        this.camera.changed("incidents");
      },
    }, ...choices));
  }

  id(outline) {
    return labelled(say("zoneId"), element("input", {
      value: outline.id, required: true, pattern: "[a-z0-9][a-z0-9_\\-]{0,39}", "data-field": "id", autocapitalize: "none", spellcheck: "false",
      onchange: (event) => {
        const taken = this.camera.outlines.some((other) => other !== outline && other.id === event.target.value);
        if (taken || !event.target.checkValidity()) event.target.value = outline.id;
        else this.camera.rename(outline, event.target.value);
        this.camera.changed("outline");
      },
    }));
  }

  // "segment:direction" on the wire, two fields for people.
  whereabouts(outline) {
    const [segment, direction = ""] = outline.place.split(":");
    const fields = [["segment", segment], ["direction", direction]].map(([name, value]) => element("input", {
      value, list: `${name}s`, maxlength: 58, "data-field": name,
      oninput: () => {
        const [street, way] = fields.map((field) => field.value.trim().replaceAll(":", " "));
        outline.place = street && way ? `${street}:${way}` : street;
        this.camera.changed("place");
      },
    }));
    return [labelled(say("segment"), fields[0]), labelled(say("direction"), fields[1])];
  }

  corners(outline) {
    const rows = outline.points.map((corner, index) => element("li", {},
      element("span", { class: "corner-number" }, `${index + 1}`),
      ...["across", "down"].map((axis, which) => element("input", {
        type: "number", min: 0, max: 100, step: 0.1, value: Math.round(corner[which] * 1000) / 10, "data-field": `${axis}-${index}`,
        "aria-label": `${say("point")} ${index + 1}, ${say(axis)}, %`,
        onchange: (event) => {
          const moved = [...outline.points[index]];
          moved[which] = Number(event.target.value) / 100;
          outline.points[index] = point(...moved);
          this.camera.changed("outline");
        },
      })),
      element("button", {
        type: "button", class: "tool", disabled: outline.points.length <= 3, "aria-label": `${say("removePoint")} ${index + 1}`,
        onclick: () => {
          outline.points.splice(index, 1);
          this.camera.changed("outline");
        },
      }, "×")));
    return element("ol", { class: "corner-list" }, ...rows);
  }

  insert(outline) {
    const [first] = outline.points;
    const last = outline.points.at(-1);
    outline.points.push(point((first[0] + last[0]) / 2, (first[1] + last[1]) / 2));
    this.camera.changed("outline");
  }
}
