/* Meetings and the sites they visited: where they were held, who came, and what an excursion showed. */
import { make, makeSymbol } from "./make.js";
import { Arcs, LABEL, makeLabel, makeMarker, makeUncertainty, SQUARE, standSideBySide, toStop } from "./map-shapes.js";

const MEETING_PX = 6;
const GATHERING_PX = 26;
const TOWN_ZOOM = 8; // from here on the sites of a town can be told apart

/* All meetings, each where it was held; or one, with an arc from every delegation. */
export function makeMeetings({ map, pick }, content) {
  const { meetings, sites, symbols, words } = content;
  const arcs = new Arcs(map);
  const markers = meetings.filter((meeting) => meeting.at).map((meeting) => {
    const marker = makeMarker(meeting.at, { corners: symbols[meeting.kind], ...inColour(meeting), radius: MEETING_PX })
      .bindTooltip(() => makeLabel([meeting.title, `${meeting.dates} · ${meeting.place}`]), LABEL)
      .on("add", () => identify(marker, meeting.id))
      .on("click", (event) => { L.DomEvent.stop(event); pick({ meeting: meeting.id }); });
    return { meeting, marker };
  });
  const parts = L.layerGroup().addTo(map); // what belongs to the meeting that is shown
  const siteMarks = [];
  let originMarks = []; // { key, name, marker }
  let drawnMeeting = null;
  const find = ({ meeting }) => meetings.find(({ id }) => id === meeting);

  function update(message) {
    const chosen = find(message);
    const shown = new Set(message.meetings.map((number) => meetings[number]));
    for (const { meeting, marker } of markers) {
      (chosen ? meeting === chosen : shown.has(meeting)) ? marker.addTo(map) : marker.remove();
      marker.setRadius(meeting === chosen ? MEETING_PX * 1.6 : MEETING_PX);
    }
    standSideBySide(markers.map(({ marker }) => marker).filter((marker) => map.hasLayer(marker)));
    if (drawnMeeting === chosen) return;
    drawnMeeting = chosen;
    arcs.clear();
    parts.clearLayers();
    originMarks = [];
    siteMarks.length = 0;
    if (chosen) drawOne(chosen);
    markers.forEach(({ marker }) => map.hasLayer(marker) && marker.bringToFront());
  }

  function drawOne(meeting) {
    for (const { country, origins } of meeting.delegations) {
      for (const origin of origins) {
        const id = origin.municipality ?? country;
        const label = [origin.name, origin.municipality ? origin.place : words.whole_country];
        const className = origin.municipality ? "" : "approximate";
        if (origin.arc) arcs.show(arcs.add({ id, arc: origin.arc, label, color: colourOf(meeting), className }), true);
        const corners = origin.role === "north" ? SQUARE : undefined;
        const marker = makeMarker(origin.at, { corners, className: `origin ${origin.role ?? "country"}`, pane: "points", radius: 4 });
        if (origin.role !== "north") marker.setStyle({ color: "var(--halo)", fillColor: colourOf(meeting) });
        marker.bindTooltip(() => makeLabel(label), LABEL).on("add", () => identify(marker, id)).addTo(parts);
        originMarks.push({ key: id, name: label.join(", "), marker });
      }
    }
    for (const site of sites.filter((one) => one.meeting === meeting.id)) {
      siteMarks.push(makeSite(content, site));
    }
    size();
  }

  function size() {
    const near = map.getZoom() >= TOWN_ZOOM;
    siteMarks.forEach((mark) => mark.show(near, parts));
    if (near) standSideBySide(siteMarks.map(({ marker }) => marker));
  }
  const townOf = (meeting) => L.latLngBounds([
    L.latLng(meeting.at).toBounds(8000),
    ...sites.filter((one) => one.meeting === meeting.id).map(boundsOfSite),
  ]);
  const originsOf = (meeting) => meeting.delegations.flatMap(({ origins }) => origins.map(({ at }) => at));
  const allOf = (meeting) => {
    const arcsOf = meeting.delegations.flatMap(({ origins }) => origins.flatMap(({ arc }) => arc?.flat() ?? []));
    return L.latLngBounds([...originsOf(meeting), ...arcsOf, ...(meeting.at ? [meeting.at] : [])]);
  };
  const overview = () => L.latLngBounds(content.views.world ?? []);

  return {
    update,
    size,
    nothing: null, // a click beside the marks does not leave the meeting that is read about
    isSelected: () => Boolean(drawnMeeting),
    target(message) {
      const meeting = find(message);
      if (meeting?.at && message.view === "near") return { key: `town ${meeting.id}`, bounds: townOf(meeting) };
      const bounds = meeting && allOf(meeting);
      if (!bounds?.isValid()) return { key: "overview", bounds: overview() };
      // Nobody known to have come from elsewhere: the town itself.
      const lonely = meeting.at && originsOf(meeting).length === 0;
      return { key: `meeting ${meeting.id}`, bounds: lonely ? L.latLng(meeting.at).toBounds(800_000) : bounds };
    },
    views(message) {
      const meeting = find(message);
      if (!meeting) return ["world", "north", "south"].filter((name) => content.views[name]).map((name) => ({ label: words[name], bounds: L.latLngBounds(content.views[name]) }));
      if (!meeting.at) return [{ label: words.world, bounds: overview() }];
      const all = originsOf(meeting).length ? { label: words.delegations, bounds: allOf(meeting) } : { label: words.world, bounds: overview() };
      return [all, { label: words.town, bounds: townOf(meeting) }];
    },
    legend(message) {
      const meeting = find(message);
      if (!meeting) return []; // the timeline above names the kinds
      const origins = meeting.delegations.flatMap((delegation) => delegation.origins);
      const entries = meeting.at ? [[sign(symbols[meeting.kind], colourOf(meeting)), words.host]] : [];
      if (origins.some(({ role }) => role === "north")) entries.push([make("span", { className: "sign north" }), words.north_marker]);
      if (origins.some(({ role }) => role === "south")) entries.push([dot(colourOf(meeting)), words.south_marker]);
      if (origins.some(({ role, arc }) => role && arc)) entries.push([line(meeting, ""), words.delegation]);
      if (origins.some(({ role, arc }) => !role && arc)) entries.push([line(meeting, "approximate"), words.country_delegation]);
      if (siteMarks.length) entries.push([sign(symbols.site, "var(--text)"), words.site]);
      return entries;
    },
    names(message) {
      const meeting = find(message);
      if (!meeting) return message.meetings.map((number) => meetings[number]).filter(({ at }) => at).map(({ at, town }) => ({ at, name: town }));
      const origins = meeting.delegations.flatMap((delegation) => delegation.origins);
      return [...(meeting.at ? [{ at: meeting.at, name: meeting.town, always: true }] : []), ...origins,
        ...siteMarks.map(({ site }) => ({ at: site.at, name: site.name, under: true }))];
    },
    centres: (message) => (find(message)?.at ? [find(message).at] : []),
    stops: (message) => [
      {
        label: words.meeting_keys,
        stops: [
          ...markers.filter(({ marker }) => map.hasLayer(marker)).map(({ meeting, marker }) => toStop(marker, {
            key: meeting.id,
            name: `${meeting.title}, ${meeting.dates}, ${meeting.place}`,
            press: () => pick({ meeting: meeting.id }),
            pressed: meeting === find(message) || undefined,
          })),
          ...originMarks.map(({ marker, ...stop }) => toStop(marker, stop)),
          ...siteMarks.filter(({ marker }) => map.hasLayer(marker)).map(({ site, marker }) => toStop(marker, { key: site.id, name: nameSite(site) })),
        ],
      },
    ],
    clear() {
      arcs.clear();
      markers.forEach(({ marker }) => marker.remove());
      parts.remove();
    },
  };
}

/* The sites of excursions, gathered at the town of their meeting when seen from afar. */
export function makeSites({ map, pick, go }, content) {
  const { meetings, sites, symbols, words } = content;
  const parts = L.layerGroup().addTo(map);
  const marks = sites.map((site) => makeSite(content, site, () => pick({ site: site.id })));
  const gatherings = L.layerGroup().addTo(map);
  let gathered = []; // stops for the keyboard
  const townMarks = new Map(meetings.filter(({ at }) => at).map((meeting) => [meeting, makeTown(meeting)]));
  let shown = new Set();
  let chosen = null;

  function makeTown(meeting) {
    return makeMarker(meeting.at, { corners: symbols[meeting.kind], ...inColour(meeting), radius: MEETING_PX })
      .bindTooltip(() => makeLabel([meeting.title, `${meeting.dates} · ${meeting.place}`]), LABEL);
  }

  /* Sites that would cover each other are gathered under their number; a click goes there. */
  function gather() {
    const groups = [];
    for (const site of shown) {
      const point = map.latLngToLayerPoint(site.at);
      const near = groups.find((group) => group.point.distanceTo(point) < GATHERING_PX);
      near ? near.of.push(site) : groups.push({ point, of: [site] });
    }
    for (const { of } of groups) {
      const html = make("span", { textContent: of.length });
      const icon = L.divIcon({ className: `gathering${of.includes(chosen) ? " selected" : ""}`, html, iconSize: [GATHERING_PX, GATHERING_PX] });
      const name = `${of.length} × ${words.site}: ${of.map((site) => site.name).join(", ")}`;
      const marker = L.marker(boundsOf(of).getCenter(), { icon, title: name, pane: "points", keyboard: false })
        .bindTooltip(() => makeLabel([[...new Set(of.map((site) => site.place))].join(", "), ...of.map((site) => site.name)]), LABEL)
        .on("click", (event) => { L.DomEvent.stop(event); go(boundsOf(of)); })
        .addTo(gatherings);
      gathered.push(toStop(marker, { key: of[0].id, name, press: () => go(boundsOf(of)) }));
    }
  }

  function update(message) {
    shown = new Set(message.sites.map((number) => sites[number]));
    chosen = sites.find(({ id }) => id === message.site) ?? null;
    if (chosen) shown.add(chosen);
    size();
  }

  function size() {
    const near = map.getZoom() >= TOWN_ZOOM;
    for (const mark of marks) {
      mark.show(near && shown.has(mark.site), parts);
      mark.marker.getElement()?.classList.toggle("selected", mark.site === chosen);
    }
    if (near) standSideBySide(marks.filter(({ site }) => shown.has(site)).map(({ marker }) => marker));
    const held = new Set(towns());
    townMarks.forEach((marker, meeting) => (near && held.has(meeting) ? parts.addLayer(marker) : parts.removeLayer(marker)));
    gatherings.clearLayers();
    gathered = [];
    if (!near) gather();
  }

  const towns = () => meetings.filter(({ id, at }) => at && [...shown].some((site) => site.meeting === id));

  return {
    update,
    size,
    nothing: null,
    isSelected: () => Boolean(chosen),
    target(message) {
      const town = chosen && meetings.find(({ id }) => id === chosen.meeting);
      if (chosen && message.view !== "all") return { key: `site ${chosen.id}`, bounds: L.latLngBounds([boundsOfSite(chosen), ...(town?.at ? [town.at] : [])]) };
      const all = [...[...shown].map(boundsOfSite), ...(town?.at ? [town.at] : [])];
      return { key: `sites ${message.sites}`, bounds: L.latLngBounds(shown.size ? all : content.views.world ?? []) };
    },
    views: (message) => [
      { label: words.all_sites, bounds: boundsOf(sites) },
      ...(chosen ? [{ label: words.site_itself, bounds: boundsOfSite(chosen) }] : []),
    ],
    legend: () => [
      [sign(symbols.site, "var(--text)"), words.site],
      [make("span", { className: "sign uncertain" }), words.precision],
      [make("span", { className: "sign ring" }), words.rings],
    ],
    names: () => [
      ...towns().map(({ at, town }) => ({ at, name: town })),
      ...[...shown].map((site) => ({ at: site.at, name: site.name, under: true, always: site === chosen })),
    ],
    centres: () => towns().map(({ at }) => at),
    stops: () => [
      {
        label: words.site_keys,
        stops: [
          ...gathered,
          ...marks.filter(({ marker }) => map.hasLayer(marker)).map(({ site, marker }) => toStop(marker, {
            key: site.id,
            name: nameSite(site),
            press: () => pick({ site: site.id }),
            pressed: site === chosen || undefined,
          })),
        ],
      },
    ],
    clear() {
      parts.remove();
      gatherings.remove();
    },
  };
}

const nameSite = (site) => [site.name, site.feature, site.place].filter(Boolean).join(", ");

function makeSite({ symbols }, site, onClick) {
  const marker = makeMarker(site.at, { corners: symbols.site, className: "site", pane: "points", radius: 7, interactive: true })
    .bindTooltip(() => makeLabel([site.name, site.feature, site.precision]), LABEL)
    .on("add", () => identify(marker, site.id));
  if (onClick) marker.on("click", (event) => { L.DomEvent.stop(event); onClick(); });
  const circle = makeUncertainty(site.at, site.precision_m);
  return {
    site,
    marker,
    show(visible, group) {
      for (const layer of [circle, marker]) visible ? group.addLayer(layer) : group.removeLayer(layer);
    },
  };
}

const boundsOf = (sites) => L.latLngBounds(sites.map(boundsOfSite));
const boundsOfSite = (site) => L.latLng(site.at).toBounds(2 * Math.max(site.precision_m, 1000));
const colourOf = (meeting) => (meeting.phases.length === 1 ? `var(--phase-${meeting.phases[0]})` : "var(--text)");
const inColour = (meeting) => ({ className: "meeting", pane: "points", fillColor: colourOf(meeting) });

function identify(marker, id) {
  marker.getElement().dataset.id = id;
}

function sign(corners, colour) {
  const symbol = makeSymbol(corners, { class: "symbol" });
  symbol.style.fill = colour;
  return symbol;
}

function dot(colour) {
  const sample = make("span", { className: "sign south" });
  sample.style.background = colour;
  return sample;
}

function line(meeting, className) {
  const sample = make("span", { className: `sign arc-sample ${className}` });
  sample.style.borderColor = colourOf(meeting);
  return sample;
}
