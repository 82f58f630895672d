"""Find a place by its name and put its coordinates into a row."""

import re
import unicodedata
from functools import partial
from typing import Any

import streamlit as st

from geo.gazetteer import PRECISION_M, read_gazetteer
from geo.language import Language, to_search_forms
from geo.schema import COUNTRIES, Table
from geo.tables import FIRST_LINE
from ui.language import current_language
from ui.templating import to_plain_label
from ui.upkeep.actions import do_later
from ui.upkeep.draft import Draft, current_draft, edit_table, to_key
from ui.upkeep.labels import to_row_labels

_NEW_ROW = -1


def show_finder(table: Table, draft: Draft) -> None:
    """Look a place up by its name and put its coordinates into a row."""
    if "latitude" not in table.schema.columns:
        return
    language = current_language()
    _ = language.gettext
    text = draft.after[table.name]
    with st.expander(_("Koordinaten eines Ortes finden"), icon=":material/search:"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            query = st.text_input(
                _("Ortsname in lateinischer Schrift, in jeder Sprache"), key="finder_query", max_chars=100
            )
            countries = {code: language.country(code) for code in COUNTRIES}
            country = st.selectbox(
                _("Land"),
                sorted(countries, key=lambda code: to_search_forms(countries[code])),
                format_func=countries.__getitem__,
                index=None,
                placeholder=_("alle Länder"),
                key="finder_country",
            )
        if not query.strip():
            return
        with st.spinner(_("Das Ortsverzeichnis wird geladen …")):
            gazetteer = read_gazetteer()
        found = gazetteer.search(query, country=country)
        if found.empty:
            st.text(_("Im Verzeichnis steht dieser Name nicht."))
            st.caption(
                _(
                    "Es kennt Orte ab 500 Einwohnenden und Namen in lateinischer Schrift: Peking oder Beijing, "
                    "nicht 北京."
                )
            )
            return
        place = st.radio(
            _("Gefundene Orte"),
            list(found.index),
            format_func=lambda row: _describe_place(found.loc[row], language=language),
            key="finder_place",
        )
        labels = to_row_labels(table.name, text, language=language)
        rows = {_NEW_ROW: _("Neue Zeile anlegen")} | {
            row: _("Zeile {line}: {label}").format(line=row + FIRST_LINE, label=label)
            for row, label in zip(text.index.tolist(), labels, strict=True)
        }
        row = st.selectbox(_("Wohin mit den Koordinaten?"), list(rows), format_func=rows.__getitem__, key="finder_row")
        st.button(
            _("Übernehmen"),
            on_click=do_later,
            args=(partial(_take_place, table, found.loc[place].to_dict(), row, to_key(text, row, table=table)),),
            key="finder_take",
            icon=":material/add_location_alt:",
        )
        st.caption(_("Ortsverzeichnis: GeoNames (CC BY 4.0)."))


def _describe_place(place: Any, *, language: Language) -> str:
    inhabitants = language.gettext("{count} Einwohnende").format(count=language.number(place["population"]))
    point = f"{language.degrees(place['latitude'])} / {language.degrees(place['longitude'])}"
    return to_plain_label(f"{place['name']}, {language.country(place['country'])} – {point} – {inhabitants}")


def _take_place(table: Table, place: dict[str, object], row: int, key: tuple[str, ...] | None) -> None:
    """Put a place into the row with this index and key, or into a new one; a row that is another by now is left."""
    text = current_draft().after[table.name]
    if to_key(text, row, table=table) != key:
        return
    cells = {
        "latitude": str(place["latitude"]),
        "longitude": str(place["longitude"]),
        "country": str(place["country"]),
        "coordinate_source": str(place["source"]),
        "precision_m": str(PRECISION_M),
    }
    if row == _NEW_ROW:
        if table.name == "municipalities":
            cells["kind"] = "municipality"
            cells["id"] = to_identifier(str(place["country"]), str(place["name"]))
        cells["name" if table.name == "municipalities" else "place"] = str(place["name"])
        row = max(text.index, default=-1) + 1
    known = {name: cell for name, cell in cells.items() if name in text.columns}
    edited = text.reindex(text.index.union([row]))
    edited.loc[row, list(known)] = list(known.values())
    edit_table(table.name, edited)


def to_identifier(country: str, name: str) -> str:
    """Propose the id of a municipality: `mx-puebla`."""
    plain = unicodedata.normalize("NFKD", to_search_forms(name)[0])
    return f"{country.lower()}-{re.sub('[^a-z0-9]+', '-', plain).strip('-')}"
