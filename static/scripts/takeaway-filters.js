/* The filters of a file that was taken along: they keep, count and offer the same as geo/filters.py and the filters of a
   page. Filters without a control stand as restrictions that can be lifted. */
import { make } from "./make.js";

export function makeFilters({ facets, restrictions, until, order, words, says }, { total, begin, speech, onChange }) {
  const chosen = new Map(facets.map(({ name, chosen: numbers }) => [name, [...numbers]]));
  let fixed = restrictions.map((one) => ({ ...one, rows: new Set(one.rows) }));
  let last = until;

  const passes = (row, without) =>
    facets.every(({ name, rows }) => name === without || !chosen.get(name).length || rows[row].some((option) => chosen.get(name).includes(option))) &&
    fixed.every(({ rows }) => rows.has(row)) && (last === null || begin(row) <= last);
  const rowsBut = (without) => [...Array(total).keys()].filter((row) => passes(row, without));

  const label = (title, text) => speech.fill(words.label, { title, text });
  const isEmpty = () => !fixed.length && last === null && facets.every(({ name }) => !chosen.get(name).length);

  /* The words of each filter that is set, in the order of the sentence. */
  function describe() {
    const said = new Map(fixed.map(({ name, words: text }) => [name, text]));
    for (const { name, options, says: forms } of facets) {
      const numbers = chosen.get(name);
      // Phases are numbers and named in their order, others in the order in which they were chosen.
      const named = (name === "phase" ? [...numbers].sort((a, b) => a - b) : numbers).map((number) => options[number]);
      if (named.length) said.set(name, speech.put(forms, named.length, speech.join(named)));
    }
    if (last !== null) said.set("until", speech.fill(says.until, { year: String(last) }));
    return order.filter((name) => said.has(name)).map((name) => said.get(name));
  }

  /* ---- controls: made once, then only told what they show, so that the focus stays where it is ---- */

  function makeFacet(facet) {
    const { name, title, options, unoffered } = facet;
    const buttons = options.map((text, number) => {
      const button = make("button", { type: "button", className: "option" });
      button.addEventListener("click", () => {
        const before = chosen.get(name);
        chosen.set(name, before.includes(number) ? before.filter((one) => one !== number) : [...before, number]);
        onChange();
      });
      return button;
    });
    const update = () => {
      const held = rowsBut(name).flatMap((row) => facet.rows[row]);
      buttons.forEach((button, number) => {
        const count = held.filter((option) => option === number).length;
        const isChosen = chosen.get(name).includes(number);
        button.textContent = `${options[number]} (${speech.fill("{count}", { count })})`;
        button.setAttribute("aria-pressed", isChosen);
        // Phases keep their places; of longer lists only what leads to a result is offered.
        button.hidden = !(isChosen || name === "phase" || (count && !unoffered.includes(number)));
      });
    };
    if (name === "phase") {
      const group = make("div", { className: "phase-filter", role: "group", ariaLabel: title }, make("span", { className: "filter-title", textContent: title }), make("div", { className: "options" }, ...buttons));
      return { element: group, update };
    }
    const summary = make("summary", { textContent: title });
    const panel = make("details", { className: "filter" }, summary, make("div", { className: "options", role: "group", ariaLabel: title }, ...buttons));
    return {
      element: panel,
      update() {
        update();
        const [first, ...more] = chosen.get(name).map((number) => options[number]);
        summary.textContent = first === undefined ? title : label(title, `${first}${more.length ? ` + ${more.length}` : ""}`);
        panel.classList.toggle("set", first !== undefined);
      },
    };
  }

  const controls = facets.map(makeFacet);
  const lifted = make("div", { className: "restrictions" });
  const reset = make("button", { type: "button", className: "reset", textContent: words.reset });
  const box = document.getElementById("filters");
  box.append(...controls.map(({ element }) => element), lifted, reset);
  reset.addEventListener("click", () => {
    facets.forEach(({ name }) => chosen.set(name, []));
    [fixed, last] = [[], null];
    onChange();
  });
  const panels = [...box.querySelectorAll("details")];
  addEventListener("click", ({ target }) => panels.forEach((panel) => panel.contains(target) || (panel.open = false)));
  addEventListener("keydown", ({ key }) => {
    const open = panels.find((panel) => panel.open);
    if (key !== "Escape" || !open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  function update() {
    controls.forEach((control) => control.update());
    lifted.replaceChildren(...fixed.map((one) => {
      const button = make("button", { type: "button", className: "restriction", title: words.lift }, one.words, make("span", { textContent: " ✕", ariaHidden: "true" }));
      button.addEventListener("click", () => {
        fixed = fixed.filter((other) => other !== one);
        reset.focus();
        onChange();
      });
      button.setAttribute("aria-label", label(words.lift, one.words));
      return button;
    }));
    reset.disabled = isEmpty();
  }

  return { update, describe, rows: () => rowsBut(null), until: () => last, setUntil: (year) => (last = year) };
}
