/* Many links as few: a bundle for each country, or for each Bundesland, as wide as it has links, with their number. */
import { make } from "./make.js";
import { Arcs, LABEL, makeLabel, toStop } from "./map-shapes.js";

const WIDEST_PX = 14;
const THINNEST_PX = 1.5;
const HOME_ZOOM = 5; // from here on Germany is looked at, and not the world

/* `open` shows the links of one country or Bundesland one by one, as far as they can be. */
export function makeBundles({ map, open }, { ends, states, views, words }) {
  const arcs = new Arcs(map);
  const home = views.north && L.latLngBounds(views.north);
  const ofEnds = ends.map((end) => makeBundle(end, () => wanted.kind));
  const ofStates = states.map((state) => makeBundle(state, () => "state"));
  const bundles = [...ofEnds, ...ofStates];
  const numbers = new Intl.NumberFormat(words.lang);
  let wanted = null;
  let scale = 1; // on a stage the badges grow with the screen like all text

  function makeBundle(end, kind) {
    const bundle = { ...end, kind, count: 0, size: 0, width: 0, shown: false, dense: false };
    bundle.text = make("span", { className: "bundle-count" });
    bundle.badge = L.marker(end.at, { icon: L.divIcon({ className: "bundle-badge", html: bundle.text, iconSize: null }), pane: "points", keyboard: false })
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

  const toSize = (count) => (count < 100 ? 24 : count < 1000 ? 30 : 38) * scale;

  const pick = ({ id, kind }) => open({ [kind()]: id });
  const describe = ({ count }) =>
    (count === 1 ? words.bundle_of_one : words.bundle_of_many).replace("{count}", numbers.format(count));

  /* Whether Germany is looked at: its Bundesländer then say more than where the bundles lead. */
  const isAtHome = () =>
    wanted.states.length > 0 && home && map.getZoom() >= HOME_ZOOM && home.pad(0.5).contains(map.getCenter());

  function update(message) {
    wanted = message;
    ofEnds.forEach((bundle, number) => (bundle.count = message.counts[number]));
    if (message.states.length) ofStates.forEach((bundle, number) => (bundle.count = message.states[number]));
    draw();
  }

  function draw() {
    const atHome = isAtHome();
    const most = Math.max(...wanted.counts);
    scale = Number(document.documentElement.style.getPropertyValue("--text-scale") || 1);
    for (const bundle of ofEnds) {
      bundle.shown = bundle.count > 0 && !atHome;
      arcs.show(bundle.line, bundle.shown);
      // A hundred times as many links are ten times as wide: otherwise one country would cover all others.
      if (bundle.shown) setWidth(bundle, Math.max(THINNEST_PX, WIDEST_PX * Math.sqrt(bundle.count / most)));
    }
    for (const bundle of ofStates) bundle.shown = bundle.count > 0 && atHome;
    spread(bundles.filter(({ shown }) => shown));
    bundles.forEach(drawBadge);
  }

  function setWidth(bundle, width) {
    if (bundle.width !== width) bundle.line.line.getElement().style.strokeWidth = `${width.toFixed(1)}px`;
    bundle.width = width;
  }

  /* A badge stays what it is and is only written anew, and a dot not even that: made anew, 150 of them take longer than
     all else of a click. */
  function drawBadge(bundle) {
    const { badge, text, count, shown, dense } = bundle;
    if (shown && !map.hasLayer(badge)) badge.addTo(map);
    const element = badge.getElement();
    if (element && element.isConnected !== shown) shown ? badge.getPane().append(element) : element.remove();
    if (!shown) return void badge.closeTooltip();
    element.classList.toggle("dense", dense);
    if (dense) return;
    const written = numbers.format(count);
    if (text.textContent !== written) {
      text.textContent = written;
      badge.setZIndexOffset(count); // where they overlap, the largest is seen
    }
    const size = toSize(count);
    if (bundle.size === size) return;
    bundle.size = size;
    Object.assign(element.style, { width: `${size}px`, height: `${size}px`, marginLeft: `${-size / 2}px`, marginTop: `${-size / 2}px` });
  }

  /* Where numbers would cover each other the largest is written, and the others are dots until the map is nearer. */
  function spread(shown) {
    const written = [];
    for (const bundle of shown.sort((one, other) => other.count - one.count)) {
      const at = map.latLngToLayerPoint(bundle.badge.getLatLng());
      const reach = toSize(bundle.count) / 2;
      bundle.dense = !written.every((other) => at.distanceTo(other.at) > reach + other.reach);
      if (!bundle.dense) written.push({ at, reach });
    }
  }

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
        stops: bundles.filter(({ shown }) => shown).map((bundle) => toStop(bundle.badge, {
          key: `${bundle.kind()} ${bundle.id}`,
          name: [bundle.name, describe(bundle)].join(", "),
          press: wanted.opens ? () => pick(bundle) : undefined,
        })),
      },
    ],
    clear() {
      arcs.clear();
      bundles.forEach(({ badge }) => badge.remove());
    },
  };
}
