// Elements made in one call: element("button", { type: "button", onclick }, "text", child).
const SVG = "http://www.w3.org/2000/svg";

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export const element = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
export const shape = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

let count = 0;
export const fresh = (prefix) => `${prefix}-${++count}`;

// A label with its field below it.
export function labelled(text, field, hint = "") {
  field.id ||= fresh("field");
  const label = element("label", { for: field.id }, text);
  if (hint) label.append(" ", element("span", { class: "hint" }, hint));
  return element("div", { class: "labelled" }, label, field);
}
