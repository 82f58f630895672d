/* The host of a file that was taken along. What the app is to the map and the table on a page, this is to them here: it
   filters, tells them what to show and answers their picks. All it knows was written into the file (geo/takeaway.py). */
import { keepDocument } from "./load.js";
import { make, makeAlert } from "./make.js";
import { setTheme, show, start } from "./map.js";
import { render as renderTable } from "./record-table.js";
import { cardOf, makeKindCard, makeMunicipalityCard, makePhaseCard, programmeOf } from "./takeaway-cards.js";
import { makeFilters } from "./takeaway-filters.js";
import { describe, makeSpeech } from "./takeaway-words.js";
import { Talk } from "./talk.js";
import { render as renderTimeline } from "./timeline.js";

const NARROW_PX = 900; // as in takeaway.css
const LAYERS = {
  network: { list: "links", details: ["partnership", "municipality"], overview: makePhaseCard },
  meetings: { list: "meetings", details: ["meeting"], overview: makeKindCard },
  sites: { list: "sites", details: ["site"], overview: () => [cardOf("_overview")] },
};

const find = (id) => document.getElementById(id);
const file = JSON.parse(find("view").textContent);
const documents = new Map([...document.querySelectorAll("script.document")].map(({ dataset, textContent }) => [dataset.name, JSON.parse(textContent)]));
documents.forEach((content, name) => keepDocument(name, content));
const content = documents.get(file.shown.document);
const { list, details, overview } = LAYERS[file.shown.layer];
const entries = content[list];
const { words } = file;
const speech = makeSpeech(file.locale);
const filters = makeFilters(file, { total: entries.length, begin: (row) => entries[row].record?.since, speech, onChange: draw });
const saved = Object.fromEntries(details.map((name) => [name, file.shown[name]]));
const asked = new URLSearchParams(location.search); // a row of the table opened in another tab
const isThere = (id) => [...entries, ...(content.municipalities ?? [])].some((one) => one.id === id); // an older file may have had it
let chosen = details.some((name) => asked.has(name) && isThere(asked.get(name))) ? Object.fromEntries(details.map((name) => [name, asked.get(name)])) : saved;

/* ---- what the map and the table tell ---- */

globalThis.Streamlit = {
  setComponentReady() {},
  setComponentValue({ pick: changes, year }) {
    if (changes) pick(changes);
    if (year) {
      filters.setUntil(year.until);
      draw();
    }
  },
};

function pick(changes) {
  chosen = { ...chosen, ...changes };
  draw();
  // On a narrow screen the card lies below the map.
  if (innerWidth <= NARROW_PX && isChosen()) reveal(find("detail"), "nearest");
}

function reveal(element, block) {
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  element.scrollIntoView({ block, behavior });
}

const isChosen = () => details.some((name) => chosen[name]);

/* ---- drawing ---- */

function draw() {
  const rows = filters.rows();
  const seen = toSeen(rows);
  const shown = { [list]: rows, ...seen, ...(file.shown.layer === "network" ? { until: filters.until() } : {}) };
  show({ ...file.shown, ...shown, failure: words.failure }).catch(() => find("map_div").replaceChildren(makeAlert(words.failure)));
  filters.update();
  find("summary").textContent = describe(file, content, speech, { rows, words: filters.describe(), total: entries.length });
  drawHeading(seen);
  drawNotice(seen, rows);
  drawCard(seen, rows);
  if (list === "meetings") drawTimeline(seen, rows);
  drawList(seen, rows);
}

/* Of partnerships only those shown can be looked at; a meeting or a site stays in view, as on its page. */
function toSeen(rows) {
  if (file.shown.layer !== "network") return chosen;
  const shown = rows.map((row) => entries[row]);
  const partnership = shown.some(({ id }) => id === chosen.partnership) ? chosen.partnership : null;
  const hasMunicipality = shown.some(({ ends }) => ends.some((end) => content.municipalities[end].id === chosen.municipality));
  return { partnership, municipality: hasMunicipality ? chosen.municipality : null };
}

const entryOf = ({ meeting, site }) => entries.find(({ id }) => id === (meeting ?? site));

function drawHeading(seen) {
  const entry = file.shown.layer === "network" ? null : entryOf(seen);
  const title = entry?.title ?? entry?.name ?? (file.shown.layer === "network" ? file.title : words.heading);
  document.querySelector("h1").textContent = title;
  find("subtitle").hidden = !entry?.dates;
  find("subtitle").textContent = entry?.dates ? `${entry.dates} · ${entry.place}` : "";
  find("back").hidden = !entry;
  document.body.classList.toggle("chosen", Boolean(entry));
  find("back").replaceChildren(makeButton(`← ${words.clear}`, clear));
}

function drawNotice(seen, rows) {
  const entry = entryOf(chosen);
  const away = file.shown.layer === "network" ? isChosen() && !details.some((name) => seen[name]) : entry && !rows.includes(entries.indexOf(entry));
  find("hidden-choice").hidden = !away;
  find("hidden-choice").textContent = away ? words.hidden : "";
}

function drawCard(seen, rows) {
  const tools = { words, phases: file.phases, speech, pick };
  const id = seen.partnership ?? seen.meeting ?? seen.site;
  const card = find("detail");
  const hadFocus = card.contains(document.activeElement);
  if (seen.partnership || !seen.municipality) card.replaceChildren(...(id ? [cardOf(id)] : overview(rows, content, tools)));
  else card.replaceChildren(...makeMunicipalityCard(content.municipalities.find((one) => one.id === seen.municipality), rows, content, tools));
  if (seen.partnership || seen.municipality) card.append(makeButton(words.clear, clear));
  if (hadFocus) {
    card.tabIndex = -1;
    card.focus({ preventScroll: true });
  }
  const programme = seen.meeting && programmeOf(seen.meeting);
  find("programme").hidden = !programme;
  find("programme").lastElementChild.replaceChildren(programme || "");
}

const clear = () => pick(Object.fromEntries(details.map((name) => [name, null])));

function makeButton(textContent, onclick) {
  return make("button", { type: "button", className: "plain", textContent, onclick });
}

const table = find("list").lastElementChild;

/* Table and timeline are drawn in a root of their own, as on a page. */
function toShadow(element, name) {
  if (!element.shadowRoot) element.attachShadow({ mode: "open" }).append(find(`${name}-style`).content.cloneNode(true), make("div"));
  return element.shadowRoot;
}

function drawTimeline({ meeting }, rows) {
  const data = { document: file.shown.document, rows, selected: meeting, query: "" };
  renderTimeline({ data, parentElement: toShadow(find("timeline"), "timeline"), setTriggerValue: (_, id) => pick({ meeting: id }) });
}

function drawList(seen, rows) {
  if (list === "sites") return drawSites(seen, rows);
  const selected = seen.partnership ?? seen.meeting ?? null;
  const data = { table: list, document: file.shown.document, rows, selected, query: "", locale: file.locale, words: file.table };
  renderTable({ data, parentElement: toShadow(table, "table"), setTriggerValue: (_, id) => open(id) });
}

/* What a click in the list brings up is above it. */
function open(id) {
  chosen = { ...Object.fromEntries(details.map((name) => [name, null])), [details[0]]: id };
  draw();
  reveal(find("root"), "center");
}

function drawSites({ site }, rows) {
  table.className = "site-list";
  find("list").hidden = rows.every((row) => entries[row].id === site);
  find("list").querySelector("h2").textContent = site ? words.others : words.list;
  table.replaceChildren(...rows.map((row) => entries[row]).filter(({ id }) => id !== site).map(({ id }) =>
    make("article", { className: "card" }, cardOf(id), makeButton(words.show, () => open(id)))));
}

/* ---- the talk: it takes the map for itself until it is left ---- */

let talk = null;

function present() {
  document.body.classList.add("presenting");
  const box = toShadow(find("talk"), "talk").querySelector("div");
  talk = new Talk(box, documents.get("talk"), { ...file.talk, map_root: "", onLeave: leave, onScene: () => {}, findMap: () => window });
  talk.show(0);
}

function leave() {
  talk.end();
  document.body.classList.remove("presenting");
  find("talk").shadowRoot.querySelector("div").replaceChildren();
  draw();
}

/* ---- light and dark ---- */

const prefersDark = matchMedia("(prefers-color-scheme: dark)");
let theme;
function wear(name) {
  theme = name;
  setTheme(name);
}

const map = L.map("map_div", file.options);
start(map, file.start);
wear(prefersDark.matches ? "dark" : "light");
prefersDark.addEventListener("change", () => wear(prefersDark.matches ? "dark" : "light"));
find("theme").addEventListener("click", () => wear(theme === "dark" ? "light" : "dark"));
draw();
if (file.talk) {
  find("present").addEventListener("click", present);
  present();
}
