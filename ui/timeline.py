"""Phases and meetings on an axis of time, drawn in the browser; each mark is a link to its meeting."""

from collections.abc import Sequence
from urllib.parse import urlencode

from ui.browser_component import declare_component, read_picked
from ui.language import current_language
from ui.loading import load_document_path, load_page_asset_url, to_page_url
from ui.session import change_view, link_parameters

_KEY = "timeline"
_timeline = declare_component("timeline", script="scripts/timeline.js", style="styles/timeline.css")


def show_timeline(positions: Sequence[int], *, selected: str | None) -> None:
    """Draw the meetings at these positions of the data set; the axis and the lanes are always those of all."""
    language = current_language()
    _timeline(
        key=_KEY,
        data={
            "library": load_page_asset_url("vendor/d3/d3.min.js"),
            "document": to_page_url(load_document_path("meetings", language)),
            "rows": list(positions),
            "selected": selected,
            "query": urlencode(link_parameters(), doseq=True),
            "failure": language.gettext("Die Zeitachse konnte nicht geladen werden. Bitte laden Sie die Seite neu."),
        },
        on_picked=_take_pick,
    )


def _take_pick() -> None:
    picked = read_picked(_KEY)
    if picked:
        change_view(meeting=picked)
