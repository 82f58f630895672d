"""Partnerships and meetings in the reader's words: the rows of tables, cards and downloads."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

import pandas as pd

from geo.cells import to_guarded
from geo.dataset import Dataset
from geo.errors import mark
from geo.language import Language, to_search_forms
from geo.schema import ENTRY_CONFIDENCE_LABELS, GERMAN_STATES, MEETING_KIND_LABELS

CONFIDENCE_LABELS = {
    "high": mark("belegt: Die Quelle nennt beide Kommunen und die Phase"),
    "medium": mark("Paar belegt, Phase erschlossen"),
    "low": mark("unsicher"),
}
SHORT_CONFIDENCE_LABELS = {
    "high": mark("belegt"),
    "medium": mark("Phase erschlossen"),
    "low": mark("unsicher"),
}
MEETING_COLUMN_TITLES = {
    "dates": mark("Wann"),
    "title": mark("Treffen"),
    "kind": mark("Art"),
    "phases": mark("Phase"),
    "place": mark("Ort"),
    "country": mark("Land"),
    "countries": mark("Delegationen aus"),
    "confidence": mark("Wie sicher ist der Eintrag?"),
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


def to_records(links: pd.DataFrame, dataset: Dataset, *, language: Language) -> pd.DataFrame:
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


@lru_cache(maxsize=16)
def to_theme_labels(dataset: Dataset, *, language: Language) -> Mapping[str, str]:
    """Return the label of every theme in the reader's language."""
    labels = to_texts(dataset.themes, "label", language=language)
    return MappingProxyType({str(theme): str(label) for theme, label in labels.items()})


def to_texts(frame: pd.DataFrame, name: str, *, language: Language) -> pd.Series:
    """Return a text that is kept per language (`title_de`, `title_en` …), falling back to German and then English.

    What is not in the reader's language says so at its end: `Titel [DE]`.
    """
    texts = pd.Series(pd.NA, index=frame.index, dtype="string")
    for code in dict.fromkeys((language.code, "de", "en")):
        if f"{name}_{code}" in frame:
            text = frame[f"{name}_{code}"].astype("string")
            texts = texts.fillna(text if code == language.code else text + f" [{code.upper()}]")
    return texts


@lru_cache(maxsize=16)
def to_meeting_records(dataset: Dataset, *, language: Language) -> pd.DataFrame:
    """Return all meetings as rows to read, in the reader's language and in the order of the data set.

    `start` is the ISO date as it stands in the table, to sort by; `kind_code` the kind as the schema names it. A
    meeting without a place has `online` for it and no country; `where` is both. `phases` and `countries` are empty
    where none is known. Made once per data set: never change it in place.
    """
    meetings = dataset.meetings
    kinds = {kind: language.gettext(label) for kind, label in MEETING_KIND_LABELS.items()}
    confidence = {code: language.gettext(label) for code, label in ENTRY_CONFIDENCE_LABELS.items()}
    towns = meetings["place"].fillna(language.gettext("online"))
    countries = ["" if pd.isna(code) else language.country(code) for code in meetings["country"]]
    return pd.DataFrame(
        {
            "start": meetings["start"],
            "dates": describe_spans(meetings, language=language),
            "title": to_texts(meetings, "title", language=language),
            "kind": meetings["kind"].map(kinds),
            "kind_code": meetings["kind"],
            "phases": meetings["phases"].map(lambda phases: ", ".join(phases)),
            "place": towns,
            "country": countries,
            "where": [", ".join(part for part in parts if part) for parts in zip(towns, countries, strict=True)],
            "countries": describe_delegations(dataset, language=language).reindex(meetings.index, fill_value=""),
            "confidence": meetings["confidence"].map(confidence),
            "source": meetings["source_url"],
        },
        index=meetings.index,
    )


def describe_spans(meetings: pd.DataFrame, *, language: Language) -> pd.Series:
    """Write the dates of each meeting: `27.–29. September 2023`, `März 2015`, `2012`."""
    ends = meetings["end"].fillna(meetings["start"])
    spans = [language.describe_dates(start, end) for start, end in zip(meetings["start"], ends, strict=True)]
    return pd.Series(spans, index=meetings.index, dtype="string")


def describe_delegations(dataset: Dataset, *, language: Language) -> pd.Series:
    """List the countries that sent a delegation, in the order of the language, by meeting."""
    delegations = dataset.tables["delegations"]
    names = delegations["country"].map(to_country_names(delegations["country"], language=language))
    by_meeting = names.groupby(delegations["meeting"])
    return by_meeting.agg(lambda countries: language.join(sorted(countries, key=to_search_forms))).astype("string")


@lru_cache(maxsize=16)
def to_meeting_labels(dataset: Dataset, *, language: Language) -> Mapping[str, str]:
    """Name every meeting by place and month: `Puebla, September 2023`; only by the year where no more is known."""
    records = to_meeting_records(dataset, language=language)
    months = records["start"].str[:7].map(language.describe_dates)
    return MappingProxyType(dict(zip(records.index, records["place"] + ", " + months, strict=True)))


def to_csv_bytes(records: pd.DataFrame, *, language: Language) -> bytes:
    """Write records as a CSV file that a spreadsheet of the reader's language opens by double click.

    UTF-8 with byte order mark; a semicolon between cells where the language writes decimals with a comma. A text that
    a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV Injection).
    """
    texts = records.select_dtypes(include=["string", "object"]).columns
    harmless = records[texts].apply(to_guarded)
    comma = language.formats.number_symbols["latn"]["decimal"] == ","
    titled = records.assign(**harmless).rename(
        columns={name: language.gettext(title) for name, title in COLUMN_TITLES.items()}
    )
    return titled.to_csv(index=False, sep=";" if comma else ",", lineterminator="\r\n").encode("utf-8-sig")
