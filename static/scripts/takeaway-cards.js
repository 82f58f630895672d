/* Cards beside the map of a file that was taken along. Those of single things were written with the file; what depends
   on the filters is told here. */
import { make, makeSymbol } from "./make.js";

export const cardOf = (id) => document.getElementById(`card-${id}`)?.content.cloneNode(true);
export const programmeOf = (id) => document.getElementById(`programme-${id}`)?.content.cloneNode(true);

const eyebrow = (textContent) => make("p", { className: "eyebrow", textContent });
const heading = (textContent) => make("h2", { textContent });

/* A municipality with those of its partnerships that are shown. */
export function makeMunicipalityCard(municipality, rows, { links, municipalities }, { words, speech, pick }) {
  const own = rows.map((row) => links[row]).filter(({ ends }) => ends.some((end) => municipalities[end] === municipality));
  const place = municipality.role === "north" ? `${municipality.place}, ${municipality.country}` : municipality.place;
  return [
    eyebrow(speech.count(words.count, own.length, { count: own.length })),
    heading(municipality.name),
    make("p", { className: "ends", textContent: place }),
    make("ul", { className: "choices" }, ...own.map((link) => {
      const other = municipalities[link.ends.find((end) => municipalities[end] !== municipality)];
      const label = speech.fill(words.choice, { name: other.name, country: other.country, phase: String(link.phase) });
      const button = make("button", { type: "button", className: "plain", textContent: label });
      button.addEventListener("click", () => pick({ partnership: link.id, municipality: null }));
      return make("li", {}, button);
    })),
  ];
}

/* Nothing is selected: what each phase was about, and how many partnerships are shown of it. */
export function makePhaseCard(rows, { links }, { words, phases, speech }) {
  return [
    eyebrow(words.hint),
    heading(words.overview),
    make("ol", { className: "phases" }, ...phases.map(({ phase, years, focus }) => {
      const count = rows.filter((row) => links[row].phase === phase).length;
      const line = make("span", { className: "line" });
      line.style.background = `var(--phase-${phase})`;
      const small = make("small", { textContent: `${years} · ${speech.count(words.count, count, { count })}` });
      return make("li", { className: count ? "" : "none" }, line, make("strong", { textContent: phase }),
        make("span", {}, focus, make("br"), small));
    })),
  ];
}

/* Nothing is selected: how many meetings are shown of which kind. */
export function makeKindCard(rows, { meetings, kinds, symbols }, { words, speech }) {
  const counts = Object.entries(kinds)
    .map(([kind, label]) => ({ kind, label, count: rows.filter((row) => meetings[row].kind === kind).length }))
    .filter(({ count }) => count);
  return [
    ...(counts.length ? [eyebrow(words.hint)] : []),
    heading(words.overview),
    make("ul", { className: "counts" }, ...counts.map(({ kind, label, count }) =>
      make("li", {}, make("strong", { textContent: speech.fill("{count}", { count }) }), makeSymbol(symbols[kind], { class: "symbol" }), make("span", { textContent: label })))),
  ];
}
