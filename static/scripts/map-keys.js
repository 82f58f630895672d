/* The marks of the map by keyboard. Arcs and points are one stop of the page each: arrow keys go from mark to mark in the
   order of the list, Home and End to its ends, Enter and the space bar do what a click does, Escape takes the selection
   away, plus and minus zoom. */

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/* `clear` takes the selection away. */
export function makeKeys(map, { clear }) {
  let groups = []; // { label, stops: [{ key, element, name, bounds, press, pressed, focus, blur }] }
  let focused = null; // the key of the mark that has the focus
  const entrances = new Map(); // by a group's label, the key of the mark where it is entered again
  const holders = new Set(); // elements that are named as groups
  const told = new WeakMap(); // what a screen reader has been told of each element
  const container = map.getContainer();
  container.addEventListener("keydown", onKey);
  container.addEventListener("focusin", ({ target }) => arrive(target));
  container.addEventListener("focusout", ({ target }) => leave(target));

  /* Give every mark its name and its place among the stops. */
  function update(wanted) {
    groups = wanted.filter(({ stops }) => stops.length);
    for (const holder of holders) ["role", "aria-label"].forEach((name) => holder.removeAttribute(name));
    holders.clear();
    for (const { label, stops } of groups) {
      const holder = stops[0].element.ownerSVGElement ?? stops[0].element.parentElement;
      holders.add(holder);
      holder.setAttribute("role", "group");
      holder.setAttribute("aria-label", label);
      const entrance = stops.find(({ key }) => key === entrances.get(label)) ?? stops[0];
      for (const stop of stops) describe(stop, stop === entrance);
    }
    // A mark that was drawn anew, or brought to the front, has lost the focus.
    if (focused && document.activeElement === document.body) focus(focused);
  }

  function describe({ element, name, press, pressed }, isEntrance) {
    // Most marks stay what they are; setting what is set already makes the browser look at them again.
    const tells = [name, Boolean(press), pressed, isEntrance].join();
    if (told.get(element) === tells && element.getAttribute("tabindex") === (isEntrance ? "0" : "-1")) return;
    told.set(element, tells);
    element.setAttribute("role", press ? "button" : "img");
    element.setAttribute("aria-label", name);
    element.setAttribute("tabindex", isEntrance ? "0" : "-1");
    pressed === undefined ? element.removeAttribute("aria-pressed") : element.setAttribute("aria-pressed", pressed);
  }

  function locate(element) {
    for (const group of groups) {
      const position = group.stops.findIndex((stop) => stop.element === element);
      if (position >= 0) return { group, position, stop: group.stops[position] };
    }
    return null;
  }

  function arrive(element) {
    const place = locate(element);
    if (!place) return;
    const { group, stop } = place;
    focused = stop.key;
    entrances.set(group.label, stop.key);
    for (const { element: other } of group.stops) other.setAttribute("tabindex", other === element ? "0" : "-1");
    if (!map.getBounds().intersects(stop.bounds)) map.panTo(stop.bounds.getCenter());
    stop.focus?.();
  }

  function leave(element) {
    // A mark that is taken off the map for a moment comes back and keeps the focus.
    if (element.isConnected) focused = null;
    locate(element)?.stop.blur?.();
  }

  function onKey(event) {
    const place = locate(event.target);
    if (!place || event.altKey || event.ctrlKey || event.metaKey) return;
    const { group: { stops }, position, stop } = place;
    const { key } = event;
    if (key in STEPS) stops[position + STEPS[key]]?.element.focus();
    else if (key === "Home") stops[0].element.focus();
    else if (key === "End") stops.at(-1).element.focus();
    else if (key === "Enter" || key === " ") stop.press?.();
    else if (key === "Escape") clear();
    else if (key === "+") map.zoomIn();
    else if (key === "-") map.zoomOut();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /* Put the focus on the mark with this key, if it is on the map. */
  function focus(key) {
    const stop = groups.flatMap(({ stops }) => stops).find((one) => one.key === key);
    // What had the focus may be gone, as a bundle that was opened: the keys still belong to the map.
    (stop?.element ?? container).focus({ preventScroll: true });
  }

  /* The key of the mark that was reached by keyboard; a click, too, gives the focus. */
  const reached = () => (document.activeElement.matches(":focus-visible") ? focused : null);

  return { update, focus, reached };
}
