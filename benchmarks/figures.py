"""How long figures take, and whether making them slows another visitor.

    python -m benchmarks.figures [CLICKS]

Prints the seconds until the process that makes figures is ready, which passes while a visitor chooses in the dialog;
then those of each kind of figure in each format, as its first one and a second time; and the median of a visitor's
filter clicks without and with figures being made all the while, with the ratio of the two. Both are clicked in turn,
so that a noisy machine is noisy for both.
"""

import sys
from statistics import median
from threading import Event, Thread
from time import perf_counter

from playwright.sync_api import expect

from benchmarks.driving import CLICK_AND_WAIT, describe, open_browser, settle
from benchmarks.filter_click import ALL, ARCS, PHASE
from geo.figure_orders import FigureOrder
from geo.layers import ShownLinks, ShownMeetings, ShownSites
from server.store import available_languages, current_dataset
from server.workshop import Workshop
from tests.serving import serve


def main(clicks: int) -> None:
    """Measure and print."""
    dataset, language = current_dataset(), available_languages()["de"]
    links, meetings, sites = (list(range(len(frame))) for frame in (dataset.links, dataset.meetings, dataset.sites))
    kinds = {
        "network": FigureOrder(ShownLinks(links), "Titel", "Satz"),
        "meeting": FigureOrder(ShownMeetings(meetings, meeting="2023-09-puebla"), "Titel", "Satz"),
        "timeline": FigureOrder(ShownMeetings(meetings), "Titel", "Satz", kind="timeline"),
        "meetings": FigureOrder(ShownMeetings(meetings), "Titel", "Satz"),
        "sites": FigureOrder(ShownSites(sites), "Titel", "Satz"),
    }
    workshop = Workshop()
    try:
        start = perf_counter()
        workshop.warm_up(dataset).result()
        print(f"{'process ready, s:':36}{perf_counter() - start:11.2f}")
        for kind, plain in kinds.items():
            for file_format in ("png", "svg", "pdf"):
                order = FigureOrder(plain.shown, plain.title, plain.sentence, "a4", file_format, plain.kind)
                times = []
                for _ in range(2):
                    start = perf_counter()
                    workshop.order(order, dataset, language=language).result()
                    times.append(perf_counter() - start)
                print(f"{kind + ', ' + file_format + ', s:':36}first {times[0]:5.2f}   again {times[1]:5.2f}")
        report_clicks(workshop, kinds["network"], clicks)
    finally:
        workshop.close()


def report_clicks(workshop: Workshop, order: FigureOrder, clicks: int) -> None:
    """Click a filter in turns of ten without and with figures being made."""
    dataset, language = current_dataset(), available_languages()["de"]
    with serve() as url, open_browser() as page:
        page.goto(url)
        expect(page.frame_locator(".st-key-map iframe").locator("path.arc")).to_have_count(ALL, timeout=60_000)
        settle(page)
        alone: list[float] = []
        beside: list[float] = []
        for turn in range(clicks // 10):
            making, enough = turn % 2 == 1, Event()

            def keep_making(enough: Event = enough) -> None:
                while not enough.is_set():
                    workshop.order(order, dataset, language=language).result()

            maker = Thread(target=keep_making)
            if making:
                maker.start()
            for click in range(10):
                count = 11 if click % 2 == 0 else ALL
                milliseconds = page.evaluate(CLICK_AND_WAIT, [PHASE.format(number=9), ARCS.format(count=count)])
                settle(page)
                if turn:  # the first ten warm up
                    (beside if making else alone).append(milliseconds)
            enough.set()
            if making:
                maker.join()
        print(f"{'filter click, no figure, ms:':36}{describe(alone)}")
        print(f"{'filter click, figures made, ms:':36}{describe(beside)}")
        print(f"{'ratio of the medians:':36}{median(beside) / median(alone):.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 90)
