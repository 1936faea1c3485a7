// What the camera looks for: a panel a kind, its fields made from the schema that box and centre share.
import { element, fresh, labelled } from "./element.js";
import { of, say } from "./words.js";

export class Incidents {
  constructor(place, camera, { kinds, purpose, mayEdit }) {
    Object.assign(this, { place, camera, kinds, purpose, mayEdit });
    this.open = new Set();
    camera.on(["outline", "incidents"], () => this.draw());
    this.draw();
  }

  draw() {
    if (this.place.contains(document.activeElement) && document.activeElement.matches("input")) return; // being written in
    this.place.replaceChildren(...this.kinds.map((kind) => this.panel(kind)));
  }

  panel(kind) {
    const section = this.camera.incidents[kind.kind];
    const zones = this.camera.outlines.filter(({ type, kind: zone }) => type === "zone" && kind.zones.includes(zone));
    const barred = this.purpose !== null && !this.purpose.includes(kind.purpose);
    const why = barred ? say("noPurpose", { purpose: of("purpose", kind.purpose) }) : kind.zones.length && !zones.length ? say("noSuchZone") : "";
    const box = element("input", {
      type: "checkbox", checked: Boolean(section), disabled: !this.mayEdit || (!section && Boolean(why)), "data-kind": kind.kind,
      onchange: (event) => this.want(kind, zones, event.target),
    });
    const panel = element("li", { class: "incident-kind" }, element("label", { class: "tick" }, box, of("kind", kind.kind)));
    if (why) panel.append(element("p", { class: "hint" }, why));
    if (section) panel.append(this.details(kind, section, zones));
    return panel;
  }

  want(kind, zones, box) {
    if (box.checked) {
      this.camera.incidents[kind.kind] = kind.zones.length ? { zones: zones.map(({ id }) => id) } : {};
      this.open.add(kind.kind);
    } else delete this.camera.incidents[kind.kind];
    box.blur();
    this.camera.changed("incidents");
    this.place.querySelector(`[data-kind="${kind.kind}"]`)?.focus();
  }

  details(kind, section, zones) {
    const summary = kind.zones.length ? `${say("inZones")}: ${section.zones.join(", ")}` : of("kind", kind.kind);
    const body = element("fieldset", { class: "fields plain", disabled: !this.mayEdit },
      ...(kind.zones.length ? [this.zones(section, zones)] : []), ...kind.fields.map((field) => this.field(section, field)));
    return element("details", {
      open: this.open.has(kind.kind),
      ontoggle: (event) => this.open[event.target.open ? "add" : "delete"](kind.kind),
    }, element("summary", {}, summary), body);
  }

  zones(section, zones) {
    return this.choices(say("inZones"), zones.map(({ id }) => [id, id]), section.zones, (chosen) => {
      if (chosen.length) section.zones = chosen;
      this.camera.changed("incidents");
      return section.zones;
    });
  }

  choices(title, choices, chosen, onChange) {
    const boxes = choices.map(([value, word]) => element("label", { class: "tick" }, element("input", {
      type: "checkbox", value, checked: chosen.includes(value),
      onchange: () => {
        const kept = onChange(boxes.map((label) => label.firstChild).filter(({ checked }) => checked).map((box) => box.value));
        boxes.forEach(({ firstChild }) => { firstChild.checked = kept.includes(firstChild.value); });
      },
    }), word));
    const id = fresh("choices");
    return element("div", { role: "group", "aria-labelledby": id, class: "choices" }, element("span", { id, class: "choices-title" }, title), ...boxes);
  }

  field(section, field) {
    if (field.widget === "choices") {
      return this.choices(field.label, field.choices, section[field.name] ?? field.default, (chosen) => {
        section[field.name] = chosen;
        this.camera.changed("settings");
        return chosen;
      });
    }
    const given = section[field.name];
    const isNumber = field.widget === "number";
    const unit = field.unit ? ` ${field.unit}` : "";
    const standard = field.default === null ? "" : say("defaultIs", { value: `${Array.isArray(field.default) ? field.default.join(", ") : field.default}${unit}` });
    const input = element("input", {
      type: isNumber ? "number" : "text", step: isNumber ? "any" : null, min: field.least, max: field.most,
      value: given === undefined ? "" : Array.isArray(given) ? given.join(", ") : given,
      placeholder: field.default === null ? "" : String(field.default),
      onchange: (event) => this.write(section, field, event.target.value.trim()),
    });
    return labelled(field.label, input, [field.help, standard].filter(Boolean).join(" · "));
  }

  // What does not read as it should goes to the server as it is, which says what is wrong with it.
  write(section, field, text) {
    if (text === "") delete section[field.name];
    else if (field.widget === "number") section[field.name] = Number(text);
    else if (field.widget === "numbers") section[field.name] = text.split(/[;,\s]+/).filter(Boolean).map((each) => (Number.isNaN(Number(each)) ? each : Number(each)));
    else section[field.name] = text;
    this.camera.changed("settings");
  }
}
