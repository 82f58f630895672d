"""From a click on a meeting until its map shows the arcs, against an empty Streamlit app's rerun.

    python -m benchmarks.meeting_click [CLICKS]

Clicks marks of the timeline in turn, among them the largest meeting (Essen, 22 origins). Both apps run at the same
time. Prints medians and the ratio, and the bytes on the wire per click.
"""

import sys
from pathlib import Path
from statistics import median

from playwright.sync_api import expect

from benchmarks.driving import CLICK_AND_WAIT, Wire, describe, open_browser, open_page, settle
from tests.serving import serve

EMPTY = Path(__file__).parent / "empty_app.py"
MARK = ".st-key-timeline >>> a.mark[data-id='{meeting}']"
ARCS = "document.querySelector('.st-key-map iframe').contentDocument.querySelectorAll('path.arc').length === {count}"
# Meeting, and the arcs to it: no two alike, so that the count tells which one is shown.
MEETINGS = {"2023-09-puebla": 10, "2022-11-essen": 22, "2015-03-thies": 8, "2018-11-windhoek": 9, "2021-11-berlin": 14}


def main(clicks: int) -> None:
    """Measure and print."""
    with serve() as atlas_url, serve(EMPTY) as empty_url, open_browser() as atlas:
        empty = open_page(atlas.context.browser)
        wire = Wire(atlas)
        atlas.goto(f"{atlas_url}/meetings")
        empty.goto(empty_url)
        frame = atlas.frame_locator(".st-key-map iframe")
        expect(frame.locator("path.meeting")).to_have_count(27, timeout=30_000)
        expect(atlas.locator(".st-key-timeline a.mark").first).to_be_attached()
        expect(empty.locator("#count")).to_have_text("0", timeout=30_000)
        settle(atlas)
        ours, theirs, sizes = [], [], []
        for turn in range(clicks):
            meeting, count = list(MEETINGS.items())[turn % len(MEETINGS)]
            empty.bring_to_front()
            condition = f"document.querySelector('#count')?.textContent === '{turn + 1}'"
            theirs.append(empty.evaluate(CLICK_AND_WAIT, [".stButton button", condition]))
            atlas.bring_to_front()
            before = wire.bytes
            ours.append(atlas.evaluate(CLICK_AND_WAIT, [MARK.format(meeting=meeting), ARCS.format(count=count)]))
            settle(atlas)
            sizes.append(wire.bytes - before)
        warm = slice(2, None)
        print(f"empty app, rerun, ms:              {describe(theirs[warm])}")
        print(f"click on a meeting until arcs, ms: {describe(ours[warm])}")
        print(f"ratio of the medians:              {median(ours[warm]) / median(theirs[warm]):.2f}")
        print(f"bytes on the wire per click, kB:   {describe([size / 1000 for size in sizes[warm]])}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 42)
