/* Keeps a draft of table changes in this browser, so that a reload, a lost connection or a sign-in at another host loses
   nothing. This tab's own draft comes first; one left by another tab is found when this one has none. */
const own = () => sessionStorage;
const shared = () => localStorage;
let answered = null; // the visit that has been told what was kept; after a lost connection there is a new one

export function render({ data, setTriggerValue }) {
  const { name, draft, visit } = data;
  if (answered !== visit) {
    answered = visit;
    const kept = own().getItem(name) ?? shared().getItem(name);
    // After a lost server the page sends what it shows, which is not all that was kept: the server puts both together.
    if (kept && kept !== draft) {
      setTriggerValue("picked", kept);
      return;
    }
  }
  if (draft === null) return;
  try {
    keep(name, draft);
  } catch (error) {
    setTriggerValue("picked", "full"); // the browser's room for this site is used up
  }
}

function keep(name, draft) {
  const before = own().getItem(name);
  if (draft !== "") {
    own().setItem(name, draft);
    shared().setItem(name, draft);
    return;
  }
  own().removeItem(name);
  if (shared().getItem(name) === before) shared().removeItem(name);
}
