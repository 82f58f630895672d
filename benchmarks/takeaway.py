"""Views as files to take along: how long each takes, how large it is, and whether others notice.

    python -m benchmarks.takeaway [--rounds 20] [--clicks 42]

Prints seconds for the first file of a kind and language (its cards are written once per data set) and the median of the
next, and its size. Then two visitors use the real app: one filters, alone and with the other asking for a file at the
same moment in turn, so that a noisy machine is noisy for both. Prints the medians of the filter clicks and their ratio.
"""

import argparse
import time
from collections.abc import Callable
from statistics import median

from playwright.sync_api import expect

from benchmarks.driving import CLICK_AND_WAIT, describe, open_browser, open_page, settle
from geo.dataset import Dataset
from geo.filters import Selection
from geo.indexes import Indexes, build_indexes
from geo.language import Language
from geo.layers import ShownLinks, ShownMeetings, ShownSites
from geo.takeaway import Taken
from server.documents import build_documents
from server.store import available_languages, current_dataset
from tests.serving import serve
from ui.takeaway import build_takeaway

PHASES = {1: 9, 2: 12, 3: 8, 4: 7, 5: 5, 6: 10, 7: 11}
ARCS = "document.querySelector('.st-key-map iframe').contentDocument.querySelectorAll('path.arc').length === {count}"
BUTTON = ".st-key-takeaway button"


def to_views(dataset: Dataset, indexes: Indexes) -> dict[str, Taken]:
    """Return one view of each kind, showing everything."""
    meetings = list(range(len(dataset.meetings)))
    return {
        "partnerships": ShownLinks(list(range(len(dataset.links))), years=indexes.links.years),
        "meetings": ShownMeetings(meetings),
        "one meeting": ShownMeetings(meetings, meeting="2023-09-puebla"),
        "sites": ShownSites(list(range(len(dataset.sites)))),
    }


def time_files(rounds: int) -> None:
    """Build every kind of file in every language; print seconds and sizes."""
    build_documents()  # as the server does before its first visitor
    dataset = current_dataset()
    indexes = build_indexes(dataset)
    for code, language in available_languages().items():
        for name, shown in to_views(dataset, indexes).items():
            seconds, content = time_file(to_builder(shown, dataset, indexes, language), rounds=rounds)
            print(
                f"{name + ', ' + code:20}first {seconds[0]:6.3f} s, then median {median(seconds[1:]):6.3f} s; "
                f"{len(content) / 1e6:.2f} MB"
            )


def to_builder(shown: Taken, dataset: Dataset, indexes: Indexes, language: Language) -> Callable[[], bytes]:
    """Return what writes the file of a view without filters."""
    return lambda: build_takeaway(
        shown, dataset, indexes, title="Atlas", sentence="", selection=Selection(), language=language
    )


def time_file(build: Callable[[], bytes], *, rounds: int) -> tuple[list[float], bytes]:
    """Return the seconds of each round, and the file."""
    seconds, content = [], b""
    for _ in range(rounds):
        start = time.perf_counter()
        content = build()
        seconds.append(time.perf_counter() - start)
    return seconds, content


def time_neighbours(clicks: int) -> None:
    """Filter with and without somebody who asks for a file at that moment; print how much longer it takes."""
    times: dict[bool, list[float]] = {True: [], False: []}
    with serve() as url, open_browser() as other:
        one = open_page(other.context.browser)
        for page in (other, one):
            page.goto(url)
            expect(page.frame_locator(".st-key-map iframe").locator("path.arc")).to_have_count(80, timeout=30_000)
            settle(page)
        one.bring_to_front()
        for turn in range(2 * clicks):
            # Each phase is clicked on and off alone, then on and off beside a file.
            beside = turn // 2 % 2 == 1
            phase = list(PHASES)[turn // 4 % len(PHASES)]
            count = PHASES[phase] if turn % 2 == 0 else 80
            if beside:
                other.evaluate("(selector) => document.querySelector(selector).click()", BUTTON)
            click = [f".st-key-filter_phase button:nth-of-type({phase})", ARCS.format(count=count)]
            times[beside].append(one.evaluate(CLICK_AND_WAIT, click))
            settle(one)
            expect(other.locator(BUTTON).first).to_be_enabled()
    alone, beside_file = times[False][2:], times[True][2:]
    print(f"{'filter click, alone, ms:':36}{describe(alone)}")
    print(f"{'filter click beside a file, ms:':36}{describe(beside_file)}")
    print(f"{'ratio of the medians:':36}{median(beside_file) / median(alone):.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--clicks", type=int, default=42)
    arguments = parser.parse_args()
    time_files(arguments.rounds)
    time_neighbours(arguments.clicks)
