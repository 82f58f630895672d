"""From a key of the talk until the map rests in the next scene, against an empty Streamlit app's rerun and the glide.

    python -m benchmarks.talk_scene [ROUNDS]

Goes through all scenes and back, and clicks the empty app in turn. Prints medians of the whole time, of the glide
itself (from the map's first move to its last), and of what is left, with its ratio to the empty app's rerun.
"""

import sys
from statistics import median

from playwright.sync_api import expect

from benchmarks.driving import CLICK_AND_WAIT, EMPTY, describe, open_browser, open_page
from tests.serving import serve

SCENES = 11
# Presses a key and resolves, once the map has been at rest for three frames, with the milliseconds until it came to
# rest and those between its first and its last move.
PRESS_AND_REST = """(key) => new Promise((resolve) => {
  const map = document.querySelector(".st-key-map iframe").contentWindow.map;
  const start = performance.now();
  let first = null, last = null, quiet = 0, ended = start;
  const view = () => JSON.stringify([map.getZoom(), map.getCenter()]);
  let before = view();
  const look = () => {
    const now = performance.now(), after = view();
    if (after !== before) { first ??= now; last = now; quiet = 0; ended = now; }
    else quiet += 1;
    if (quiet === 1) ended = Math.max(ended, now);
    before = after;
    const moving = map.getContainer().classList.contains("flying");
    if (!moving && quiet >= 3) return resolve([ended - start, first === null ? 0 : last - first]);
    requestAnimationFrame(look);
  };
  document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  requestAnimationFrame(look);
})"""


def main(rounds: int) -> None:
    """Measure and print."""
    with serve() as atlas_url, serve(EMPTY) as empty_url, open_browser() as atlas:
        empty = open_page(atlas.context.browser)
        atlas.goto(f"{atlas_url}/talk")
        empty.goto(empty_url)
        expect(atlas.frame_locator(".st-key-map iframe").locator("path.arc")).to_have_count(80, timeout=60_000)
        expect(empty.locator("#count")).to_have_text("0", timeout=30_000)
        theirs, whole, glides, rest = [], [], [], []
        keys = (["PageDown"] * (SCENES - 1) + ["PageUp"] * (SCENES - 1)) * rounds
        for turn, key in enumerate(keys, start=1):
            empty.bring_to_front()
            counted = f"document.querySelector('#count')?.textContent === '{turn}'"
            theirs.append(empty.evaluate(CLICK_AND_WAIT, [".stButton button", counted]))
            atlas.bring_to_front()
            total, glide = atlas.evaluate(PRESS_AND_REST, key)
            whole.append(total)
            glides.append(glide)
            rest.append(total - glide)
    print(f"{'empty app, rerun, ms:':44}{describe(theirs[2:])}")
    print(f"{'key until the map rests, ms:':44}{describe(whole[2:])}")
    print(f"{'of it the glide, ms:':44}{describe(glides[2:])}")
    print(f"{'without the glide, ms:':44}{describe(rest[2:])}")
    print(f"{'ratio of the last to the first, medians:':44}{median(rest[2:]) / median(theirs[2:]):.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
