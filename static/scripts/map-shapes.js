/* Shapes and labels that the layers of the map share. Leaflet is there as L before this module is loaded. */
import { make } from "./make.js";

/* Leaflet rounds to whole pixels, which makes long arcs tremble. */
const SmoothLine = L.Polyline.extend({
  _projectLatlngs(latlngs, result, bounds) {
    if (!(latlngs[0] instanceof L.LatLng)) {
      latlngs.forEach((part) => this._projectLatlngs(part, result, bounds));
      return;
    }
    const origin = this._map.getPixelOrigin();
    const ring = latlngs.map((at) => this._map.project(at).subtract(origin));
    ring.forEach((point) => bounds.extend(point));
    result.push(ring);
  },
});

/* A marker with corners (in a circle of radius 1, y downwards) in place of a circle: kinds differ in shape, not in
   colour alone. Its `shift` moves it sideways by so many radii (see standSideBySide). */
export function makeMarker(at, { corners, ...options }) {
  const marker = Object.assign(L.circleMarker(at, options), { shift: 0 });
  if (!corners) return marker;
  marker._updatePath = function () {
    const r = this._radius, x = this._point.x + this.shift * r, y = this._point.y;
    this._renderer._setPath(this, `M${corners.map(([across, down]) => `${x + across * r},${y + down * r}`).join("L")}z`);
  };
  return marker;
}

/* Markers in one place stand side by side. Takes those that are shown. */
export function standSideBySide(markers) {
  const places = new Map();
  for (const marker of markers) {
    const place = String(marker.getLatLng());
    places.set(place, [...(places.get(place) ?? []), marker]);
  }
  for (const group of places.values()) {
    group.forEach((marker, number) => {
      marker.shift = (number - (group.length - 1) / 2) * 2.2;
      marker.redraw();
    });
  }
}

export const SQUARE = [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]];
export const LABEL = { className: "name", direction: "top" };

export const makeUncertainty = (at, radius) =>
  L.circle(at, { radius, className: "uncertainty", pane: "uncertainty", interactive: false });

export function makeLabel([title, ...lines]) {
  return make("div", {}, make("strong", { textContent: title }), ...lines.map((textContent) => make("span", { textContent })));
}

export function metresToPixels(map, at, metres) {
  const metresPerPixel = (40075016.686 * Math.cos((at.lat * Math.PI) / 180)) / 2 ** (map.getZoom() + 8);
  return metres / metresPerPixel;
}

/* Show a path or take it away. Leaflet makes a path anew whenever it is added, which takes as long for a hundred of them
   as all else that a filter changes; so it stays on Leaflet's map, and only its element comes and goes. */
export function setShown(path, map, shown) {
  if (shown && !map.hasLayer(path)) path.addTo(map);
  if (isShown(path) === shown) return;
  if (shown) return void path._renderer._rootGroup.append(path.getElement());
  path.closeTooltip();
  path.getElement()?.remove();
}
export const isShown = (path) => Boolean(path.getElement()?.isConnected);

/* What map-keys.js needs to know of a mark that is shown. */
export const toStop = (marker, stop) => ({ element: marker.getElement(), bounds: marker.getBounds?.() ?? L.latLngBounds([marker.getLatLng()]), ...stop });

/* The arcs of a layer. They lie close and their reaches overlap: what counts is the arc nearest to the pointer, not
   the one on top. */
export class Arcs {
  constructor(map) {
    this.map = map;
    this.all = [];
    this.pointed = null;
    this.label = L.tooltip({ className: "name", offset: [12, 0], direction: "auto" });
  }

  add({ id, arc, label, color, className = "", onClick }) {
    const entry = { id, label };
    entry.line = new SmoothLine(arc, { className: `arc ${className}`, color, pane: "arcs", interactive: false, smoothFactor: 0.3 });
    entry.reach = L.polyline(arc, { className: "arc-reach", pane: "arcs" })
      .on("add", () => (entry.reach.getElement().dataset.id = id))
      .on("mousemove", (event) => this.point(this.nearest(event.layerPoint), event.latlng))
      .on("mouseout", () => this.point(null))
      .on("click", (event) => { L.DomEvent.stop(event); onClick?.(this.nearest(event.layerPoint)); });
    this.all.push(entry);
    return entry;
  }

  show(entry, visible) {
    if (!visible && this.pointed === entry) this.point(null);
    for (const layer of [entry.reach, entry.line]) setShown(layer, this.map, visible);
  }

  nearest(at) {
    const distance = ({ line }) => line.closestLayerPoint(at)?.distance ?? Infinity;
    return this.all.filter(({ line }) => isShown(line)).reduce((best, one) => (distance(one) < distance(best) ? one : best));
  }

  /* Mark the arc under the pointer and name it there. */
  point(entry, at) {
    if (this.pointed !== entry) {
      this.pointed?.line.getElement()?.classList.remove("near");
      entry?.line.getElement()?.classList.add("near");
      entry ? this.label.setContent(makeLabel(typeof entry.label === "function" ? entry.label() : entry.label)) : this.label.remove();
      this.pointed = entry;
    }
    if (entry) this.label.setLatLng(at).addTo(this.map);
  }

  /* The arc as a stop for the keyboard, in a list; none if it is not shown. */
  toStop(entry, stop) {
    if (!isShown(entry.reach)) return [];
    return [toStop(entry.reach, {
      key: entry.id,
      ...stop,
      focus: () => this.point(entry, entry.line.getCenter()),
      blur: () => this.point(null),
    })];
  }

  clear() {
    this.point(null);
    for (const { reach, line } of this.all) [reach, line].forEach((layer) => layer.remove());
    this.all = [];
  }
}
