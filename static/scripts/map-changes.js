/* What a change of the tables would move: places as they are now, as they would be, and the way between. */
import { make } from "./make.js";
import { LABEL, makeLabel, toStop } from "./map-shapes.js";

const ALONE_KM = 30; // how much of its surroundings a single place is shown with

export function makeChanges({ map }, content) {
  const { words } = content;
  const parts = L.layerGroup().addTo(map);
  let moves = [], stops = [];

  function update(message) {
    [moves, stops] = [message.moves, []];
    parts.clearLayers();
    for (const { name, before, after } of moves) {
      if (before && after) parts.addLayer(L.polyline([before, after], { className: "way", pane: "arcs", interactive: false }));
      if (before) addPoint(before, "before", [name, words.point_before]);
      if (after) addPoint(after, "after", [name, words.point_after]);
    }
  }

  function addPoint(at, state, label) {
    const marker = L.circleMarker(at, { radius: 7, className: `point ${state}`, pane: "points" }).bindTooltip(() => makeLabel(label), LABEL);
    parts.addLayer(marker);
    stops.push(toStop(marker, { key: label.join(", "), name: label.join(", ") }));
  }

  const points = () => moves.flatMap(({ before, after }) => [before, after].filter(Boolean));
  const bounds = () => L.latLngBounds(points().flatMap((at) => {
    const around = L.latLng(at).toBounds(ALONE_KM * 1000);
    return [around.getSouthWest(), around.getNorthEast()];
  }));

  return {
    update,
    size() {},
    nothing: null,
    isSelected: () => false,
    target: () => ({ key: `changes ${points().join(" ")}`, bounds: bounds() }),
    views: () => [
      { label: words.all_changes, bounds: bounds() },
      { label: words.world, bounds: L.latLngBounds(content.views.world ?? []) },
    ],
    legend: () => [
      [make("span", { className: "sign point before" }), words.point_before],
      [make("span", { className: "sign point after" }), words.point_after],
    ],
    names: () => moves.map(({ name, before, after }) => ({ at: after ?? before, name })),
    centres: () => [],
    stops: () => [{ label: words.changes_map, stops }],
    clear: () => parts.remove(),
  };
}
