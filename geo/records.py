"""Partnerships in the reader's words: the rows of tables, cards and downloads."""

from collections.abc import Iterable

import geopandas as gpd
import pandas as pd

from geo.dataset import Dataset
from geo.errors import mark
from geo.language import Language
from geo.schema import GERMAN_STATES

CONFIDENCE_LABELS = {
    "high": mark("belegt: Die Quelle nennt Paar und Phase"),
    "medium": mark("Paar belegt, Phase erschlossen"),
    "low": mark("unsicher"),
}
SHORT_CONFIDENCE_LABELS = {
    "high": mark("belegt"),
    "medium": mark("Phase erschlossen"),
    "low": mark("unsicher"),
}
# Of meetings and sites, where there is no pair to be sure of.
ENTRY_CONFIDENCE_LABELS = {
    "high": mark("belegt"),
    "medium": mark("zum Teil erschlossen"),
    "low": mark("unsicher"),
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
COLUMN_TITLES = {
    "north": mark("Deutsche Kommune"),
    "state": mark("Bundesland"),
    "south": mark("Partnerkommune im Globalen Süden"),
    "region": mark("Region"),
    "country": mark("Land"),
    "phase": mark("Phase"),
    "since": mark("Klimapartnerschaft seit"),
    "twinned_since": mark("Ältere Partnerschaft seit"),
    "distance_km": mark("Entfernung in km"),
    "themes": mark("Themen"),
    "confidence": mark("Wie sicher ist der Eintrag?"),
    "source": mark("Quelle"),
}


def to_records(links: gpd.GeoDataFrame, dataset: Dataset, *, language: Language) -> pd.DataFrame:
    """Return links as rows to read, in the reader's language and in the same order, indexed by partnership id.

    The columns are those of COLUMN_TITLES; years, phase and rounded distance stay numbers, so that they sort.
    """
    themes = to_theme_labels(dataset, language=language)
    confidence = {code: language.gettext(label) for code, label in SHORT_CONFIDENCE_LABELS.items()}
    return pd.DataFrame(
        {
            "north": links["north_name"],
            "state": to_region_names(links["north_region"], language=language),
            "south": links["south_name"],
            "region": links["south_region"],
            "country": links["south_country"].map(to_country_names(links["south_country"], language=language)),
            "phase": links["phase"],
            "since": links["since"],
            "twinned_since": links["twinned_since"],
            "distance_km": links["distance_km"].round().astype("Int64"),
            "themes": links["themes"].map(lambda ids: ", ".join(themes[theme] for theme in ids)),
            "confidence": links["confidence"].map(confidence),
            "source": links["source_url"],
        },
        index=links.index,
    )


def to_region_names(regions: pd.Series, *, language: Language) -> pd.Series:
    """Translate the names of Bundesländer; any other region keeps its own name."""
    states = set(GERMAN_STATES.values())
    names = {region: language.gettext(region) if region in states else region for region in regions.unique()}
    return regions.map(names)


def to_country_names(codes: Iterable[str], *, language: Language) -> dict[str, str]:
    """Return the name of every country code given."""
    return {code: language.country(code) for code in set(codes)}


def to_theme_labels(dataset: Dataset, *, language: Language) -> dict[str, str]:
    """Return the label of every theme, falling back to German and then English."""
    themes = dataset.themes
    labels = themes[language.column("label", themes.columns)].fillna(themes["label_de"]).fillna(themes["label_en"])
    return {str(theme): str(label) for theme, label in labels.items()}


def to_csv_bytes(records: pd.DataFrame, *, language: Language) -> bytes:
    """Write records as a CSV file that a spreadsheet of the reader's language opens by double click.

    UTF-8 with byte order mark; a semicolon between cells where the language writes decimals with a comma. A text that
    a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV Injection).
    """
    texts = records.select_dtypes(include=["string", "object"]).columns
    harmless = records[texts].replace(r"^(?=[=+\-@\t\r])", "'", regex=True)
    comma = language.formats.number_symbols["latn"]["decimal"] == ","
    titled = records.assign(**harmless).rename(
        columns={name: language.gettext(title) for name, title in COLUMN_TITLES.items()}
    )
    return titled.to_csv(index=False, sep=";" if comma else ",", lineterminator="\r\n").encode("utf-8-sig")
