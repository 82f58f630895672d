/* What is seen while the map glides. Leaflet stretches its last picture until the end of a flight: coming back from a
   town, the land would be a speck in an empty sea. Here all is drawn anew on the way, the land with fewer points. */
const STEP = 0.25; // zoom levels from one drawing to the next
const COARSE_DEGREES = 0.25;
const whenIdle = window.requestIdleCallback ?? ((run) => setTimeout(run, 200));

export function makeFlight(map, base) {
  const container = map.getContainer();
  let ready = false;
  let drawnAt = 0;

  base.then((shapes) => whenIdle(() => drawCoarse(shapes)), () => {});
  map.on("zoom", () => flying() && Math.abs(map.getZoom() - drawnAt) >= STEP && redraw());
  map.on("moveend", () => container.classList.remove("flying"));

  const flying = () => container.classList.contains("flying");

  /* Take off; the next end of a movement is the landing. */
  function takeOff() {
    if (!ready) return;
    container.classList.add("flying");
    redraw();
  }

  function redraw() {
    drawnAt = map.getZoom();
    map.eachLayer((layer) => layer instanceof L.Renderer && layer.options.pane !== "land" && layer._reset());
  }

  function drawCoarse(shapes) {
    const renderer = L.svg({ pane: "coarse", padding: 0.5 });
    for (const { geometry } of shapes.features) {
      const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
      for (const [outline] of polygons) {
        const ring = L.LineUtil.simplify(outline.map(([x, y]) => L.point(x, y)), COARSE_DEGREES);
        if (ring.length < 4) continue;
        L.polygon(ring.map(({ x, y }) => [y, x]), { className: "land", interactive: false, pane: "coarse", renderer }).addTo(map);
      }
    }
    ready = true;
  }

  return { takeOff };
}
