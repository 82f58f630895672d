"""Partnerships or meetings as a real HTML table: sortable, readable by a screen reader, each row a link."""

from collections.abc import Sequence
from typing import Literal
from urllib.parse import urlencode

from geo.arcs import MOST_ARCS
from geo.language import Language
from ui.browser_component import declare_component, read_picked
from ui.language import current_language
from ui.loading import load_document_path, load_links, to_page_url
from ui.session import change_view, link_parameters
from ui.templating import show_template

TableName = Literal["links", "meetings"]
_KEY = "table"
# Of a table that is too long to be read, so many rows give an idea.
MOST_ROWS = 100
_table = declare_component("record_table", script="scripts/record-table.js", style="styles/record-table.css")


def show_partnership_table(positions: Sequence[int], *, selected: str | None = None) -> None:
    """Draw the links at these positions of the data set, in that order until the reader sorts them otherwise.

    Of very many only the first are drawn, and it says so.
    """
    language = current_language()
    if len(positions) > MOST_ARCS:
        message = language.gettext(
            "Die Tabelle zeigt die ersten {rows} von {total} Partnerschaften. Mit Filtern und Suche finden Sie die "
            "übrigen; in der CSV-Datei stehen alle."
        )
        rows, total = language.number(MOST_ROWS), language.number(len(positions))
        show_template("notice.html", message=message.format(rows=rows, total=total))
        positions = positions[:MOST_ROWS]
    path, numbers = load_links(positions, language)
    _show_table("links", path, numbers, selected=selected, language=language)


def show_meeting_table(positions: Sequence[int], *, selected: str | None = None) -> None:
    """Draw the meetings at these positions of the data set, in that order until the reader sorts them otherwise."""
    language = current_language()
    _show_table("meetings", load_document_path("meetings", language), positions, selected=selected, language=language)


def _show_table(
    table: TableName,
    path: str,
    positions: Sequence[int],
    *,
    selected: str | None,
    language: Language,
) -> None:
    _table(
        key=_KEY,
        data={
            "table": table,
            "document": to_page_url(path),
            "rows": list(positions),
            "selected": selected,
            "query": urlencode(link_parameters(), doseq=True),
            "locale": language.tag,
            "words": to_table_words(table, language=language),
        },
        on_picked=_take_partnership if table == "links" else _take_meeting,
    )


def to_table_words(table: TableName, *, language: Language) -> dict[str, str]:
    """Return the texts of a table that do not come with its rows."""
    _ = language.gettext
    own = {
        "links": {
            "caption": _("Die gezeigten Partnerschaften"),
            "twinned": _("Partnerschaft schon seit {year}"),
            "since": _("Seit"),
            "distance_km": _("Entfernung"),
            "confidence": _("Beleg"),
        },
        "meetings": {"caption": _("Die gezeigten Treffen"), "confidence": _("Beleg")},
    }
    return {
        **own[table],
        "sort": language.label("{title}", _("sortieren")),
        "source": _("Quelle"),
        "failure": _("Die Tabelle konnte nicht geladen werden. Bitte laden Sie die Seite neu."),
    }


def _take_partnership() -> None:
    picked = read_picked(_KEY)
    if picked:
        change_view(partnership=picked, municipality=None, by=None)


def _take_meeting() -> None:
    picked = read_picked(_KEY)
    if picked:
        change_view(meeting=picked)
