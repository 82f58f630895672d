/* Keeps a draft of table changes in this browser, so that a reload, a lost connection or a sign-in at another host loses
   nothing. Each tab has an entry of its own; those that closed tabs have left are handed over together. */
const HOLD_MS = 1000;
const own = () => sessionStorage;
const shared = () => localStorage;
let arrival = null; // this tab's entry, and what others have left: key -> draft
let answered = null; // the visit that has been told what was kept; after a lost connection there is a new one
let waiting = false;

export async function render({ data, setTriggerValue }) {
  const { name, draft, visit, taken, unkept } = data;
  const tellWhy = ({ name: reason }) => {
    const why = reason === "SecurityError" ? "blocked" : "full"; // not allowed, or the room for this site is used up
    if (draft && unkept !== why) setTriggerValue("picked", why);
  };
  arrival ??= arrive(name);
  let mine, left;
  try {
    ({ mine, left } = await arrival);
  } catch (error) {
    tellWhy(error);
    return;
  }
  if (answered !== visit) {
    answered = visit;
    const kept = [own().getItem(name) ?? shared().getItem(mine), ...left.values()];
    // After a lost server the page sends what it shows, which is not all that was kept: the server puts both together.
    waiting = kept.some((each) => each && each !== draft);
    if (waiting) {
      setTriggerValue("picked", kept);
      return;
    }
  }
  if (draft === null || (waiting && !taken)) return;
  try {
    keep(name, mine, draft);
  } catch (error) {
    tellWhy(error);
    return;
  }
  if (unkept) setTriggerValue("picked", "kept");
  // What others have left is in this tab's draft now. A tab that writes again after all keeps its entry.
  for (const [key, text] of left) if (shared().getItem(key) === text) shared().removeItem(key);
  left.clear();
}

async function arrive(name) {
  const prefix = `${name} tab `;
  let mine = own().getItem(prefix);
  // A copy of an open tab begins with that one's entry, and needs another.
  if (mine === null || !(await hold(mine))) {
    mine = prefix + Date.now().toString(36) + Math.random().toString(36).slice(2);
    await hold(mine);
    own().setItem(prefix, mine);
  }
  const open = navigator.locks ? (await navigator.locks.query()).held.map((lock) => lock.name) : [];
  const keys = Object.keys(shared()).filter((key) => key.startsWith(prefix) && key !== mine && !open.includes(key));
  return { mine, left: new Map(keys.map((key) => [key, shared().getItem(key)])) };
}

/* Holds an entry for as long as this tab is open; says whether no other tab does. A page that has just been left may do so
   for a moment. Without HTTPS there are no locks: then every other tab counts as closed. */
function hold(entry) {
  if (!navigator.locks) return true;
  return new Promise((resolve) => {
    const holdForGood = () => {
      resolve(true);
      return new Promise(() => {});
    };
    const giveUp = new AbortController();
    setTimeout(() => giveUp.abort(), HOLD_MS);
    navigator.locks.request(entry, { signal: giveUp.signal }, holdForGood).catch(() => resolve(false));
  });
}

function keep(name, mine, draft) {
  if (draft !== "") {
    own().setItem(name, draft);
    shared().setItem(mine, draft);
    return;
  }
  own().removeItem(name);
  shared().removeItem(mine);
}
