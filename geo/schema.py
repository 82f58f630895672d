"""Every table and every column as data: what may stand in a cell, what it means, what it points to.

The order of TABLES is the order in which the tables are read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import urlsplit

import pandera.pandas as pa
from babel import Locale

from geo import problems
from geo.errors import mark
from geo.language import PROJECT_LANGUAGES, Language, to_date_span

# What the CLDR names beside the countries of ISO 3166-1: groups, reserved codes and "unknown". XK (Kosovo) is not in
# the standard either, but widely used, and on the base map.
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
MUNICIPALITY_KIND_LABELS = {
    "municipality": mark("Stadt oder Gemeinde"),
    "district": mark("Kreis oder Bezirk"),
}
MEETING_KIND_LABELS = {
    "kickoff_workshop": mark("Auftaktworkshop"),
    "results_workshop": mark("Ergebnisworkshop"),
    "southern_network_meeting": mark("Netzwerktreffen der Südpartner"),
    "national_network_meeting": mark("Netzwerktreffen der deutschen Kommunen"),
    "anniversary": mark("Jubiläum"),
    "other": mark("Weiteres Treffen"),
}
AGENDA_KIND_LABELS = {
    "presentation": mark("Vortrag"),
    "workshop": mark("Arbeitsgruppe"),
    "excursion": mark("Exkursion"),
    "welcome": mark("Begrüßung"),
    "experience_report": mark("Erfahrungsbericht"),
    "update": mark("Neues aus dem Projekt"),
    "other": mark("Weiterer Programmpunkt"),
}
SCENE_VIEW_LABELS = {
    "world": mark("Welt"),
    "north": mark("Deutschland"),
    "south": mark("Globaler Süden"),
    "all": mark("Alles, was die Szene zeigt"),
    "near": mark("Aus der Nähe"),
}
# Of meetings and sites, where there is no pair to be sure of.
ENTRY_CONFIDENCE_LABELS = {
    "high": mark("belegt"),
    "medium": mark("zum Teil erschlossen"),
    "low": mark("unsicher"),
}

Kind = Literal["text", "integer", "decimal", "date", "list"]
_DTYPES = {"text": "string", "integer": "Int64", "decimal": "Float64", "date": "string", "list": object}


@dataclass(frozen=True)
class About:
    """What a column is called in German (also its title in files for Excel), what it means, its unit, an example."""

    title: str
    meaning: str
    example: str
    unit: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """One table: its pandera schema, what it is called and holds, and the columns that name a row (`key`).

    The atlas does without an `extra` table: where its file is missing it is empty, and a row of it that points to
    nothing is passed over.
    """

    name: str
    title: str
    holds: str
    schema: pa.DataFrameSchema
    key: tuple[str, ...]
    extra: bool = False

    def kind(self, column: str) -> Kind:
        """Say how a column's text is read; a text in one more language is a text."""
        known: Kind = self.schema.columns[column].metadata["kind"] if column in self.schema.columns else "text"
        return known

    def about(self, column: str) -> About:
        """Describe a column of the schema, or one that holds a text in one more language."""
        known = column if column in self.schema.columns else f"{column.partition('_')[0]}_de"
        about: About = self.schema.columns[known].metadata["about"]
        return about

    def to_title(self, column: str, language: Language) -> str:
        """Name a column in a reader's language: `Breitengrad`, `Titel (Französisch)`."""
        code = column.partition("_")[2]
        title = language.gettext(self.about(column).title)
        return f"{title} ({language.language(code)})" if self.is_translation(column) else title

    def is_translation(self, column: str) -> bool:
        """Say whether a column holds a text that is kept per language: `label_de`, `label_sw`."""
        name, _, code = column.partition("_")
        return f"{name}_de" in self.schema.columns and re.fullmatch("[a-z]{2,3}(_[A-Z]{2})?", code) is not None

    def choices(self, column: str) -> tuple[str, ...]:
        """Return the values a column is chosen from; none for a column that is written freely."""
        known = self.schema.columns.get(column)
        return () if known is None else tuple(known.metadata["choices"])

    def labels(self, column: str) -> Mapping[str, str]:
        """Return what the values that a column is chosen from are called in German, where they have a name."""
        known = self.schema.columns.get(column)
        labels: Mapping[str, str] = {} if known is None else known.metadata["labels"]
        return labels

    @cached_property
    def references(self) -> dict[str, tuple[str, str]]:
        """Which columns point to which (table, column)."""
        pointers = {name: column.metadata["references"] for name, column in self.schema.columns.items()}
        return {name: target for name, target in pointers.items() if target is not None}


def is_date(value: object) -> bool:
    """Say whether a cell holds a date as `to_date_span` reads it."""
    try:
        first, _ = to_date_span(str(value))
    except ValueError:
        return False
    return FIRST_YEAR <= first.year <= LAST_YEAR


def is_url(value: object) -> bool:
    """Say whether a cell holds one whole address: http or https, a host with a dot, and no blanks."""
    try:
        parts = urlsplit(str(value))
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    named = re.fullmatch(r"([\w-]+\.)+[\w-]{2,}", host) is not None
    return parts.scheme in ("http", "https") and named and not re.search(r"[\s<>\"\\]|[,;]https?://", str(value))


_CHECK_ID = pa.Check.str_matches(r"^[a-z0-9]+(-+[a-z0-9]+)*$", error=problems.NOT_AN_ID.name)
_CHECK_URL = pa.Check(is_url, element_wise=True, error=problems.NOT_A_URL.name)
_CHECK_DATE = pa.Check(is_date, element_wise=True, error=problems.NOT_A_DATE.name)


def _column(
    kind: Kind,
    about: About,
    *checks: pa.Check,
    required: bool = True,
    unique: bool = False,
    references: tuple[str, str] | None = None,
    choices: tuple[str, ...] = (),
    labels: Mapping[str, str] | None = None,
) -> pa.Column:
    metadata: dict[str, Any] = {
        "kind": kind,
        "about": about,
        "references": references,
        "choices": choices,
        "labels": dict(labels or {}),
    }
    return pa.Column(_DTYPES[kind], checks=list(checks), nullable=not required, unique=unique, metadata=metadata)


def _text(about: About, *, required: bool = True) -> pa.Column:
    return _column("text", about, required=required)


def _identifier(example: str) -> pa.Column:
    about = About(mark("Kennung"), mark("eindeutiger Name der Zeile; andere Tabellen zeigen darauf"), example)
    return _column("text", about, _CHECK_ID, unique=True)


def _pointer(about: About, table: str, column: str = "id", *, kind: Kind = "text", required: bool = True) -> pa.Column:
    return _column(kind, about, required=required, references=(table, column))


def _choice(about: About, labels: Mapping[str, str], *, required: bool = True) -> pa.Column:
    check = pa.Check.isin(tuple(labels), error=problems.NOT_IN_LIST.name)
    return _column("text", about, check, required=required, choices=tuple(labels), labels=labels)


def _number(
    kind: Kind, about: About, minimum: float, maximum: float, *, required: bool = True, unique: bool = False
) -> pa.Column:
    check = pa.Check.in_range(minimum, maximum, error=problems.OUT_OF_RANGE.name)
    return _column(kind, about, check, required=required, unique=unique)


def _year(about: About, *, required: bool = True) -> pa.Column:
    return _number("integer", about, FIRST_YEAR, LAST_YEAR, required=required)


def _date(about: About, *, required: bool = True) -> pa.Column:
    return _column("date", about, _CHECK_DATE, required=required)


def _url() -> pa.Column:
    about = About(
        mark("Quelle"), mark("Internetseite, auf der die Angaben der Zeile stehen"), "https://www.lag21.de/aktuelles/"
    )
    return _column("text", about, _CHECK_URL)


def _country(*, required: bool = True) -> pa.Column:
    about = About(mark("Land"), mark("Länderkürzel nach ISO 3166-1; NA ist Namibia"), "MX")
    check = pa.Check.isin(COUNTRIES, error=problems.NOT_A_COUNTRY.name)
    return _column("text", about, check, required=required, choices=COUNTRIES)


def _point(*, required: bool = True) -> dict[str, pa.Column]:
    degrees = mark("Dezimalgrad")
    latitude = About(mark("Breitengrad"), mark("geographische Breite (WGS 84), im Süden negativ"), "19.04778", degrees)
    longitude = About(mark("Längengrad"), mark("geographische Länge (WGS 84), im Westen negativ"), "-98.20723", degrees)
    return {
        "latitude": _number("decimal", latitude, -90, 90, required=required),
        "longitude": _number("decimal", longitude, -180, 180, required=required),
    }


def _precision() -> pa.Column:
    about = About(
        mark("Genauigkeit"), mark("wie weit der wahre Ort vom Punkt entfernt sein kann"), "1000", mark("Meter")
    )
    return _number("integer", about, 0, 500_000)


def _coordinate_source() -> pa.Column:
    about = About(
        mark("Quelle der Koordinaten"),
        mark("Nummer bei GeoNames, Internetseite oder approximate (geschätzt)"),
        "GeoNames 3521081 (Puebla)",
    )
    return _text(about)


def _confidence() -> pa.Column:
    about = About(
        mark("Sicherheit"),
        mark("high: so in der Quelle; medium: zum Teil erschlossen; low: unsicher"),
        "high",
    )
    return _choice(about, ENTRY_CONFIDENCE_LABELS)


def _themes() -> pa.Column:
    about = About(mark("Themen"), mark("Kennungen aus der Tabelle Themen, durch Semikolon getrennt"), "water;waste")
    return _pointer(about, "themes", kind="list", required=False)


def _per_language(name: str, about: About) -> dict[str, pa.Column]:
    # German and English are the languages everything falls back to, so they must be there.
    return {f"{name}_{code}": _text(about, required=code in ("de", "en")) for code in PROJECT_LANGUAGES}


def _table(
    name: str,
    title: str,
    holds: str,
    columns: dict[str, pa.Column],
    *,
    key: tuple[str, ...] = ("id",),
    extra: bool = False,
) -> Table:
    return Table(name, title, holds, pa.DataFrameSchema(columns, name=name), key, extra)


TABLES: tuple[Table, ...] = (
    _table(
        "phases",
        mark("Phasen"),
        mark("Projektphasen"),
        {
            "phase": _number("integer", About(mark("Phase"), mark("Nummer der Projektphase"), "9"), 1, 99, unique=True),
            "start": _date(About(mark("Beginn"), mark("erster Tag, Monat oder erstes Jahr"), "2022-11")),
            "end": _date(About(mark("Ende"), mark("letzter Tag, Monat oder letztes Jahr"), "2024-09")),
            **_per_language(
                "focus", About(mark("Schwerpunkt"), mark("Weltregion oder Länder der Phase"), "Lateinamerika")
            ),
            "partnerships_reported": _number(
                "integer",
                About(
                    mark("Gemeldete Partnerschaften"),
                    mark("wie viele Partnerschaften das Projekt für die Phase nennt"),
                    "11",
                    mark("Anzahl"),
                ),
                0,
                1000,
                required=False,
            ),
            "source_url": _url(),
        },
        key=("phase",),
    ),
    _table(
        "themes",
        mark("Themen"),
        mark("Themen, die Partnerschaften und Exkursionsorte haben können"),
        {
            "id": _identifier("water"),
            **_per_language("label", About(mark("Bezeichnung"), mark("wie das Thema heißt"), "Wasser")),
        },
    ),
    _table(
        "municipalities",
        mark("Kommunen"),
        mark("Städte, Gemeinden und Kreise mit einer Klimapartnerschaft, auch einer früheren"),
        {
            "id": _identifier("mx-puebla"),
            "name": _text(About(mark("Name"), mark("Name, wie er vor Ort geschrieben wird"), "Puebla")),
            "kind": _choice(
                About(
                    mark("Art"), mark("municipality: Stadt oder Gemeinde; district: Kreis oder Bezirk"), "municipality"
                ),
                MUNICIPALITY_KIND_LABELS,
            ),
            "country": _country(),
            "region": _text(
                About(mark("Region"), mark("Bundesland; im Globalen Süden die oberste Verwaltungsebene"), "Puebla")
            ),
            **_point(),
            "precision_m": _precision(),
            "coordinate_source": _coordinate_source(),
        },
    ),
    _table(
        "partnerships",
        mark("Partnerschaften"),
        mark("Klimapartnerschaften, je Projektphase eine Zeile"),
        {
            "id": _identifier("wolfsburg--puebla-9"),
            "north": _pointer(
                About(mark("Deutsche Kommune"), mark("Kennung aus der Tabelle Kommunen"), "de-wolfsburg"),
                "municipalities",
            ),
            "south": _pointer(
                About(mark("Partnerkommune im Globalen Süden"), mark("Kennung aus der Tabelle Kommunen"), "mx-puebla"),
                "municipalities",
            ),
            "phase": _pointer(
                About(mark("Phase"), mark("Nummer der Phase, in der die Partnerschaft begann"), "9"),
                "phases",
                "phase",
                kind="integer",
            ),
            "since": _year(About(mark("Seit"), mark("erstes Jahr der Klimapartnerschaft"), "2022", mark("Jahr"))),
            "twinned_since": _year(
                About(
                    mark("Partnerstädte seit"),
                    mark("erstes Jahr einer älteren Städtepartnerschaft oder Freundschaft"),
                    "2008",
                    mark("Jahr"),
                ),
                required=False,
            ),
            "themes": _themes(),
            "source_url": _url(),
            "confidence": _confidence(),
        },
    ),
    _table(
        "meetings",
        mark("Treffen"),
        mark("Workshops und Netzwerktreffen"),
        {
            "id": _identifier("2023-09-puebla"),
            "start": _date(About(mark("Beginn"), mark("erster Tag, Monat oder Jahr"), "2023-09-27")),
            "end": _date(
                About(mark("Ende"), mark("letzter Tag; leer, wenn das Treffen an einem Tag war"), "2023-09-29"),
                required=False,
            ),
            **_per_language(
                "title", About(mark("Titel"), mark("wie das Treffen heißt"), "Netzwerktreffen der Südpartner")
            ),
            "kind": _choice(
                About(
                    mark("Art"),
                    mark(
                        "kickoff_workshop: Auftaktworkshop; results_workshop: Ergebnisworkshop; "
                        "southern_network_meeting: Netzwerktreffen der Südpartner; "
                        "national_network_meeting: Netzwerktreffen der deutschen Kommunen; anniversary: Jubiläum; "
                        "other: anderes"
                    ),
                    "southern_network_meeting",
                ),
                MEETING_KIND_LABELS,
            ),
            "phases": _pointer(
                About(mark("Phasen"), mark("Nummern der Phasen, durch Semikolon getrennt"), "8;9"),
                "phases",
                "phase",
                kind="list",
                required=False,
            ),
            "place": _text(
                About(mark("Ort"), mark("Ort des Treffens; leer bei einem Treffen im Netz"), "Puebla"), required=False
            ),
            "country": _country(required=False),
            **_point(required=False),
            "participants": _number(
                "integer",
                About(mark("Teilnehmende"), mark("wie viele Menschen teilnahmen"), "60", mark("Anzahl")),
                1,
                100_000,
                required=False,
            ),
            "hosts": _text(
                About(mark("Gastgebende"), mark("wer eingeladen hat, durch Semikolon getrennt"), "SKEW; LAG 21 NRW"),
                required=False,
            ),
            "source_url": _url(),
            "confidence": _confidence(),
        },
    ),
    _table(
        "sites",
        mark("Exkursionsorte"),
        mark("Orte, die bei Treffen besucht wurden"),
        {
            "id": _identifier("puebla-valsequillo-dam"),
            "meeting": _pointer(
                About(mark("Treffen"), mark("Kennung aus der Tabelle Treffen"), "2023-09-puebla"), "meetings"
            ),
            **_per_language("name", About(mark("Name"), mark("wie der Ort heißt"), "Talsperre Valsequillo")),
            "name_local": _text(
                About(mark("Name vor Ort"), mark("Name in der Sprache des Landes"), "Presa de Valsequillo"),
                required=False,
            ),
            "place": _text(About(mark("Ort"), mark("Stadt oder Gemeinde"), "Puebla")),
            "country": _country(),
            **_point(),
            "precision_m": _precision(),
            **_per_language(
                "feature", About(mark("Was dort ist"), mark("Art des Ortes in wenigen Wörtern"), "Stausee")
            ),
            "themes": _themes(),
            "coordinate_source": _coordinate_source(),
            "source_url": _url(),
            "confidence": _confidence(),
        },
    ),
    _table(
        "delegations",
        mark("Delegationen"),
        mark("Länder, aus denen Delegationen zu einem Treffen kamen, Deutschland eingeschlossen"),
        {
            "meeting": _pointer(
                About(mark("Treffen"), mark("Kennung aus der Tabelle Treffen"), "2023-09-puebla"), "meetings"
            ),
            "country": _country(),
        },
        key=("meeting", "country"),
    ),
    _table(
        "agenda",
        mark("Programm"),
        mark("Programmpunkte der Treffen in ihrer Reihenfolge"),
        {
            "meeting": _pointer(
                About(mark("Treffen"), mark("Kennung aus der Tabelle Treffen"), "2023-09-puebla"), "meetings"
            ),
            "position": _number("integer", About(mark("Stelle"), mark("Reihenfolge im Programm"), "1"), 1, 1000),
            "date": _date(About(mark("Tag"), mark("Tag des Programmpunkts"), "2023-09-27"), required=False),
            **_per_language("title", About(mark("Titel"), mark("wie der Programmpunkt heißt"), "Begrüßung")),
            "kind": _choice(
                About(
                    mark("Art"),
                    mark(
                        "presentation: Vortrag; workshop: Arbeitsgruppe; excursion: Exkursion; welcome: Begrüßung; "
                        "experience_report: Erfahrungsbericht; update: Neues aus dem Projekt; other: anderes"
                    ),
                    "excursion",
                ),
                AGENDA_KIND_LABELS,
            ),
            "organisation": _text(
                About(mark("Organisation"), mark("wer den Programmpunkt gestaltet hat"), "ICLEI"), required=False
            ),
            "site": _pointer(
                About(mark("Exkursionsort"), mark("Kennung aus der Tabelle Exkursionsorte"), "puebla-valsequillo-dam"),
                "sites",
                required=False,
            ),
            "source_url": _url(),
        },
        key=("meeting", "position"),
    ),
    _table(
        "talk",
        mark("Vortrag"),
        mark("Szenen des Vortrags; übergangen werden solche, deren Kennungen es nicht gibt"),
        {
            "position": _number(
                "integer", About(mark("Stelle"), mark("Reihenfolge im Vortrag"), "4"), 1, 1000, unique=True
            ),
            **_per_language("title", About(mark("Titel"), mark("Überschrift der Szene"), "Das Netz wächst")),
            **_per_language(
                "text",
                About(mark("Text"), mark("was dazu zu sagen ist, in ein bis drei Sätzen"), "Jeder Bogen ist eine …"),
            ),
            "phases": _pointer(
                About(mark("Phasen"), mark("nur Partnerschaften dieser Phasen, durch Semikolon getrennt"), "8;9"),
                "phases",
                "phase",
                kind="list",
                required=False,
            ),
            "country": _country(required=False),
            "themes": _themes(),
            "until": _year(
                About(mark("Bis zum Jahr"), mark("nur Partnerschaften, die bis dahin begannen"), "2013", mark("Jahr")),
                required=False,
            ),
            "partnership": _pointer(
                About(
                    mark("Partnerschaft"),
                    mark("Kennung aus der Tabelle Partnerschaften; sie wird hervorgehoben"),
                    "wolfsburg--puebla-9",
                ),
                "partnerships",
                required=False,
            ),
            "meeting": _pointer(
                About(mark("Treffen"), mark("Kennung aus der Tabelle Treffen"), "2023-09-puebla"),
                "meetings",
                required=False,
            ),
            "site": _pointer(
                About(mark("Exkursionsort"), mark("Kennung aus der Tabelle Exkursionsorte"), "puebla-valsequillo-dam"),
                "sites",
                required=False,
            ),
            "view": _choice(
                About(
                    mark("Ausschnitt"),
                    mark(
                        "world: Welt; north: Deutschland; south: Globaler Süden; all: alles, was die Szene zeigt; "
                        "near: aus der Nähe"
                    ),
                    "world",
                ),
                SCENE_VIEW_LABELS,
            ),
        },
        key=("position",),
        extra=True,
    ),
)
TABLE_BY_NAME: Mapping[str, Table] = MappingProxyType({table.name: table for table in TABLES})
