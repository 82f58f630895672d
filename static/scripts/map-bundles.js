/* Many links as few: a bundle for each country, or for each Bundesland, as wide as it has links, with their number. */
import { make } from "./make.js";
import { Arcs, LABEL, makeLabel, toStop } from "./map-shapes.js";

const WIDEST_PX = 14;
const THINNEST_PX = 1.5;
const HOME_ZOOM = 5; // from here on Germany is looked at, and not the world

/* The size of a number's badge; on a stage it grows with the screen like all text. */
const toSize = (count) => (count < 100 ? 24 : count < 1000 ? 30 : 38) * Number(document.documentElement.style.getPropertyValue("--text-scale") || 1);

/* `open` shows the links of one country or Bundesland one by one, as far as they can be. */
export function makeBundles({ map, open }, { ends, states, views, words }) {
  const arcs = new Arcs(map);
  const home = views.north && L.latLngBounds(views.north);
  const ofEnds = ends.map((end) => makeBundle(end, () => wanted.kind));
  const ofStates = states.map((state) => makeBundle(state, () => "state"));
  let wanted = null;

  function makeBundle(end, kind) {
    const bundle = { ...end, kind, count: 0 };
    bundle.badge = L.marker(end.at, { icon: makeBadge(bundle), pane: "points", keyboard: false })
      .bindTooltip(() => makeLabel([bundle.name, describe(bundle)]), LABEL)
      .on("click", (event) => { L.DomEvent.stop(event); pick(bundle); });
    if (end.arc) {
      bundle.line = arcs.add({
        id: end.id,
        arc: end.arc,
        color: "var(--text)",
        className: "bundle",
        label: () => [bundle.name, describe(bundle)],
        onClick: ({ id }) => pick(ofEnds.find((one) => one.id === id)),
      });
    }
    return bundle;
  }

  function makeBadge({ count }) {
    const size = toSize(count);
    const text = make("span", { className: "bundle-count", textContent: count.toLocaleString(words.lang) });
    return L.divIcon({ className: "bundle-badge", html: text, iconSize: [size, size] });
  }

  const pick = ({ id, kind }) => open({ [kind()]: id });
  const describe = ({ count }) =>
    (count === 1 ? words.bundle_of_one : words.bundle_of_many).replace("{count}", count.toLocaleString(words.lang));

  /* Whether Germany is looked at: its Bundesländer then say more than where the bundles lead. */
  const isAtHome = () =>
    wanted.states.length > 0 && home && map.getZoom() >= HOME_ZOOM && home.pad(0.5).contains(map.getCenter());

  function update(message) {
    wanted = message;
    setCounts(ofEnds, message.counts);
    if (message.states.length) setCounts(ofStates, message.states);
    draw();
  }

  function setCounts(bundles, counts) {
    bundles.forEach((bundle, number) => {
      if (bundle.count === counts[number]) return;
      bundle.count = counts[number];
      bundle.badge.setIcon(makeBadge(bundle)).setZIndexOffset(bundle.count); // where they overlap, the largest is seen
    });
  }

  function draw() {
    const atHome = isAtHome();
    const most = Math.max(...wanted.counts);
    for (const bundle of ofEnds) {
      const shown = bundle.count > 0 && !atHome;
      arcs.show(bundle.line, shown);
      shown ? bundle.badge.addTo(map) : bundle.badge.remove();
      // A hundred times as many links are ten times as wide: otherwise one country would cover all others.
      const width = Math.max(THINNEST_PX, WIDEST_PX * Math.sqrt(bundle.count / most));
      if (shown) bundle.line.line.getElement().style.setProperty("--width", `${width.toFixed(1)}px`);
    }
    for (const bundle of ofStates) bundle.count > 0 && atHome ? bundle.badge.addTo(map) : bundle.badge.remove();
    spread(shown());
  }

  /* Where numbers would cover each other the largest is written, and the others are dots until the map is nearer. */
  function spread(bundles) {
    const written = [];
    for (const { badge, count } of bundles.sort((one, other) => other.count - one.count)) {
      const at = map.latLngToLayerPoint(badge.getLatLng());
      const reach = toSize(count) / 2;
      const free = written.every((other) => at.distanceTo(other.at) > reach + other.reach);
      if (free) written.push({ at, reach });
      badge.getElement().classList.toggle("dense", !free);
    }
  }

  const shown = () => [...ofEnds, ...ofStates].filter(({ badge }) => map.hasLayer(badge));

  return {
    update,
    size: draw,
    look: draw,
    nothing: null,
    isSelected: () => false,
    target: () => ({ key: "world", bounds: views.world && L.latLngBounds(views.world) }),
    views: () =>
      ["world", "north", "south"]
        .filter((name) => views[name])
        .map((name) => ({ label: words[name], bounds: L.latLngBounds(views[name]) })),
    legend: () => {
      const sign = make("span", { className: "sign bundle" });
      const entry = [sign, isAtHome() || wanted.kind === "state" ? words.bundle_by_state : words.bundle_by_country];
      return wanted.bundling === "must" ? [entry, ["", words.bundling_must]] : [entry];
    },
    names: () => [],
    countNew: () => wanted.new,
    centres: () => [],
    stops: () => [
      {
        label: words.bundle_keys,
        stops: shown().map((bundle) => toStop(bundle.badge, {
          key: `${bundle.kind()} ${bundle.id}`,
          name: [bundle.name, describe(bundle)].join(", "),
          press: wanted.opens ? () => pick(bundle) : undefined,
        })),
      },
    ],
    clear() {
      arcs.clear();
      [...ofEnds, ...ofStates].forEach(({ badge }) => badge.remove());
    },
  };
}
