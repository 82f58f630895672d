"""Start the server, visit once, and see whether the map appears; again and again.

    python -m benchmarks.cold_start [STARTS]

Prints how many first visits showed every arc, and the seconds from the first request until then.
"""

import sys
import time

from playwright.sync_api import TimeoutError as PatienceOver

from benchmarks.driving import describe, open_browser
from tests.serving import serve

ALL = 80


def main(starts: int) -> None:
    """Measure and print."""
    seconds = []
    for number in range(starts):
        with serve() as url, open_browser() as page:
            begun = time.perf_counter()
            page.goto(
                url
                + (
                    "/"
                    if number % 2 == 0
                    else "/?phase=9&lang=en&phase=1&phase=2&phase=3&phase=4&phase=5&phase=6&phase=7&phase=8"
                )
            )
            try:
                page.frame_locator(".st-key-map iframe").locator("path.arc").nth(ALL - 1).wait_for(
                    state="attached", timeout=20_000
                )
            except PatienceOver:
                print(f"start {number + 1}: no map after 20 s")
                continue
            seconds.append(time.perf_counter() - begun)
    print(f"map on the first visit: {len(seconds)} of {starts}")
    if seconds:
        print(f"seconds until every arc is there: {describe(seconds)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
