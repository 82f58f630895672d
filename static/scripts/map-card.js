/* The way from the map to the card beside it, which the page draws after the map, and back. */
const PATIENCE_MS = 5000; // what the page draws in answer to a click is there much sooner

/* `comeBack` puts the focus on a mark of the map. */
export function makeCard({ reducedMotion, comeBack }) {
  const { document: page } = parent;
  // What the page tells of a meeting stands under the page's own heading.
  const heading = () => page.querySelector(":is(.st-key-detail, #detail) h2") ?? page.querySelector("h1");
  let from = null; // the mark from which the card was entered by keyboard

  /* On a narrow screen the card lies below the map: bring it into view once the page has drawn it. */
  function reveal() {
    if (parent.innerWidth > 640) return;
    const behavior = reducedMotion() ? "auto" : "smooth";
    setTimeout(() => page.querySelector(".st-key-detail")?.scrollIntoView({ block: "nearest", behavior }), 400);
  }

  /* Who selects by keyboard reads on in the card. */
  function enter(mark) {
    const before = heading()?.textContent;
    from = null;
    when(() => heading() && heading().textContent !== before, () => {
      heading().tabIndex = -1;
      heading().focus();
      from = mark;
    });
  }

  /* The selection is gone: so is, once the page is drawn, the button that took it away. */
  function leave() {
    if (!from) return;
    const mark = from;
    from = null;
    when(() => page.activeElement === page.body, () => comeBack(mark));
  }

  /* Do something once the page is as it must be. */
  function when(isSo, act) {
    const observer = new MutationObserver(look);
    const giveUp = setTimeout(() => observer.disconnect(), PATIENCE_MS);
    function look() {
      if (!isSo()) return;
      observer.disconnect();
      clearTimeout(giveUp);
      act();
    }
    observer.observe(page.body, { subtree: true, childList: true, characterData: true });
    look();
  }

  return { reveal, enter, leave };
}
