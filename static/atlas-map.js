/* The map's own script. It draws from a document that is loaded once (see geo/layers.py) and is then told, with every
   filter change, only which links to show. Nothing from the tables is ever read as HTML. */
"use strict";
window.atlasMap = (() => {
  const MARKER_PX = 3.25; // radius of a marker for one partnership when the whole world is seen
  const UNCERTAIN_FROM_M = 5000;
  const BUTTONS_PX = 36; // height of the buttons along the upper edge
  let map, themes, base, label;
  let network = null; // { address, links, municipalities, ... } with the Leaflet layers made from it
  let wanted = null; // the last message of show()
  let fitted = ""; // the view that was set last, so that only a new wish moves the map
  let moved = false;
  let pointed = null; // the link under the pointer
  let theme = "light";
  let picks = 0;
  let revealing = false;

  const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  /* A square marker: L.circleMarker drawn with corners, so that north and south differ in shape, not colour alone. */
  const makeSquareMarker = (at, options) => {
    const marker = L.circleMarker(at, options);
    marker._updatePath = function () {
      const { x, y } = this._point, r = this._radius * 0.9;
      this._renderer._setPath(this, `M${x - r},${y - r}h${2 * r}v${2 * r}h${-2 * r}z`);
    };
    return marker;
  };

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

  function start(leafletMap, options) {
    map = leafletMap;
    borrowFont();
    themes = options.themes;
    map.attributionControl.setPrefix(false);
    for (const [name, z] of [["land", 200], ["uncertainty", 390], ["arcs", 400], ["municipalities", 450]]) {
      map.createPane(name).style.zIndex = z;
    }
    label = L.tooltip({ className: "name", offset: [12, 0], direction: "auto" });
    tame(map.getContainer());
    applyTheme();
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    map.on("zoomend", sizeMarkers);
    map.on("dragstart", () => (moved = true));
    // The frame's height is the page's to decide, and may change before the view was touched.
    map.on("resize", () => moved || (network && fit(wanted.fit, false)));
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
    map.on("click", () => wanted && (wanted.partnership || wanted.municipality) && pick("none", null));
    document.getElementById("map_div").addEventListener("wheel", () => (moved = true), { passive: true });
    addEventListener("message", onStreamlitMessage);
    base = fetchJson(options.baseMap).then(drawBaseMap);
    base.catch(() => {}); // told by show(), which waits for it
    // Streamlit may have sent newer arguments while the scripts were loading; being ready once more brings them.
    Streamlit.setComponentReady();
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

  /* Leaflet rounds to whole pixels, which makes long arcs tremble. */
  const SmoothLine = L.Polyline.extend({
    _projectLatlngs(latlngs, result, bounds) {
      if (!(latlngs[0] instanceof L.LatLng)) {
        latlngs.forEach((part) => this._projectLatlngs(part, result, bounds));
        return;
      }
      const origin = this._map.getPixelOrigin();
      const ring = latlngs.map((at) => this._map.project(at).subtract(origin));
      ring.forEach((point) => bounds.extend(point));
      result.push(ring);
    },
  });

  /* Hotel Wi-Fi drops requests: each is tried again after one and after three more seconds. */
  const fetchJson = async (address, pauses = [1, 3]) => {
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

  const drawBaseMap = (shapes) =>
    L.geoJSON(shapes, {
      interactive: false,
      style: { className: "land" },
      pane: "land",
      renderer: L.svg({ pane: "land", padding: 0.5 }),
    }).addTo(map);

  function onStreamlitMessage({ data }) {
    if (data?.type !== "streamlit:render" || !data.theme) return;
    theme = data.theme.base === "dark" ? "dark" : "light";
    applyTheme();
  }

  function applyTheme() {
    const root = document.documentElement;
    root.style.colorScheme = theme;
    for (const [name, colour] of Object.entries(themes[theme])) {
      if (typeof colour === "string") root.style.setProperty(`--${name}`, colour);
    }
    if (network) colour();
  }

  /* ---- drawing ---- */

  async function show(message) {
    window.feature_group = []; // the component only ever adds to it
    wanted = message;
    try {
      await base;
      if (network?.address !== message.document) await load(message.document);
    } catch (error) {
      if (wanted === message) sayFailure(message.failure);
      throw error;
    }
    if (wanted !== message) return; // a newer message came while this one waited
    update();
    if (revealing) revealCard();
  }

  /* On a narrow screen the card lies below the map: bring it into view once the page has drawn it. */
  function revealCard() {
    revealing = false;
    if (parent.innerWidth > 640) return;
    const behavior = reducedMotion() ? "auto" : "smooth";
    setTimeout(() => parent.document.querySelector(".st-key-detail")?.scrollIntoView({ block: "nearest", behavior }), 400);
  }

  function sayFailure(text) {
    document.querySelector("[role=alert]")?.remove();
    const notice = Object.assign(document.createElement("p"), { role: "alert", textContent: text });
    map.getContainer().append(notice);
  }

  async function load(address) {
    const content = await fetchJson(address);
    if (wanted.document !== address || network?.address === address) return;
    if (network) clear();
    network = { address, ...content };
    network.links.forEach(makeLink);
    network.municipalities.forEach(makeMunicipality);
    addControls();
    colour();
  }

  function clear() {
    network.links.forEach((link) => [link.line, link.reach].forEach((layer) => layer.remove()));
    network.municipalities.forEach((place) => [place.marker, place.circle].forEach((layer) => layer?.remove()));
    network.controls.forEach((control) => control.remove());
    map.attributionControl.removeAttribution(network.words.attribution);
  }

  function makeLink(link) {
    const [north, south] = link.ends.map((end) => network.municipalities[end]);
    link.label = [`${north.name} – ${south.name}`, `${south.country} · ${network.words.phase} ${link.phase}`];
    link.line = new SmoothLine(link.arc, { className: "arc", color: `var(--phase-${link.phase})`, pane: "arcs", interactive: false, smoothFactor: 0.3 });
    link.reach = L.polyline(link.arc, { className: "arc-reach", pane: "arcs" })
      .on("add", () => (link.reach.getElement().dataset.id = link.id))
      .on("mousemove", (event) => point(findNearest(event.layerPoint), event.latlng))
      .on("mouseout", () => point(null))
      .on("click", (event) => { L.DomEvent.stop(event); pick("partnership", findNearest(event.layerPoint).id); });
  }

  /* Arcs lie close and their reaches overlap: what counts is the arc nearest to the pointer, not the one on top. */
  function findNearest(at) {
    const shown = network.links.filter((link) => map.hasLayer(link.line));
    const distance = (link) => link.line.closestLayerPoint(at)?.distance ?? Infinity;
    return shown.reduce((best, link) => (distance(link) < distance(best) ? link : best));
  }

  /* Mark the arc under the pointer and name it there. */
  function point(link, at) {
    if (pointed !== link) {
      pointed?.line.getElement()?.classList.remove("near");
      link?.line.getElement()?.classList.add("near");
      link ? label.setContent(makeLabel(link.label)) : label.remove();
      pointed = link;
    }
    if (link) label.setLatLng(at).addTo(map);
  }

  function colour() {
    for (const [phase, shade] of Object.entries(network.colours[theme])) {
      document.documentElement.style.setProperty(`--phase-${phase}`, shade);
    }
  }

  function makeMunicipality(place) {
    const make = place.role === "north" ? makeSquareMarker : L.circleMarker;
    place.marker = make(place.at, { className: `municipality ${place.role}`, pane: "municipalities", radius: MARKER_PX })
      .bindTooltip(() => makeLabel([place.name, place.place, ...place.links.map((link) => describeFrom(place, link))]), {
        className: "name",
        direction: "top",
      })
      .on("add", () => {
        place.marker.getElement().dataset.id = place.id;
        // Until the map can be used by keyboard, the table below it is the way; 152 unnamed stops would bar it.
        place.marker.getElement().setAttribute("tabindex", "-1");
      })
      .on("click", (event) => { L.DomEvent.stop(event); pickMunicipality(place); });
    if (place.precision_m >= UNCERTAIN_FROM_M) {
      place.circle = L.circle(place.at, { radius: place.precision_m, className: "uncertainty", pane: "uncertainty", interactive: false });
    }
    place.links = [];
  }

  function describeFrom(place, link) {
    const other = network.municipalities[link.ends.find((end) => network.municipalities[end] !== place)];
    return `→ ${other.name}, ${other.country} · ${network.words.phase} ${link.phase}`;
  }

  function makeLabel([title, ...lines]) {
    const label = document.createElement("div");
    label.append(Object.assign(document.createElement("strong"), { textContent: title }));
    for (const text of lines) label.append(Object.assign(document.createElement("span"), { textContent: text }));
    return label;
  }

  /* Bring the map to what the last message wants: only what changes is touched. */
  function update() {
    const shown = new Set(wanted.links);
    network.municipalities.forEach((place) => (place.links = []));
    network.links.forEach((link, number) => {
      if (shown.has(number)) link.ends.forEach((end) => network.municipalities[end].links.push(link));
      for (const layer of [link.reach, link.line]) shown.has(number) ? layer.addTo(map) : layer.remove();
    });
    for (const place of network.municipalities) {
      if (place.links.length) fillMarker(place);
      place.links.length ? place.marker.addTo(map) : place.marker.remove();
    }
    sizeMarkers();
    highlight();
    if (wanted.fit === "links" ? fitted !== String(wanted.links) : fitted === "") fit(wanted.fit, fitted !== "");
  }

  function sizeMarkers() {
    if (!network) return;
    const near = Math.min(Math.max(map.getZoom() - 2, 0) * 0.25, 1.25);
    for (const place of network.municipalities) {
      if (!place.links.length) {
        place.circle?.remove();
        continue;
      }
      // Northern partners stand close together; seen from afar they are drawn smaller, so that they do not blot.
      const smallest = place.role === "north" ? MARKER_PX * (0.7 + near * 1.25) : MARKER_PX * (1 + near);
      const radius = smallest * Math.sqrt(place.links.length);
      if (radius !== place.marker.getRadius()) place.marker.setRadius(radius);
      if (place.circle) {
        const pixels = metresToPixels(place.circle.getLatLng(), place.precision_m);
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

  function metresToPixels(at, metres) {
    const metresPerPixel = (40075016.686 * Math.cos((at.lat * Math.PI) / 180)) / 2 ** (map.getZoom() + 8);
    return metres / metresPerPixel;
  }

  /* ---- selecting ---- */

  function highlight() {
    const chosen = network.links.filter(
      (link) =>
        map.hasLayer(link.line) &&
        (wanted.partnership === link.id ||
          link.ends.some((end) => wanted.municipality && wanted.municipality === network.municipalities[end].id)),
    );
    const ends = new Set(chosen.flatMap((link) => link.ends));
    map.getContainer().classList.toggle("has-selection", chosen.length > 0);
    for (const link of network.links) {
      link.line.getElement()?.classList.toggle("selected", chosen.includes(link));
      if (chosen.includes(link)) link.line.bringToFront();
    }
    network.municipalities.forEach((place, number) => place.marker.getElement()?.classList.toggle("selected", ends.has(number)));
  }

  const pickMunicipality = (place) =>
    place.links.length === 1 ? pick("partnership", place.links[0].id) : pick("municipality", place.id);

  /* Show the choice at once and tell the app; the count makes a second click on the same thing a new event. */
  function pick(kind, id) {
    if (!wanted.selectable) return;
    revealing = kind !== "none";
    wanted = { ...wanted, partnership: null, municipality: null, ...(id && { [kind]: id }) };
    highlight();
    Streamlit.setComponentValue({ pick: { kind, id, count: ++picks } });
  }

  /* ---- moving ---- */

  function fit(view, glide) {
    const bounds =
      view === "links"
        ? L.latLngBounds(wanted.links.flatMap((number) => network.links[number].line.getBounds()))
        : L.latLngBounds(network.views[view] ?? network.views.world);
    if (!bounds.isValid()) return;
    fitted = view === "links" ? String(wanted.links) : view;
    const padding = Math.min(map.getSize().x, map.getSize().y) * 0.05;
    map.stop();
    map[glide && !reducedMotion() ? "flyToBounds" : "fitBounds"](bounds, {
      paddingTopLeft: [padding, padding + BUTTONS_PX],
      paddingBottomRight: [padding, padding],
      maxZoom: 9,
      duration: 0.9,
      animate: glide && !reducedMotion(),
    });
  }

  function addControls() {
    const { words } = network;
    const zoom = L.control.zoom({ position: "topleft", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out });
    const views = Object.assign(L.control({ position: "topright" }), { onAdd: makeViewButtons });
    network.controls = [zoom, views];
    network.controls.forEach((control) => control.addTo(map));
    map.attributionControl.addAttribution(words.attribution);
    drawLegend();
    document.documentElement.lang = words.lang;
    if (window.frameElement) window.frameElement.title = words.map;
  }

  /* The legend stands below the map in the same frame: it always speaks the map's language and wears its colours. */
  function drawLegend() {
    const { words, colours } = network;
    const entry = (sign, text) => {
      const item = document.createElement("li");
      item.append(Object.assign(document.createElement("span"), { className: `sign ${sign}` }), text);
      return item;
    };
    const phases = Object.keys(colours.light).map((phase) => {
      const item = entry("phase", `${words.phase} ${phase}`);
      item.firstChild.style.background = `var(--phase-${phase})`;
      return item;
    });
    document.getElementById("legend")?.remove();
    const legend = Object.assign(document.createElement("ul"), { id: "legend" });
    legend.setAttribute("aria-label", words.legend);
    legend.append(...phases, entry("north", words.north_marker), entry("south", words.south_marker), entry("uncertain", words.uncertain));
    document.getElementById("parent").after(legend);
  }

  function makeViewButtons() {
    const group = Object.assign(document.createElement("div"), { className: "views" });
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", network.words.views);
    for (const view of ["world", "north", "south"].filter((name) => network.views[name])) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: network.words[view] });
      button.addEventListener("click", () => { moved = view !== "world"; fit(view, true); });
      group.append(button);
    }
    L.DomEvent.disableClickPropagation(group);
    return group;
  }

  return { start, show };
})();
