"""Every table and every column as data: what may stand in a cell, what it means, what it points to.

The order of TABLES is the order in which the tables are read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandera.pandas as pa
from babel import Locale

from geo.errors import mark
from geo.language import to_date_span

# What the CLDR names beside the countries of ISO 3166-1: groups, reserved codes and "unknown".
_NOT_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
COUNTRIES = tuple(
    sorted({code for code in map(str, Locale("en").territories) if re.fullmatch("[A-Z]{2}", code)} - _NOT_COUNTRIES)
)
# Codes of ISO 3166-2:DE without the leading `DE-`, and the names as the column `region` has them.
GERMAN_STATES: Mapping[str, str] = MappingProxyType(
    {
        "BW": mark("Baden-Württemberg"),
        "BY": mark("Bayern"),
        "BE": mark("Berlin"),
        "BB": mark("Brandenburg"),
        "HB": mark("Bremen"),
        "HH": mark("Hamburg"),
        "HE": mark("Hessen"),
        "MV": mark("Mecklenburg-Vorpommern"),
        "NI": mark("Niedersachsen"),
        "NW": mark("Nordrhein-Westfalen"),
        "RP": mark("Rheinland-Pfalz"),
        "SL": mark("Saarland"),
        "SN": mark("Sachsen"),
        "ST": mark("Sachsen-Anhalt"),
        "SH": mark("Schleswig-Holstein"),
        "TH": mark("Thüringen"),
    }
)
FIRST_YEAR, LAST_YEAR = 1900, 2100
MUNICIPALITY_KINDS = ("municipality", "district")
MEETING_KINDS = (
    "kickoff_workshop",
    "results_workshop",
    "southern_network_meeting",
    "national_network_meeting",
    "anniversary",
    "other",
)
AGENDA_KINDS = ("presentation", "workshop", "excursion", "welcome", "experience_report", "update", "other")
CONFIDENCES = ("high", "medium", "low")

EMPTY = mark("Die Zelle ist leer, muss aber ausgefüllt sein.")
NOT_AN_INTEGER = mark("Hier wird eine ganze Zahl erwartet.")
NOT_A_DECIMAL = mark("Hier wird eine Zahl mit Dezimalpunkt erwartet, zum Beispiel 47.12.")
NOT_KNOWN = mark("Diese Kennung gibt es in der Tabelle {target} nicht.")
NOT_A_STATE = mark("Für Deutschland steht hier das Bundesland. Erlaubt sind: {allowed_values}.")
NOT_UTF8 = mark("Die Datei ist nicht in UTF-8 gespeichert (Excel: „CSV UTF-8 (durch Trennzeichen getrennt)“).")
NOT_READABLE = mark("Die Datei lässt sich nicht öffnen: {reason}. Ist sie noch in einem anderen Programm geöffnet?")
IN_BOTH_ROLES = mark("Diese Kommune steht auch in der Spalte north; sie kann nur auf einer Seite stehen.")
BEFORE_START = mark("Das Ende liegt vor dem Beginn.")
NO_FILE = mark("Die Datei fehlt.")
NO_COLUMN = mark("Diese Spalte fehlt.")
UNKNOWN_COLUMN = mark("Diese Spalte ist nicht vorgesehen. Erlaubt sind: {allowed_values}.")
WRONG_CELL_COUNT = mark("Die Zeile hat {found} Zellen, die Titelzeile aber {expected}.")
BROKEN_QUOTES = mark("Die Zeile lässt sich nicht lesen: Ein Anführungszeichen ist nicht geschlossen.")
NOT_UNIQUE = mark("Dieser Wert kommt mehrfach vor, muss aber eindeutig sein.")
NOT_IN_LIST = mark("Dieser Wert ist nicht vorgesehen. Erlaubt sind: {allowed_values}.")
NOT_AN_ID = mark("Kennungen bestehen aus Kleinbuchstaben, Ziffern und Bindestrichen, zum Beispiel mx-puebla.")
NOT_A_COUNTRY = mark("Hier steht das Länderkürzel nach ISO 3166-1 in zwei Großbuchstaben, zum Beispiel MX.")
NOT_A_DATE = mark("Hier steht ein Datum in der Form 2023-09-27, 2023-09 oder 2023, nicht vor 1900 und nicht nach 2100.")
NOT_A_WHOLE_PLACE = mark(
    "Ort, Land, Breite und Länge gehören zusammen: Entweder stehen alle da oder, bei einem Treffen ohne Ort, keines."
)
NOT_A_URL = mark("Hier steht eine Internetadresse, die mit http:// oder https:// beginnt.")
OUT_OF_RANGE = mark("Der Wert muss zwischen {min_value} und {max_value} liegen.")


@dataclass(frozen=True)
class Table:
    """One table: its pandera schema, and the two columns that name a row only together (`unique`)."""

    name: str
    schema: pa.DataFrameSchema
    unique: tuple[str, str] | None = None

    def kind(self, column: str) -> str:
        """Say how a column's text is converted: text, integer, decimal or list."""
        known = self.schema.columns.get(column)
        return str(known.metadata["kind"]) if known is not None else "text"

    def is_translation(self, column: str) -> bool:
        """Say whether a column holds a text of this table in one more language: `label_sw` beside `label_de`."""
        name, _, code = column.partition("_")
        return f"{name}_de" in self.schema.columns and re.fullmatch("[a-z]{2,3}(_[A-Z]{2})?", code) is not None

    def references(self) -> dict[str, tuple[str, str]]:
        """Return which columns point to which (table, column)."""
        pointers = {name: column.metadata["references"] for name, column in self.schema.columns.items()}
        return {name: target for name, target in pointers.items() if target is not None}


def is_date(value: object) -> bool:
    """Say whether a cell holds a date as `to_date_span` reads it."""
    try:
        first, _ = to_date_span(str(value))
    except ValueError:
        return False
    return FIRST_YEAR <= first.year <= LAST_YEAR


_CHECK_ID = pa.Check.str_matches(r"^[a-z0-9]+(-+[a-z0-9]+)*$", error=NOT_AN_ID)
_CHECK_URL = pa.Check.str_matches(r"^https?://[^\s/]+\S*$", error=NOT_A_URL)


def _column(
    kind: str,
    *checks: pa.Check,
    required: bool = True,
    unique: bool = False,
    references: tuple[str, str] | None = None,
) -> pa.Column:
    dtype = {"text": "string", "integer": "Int64", "decimal": "Float64", "list": object}[kind]
    metadata = {"kind": kind, "references": references}
    return pa.Column(dtype, checks=list(checks), nullable=not required, unique=unique, metadata=metadata)


def _text(*, required: bool = True) -> pa.Column:
    return _column("text", required=required)


def _identifier() -> pa.Column:
    return _column("text", _CHECK_ID, unique=True)


def _pointer(table: str, column: str = "id", *, kind: str = "text", required: bool = True) -> pa.Column:
    return _column(kind, required=required, references=(table, column))


def _choice(allowed: tuple[str, ...]) -> pa.Column:
    return _column("text", pa.Check.isin(allowed, error=NOT_IN_LIST))


def _country(*, required: bool = True) -> pa.Column:
    return _column("text", pa.Check.isin(COUNTRIES, error=NOT_A_COUNTRY), required=required)


def _number(kind: str, minimum: float, maximum: float, *, required: bool = True, unique: bool = False) -> pa.Column:
    check = pa.Check.in_range(minimum, maximum, error=OUT_OF_RANGE)
    return _column(kind, check, required=required, unique=unique)


def _year(*, required: bool = True) -> pa.Column:
    return _number("integer", FIRST_YEAR, LAST_YEAR, required=required)


def _date(*, required: bool = True) -> pa.Column:
    return _column("text", pa.Check(is_date, element_wise=True, error=NOT_A_DATE), required=required)


def _url(*, required: bool = True) -> pa.Column:
    return _column("text", _CHECK_URL, required=required)


def _latitude(*, required: bool = True) -> pa.Column:
    return _number("decimal", -90, 90, required=required)


def _longitude(*, required: bool = True) -> pa.Column:
    return _number("decimal", -180, 180, required=required)


def _precision() -> pa.Column:
    return _number("integer", 0, 500_000)


def _per_language(name: str) -> dict[str, pa.Column]:
    # German and English are the languages everything falls back to, so they must be there.
    return {f"{name}_{code}": _text(required=code in ("de", "en")) for code in ("de", "en", "es", "fr", "pt")}


def _table(name: str, columns: dict[str, pa.Column], *, unique: tuple[str, str] | None = None) -> Table:
    return Table(name, pa.DataFrameSchema(columns, name=name), unique)


TABLES: tuple[Table, ...] = (
    _table(
        "phases",
        {
            "phase": _number("integer", 1, 99, unique=True),
            "start": _date(),
            "end": _date(),
            **_per_language("focus"),
            "partnerships_reported": _number("integer", 0, 1000, required=False),
            "source_url": _url(),
        },
    ),
    _table("themes", {"id": _identifier(), **_per_language("label")}),
    _table(
        "municipalities",
        {
            "id": _identifier(),
            "name": _text(),
            "kind": _choice(MUNICIPALITY_KINDS),
            "country": _country(),
            "region": _text(),
            "latitude": _latitude(),
            "longitude": _longitude(),
            "precision_m": _precision(),
            "coordinate_source": _text(),
        },
    ),
    _table(
        "partnerships",
        {
            "id": _identifier(),
            "north": _pointer("municipalities"),
            "south": _pointer("municipalities"),
            "phase": _pointer("phases", "phase", kind="integer"),
            "since": _year(),
            "twinned_since": _year(required=False),
            "themes": _pointer("themes", kind="list", required=False),
            "source_url": _url(),
            "confidence": _choice(CONFIDENCES),
        },
    ),
    _table(
        "meetings",
        {
            "id": _identifier(),
            "start": _date(),
            "end": _date(required=False),
            **_per_language("title"),
            "kind": _choice(MEETING_KINDS),
            "phases": _pointer("phases", "phase", kind="list", required=False),
            "place": _text(required=False),
            "country": _country(required=False),
            "latitude": _latitude(required=False),
            "longitude": _longitude(required=False),
            "participants": _number("integer", 1, 100_000, required=False),
            "hosts": _text(required=False),
            "source_url": _url(),
            "confidence": _choice(CONFIDENCES),
        },
    ),
    _table(
        "sites",
        {
            "id": _identifier(),
            "meeting": _pointer("meetings"),
            **_per_language("name"),
            "name_local": _text(required=False),
            "place": _text(),
            "country": _country(),
            "latitude": _latitude(),
            "longitude": _longitude(),
            "precision_m": _precision(),
            **_per_language("feature"),
            "themes": _pointer("themes", kind="list", required=False),
            "coordinate_source": _text(),
            "source_url": _url(),
            "confidence": _choice(CONFIDENCES),
        },
    ),
    _table(
        "delegations",
        {"meeting": _pointer("meetings"), "country": _country()},
        unique=("meeting", "country"),
    ),
    _table(
        "agenda",
        {
            "meeting": _pointer("meetings"),
            "position": _number("integer", 1, 1000),
            "date": _date(required=False),
            **_per_language("title"),
            "kind": _choice(AGENDA_KINDS),
            "organisation": _text(required=False),
            "site": _pointer("sites", required=False),
            "source_url": _url(),
        },
        unique=("meeting", "position"),
    ),
)
