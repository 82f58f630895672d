/* Make an element with properties and children. Texts go in as text, never as HTML. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/* Tell that something could not be loaded. */
export function makeAlert(text) {
  const notice = make("p", { textContent: text });
  notice.setAttribute("role", "alert");
  return notice;
}

const SVG = "http://www.w3.org/2000/svg";

/* The same for SVG, where everything is an attribute. */
export function makeSvg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/* A symbol of geo/style.py, corners in a circle of radius 1, as a small picture. */
export function makeSymbol(corners, attributes = {}) {
  const polygon = makeSvg("polygon", { points: corners.join(" ") });
  return makeSvg("svg", { viewBox: "-1.3 -1.3 2.6 2.6", "aria-hidden": "true", ...attributes }, polygon);
}
