"""From a click on a meeting until its map shows the arcs, against an empty Streamlit app's rerun.

    python -m benchmarks.meeting_click [CLICKS]

Clicks marks of the timeline in turn, among them the largest meeting (Essen, 22 origins). Both apps run at the same
time. Prints medians and the ratio, and the bytes on the wire per click.
"""

import sys

from playwright.sync_api import expect

from benchmarks.driving import Step, open_in_turn, report_clicks, settle

MARK = ".st-key-timeline >>> a.mark[data-id='{meeting}']"
ARCS = "document.querySelector('.st-key-map iframe').contentDocument.querySelectorAll('path.arc').length === {count}"
# Meeting, and the arcs to it: no two alike, so that the count tells which one is shown.
MEETINGS = {"2023-09-puebla": 10, "2022-11-essen": 22, "2015-03-thies": 8, "2018-11-windhoek": 9, "2021-11-berlin": 14}


def main(clicks: int) -> None:
    """Measure and print."""
    with open_in_turn("/meetings") as (atlas, empty, wire):
        frame = atlas.frame_locator(".st-key-map iframe")
        expect(frame.locator("path.meeting")).to_have_count(27, timeout=30_000)
        expect(atlas.locator(".st-key-timeline a.mark").first).to_be_attached()
        settle(atlas)
        meetings = list(MEETINGS.items())
        turns = (meetings[turn % len(meetings)] for turn in range(clicks))
        steps = [Step(MARK.format(meeting=meeting), ARCS.format(count=count)) for meeting, count in turns]
        report_clicks(atlas, empty, wire, steps, what="click on a meeting until arcs")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 42)
