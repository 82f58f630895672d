/* Partnerships or meetings as a table. The rows come from the document that the map has loaded too; a run of the app
   sends only which of them to show. */
import { loadDocument } from "./load.js";
import { make, makeAlert, makeSymbol } from "./make.js";

const ROLES = {
  table: "table", "thead, tbody": "rowgroup", tr: "row", "thead th": "columnheader", "tbody th": "rowheader", td: "cell",
};
const small = (text) => make("small", { textContent: text ?? "" });
const linkToSource = ({ source }, words) =>
  make("a", { href: source, target: "_blank", rel: "noopener", textContent: words.source });

/* Per table: the column whose cell is the link to the row, and how the cells of a row are filled. `order` names what a
   column is sorted by where that is not what it shows. */
const TABLES = {
  links: {
    detail: "partnership",
    main: "north",
    columns: ["north", "south", "phase", "since", "distance_km", "themes", "confidence"],
    order: {},
    fill: (record, { words, locale }, link) => ({
      north: [link(record.north), small(record.state)],
      south: [record.south, small(`${record.region}, ${record.country}`)],
      phase: [record.phase],
      since: [record.since, record.twinned_since ? small(words.twinned.replace("{year}", record.twinned_since)) : ""],
      distance_km: [`${record.distance_km.toLocaleString(locale)} km`],
      themes: [record.themes],
      confidence: [linkToSource(record, words), small(record.confidence)],
    }),
  },
  meetings: {
    detail: "meeting",
    main: "title",
    columns: ["dates", "title", "kind", "phases", "place", "countries", "confidence"],
    order: { dates: "start" },
    fill: (record, { words }, link, { symbols }) => ({
      dates: [record.dates],
      title: [link(record.title)],
      kind: [make("span", { className: "kind" }, makeSymbol(symbols[record.kind_code]), record.kind)],
      phases: [record.phases],
      place: [record.place, small(record.country)],
      countries: [record.countries],
      confidence: [linkToSource(record, words), small(record.confidence)],
    }),
  },
};

export async function render({ data, parentElement, setTriggerValue }) {
  const root = parentElement;
  root.wanted = data;
  let content;
  try {
    content = await loadDocument(data.document);
  } catch (error) {
    if (root.wanted === data) root.querySelector("div").replaceChildren(makeAlert(data.words.failure));
    throw error;
  }
  if (root.wanted !== data) return; // a newer run came while this one waited
  const { detail, main, columns, order, fill } = TABLES[data.table];
  if (data.style && !root.querySelector("link")) root.prepend(make("link", { rel: "stylesheet", href: data.style }));
  if (root.sorting?.table !== data.table) root.sorting = { table: data.table, column: null, ascending: true };

  const draw = () => {
    const focus = root.activeElement?.dataset.key;
    const rows = sort(data.rows.map((number) => content[data.table][number]), root.sorting, order, data.locale);
    const cells = rows.map((row) => fill(row.record, data, (text) => makeLink(row.id, text), content));
    const table = make("table", { className: data.table }, make("caption", { textContent: data.words.caption }),
      makeHead(), make("tbody", {}, ...rows.map((row, number) => makeRow(row, cells[number]))));
    // On a narrow screen the style makes rows into cards; the roles keep them a table for a screen reader.
    for (const [selector, role] of Object.entries(ROLES)) {
      for (const element of [table, ...table.querySelectorAll("*")]) if (element.matches(selector)) element.role = role;
    }
    const frame = root.querySelector("div");
    frame.className = "wide";
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", data.words.caption);
    frame.replaceChildren(table);
    if (focus) root.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
  };

  const titleOf = (column) => data.words[column] ?? content.titles[column];

  const makeHead = () =>
    make("thead", {}, make("tr", {}, ...columns.map((column) => {
      const title = titleOf(column);
      const { column: current, ascending } = root.sorting;
      const button = make("button", { type: "button", textContent: title, title: data.words.sort.replace("{title}", () => title) });
      button.dataset.key = `sort-${column}`;
      button.addEventListener("click", () => {
        root.sorting = { table: data.table, column, ascending: current === column ? !ascending : true };
        draw();
      });
      const cell = make("th", { scope: "col", className: column }, button);
      cell.setAttribute("aria-sort", current === column ? (ascending ? "ascending" : "descending") : "none");
      return cell;
    })));

  const makeLink = (id, text) => {
    const address = `?${data.query ? `${data.query}&` : ""}${detail}=${encodeURIComponent(id)}`;
    const link = make("a", { href: address, textContent: text });
    link.dataset.key = id;
    if (id === data.selected) link.setAttribute("aria-current", "true");
    return link;
  };

  const makeRow = ({ id }, cells) => {
    const row = make("tr", {}, ...columns.map((column) => {
      const cell = make(column === main ? "th" : "td", { className: column }, ...cells[column].map((child) => child ?? ""));
      if (column === main) cell.scope = "row";
      cell.dataset.title = titleOf(column);
      return cell;
    }));
    row.classList.toggle("selected", id === data.selected);
    row.addEventListener("click", (event) => {
      const other = event.composedPath().find((element) => element.tagName === "A");
      if ((other && other.dataset.key !== id) || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      setTriggerValue("picked", id);
      // What the click brings up is above the table: the map, or the profile in place of the page.
      const page = document.querySelector("[data-testid=stMain]");
      const map = document.querySelector(".st-key-map");
      map ? map.scrollIntoView({ block: "center" }) : page?.scrollTo(0, 0);
    });
    return row;
  };

  draw();
}

const sort = (rows, { column, ascending }, order, locale) => {
  if (!column) return rows;
  const words = new Intl.Collator(locale, { numeric: true });
  const key = order[column] ?? column;
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : words.compare(String(a ?? ""), String(b ?? ""));
  const sorted = [...rows].sort((a, b) => compare(a.record[key], b.record[key]));
  return ascending ? sorted : sorted.reverse();
};
