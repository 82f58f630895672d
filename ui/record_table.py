"""Partnerships or meetings as a real HTML table: sortable, readable by a screen reader, each row a link."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from geo.language import Language
from geo.layers import DocumentName
from ui.browser_component import declare_component
from ui.language import current_language
from ui.loading import load_document_path, to_page_url
from ui.session import change_view, link_parameters

_KEY = "table"
_table = declare_component("record_table", script="scripts/record-table.js", style="styles/record-table.css")


def show_partnership_table(positions: Sequence[int], *, selected: str | None = None) -> None:
    """Draw the links at these positions of the data set, in that order until the reader sorts them otherwise."""
    language = current_language()
    _ = language.gettext
    words = {
        "caption": _("Die gezeigten Partnerschaften"),
        "twinned": _("Partnerschaft schon seit {year}"),
        "since": _("Seit"),
        "distance_km": _("Entfernung"),
        "confidence": _("Beleg"),
    }
    _show_table("links", "network", positions, selected=selected, words=words, language=language)


def show_meeting_table(positions: Sequence[int], *, selected: str | None = None) -> None:
    """Draw the meetings at these positions of the data set, in that order until the reader sorts them otherwise."""
    language = current_language()
    words = {"caption": language.gettext("Die gezeigten Treffen"), "confidence": language.gettext("Beleg")}
    _show_table("meetings", "meetings", positions, selected=selected, words=words, language=language)


def _show_table(
    table: str,
    document: DocumentName,
    positions: Sequence[int],
    *,
    selected: str | None,
    words: Mapping[str, str],
    language: Language,
) -> None:
    _ = language.gettext
    _table(
        key=_KEY,
        data={
            "table": table,
            "document": to_page_url(load_document_path(document, language)),
            "rows": list(positions),
            "selected": selected,
            "query": urlencode(link_parameters(), doseq=True),
            "locale": language.code.replace("_", "-"),
            "words": {
                **words,
                "sort": _("sortieren"),
                "source": _("Quelle"),
                "failure": _("Die Tabelle konnte nicht geladen werden. Bitte laden Sie die Seite neu."),
            },
        },
        on_picked=_take_partnership if table == "links" else _take_meeting,
    )


def _take_partnership() -> None:
    picked = st.session_state[_KEY].get("picked")
    if picked:
        change_view(partnership=picked, municipality=None)


def _take_meeting() -> None:
    picked = st.session_state[_KEY].get("picked")
    if picked:
        change_view(meeting=picked)
