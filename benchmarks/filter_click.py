"""From a click on a phase until the arcs on the map have changed, against an empty Streamlit app's rerun.

    python -m benchmarks.filter_click [CLICKS]

Both apps run at the same time and are clicked in turn, so that a noisy machine is noisy for both. Prints medians, the
ratio, the bytes on the wire per filter change, the reruns that panning and zooming cause, and whether the view stayed.
"""

import sys

from playwright.sync_api import Page, expect

from benchmarks.driving import Step, Wire, open_in_turn, report_clicks, settle

PHASE = ".st-key-filter_phase button:nth-of-type({number})"
ARCS = "document.querySelector('.st-key-map iframe').contentDocument.querySelectorAll('path.arc').length === {count}"
MAP = "document.querySelector('.st-key-map iframe').contentWindow.map"
# Phase, and the arcs it shows alone; clicked on and off again.
PHASES = {3: 8, 9: 11, 1: 9, 5: 5}
ALL = 80


def main(clicks: int) -> None:
    """Measure and print."""
    with open_in_turn("/") as (atlas, empty, wire):
        expect(atlas.frame_locator(".st-key-map iframe").locator("path.arc")).to_have_count(ALL, timeout=30_000)
        settle(atlas)
        phases = list(PHASES.items())
        steps = []
        for turn in range(clicks):
            number, alone = phases[turn // 2 % len(phases)]
            count = alone if turn % 2 == 0 else ALL
            steps.append(Step(PHASE.format(number=number), ARCS.format(count=count)))
        report_clicks(atlas, empty, wire, steps, what="filter click until arcs")
        report_moves(atlas, wire)


def report_moves(page: Page, wire: Wire) -> None:
    """Pan and zoom, then filter: count the messages sent, and compare the view before and after the filter."""
    view = "JSON.stringify([{m}.getZoom(), {m}.getCenter()])".replace("{m}", MAP)
    sent = wire.sent
    frame = page.frame_locator(".st-key-map iframe")
    box = page.locator(".st-key-map iframe").bounding_box()
    for step in range(5):
        page.mouse.move(box["x"] + 300, box["y"] + 300)
        page.mouse.down()
        page.mouse.move(box["x"] + 320 + 10 * step, box["y"] + 290, steps=4)
        page.mouse.up()
        frame.locator(".leaflet-control-zoom-in" if step % 2 == 0 else ".leaflet-control-zoom-out").click()
    # A movement begins a frame after its click.
    page.wait_for_function(f"(now => now === window.last || void (window.last = now))({view})", polling=500)
    before = page.evaluate(view)
    page.locator(PHASE.format(number=9)).click()
    expect(frame.locator("path.arc")).to_have_count(11)
    print(f"reruns caused by panning and zooming: {wire.sent - sent - 1}")
    print(f"view the same after a filter change:  {page.evaluate(view) == before}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 42)
