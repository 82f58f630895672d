/* The network of partnerships: an arc for each, and a marker for each municipality. */
import { make } from "./make.js";
import { Arcs, isShown, LABEL, makeLabel, makeMarker, makeUncertainty, metresToPixels, setShown, SQUARE, toStop } from "./map-shapes.js";

const MARKER_PX = 3.25; // radius of a marker for one partnership when the whole world is seen
const UNCERTAIN_FROM_M = 5000;

export function makeNetwork({ map, pick }, { links, municipalities, views, words, colours }) {
  const arcs = new Arcs(map);
  const entries = links.map((link) => {
    const [north, south] = link.ends.map((end) => municipalities[end]);
    return arcs.add({
      id: link.id,
      arc: link.arc,
      color: `var(--phase-${link.phase})`,
      label: [`${north.name} – ${south.name}`, `${south.country} · ${words.phase} ${link.phase}`],
      onClick: ({ id }) => pick({ partnership: id, municipality: null }),
    });
  });
  const places = municipalities.map(makePlace);
  // By keyboard municipalities come in the order of their names, German ones first.
  const order = new Intl.Collator(words.lang);
  const placesInOrder = [...places].sort((one, other) => one.role.localeCompare(other.role) || order.compare(one.name, other.name));
  let wanted = null;

  function makePlace(municipality) {
    const place = { ...municipality, links: [] };
    const corners = place.role === "north" ? SQUARE : undefined;
    place.marker = makeMarker(place.at, { corners, className: `municipality ${place.role}`, pane: "points", radius: MARKER_PX })
      .bindTooltip(() => makeLabel([place.name, place.place, ...place.links.map((link) => `→ ${describeFrom(place, link)}`)]), LABEL)
      .on("add", () => (place.marker.getElement().dataset.id = place.id))
      .on("click", (event) => { L.DomEvent.stop(event); pickPlace(place); });
    if (place.precision_m >= UNCERTAIN_FROM_M) place.circle = makeUncertainty(place.at, place.precision_m);
    return place;
  }

  function describeFrom(place, link) {
    const other = places[link.ends.find((end) => places[end] !== place)];
    return `${other.name}, ${other.country} · ${words.phase} ${link.phase}`;
  }

  function nameLink(link) {
    const [north, south] = link.ends.map((end) => places[end]);
    return `${north.name} – ${south.name}, ${south.country}, ${words.phase} ${link.phase}`;
  }

  const pickPlace = (place) =>
    place.links.length === 1
      ? pick({ partnership: place.links[0].id, municipality: null })
      : pick({ partnership: null, municipality: place.id });

  /* Bring the map to what a message wants: only what changes is touched. */
  function update(message) {
    wanted = message;
    const shown = new Set(message.links);
    places.forEach((place) => (place.links = []));
    links.forEach((link, number) => {
      if (shown.has(number)) link.ends.forEach((end) => places[end].links.push(link));
      arcs.show(entries[number], shown.has(number));
    });
    for (const place of places) {
      if (place.links.length) fillMarker(place);
      setShown(place.marker, map, place.links.length > 0);
    }
    size();
    highlight(message);
  }

  function size() {
    const near = Math.min(Math.max(map.getZoom() - 2, 0) * 0.25, 1.25);
    for (const place of places) {
      if (!place.links.length) {
        place.circle?.remove();
        continue;
      }
      // Northern partners stand close together; seen from afar they are drawn smaller, so that they do not blot.
      const smallest = place.role === "north" ? MARKER_PX * (0.7 + near * 1.25) : MARKER_PX * (1 + near);
      const radius = smallest * Math.sqrt(place.links.length);
      if (radius !== place.marker.getRadius()) place.marker.setRadius(radius);
      if (place.circle) {
        const pixels = metresToPixels(map, place.circle.getLatLng(), place.precision_m);
        pixels > radius + 2 ? place.circle.addTo(map) : place.circle.remove();
      }
    }
  }

  /* A southern marker wears the colour of its phase, or the text's when it has partnerships of several. */
  function fillMarker(place) {
    const phases = new Set(place.links.map((link) => link.phase));
    const fillColor = phases.size === 1 ? `var(--phase-${[...phases][0]})` : "var(--text)";
    if (place.role === "south" && fillColor !== place.marker.options.fillColor) place.marker.setStyle({ fillColor });
  }

  /* What is selected stands out; without a selection, what began in the year that the view ends with. */
  function highlight({ partnership, municipality, until }) {
    const isChosen = (link) =>
      partnership === link.id || link.ends.some((end) => municipality && municipality === places[end].id);
    const shown = links.map((link, number) => ({ link, line: entries[number].line })).filter(({ line }) => isShown(line));
    const chosen = new Set(shown.filter(({ link }) => isChosen(link)).map(({ link }) => link));
    const ends = new Set([...chosen].flatMap((link) => link.ends));
    map.getContainer().classList.toggle("has-selection", chosen.size > 0);
    const isNew = ({ record }) => record.since === until;
    map.getContainer().classList.toggle("has-year", chosen.size === 0 && shown.some(({ link }) => isNew(link)));
    for (const { link, line } of shown) {
      line.getElement().classList.toggle("selected", chosen.has(link));
      line.getElement().classList.toggle("new", isNew(link));
      if (chosen.has(link) || isNew(link)) line.bringToFront();
    }
    places.forEach((place, number) => place.marker.getElement()?.classList.toggle("selected", ends.has(number)));
  }

  const boundsOfLinks = (shown) => L.latLngBounds(shown.flatMap((number) => entries[number].line.getBounds()));

  return {
    update,
    size,
    nothing: { partnership: null, municipality: null },
    isSelected: () => Boolean(wanted?.partnership || wanted?.municipality),
    // The world is fitted once; the links shown, whenever they are others.
    target({ view, links: shown, partnership }) {
      if (view === "near" && partnership) return { key: `link ${partnership}`, bounds: boundsOfLinks([links.findIndex(({ id }) => id === partnership)]) };
      if (view) return { key: `links ${shown}`, bounds: boundsOfLinks(shown) };
      return { key: "world", bounds: views.world && L.latLngBounds(views.world) };
    },
    views: () =>
      ["world", "north", "south"]
        .filter((name) => views[name])
        .map((name) => ({ label: words[name], bounds: L.latLngBounds(views[name]) })),
    legend: () => [
      ...Object.keys(colours.light).map((phase) => {
        const line = make("span", { className: "sign phase" });
        line.style.background = `var(--phase-${phase})`;
        return [line, `${words.phase} ${phase}`];
      }),
      [make("span", { className: "sign north" }), words.north_marker],
      [make("span", { className: "sign south" }), words.south_marker],
      [make("span", { className: "sign uncertain" }), words.uncertain],
    ],
    names: ({ stage, partnership }) => places
      .filter((place) => place.links.some(({ id }) => !(stage && partnership) || id === partnership))
      .map(({ at, name }) => ({ at, name })),
    countNew: (year) => wanted.links.filter((number) => links[number].record.since === year).length,
    centres: () => [],
    stops: ({ partnership, municipality }) => [
      {
        label: words.arc_keys,
        stops: links.flatMap((link, number) => arcs.toStop(entries[number], {
          name: nameLink(link),
          press: () => pick({ partnership: link.id, municipality: null }),
          pressed: link.id === partnership,
        })),
      },
      {
        label: words.municipality_keys,
        stops: placesInOrder.filter(({ links: own }) => own.length).map((place) => toStop(place.marker, {
          key: place.id,
          name: [place.name, place.place, ...place.links.map((link) => describeFrom(place, link))].join(", "),
          press: () => pickPlace(place),
          pressed: place.id === municipality || undefined,
        })),
      },
    ],
    clear() {
      arcs.clear();
      places.forEach((place) => [place.marker, place.circle].forEach((layer) => layer?.remove()));
      map.getContainer().classList.remove("has-selection", "has-year");
    },
  };
}
