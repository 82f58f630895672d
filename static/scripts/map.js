/* The map in its frame: what it stands on, its controls and its view. What is drawn on it are layers, each made from a
   document that is loaded once (see geo/layers.py); a message from the app then says only what of it to show.
   Nothing from the tables is ever read as HTML. */
import { loadDocument } from "./load.js";
import { make, makeAlert } from "./make.js";
import { makeBundles } from "./map-bundles.js";
import { makeCard } from "./map-card.js";
import { makeChanges } from "./map-changes.js";
import { makeFlight } from "./map-flight.js";
import { makeKeys } from "./map-keys.js";
import { makeMeetings, makeSites } from "./map-meetings.js";
import { makeNetwork } from "./map-network.js";
import { makePlaces } from "./map-places.js";
import { makeTiles } from "./map-tiles.js";
import { makeYears } from "./map-years.js";

const LAYERS = { network: makeNetwork, bundles: makeBundles, meetings: makeMeetings, sites: makeSites, changes: makeChanges };
const SAME_NETWORK = ["network", "bundles"]; // one by one or bundled: it is looked at from the same place
const BUTTONS_PX = 36; // height of the buttons along the upper edge
const CREDITS_PX = 16; // and of the credits along the lower one
const GLIDE_SECONDS = 0.9;
const SECONDS_PER_LEVEL = 0.12; // a glide over many levels takes longer, so that the eye can follow
const PANES = { coarse: 200, land: 200, tiles: 210, rings: 380, uncertainty: 390, arcs: 400, points: 450, places: 460 };
let map, themes, base, land, places, tiles, years, flight, keys, card;
let limits; // how far the map can be moved and zoomed out, except on a stage
let begin;
const begun = new Promise((resolve) => (begin = resolve)); // show() may be called before start()
let theme = "light";
let pending = null; // the last message of show(), which may still wait for its document
let wanted = null; // what is drawn: the last message that did not have to wait, with what was picked since
let drawn = null; // { address, name, content, layer } of what is on the map
let fitted = ""; // the view that was set last, so that only a new wish moves the map
let moved = false;
let picks = 0;
let revealing = false;

const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export function start(leafletMap, options) {
  map = leafletMap;
  borrowFont();
  themes = options.themes;
  limits = { bounds: map.options.maxBounds, zoom: map.options.minZoom };
  map.attributionControl.setPrefix(false);
  for (const [name, z] of Object.entries(PANES)) map.createPane(name).style.zIndex = z;
  tame(map.getContainer());
  applyTheme();
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  places = makePlaces(map, options.places);
  tiles = makeTiles(map, options.tiles, { onChange: drawPlaces });
  years = makeYears(tellYear, { reducedMotion });
  keys = makeKeys(map, { clear });
  card = makeCard({ reducedMotion, comeBack: keys.focus });
  map.on("zoomend", () => { drawn?.layer.size(); drawKeys(); });
  map.on("moveend", () => { drawPlaces(); lookAgain(); });
  map.on("dragstart", () => (moved = true));
  // The frame's height is the page's to decide, and may change before the view was touched.
  map.on("resize", () => moved || (fitted !== "" && fit(findTarget().bounds, false)));
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  map.on("click", clear);
  document.getElementById("map_div").addEventListener("wheel", () => (moved = true), { passive: true });
  addEventListener("message", onStreamlitMessage);
  base = loadDocument(options.baseMap);
  base.catch(() => {}); // told by show(), which waits for it
  flight = makeFlight(map, base);
  begin();
  window.showOnMap = show; // see build_shown_layer
  // Streamlit may have sent newer arguments while the scripts were loading; being ready once more brings them.
  Streamlit.setComponentReady();
}

/* Streamlit serves its font under a name of its own; the page around the frame knows it. */
function borrowFont() {
  // Only sheets of our own host can be read; a browser extension may have added others.
  const sheets = [...parent.document.styleSheets].filter(({ href }) => href?.startsWith(location.origin));
  for (const sheet of sheets) {
    for (const { style } of sheet.cssRules) {
      if (style?.fontFamily !== '"Source Sans"' || style.fontStyle !== "normal") continue;
      const address = style.src?.match(/url\("([^"]+)"\)/)?.[1];
      if (!address) continue;
      const face = new FontFace("Source Sans", `url("${new URL(address, sheet.href)}")`, { weight: "100 900" });
      document.fonts.add(face);
    }
  }
}

/* The map is one thing on a page that scrolls: it must neither jump nor hold the reader back. */
function tame(container) {
  // Leaflet focuses the map when it is pressed; a browser would scroll it into view and lose the click.
  container.focus = () => HTMLElement.prototype.focus.call(container, { preventScroll: true });
  // The wheel scrolls the page until the map has been clicked; on a touch screen two fingers move the map.
  map.scrollWheelZoom.disable();
  container.addEventListener("click", () => map.scrollWheelZoom.enable());
  // Where nothing can be selected, the page's own keys go on working after a click on the map.
  addEventListener("click", () => wanted?.selectable || (window.frameElement?.blur(), parent.focus()));
  container.addEventListener("mouseleave", () => map.scrollWheelZoom.disable());
  if (matchMedia("(pointer: coarse)").matches) map.dragging.disable();
}

function drawLand(shapes) {
  if (land) return;
  const renderer = L.svg({ pane: "land", padding: 0.5 });
  land = L.geoJSON(shapes, { interactive: false, style: { className: "land" }, pane: "land", renderer }).addTo(map);
}

function onStreamlitMessage({ data }) {
  if (data?.type === "streamlit:render" && data.theme) setTheme(data.theme.base === "dark" ? "dark" : "light");
}

export function setTheme(name) {
  theme = name;
  applyTheme();
}

function applyTheme() {
  const root = document.documentElement;
  root.style.colorScheme = theme;
  for (const [name, colour] of Object.entries(themes[theme])) {
    if (typeof colour === "string") root.style.setProperty(`--${name}`, colour);
  }
  for (const [phase, colour] of Object.entries(drawn?.content.colours[theme] ?? {})) {
    root.style.setProperty(`--phase-${phase}`, colour);
  }
}

/* ---- drawing ---- */

export async function show(message) {
  window.feature_group = []; // the component only ever adds to it
  pending = message;
  await begun;
  let content, shapes;
  try {
    [content, shapes] = await Promise.all([loadDocument(message.document), base]);
  } catch (error) {
    if (pending === message) sayFailure(message.failure);
    base.then(drawLand, () => {});
    throw error;
  }
  if (pending !== message) return; // a newer message came while this one waited
  document.querySelector("[role=alert]")?.remove();
  setStage(message);
  if (drawn?.address !== message.document || drawn.name !== message.layer) replaceLayer(message, content);
  wanted = message;
  draw();
  drawLand(shapes); // before the map stood where it should, the many shapes would be drawn for nothing
  years.arrive(message, drawn.layer);
  if (message.drawn) requestAnimationFrame(() => setTimeout(() => navigator.sendBeacon(message.drawn))); // once it is seen
  if (revealing) card.reveal();
  revealing = false;
  if (!drawn.layer.isSelected()) card.leave();
}

/* On a stage the map is the whole screen, with a text upon it (see talk.js): it has no buttons, and all grows with the
   screen, so that it is as large from the back row whatever the projector. */
function setStage({ stage, inset }) {
  const { classList, style } = document.documentElement;
  style.setProperty("--text-scale", stage ? Math.max(1, Math.min(innerWidth / 1280, innerHeight / 720)) : 1);
  style.setProperty("--covered", stage ? `${inset.bottom}px` : "0px");
  if (classList.contains("stage") === Boolean(stage)) return;
  classList.toggle("stage", Boolean(stage));
  // What lies under the text may well be beyond the edge of the world.
  map.setMaxBounds(stage ? null : limits.bounds);
  map.setMinZoom(stage ? 0 : limits.zoom);
  if (stage) places.load();
}

function replaceLayer({ document: address, layer: name, stage }, content) {
  if (drawn) {
    drawn.layer.clear();
    map.attributionControl.removeAttribution(drawn.content.words.attribution);
    // On a stage the map glides from one scene to the next, whatever they show.
    if (drawn.name !== name && !stage && ![drawn.name, name].every((one) => SAME_NETWORK.includes(one))) [fitted, moved] = ["", false];
  }
  drawn = { address, name, content, layer: LAYERS[name]({ map, pick, go, open }, content) };
  const { words } = content;
  map.attributionControl.addAttribution(words.attribution);
  addZoomButtons(words);
  tiles.speak(words);
  years.speak(words);
  applyTheme();
  document.documentElement.lang = words.lang;
  map.getContainer().setAttribute("role", "group");
  map.getContainer().setAttribute("aria-label", words[`${name}_map`]);
  if (window.frameElement) window.frameElement.title = words[`${name}_map`];
}

/* Bring the map to what is wanted now. */
function draw() {
  const { layer } = drawn;
  layer.update(wanted);
  // The legend takes its room from the map, which then is fitted to what is left.
  if (drawLegend(layer.legend(wanted))) map.invalidateSize({ animate: false });
  const { key, bounds } = findTarget();
  if (key !== fitted && bounds?.isValid()) {
    const glide = fitted !== "";
    [fitted, moved] = [key, false];
    fit(bounds, glide);
  }
  // Where a table is empty there is nothing to look at.
  drawViewButtons(layer.views(wanted).filter((view) => view.bounds?.isValid()));
  drawBundling(wanted.bundling);
  drawPlaces();
  drawKeys();
}

/* What a layer shows may depend on where the map stands. */
function lookAgain() {
  if (!drawn?.layer.look) return;
  drawn.layer.look();
  drawLegend(drawn.layer.legend(wanted));
  drawKeys();
}

/* Where nothing can be selected, as in a talk, the keys belong to the page. */
function drawKeys() {
  if (wanted) keys.update(wanted.selectable ? drawn.layer.stops(wanted) : []);
}

/* Where the map should stand, under a name that changes when it should move. */
function findTarget() {
  const named = drawn.content.views[wanted.view];
  return named ? { key: wanted.view, bounds: L.latLngBounds(named) } : drawn.layer.target(wanted);
}

function drawPlaces() {
  if (!drawn) return;
  const { layer } = drawn;
  places.update({ names: layer.names(wanted), centres: layer.centres(wanted), stage: wanted.stage, inset: wanted.inset }, tiles.shown);
}

function sayFailure(text) {
  document.querySelector("[role=alert]")?.remove();
  map.getContainer().append(makeAlert(text));
}

/* ---- telling the app ---- */

/* Show the choice at once and tell the app; the count makes a second click on the same thing a new event. */
function pick(changes) {
  if (!wanted.selectable) return;
  revealing = Object.values(changes).some(Boolean);
  if (revealing && keys.reached()) card.enter(keys.reached());
  wanted = { ...wanted, ...changes };
  draw();
  tell({ pick: changes });
}

const tell = (event) => Streamlit.setComponentValue({ ...event, count: ++picks });
const open = (choice) => wanted.selectable && wanted.opens && tell({ open: choice });

function clear() {
  if (drawn?.layer.nothing && drawn.layer.isSelected()) pick(drawn.layer.nothing);
}

/* `passing` years are on the way to another one: the address does not keep them. */
const tellYear = (until, passing) => tell({ year: { until, passing } });

/* ---- view and controls ---- */

/* Go where the visitor wants, and stay there. */
function go(bounds) {
  moved = true;
  fit(bounds, true);
}

function fit(bounds, glide) {
  if (!bounds?.isValid()) return;
  // Pixels at each edge that something else covers.
  const { left = 0, top = BUTTONS_PX, right = 0, bottom = CREDITS_PX } = wanted?.stage ? findStage() : {};
  const { x, y } = map.getSize();
  const padding = Math.min(x - left - right, y - top - bottom) * 0.05;
  const room = { paddingTopLeft: [padding + left, padding + top], paddingBottomRight: [padding + right, padding + bottom], maxZoom: 12 };
  if (!glide || reducedMotion()) return void map.fitBounds(bounds, { ...room, animate: false });
  const levels = Math.abs(map.getBoundsZoom(bounds) - map.getZoom());
  flight.takeOff();
  map.flyToBounds(bounds, { ...room, duration: GLIDE_SECONDS + levels * SECONDS_PER_LEVEL });
}

/* The legend of a stage lies on the map. */
function findStage() {
  const legend = document.getElementById("legend").offsetHeight;
  const { left, bottom } = wanted.inset;
  return { left, top: 0, bottom: bottom + CREDITS_PX + legend };
}

let zoomButtons = null;
function addZoomButtons(words) {
  zoomButtons?.remove();
  zoomButtons = L.control.zoom({ position: "topleft", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
}

let viewButtons = null;
function drawViewButtons(views) {
  const text = views.map(({ label, bounds }) => [label, bounds.toBBoxString()]).join();
  if (viewButtons?.text === text) return;
  viewButtons?.remove();
  viewButtons = Object.assign(L.control({ position: "topright" }), {
    text,
    onAdd() {
      const group = make("div", { className: "views" }, ...views.map(({ label, bounds }) => {
        const button = make("button", { type: "button", textContent: label });
        button.addEventListener("click", () => {
          go(bounds);
          moved = !bounds.equals(findTarget().bounds); // the view to come back to when the window changes
        });
        return button;
      }));
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", drawn.content.words.views);
      L.DomEvent.disableClickPropagation(group);
      return group;
    },
  }).addTo(map);
}

/* The choice between links one by one and bundles; when there are too many links, there is none. */
let bundlingButton = null; // { control, button, press }
function drawBundling(bundling) {
  if (!bundling) {
    bundlingButton?.control.remove();
    bundlingButton = null;
    return;
  }
  bundlingButton ??= addBundlingButton();
  const { button } = bundlingButton;
  const { words } = drawn.content;
  bundlingButton.press = () => bundling === "must" || tell({ bundling: bundling === "off" });
  button.textContent = words.bundling;
  button.title = bundling === "must" ? words.bundling_must : "";
  button.setAttribute("aria-pressed", bundling !== "off");
  button.setAttribute("aria-disabled", bundling === "must");
}

function addBundlingButton() {
  const button = make("button", { type: "button" });
  button.addEventListener("click", () => bundlingButton.press());
  const group = make("div", { className: "views bundling" }, button);
  L.DomEvent.disableClickPropagation(group);
  const control = Object.assign(L.control({ position: "topright" }), { onAdd: () => group }).addTo(map);
  return { control, button, press: null };
}

/* The legend stands below the map in the same frame: it always speaks the map's language and wears its colours. Returns
   whether it has changed. */
function drawLegend(entries) {
  const legend = make("ul", { id: "legend" }, ...entries.map(([sign, text]) => make("li", {}, sign, text)));
  legend.setAttribute("aria-label", drawn.content.words.legend);
  const old = document.getElementById("legend");
  if (old?.isEqualNode(legend)) return false;
  old?.remove();
  document.getElementById("root").append(legend);
  return true;
}
