"""Partnerships as a real HTML table: sortable, readable by a screen reader, each row a link."""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from server.network import to_document
from ui.language import current_language
from ui.loading import load_dataset, load_page_asset_url, to_page_url
from ui.session import change_view, link_parameters

_KEY = "table"
# The script lies under /assets, where browsers keep it; what is sent with every run is only this line.
_SCRIPT = """export default (component) => {
  import(new URL(component.data.script, document.baseURI)).then((module) => module.render(component));
};"""

_table = st.components.v2.component("atlas_record_table", html="<div></div>", js=_SCRIPT)


def show_record_table(positions: Sequence[int], *, selected: str | None = None) -> None:
    """Draw the links at these positions of the data set, in that order until the reader sorts them otherwise."""
    language = current_language()
    _ = language.gettext
    _table(
        key=_KEY,
        data={
            "script": load_page_asset_url("record-table.js"),
            "style": load_page_asset_url("record-table.css"),
            "document": to_page_url(to_document(load_dataset(), language.code)),
            "links": list(positions),
            "selected": selected,
            "query": urlencode(link_parameters(), doseq=True),
            "locale": language.code.replace("_", "-"),
            "words": {
                "caption": _("Die gezeigten Partnerschaften"),
                "sort": _("sortieren"),
                "source": _("Quelle"),
                "twinned": _("Partnerschaft schon seit {year}"),
                "north": _("Deutsche Kommune"),
                "south": _("Partnerkommune im Globalen Süden"),
                "since": _("Seit"),
                "distance_km": _("Entfernung"),
                "confidence": _("Beleg"),
            },
        },
        on_picked_change=_take_pick,
    )


def _take_pick() -> None:
    picked = st.session_state[_KEY].get("picked")
    if picked:
        change_view(partnership=picked, municipality=None)
