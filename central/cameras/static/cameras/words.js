// The page's words, in its language, with places to fill: say("misses", { rms: "0,12" }).
let words = {};

export function learn(told) {
  words = told;
}

export function say(name, values = {}) {
  return words[name].replace(/%\((\w+)\)s/g, (_, key) => values[key]);
}

export const of = (list, key) => words[list][key] ?? key;

const language = document.documentElement.lang;
export const number = (value, digits) => value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
