"""Views as files: how long one takes, how large it is, and what a visitor notices while another takes one along.

    python -m benchmarks.takeaway [CLICKS]

Prints for each view in both languages the seconds for its first file, the median of later ones and the size. Then
filters are clicked as in benchmarks/filter_click.py, every second time right after another visitor asked for a file.
Prints both medians and their ratio, and the time until the file had arrived.
"""

import sys
import time
from pathlib import Path
from statistics import median

import numpy as np
from playwright.sync_api import Page, expect

from benchmarks.driving import CLICK_AND_WAIT, describe, open_browser, open_page, settle
from benchmarks.filter_click import ALL, ARCS, PHASE
from geo.dataset import Dataset, read_dataset
from geo.filters import Selection
from geo.indexes import Indexes, build_indexes
from geo.language import Language
from geo.layers import ShownLinks, ShownMeetings, ShownSites
from geo.takeaway import Taken
from server.store import available_languages
from tests.serving import serve
from ui.takeaway import build_takeaway

ROOT = Path(__file__).absolute().parent.parent
ROUNDS = 9
BUTTON = ".st-key-takeaway button"
# A phase, and the arcs it shows alone; clicked on and off again.
NUMBER, ALONE = 9, 11


def to_views(indexes: Indexes) -> dict[str, Taken]:
    """Return one view of each kind, with all rows and something selected."""
    links, meetings, sites = (
        np.arange(len(index.begin)).tolist() for index in (indexes.links, indexes.meetings, indexes.sites)
    )
    return {
        "map": ShownLinks(links, partnership="wolfsburg--puebla-9", years=indexes.links.years),
        "meeting": ShownMeetings(meetings, meeting="2023-09-puebla"),
        "site": ShownSites(sites, site="puebla-valsequillo-dam"),
    }


def time_file(shown: Taken, dataset: Dataset, indexes: Indexes, *, language: Language) -> tuple[float, int]:
    """Write one file; return seconds and bytes."""
    start = time.perf_counter()
    content = build_takeaway(
        shown, dataset, indexes, title="Atlas", sentence="", selection=Selection(), language=language
    )
    return time.perf_counter() - start, len(content)


def report_files() -> None:
    """Write the files of all views several times and print time and size."""
    dataset = read_dataset(ROOT / "data")
    indexes = build_indexes(dataset)
    for code, language in available_languages().items():
        for name, shown in to_views(indexes).items():
            first, size = time_file(shown, dataset, indexes, language=language)
            later = [time_file(shown, dataset, indexes, language=language)[0] for _ in range(ROUNDS)]
            print(f"{name:8}{code:4}first {first:6.3f} s   later {median(later):6.3f} s   {size / 1e6:5.2f} MB")


def report_clicks(clicks: int) -> None:
    """Click a phase on and off, quietly and beside someone who takes a file along; print times and their ratio."""
    quiet, beside, files = [], [], []
    with serve() as url, open_browser() as atlas:
        other = open_page(atlas.context.browser)
        for page in (other, atlas):
            page.goto(url)
            expect(page.frame_locator(".st-key-map iframe").locator("path.arc")).to_have_count(ALL, timeout=30_000)
            settle(page)
        for turn in range(clicks + 4):
            condition = ARCS.format(count=ALL if turn % 2 else ALONE)
            if turn // 2 % 2:
                start = time.perf_counter()
                with other.expect_download() as waiting:
                    other.evaluate("(button) => void document.querySelector(button).click()", BUTTON)
                    beside.append(click(atlas, condition))
                waiting.value.path()
                files.append((time.perf_counter() - start) * 1000)
            else:
                quiet.append(click(atlas, condition))
            settle(atlas)
            settle(other)
    # The first file of a view and the first clicks are warming up.
    print(f"{'filter click, ms:':36}{describe(quiet[2:])}")
    print(f"{'the same while a file is made, ms:':36}{describe(beside[2:])}")
    print(f"{'ratio of the medians:':36}{median(beside[2:]) / median(quiet[2:]):.2f}")
    print(f"{'click on the button until saved, ms:':36}{describe(files)}")


def click(page: Page, condition: str) -> float:
    """Click the phase; return the milliseconds until the map shows what it should."""
    milliseconds = page.evaluate(CLICK_AND_WAIT, [PHASE.format(number=NUMBER), condition])
    assert isinstance(milliseconds, int | float)
    return float(milliseconds)


def main(clicks: int) -> None:
    """Measure and print."""
    report_files()
    report_clicks(clicks)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 42)
