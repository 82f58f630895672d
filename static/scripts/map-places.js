/* What gives the empty sheet between the points a scale: names of towns, largest first where they fit, and rings of
   distance around the places that matter. */
import { loadDocument } from "./load.js";
import { make } from "./make.js";
import { metresToPixels } from "./map-shapes.js";

const FROM_ZOOM = 6.5;
const OWN_FROM_ZOOM = 5;
const FEW = 40; // on a stage so many names are written from afar, where nobody can point at a mark to learn its name
const MOST_NAMES = 45;
const GAP_PX = 14;
const NAME_PX = 190; // as in map.css
const RINGS_KM = [1, 2, 5, 10, 20, 50];
const SMALLEST_PX = 45, LARGEST_PX = 420;

export function makePlaces(map, address) {
  const names = L.layerGroup().addTo(map);
  const rings = L.layerGroup().addTo(map);
  let towns = null; // { names, at } in the order of size
  let scale = 1; // of all text, see --text-scale in map.css
  let last = [];

  /* Write the names of the layer itself first, and draw rings around its centres; `hidden` says that a map with names
     of its own lies below. */
  function update(own, hidden) {
    last = [own, hidden];
    names.clearLayers();
    rings.clearLayers();
    const few = own.stage && own.names.length <= FEW;
    if (map.getZoom() < OWN_FROM_ZOOM && !few) return; // from afar nothing is written, and nothing need be measured
    scale = parseFloat(getComputedStyle(map.getContainer()).getPropertyValue("--text-scale"));
    // On a stage the text lies on the map.
    const taken = [...findControls(), [0, 0, own.inset?.left ?? 0, Infinity]];
    own.names.forEach((name) => write(name, "own", taken));
    drawRings(own.centres, taken);
    if (map.getZoom() < FROM_ZOOM || hidden) return;
    if (!towns) load();
    else writeTowns(taken);
  }

  function load() {
    if (!address) return; // a map without names of towns
    // Without the names the map is poorer, not broken; the next move asks again.
    loadDocument(address).then((content) => { towns = content; if (last.length) update(...last); }, () => {});
  }

  function writeTowns(taken) {
    const view = map.getBounds();
    let written = 0;
    for (let number = 0; number < towns.names.length && written < MOST_NAMES; number += 1) {
      const at = [towns.at[2 * number], towns.at[2 * number + 1]];
      if (view.contains(at) && write({ at, name: towns.names[number], dot: true }, "town", taken)) written += 1;
    }
  }

  /* Write a name beside its point, unless another stands there. */
  function write({ at, name, always, under, dot }, className, taken) {
    const point = map.latLngToContainerPoint(at);
    const size = map.getSize();
    if (point.x < -50 || point.y < -10 || point.x > size.x + 50 || point.y > size.y + 10) return false;
    const most = NAME_PX * scale;
    const whole = (name.length * (dot ? 6.2 : 7.2) + 4) * scale;
    const width = Math.min(whole, most), height = Math.ceil(whole / most) * 16 * scale;
    const wanted = under ? point.x - width / 2 : point.x + (dot ? 6 : 9);
    const before = !under && !dot && wanted + width > size.x; // a name of our own that would leave the map
    const left = under ? Math.min(Math.max(wanted, 4), Math.max(size.x - width - 4, 4)) : before ? point.x - 9 - width : wanted;
    const top = under ? point.y + 9 : point.y - height / 2;
    const box = [left - GAP_PX / 2, top - 2, left + width + GAP_PX / 2, top + height + 2];
    if (!always && covers(box, taken)) return false;
    taken.push(box, [point.x - 5, point.y - 5, point.x + 5, point.y + 5]);
    const html = make("span", { textContent: name });
    if (under && left !== wanted) html.style.marginLeft = `${left - wanted}px`; // names of our own stay inside the map
    const classes = ["place", className, under ? "under" : "", dot ? "dot" : "", before ? "before" : ""].filter(Boolean).join(" ");
    L.marker(at, { icon: L.divIcon({ className: classes, html, iconSize: null }), pane: "places", interactive: false, keyboard: false }).addTo(names);
    return true;
  }

  function drawRings(centres, taken) {
    for (const centre of centres) {
      const at = L.latLng(centre);
      const fitting = RINGS_KM.filter((km) => {
        const pixels = metresToPixels(map, at, km * 1000);
        return pixels >= SMALLEST_PX && pixels <= LARGEST_PX;
      });
      for (const km of fitting.slice(-3)) {
        L.circle(at, { radius: km * 1000, className: "ring", pane: "rings", interactive: false }).addTo(rings);
        const label = findLabelPoint(at, km, taken);
        if (!label) continue;
        const html = make("span", { textContent: `${km} km` });
        L.marker(label, { icon: L.divIcon({ className: "ring-label", html, iconSize: null }), pane: "rings", interactive: false, keyboard: false }).addTo(rings);
      }
    }
  }

  /* A free point of the ring that can be seen: in the north, else where the first of eight is. */
  function findLabelPoint(at, km, taken) {
    const up = km / 111.32, across = up / Math.cos((at.lat * Math.PI) / 180);
    const view = map.getBounds().pad(-0.03);
    for (const turn of [0, 4, 2, 6, 1, 7, 3, 5]) {
      const angle = (turn * Math.PI) / 4;
      const point = L.latLng(at.lat + up * Math.cos(angle), at.lng + across * Math.sin(angle));
      const { x, y } = map.latLngToContainerPoint(point);
      const box = [x - 22 * scale, y - 9 * scale, x + 22 * scale, y + 9 * scale];
      if (!view.contains(point) || covers(box, taken)) continue;
      taken.push(box);
      return point;
    }
    return null;
  }

  const covers = (box, taken) =>
    taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);

  /* Where the map's own buttons stand. */
  function findControls() {
    const frame = map.getContainer().getBoundingClientRect();
    return [...map.getContainer().querySelectorAll(".leaflet-control")].map((control) => {
      const { left, top, right, bottom } = control.getBoundingClientRect();
      return [left - frame.left, top - frame.top, right - frame.left, bottom - frame.top];
    });
  }

  return { update, load };
}
