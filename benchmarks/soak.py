"""A long time of use: whether the server, or the map in a browser, grows.

    python -m benchmarks.soak [--minutes 30] [--visitors 3]

One tab stays open: over and over it filters the map, follows the links to meetings and to sites, filters there and
comes back. Another one is loaded anew each time. Visitors without a browser come, click five times and go. Thirty times
in the whole, the first tab is measured on the map without filters, after its garbage has been collected. What is
measured in the first fifth of the time is left out as warming up.

Prints each measurement, and then how much each figure grew from the first third of them to the last, by the medians:
the server's memory (resident set), the memory of the tab's scripts, the nodes that the tab holds, shown or not, the
elements in the map's frame, and the layers of the map. Last come the errors in the tabs and of the visitors.
"""

import argparse
import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from statistics import median
from threading import Event, Thread
from time import perf_counter

from playwright.sync_api import CDPSession, FrameLocator, Page, expect

from benchmarks.driving import open_browser, open_page, settle
from benchmarks.filter_click import ALL, PHASE, PHASES
from benchmarks.processes import read_resident_mb
from benchmarks.visitors import FAILURES, AtlasVisitor
from tests.serving import start_server

MEASUREMENTS = 30
WARM_UP = 1 / 5
PATIENCE_MS = 60_000
CLICKS, PAUSE_SECONDS = 5, 1.0
FRAME = ".st-key-map iframe"
MEETINGS = 27
# What the second tab opens in turn.
ADDRESSES = ("/", "/meetings", "/?phase=9", "/sites", "/partnerships", "/talk")
IN_FRAME = "() => [document.getElementsByTagName('*').length, Object.keys(map._layers).length]"
FIGURES = ("server, MB", "scripts of the tab, MB", "nodes held", "elements of the map", "layers of the map")


def use(tab: Page) -> None:
    """Filter the map, look at meetings and sites by way of the navigation, and come back to the map as it was."""
    for phase, alone in PHASES.items():
        for count in (alone, ALL):
            click_phase(tab, phase)
            expect(in_map(tab).locator("path.arc")).to_have_count(count)
    follow(tab, "Treffen")
    meetings = in_map(tab).locator("path.meeting")
    expect(meetings).to_have_count(MEETINGS)
    click_phase(tab, 9)
    expect(meetings).not_to_have_count(MEETINGS)
    click_phase(tab, 9)
    expect(meetings).to_have_count(MEETINGS)
    follow(tab, "Exkursionsorte")
    expect(in_map(tab).locator(".gathering").first).to_be_attached()
    follow(tab, "Karte")
    expect(in_map(tab).locator("path.arc")).to_have_count(ALL)
    settle(tab)


def click_phase(tab: Page, phase: int) -> None:
    """Choose a phase or take it back, once the page rests: while it is being drawn, a click may be lost."""
    settle(tab)
    tab.locator(PHASE.format(number=phase)).click()


def follow(tab: Page, title: str) -> None:
    """Go to another page by its link."""
    settle(tab)
    tab.locator(".st-key-navigation").get_by_role("link", name=title, exact=True).click()


def in_map(tab: Page) -> FrameLocator:
    """Return the map's frame."""
    return tab.frame_locator(FRAME)


def load_anew(tab: Page, address: str) -> None:
    """Load a page as somebody does who comes for the first time, up to its last part."""
    tab.goto(address)
    expect(tab.locator(".st-key-footer")).to_be_attached()
    settle(tab)


def measure(tab: Page, inspector: CDPSession, *, server: int) -> tuple[float, ...]:
    """Return what FIGURES names, with the tab on the map without filters."""
    # What one collection frees may be all that held something else.
    for _ in range(3):
        inspector.send("HeapProfiler.collectGarbage")
    heap = inspector.send("Runtime.getHeapUsage")["usedSize"]
    nodes = inspector.send("Memory.getDOMCounters")["nodes"]
    # Not by a handle of the frame, which would keep it, and all that it held, after it has gone.
    return read_resident_mb(server), heap / 1e6, nodes, *in_map(tab).locator(":root").evaluate(IN_FRAME)


@contextmanager
def visitors_coming(url: str, count: int) -> Iterator[list[str]]:
    """Have so many visitors there at any time until the block ends; yields what goes wrong for them."""
    errors: list[str] = []
    enough = Event()

    async def keep_coming(number: int) -> None:
        luck = Random(number)
        while not enough.is_set():
            try:
                async with AtlasVisitor.connect(url, luck=luck) as visitor:
                    await visitor.open_page()
                    for _ in range(CLICKS):
                        await asyncio.sleep(PAUSE_SECONDS)
                        await visitor.click()
                    errors.extend(visitor.errors)
            except FAILURES as error:
                errors.append(repr(error))
                await asyncio.sleep(PAUSE_SECONDS)

    async def keep_all_coming() -> None:
        await asyncio.gather(*(keep_coming(number) for number in range(count)))

    thread = Thread(target=asyncio.run, args=(keep_all_coming(),))
    thread.start()
    try:
        yield errors
    finally:
        enough.set()
        thread.join()


def print_measurement(minutes: float, figures: tuple[float, ...]) -> None:
    """Print one measurement in a line."""
    told = "   ".join(f"{name} {figure:.1f}" for name, figure in zip(FIGURES, figures, strict=True))
    print(f"minute {minutes:5.1f}   {told}", flush=True)


def print_growth(measured: list[tuple[float, ...]]) -> None:
    """Print how much each figure grew from the first third of the measurements to the last."""
    third = max(1, len(measured) // 3)
    for name, values in zip(FIGURES, zip(*measured, strict=True), strict=True):
        first, last = median(values[:third]), median(values[-third:])
        print(f"{name + ':':32}{first:9.1f} to {last:9.1f}   {(last / first - 1):+8.2%}")


def main(minutes: float, visitors: int) -> None:
    """Use, measure and print."""
    expect.set_options(timeout=PATIENCE_MS)
    with start_server() as server, open_browser() as tab, visitors_coming(server.url, visitors) as errors:
        other = open_page(tab.context.browser)
        for page in (tab, other):
            page.set_default_timeout(PATIENCE_MS)
            page.on("pageerror", lambda error: errors.append(str(error)))
        inspector = tab.context.new_cdp_session(tab)
        inspector.send("HeapProfiler.enable")
        load_anew(tab, server.url)
        measured: list[tuple[float, ...]] = []
        begun, rounds, due = perf_counter(), 0, 0.0
        while (passed := (perf_counter() - begun) / 60) < minutes:
            other.bring_to_front()
            load_anew(other, server.url + ADDRESSES[rounds % len(ADDRESSES)])
            tab.bring_to_front()
            use(tab)
            rounds += 1
            if passed >= due:
                due = passed + minutes / MEASUREMENTS
                figures = measure(tab, inspector, server=server.process)
                print_measurement(passed, figures)
                if passed >= minutes * WARM_UP:
                    measured.append(figures)
    print(f"rounds: {rounds}; measurements after the warm-up: {len(measured)}")
    print_growth(measured)
    print(f"errors: {len(errors)}")
    for error in list(dict.fromkeys(errors))[:5]:
        print(f"    {error}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--visitors", type=int, default=3)
    arguments = parser.parse_args()
    main(arguments.minutes, arguments.visitors)
