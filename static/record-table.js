/* Partnerships as a table. The rows come from the network document, which the map has loaded too; a run of the app
   sends only which of them to show. */
const COLUMNS = ["north", "south", "phase", "since", "distance_km", "themes", "confidence"];
const ROLES = {
  table: "table", "thead, tbody": "rowgroup", tr: "row", "thead th": "columnheader", "tbody th": "rowheader", td: "cell",
};
const documents = new Map();

/* As in atlas-map.js, which is no module: a dropped request is tried again. */
const fetchJson = async (address, pauses) => {
  try {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return await answer.json();
  } catch (error) {
    if (!pauses.length) throw error;
    await new Promise((resolve) => setTimeout(resolve, pauses[0] * 1000));
    return fetchJson(address, pauses.slice(1));
  }
};

const load = (address) => {
  if (!documents.has(address)) {
    documents.set(address, fetchJson(address, [1, 3]));
    documents.get(address).catch(() => documents.delete(address)); // the next run tries again
  }
  return documents.get(address);
};

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

export async function render({ data, parentElement, setTriggerValue }) {
  const root = parentElement;
  root.wanted = data;
  const content = await load(data.document);
  if (root.wanted !== data) return; // a newer run came while this one waited
  if (!root.querySelector("link")) root.prepend(make("link", { rel: "stylesheet", href: data.style }));
  root.sorting ??= { column: null, ascending: true };
  const draw = () => {
    const focus = root.activeElement?.dataset.key;
    const rows = sort(data.links.map((number) => content.links[number]), root.sorting, data.locale);
    const table = make("table", {}, make("caption", { textContent: data.words.caption }), makeHead(), makeBody(rows));
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
    make("thead", {}, make("tr", {}, ...COLUMNS.map((column) => {
      const title = titleOf(column);
      const { column: current, ascending } = root.sorting;
      const button = make("button", { type: "button", textContent: title, title: `${title}: ${data.words.sort}` });
      button.dataset.key = `sort-${column}`;
      button.addEventListener("click", () => {
        root.sorting = { column, ascending: current === column ? !ascending : true };
        draw();
      });
      const cell = make("th", { scope: "col", className: column }, button);
      cell.setAttribute("aria-sort", current === column ? (ascending ? "ascending" : "descending") : "none");
      return cell;
    })));

  const makeBody = (rows) => make("tbody", {}, ...rows.map(({ id, record }) => {
    const address = `?${data.query ? `${data.query}&` : ""}partnership=${encodeURIComponent(id)}`;
    const link = make("a", { href: address, textContent: record.north });
    link.dataset.key = id;
    const source = make("a", { href: record.source, target: "_blank", rel: "noopener", textContent: data.words.source });
    const twinned = record.twinned_since ? small(data.words.twinned.replace("{year}", record.twinned_since)) : "";
    const cells = {
      north: make("th", { scope: "row" }, link, small(record.state)),
      south: make("td", {}, record.south, small(`${record.region}, ${record.country}`)),
      phase: make("td", { textContent: record.phase }),
      since: make("td", {}, String(record.since), twinned),
      distance_km: make("td", { textContent: `${record.distance_km.toLocaleString(data.locale)} km` }),
      themes: make("td", { textContent: record.themes }),
      confidence: make("td", {}, source, small(record.confidence)),
    };
    for (const [column, cell] of Object.entries(cells)) {
      cell.className = column;
      cell.dataset.title = titleOf(column);
    }
    const row = make("tr", {}, ...COLUMNS.map((column) => cells[column]));
    row.classList.toggle("selected", id === data.selected);
    if (id === data.selected) link.setAttribute("aria-current", "true");
    row.addEventListener("click", (event) => {
      const other = event.composedPath().find((element) => element.tagName === "A");
      if ((other && other !== link) || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      setTriggerValue("picked", id);
      // What the click brings up is above the table: the map, or the profile in place of the page.
      const main = document.querySelector("[data-testid=stMain]");
      const map = document.querySelector(".st-key-map");
      map ? map.scrollIntoView({ block: "center" }) : main.scrollTo(0, 0);
    });
    return row;
  }));

  draw();
}

const small = (text) => make("small", { textContent: text ?? "" });

const sort = (links, { column, ascending }, locale) => {
  if (!column) return links;
  const order = new Intl.Collator(locale, { numeric: true });
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : order.compare(String(a ?? ""), String(b ?? ""));
  const sorted = [...links].sort((a, b) => compare(a.record[column], b.record[column]));
  return ascending ? sorted : sorted.reverse();
};
