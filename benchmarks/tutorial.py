"""The tutorial app while it is measured: served, and driven in a browser of its own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter

import pandas as pd
from playwright.sync_api import Browser, Error

from benchmarks.driving import Step, find_reason, launch, open_page, settle, time_click, time_visit
from benchmarks.foreign_hosts import answer_foreign_hosts
from benchmarks.processes import read_resident_mb
from tests.serving import start_server

APP = Path(__file__).parent / "tutorial_app.py"
PHASE = ".st-key-phase button:nth-of-type({number})"
# The app's frame is a new one after each filter, and empty at first: only all lines and markers count as the map.
DRAWN = """[...document.querySelectorAll("iframe[title='streamlit_folium.st_folium']")].some((frame) => {{
  const count = (selector) => frame.contentDocument?.querySelectorAll(selector).length;
  return count("path.leaflet-interactive") === {rows} && count("img.leaflet-marker-icon") === 2 * {rows};
}})"""
# st_folium tells the view of a new map, for which the app runs once more; it waits a quarter of a second before.
ECHO_MILLISECONDS = 600
# It is clicked no longer than that: with large tables a few clicks tell enough.
ENOUGH_SECONDS = 60


class Tutorial:
    """The tutorial app on the tables of a folder. Once it fails, it is stopped, and `failure` says why.

    `figures`: milliseconds of the very first visit until the map is there, and the server's memory after it. `clicks`:
    milliseconds of each filter click until the map shows the rows of the filter, and nothing else.
    """

    def __init__(self, browser: Browser, folder: Path, *, patience: float) -> None:
        self.figures: dict[str, float | None] = {}
        self.clicks: list[float] = []
        self.failure: str | None = None
        self._browser = browser
        self._folder = folder
        self._patience = patience
        self._rows = pd.read_csv(folder / "partnerships.csv")["phase"].value_counts()
        self._seconds = 0.0
        self._running = ExitStack()

    def __enter__(self) -> "Tutorial":
        """Start server and browser, and visit."""
        server = self._running.enter_context(start_server(APP, environment={"ATLAS_DATA": str(self._folder)}))
        self._page = open_page(self._running.enter_context(launch(self._browser.browser_type)))
        self._page.set_default_timeout(self._patience * 1000)
        answer_foreign_hosts(self._page)
        with self._failing():
            drawn = DRAWN.format(rows=self._rows.sum())
            self.figures["tutorial_map_ms"] = time_visit(self._page, server.url, drawn)
            self._rest()
            self.figures["tutorial_memory_mb"] = read_resident_mb(server.process)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop both."""
        self._running.close()

    def click(self, phase: int, *, alone: bool) -> bool:
        """Click a phase, after which it is shown alone, or with all others; say whether that was done.

        It is not once the app has failed or has been clicked for long enough.
        """
        if self.failure or self._seconds > ENOUGH_SECONDS:
            return False
        begun = perf_counter()
        rows = self._rows[phase] if alone else self._rows.sum()
        with self._failing():
            self.clicks.append(time_click(self._page, Step(PHASE.format(number=phase), DRAWN.format(rows=rows))))
            self._rest()
        self._seconds += perf_counter() - begun
        return self.failure is None

    def _rest(self) -> None:
        settle(self._page)
        self._page.wait_for_timeout(ECHO_MILLISECONDS)
        settle(self._page)

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except Error as error:
            self.failure = find_reason(self._page, error, patience=self._patience)
            self._running.close()
