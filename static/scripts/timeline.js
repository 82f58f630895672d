/* Phases as bars in lanes, meetings as marks whose shape tells the kind, years as the axis. D3 does scale and axis.
   The chart is one stop for the keyboard: arrow keys go from meeting to meeting, Enter opens one. */
import { loadDocument, loadScript } from "./load.js";
import { make, makeAlert, makeSymbol } from "./make.js";

// In pixels at the usual size of text; all grows with it.
const LANE = 19, LOW_LANE = 16, LOW_WINDOW = 800, RADIUS = 6, AXIS = 22, LEFT = 92, NARROW_LEFT = 62, NARROW = 560;
let library = null;
function loadLibrary(address) {
  library ??= globalThis.d3 ? Promise.resolve(globalThis.d3) : loadScript(address).then(() => globalThis.d3);
  library.catch(() => (library = null)); // the next run tries again
  return library;
}

export async function render({ data, parentElement, setTriggerValue }) {
  const root = parentElement;
  root.wanted = data;
  const box = root.querySelector("div");
  let content, d3;
  try {
    [content, d3] = await Promise.all([loadDocument(data.document), loadLibrary(data.library)]);
  } catch (error) {
    if (root.wanted === data) box.replaceChildren(makeAlert(data.failure));
    throw error;
  }
  if (root.wanted !== data) return; // a newer run came while this one waited
  if (data.style && !root.querySelector("link")) root.prepend(make("link", { rel: "stylesheet", href: data.style }));
  root.redraw = () => {
    root.drawnWidth = box.clientWidth;
    draw(box, content, root.wanted, d3, (id) => setTriggerValue("picked", id));
  };
  root.redraw();
  root.watcher ??= new ResizeObserver(() => box.clientWidth !== root.drawnWidth && root.redraw());
  root.watcher.observe(box);
}

function draw(box, content, data, d3, pick) {
  const width = box.clientWidth;
  if (!width) return; // not laid out yet; the watcher comes back
  const focused = box.getRootNode().activeElement?.dataset?.key;
  const { lanes, meetings, symbols, kinds, words } = content;
  const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const [laneHeight, radius, axisHeight] = [window.innerHeight < LOW_WINDOW ? LOW_LANE : LANE, RADIUS, AXIS].map((pixels) => pixels * scale);
  const shown = data.rows.map((number) => meetings[number]);
  const left = (width < NARROW * scale ? NARROW_LEFT : LEFT) * scale;
  const height = axisHeight + lanes.length * laneHeight;
  const days = [...lanes.map(({ span }) => span), ...meetings.map(({ span }) => span)].filter(Boolean).flat().map((day) => new Date(day));
  const years = [Math.min(...days.map((day) => day.getUTCFullYear())), Math.max(...days.map((day) => day.getUTCFullYear())) + 1];
  const x = d3.scaleUtc(years.map((year) => new Date(Date.UTC(year, 0, 1))), [left, width - 10]);
  const ends = ([first, last]) => [x(new Date(first)), x(d3.utcDay.offset(new Date(last), 1))];
  const titles = new Map(lanes.map(({ id, title }) => [id, title]));
  const y = new Map(lanes.map(({ id }, number) => [id, axisHeight + number * laneHeight]));

  const svg = d3.create("svg").attr("width", width).attr("height", height).attr("role", "group").attr("aria-label", words.timeline);
  const step = (width - left) / (years[1] - years[0]) < 34 * scale ? 2 : 1;
  svg.append("g").attr("class", "axis").attr("transform", `translate(0,${axisHeight})`).attr("aria-hidden", "true")
    .call(d3.axisTop(x).ticks(d3.utcYear.every(step)).tickFormat(d3.utcFormat("%Y")).tickSizeInner(-height + axisHeight).tickSizeOuter(0).tickPadding(6))
    // A year is named in its middle: the line is where it begins.
    .call((axis) => axis.selectAll("text").attr("x", (x(Date.UTC(years[0] + 1, 0, 1)) - x(Date.UTC(years[0], 0, 1))) / 2))
    .call((axis) => axis.selectAll(".tick").filter((day) => day.getUTCFullYear() === years[1]).select("text").remove());

  const lane = svg.selectAll(".lane").data(lanes).join("g").attr("class", "lane").attr("transform", ({ id }) => `translate(0,${y.get(id)})`);
  lane.append("text").attr("class", "lane-name").attr("x", 0).attr("y", laneHeight / 2).attr("dy", "0.34em").text(({ title }) => title);
  lane.append("line").attr("class", "ground").attr("x1", left).attr("x2", width - 10).attr("y1", laneHeight / 2).attr("y2", laneHeight / 2);
  lane.filter(({ span }) => span).append("rect").attr("class", "bar").attr("rx", 5).attr("y", 2).attr("height", laneHeight - 4)
    .attr("x", ({ span }) => ends(span)[0]).attr("width", ({ span }) => ends(span)[1] - ends(span)[0])
    .style("fill", ({ phase }) => colourOf(content, phase))
    .append("title").text(({ title, dates }) => `${title}: ${dates}`);

  const marks = placeMarks(shown, ends, y, laneHeight, radius);
  const first = marks.find(({ meeting }) => meeting.id === data.selected) ?? marks[0];
  const label = makeTooltip();
  // Marks stand close and their reaches overlap: a pointer means the nearest one, a key the one in focus.
  const findNearest = (event, focused) => {
    if (event.detail === 0 && event.type === "click") return focused;
    const [across, down] = d3.pointer(event, svg.node());
    const aside = ({ meeting, centre, from, to }) => (meeting.exact ? Math.abs(centre - across) : Math.max(from - across, 0, across - to));
    return d3.least(marks, (one) => Math.hypot(aside(one), one.middle - down));
  };
  const mark = svg.selectAll(".mark").data(marks).join("a")
    .attr("class", ({ meeting }) => `mark${meeting.id === data.selected ? " selected" : ""}${meeting.exact ? "" : " reduced"}`)
    .attr("href", ({ meeting }) => `?${data.query ? `${data.query}&` : ""}meeting=${encodeURIComponent(meeting.id)}`)
    .attr("data-key", ({ meeting, lane: of }) => `${meeting.id} ${of}`)
    .attr("data-id", ({ meeting }) => meeting.id)
    .attr("tabindex", (one) => (one === first ? 0 : -1))
    .attr("aria-label", ({ meeting, lane }) => `${meeting.title}, ${meeting.dates}, ${meeting.place}, ${kinds[meeting.kind]}, ${titles.get(lane)}`)
    .attr("aria-current", ({ meeting }) => (meeting.id === data.selected ? "true" : null))
    .on("click", (event, one) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      pick(findNearest(event, one).meeting.id);
    })
    .on("mousemove", (event, one) => label.show(findNearest(event, one), width))
    .on("focus", (event, one) => event.target.matches(":focus-visible") && label.show(one, width))
    .on("mouseleave blur", () => label.hide())
    .on("keydown", (event, one) => {
      const to = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
      if (event.key === "Escape") label.hide();
      if (to === undefined) return;
      event.preventDefault();
      const next = mark.nodes()[Math.min(Math.max(marks.indexOf(one) + to, 0), marks.length - 1)];
      mark.attr("tabindex", -1);
      next.setAttribute("tabindex", 0);
      next.focus();
    });
  mark.filter(({ meeting }) => !meeting.exact).append("rect").attr("class", "span").attr("rx", 4)
    .attr("x", ({ from }) => from).attr("width", ({ from, to }) => Math.max(to - from, 2))
    .attr("y", ({ middle }) => middle - 5).attr("height", 10)
    .style("stroke", (one) => colourOf(content, phaseOf(one)));
  mark.append("circle").attr("class", "reach").attr("r", 12).attr("cx", ({ centre }) => centre).attr("cy", ({ middle }) => middle);
  mark.append("polygon").attr("class", "symbol")
    .attr("points", ({ meeting, centre, middle }) => symbols[meeting.kind].map(([a, b]) => [centre + a * radius, middle + b * radius].join()).join(" "))
    .style("--colour", (one) => colourOf(content, phaseOf(one)));

  box.replaceChildren(svg.node(), label.node, makeLegend(content, shown));
  if (focused) box.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

/* Where each meeting stands in each of its lanes, in the order of time; what would cover another moves up or down. */
function placeMarks(shown, ends, y, laneHeight, radius) {
  const marks = shown.flatMap((meeting) => meeting.lanes.map((lane) => {
    const [from, to] = ends(meeting.span);
    return { meeting, lane, from, to, centre: (from + to) / 2, middle: y.get(lane) + laneHeight / 2 };
  }));
  marks.sort((a, b) => a.centre - b.centre);
  const last = new Map();
  for (const mark of marks) {
    const before = last.get(mark.lane);
    if (before && mark.centre - before.centre < 1.7 * radius) {
      if (!before.moved) before.middle -= radius * 0.75;
      mark.middle += before.moved === 1 ? -radius * 0.75 : radius * 0.75;
      mark.moved = before.moved === 1 ? -1 : 1;
    }
    last.set(mark.lane, mark);
  }
  return marks;
}

/* A meeting of several phases stands in several lanes and wears the colour of each. */
const phaseOf = ({ meeting, lane }) => meeting.phases.find((phase) => String(phase) === lane) ?? meeting.phases[0];

/* The colours of a phase in both themes: the page's style picks one. */
const colourOf = ({ colours }, phase) =>
  colours.light[phase] ? `light-dark(${colours.light[phase]}, ${colours.dark[phase]})` : "currentcolor";

function makeTooltip() {
  const node = make("div", { className: "tooltip", hidden: true });
  node.setAttribute("aria-hidden", "true"); // the mark's name says the same
  return {
    node,
    show({ meeting, centre, middle }, width) {
      node.replaceChildren(make("strong", { textContent: meeting.title }), make("span", { textContent: `${meeting.dates} · ${meeting.place}` }));
      node.hidden = false;
      const half = Math.min(150, width / 2);
      node.style.left = `${Math.min(Math.max(centre, half), width - half)}px`;
      node.style.top = `${middle + 14}px`;
    },
    hide: () => (node.hidden = true),
  };
}

function makeLegend({ kinds, symbols, words }, shown) {
  const present = new Set(shown.map(({ kind }) => kind));
  const entries = Object.entries(kinds).filter(([kind]) => present.has(kind))
    .map(([kind, text]) => make("li", {}, makeSymbol(symbols[kind]), text));
  const vague = shown.find(({ exact }) => !exact);
  if (vague) entries.push(make("li", {}, make("span", { className: "sample" }, makeSymbol(symbols[vague.kind])), words.span));
  return make("ul", { className: "legend", ariaLabel: words.legend }, ...entries);
}
