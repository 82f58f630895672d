"""The tables prepared for filtering: which filters apply to partnerships, meetings and sites, and to what in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from babel import Locale

from geo.dataset import Dataset
from geo.filters import Facet, Index, to_facet
from geo.language import PROJECT_LANGUAGES, to_date_span, to_search_forms
from geo.schema import GERMAN_STATES, MEETING_KINDS

STATE_CODES: Mapping[str, str] = MappingProxyType({name: code for code, name in GERMAN_STATES.items()})


@dataclass(frozen=True, eq=False)
class LinkIndex(Index):
    """Partnerships; `north`, `south` and `country_number` number the ends and southern countries, for counting."""

    north: npt.NDArray[np.int_]
    south: npt.NDArray[np.int_]
    country_number: npt.NDArray[np.int_]


@dataclass(frozen=True, eq=False)
class Indexes:
    """All that can be filtered, with what any of the tables knows of a filter."""

    links: LinkIndex
    meetings: Index
    sites: Index
    known: Mapping[str, frozenset[int | str]]
    years: tuple[int, int]


def build_indexes(dataset: Dataset) -> Indexes:
    """Prepare a data set for filtering. Themes keep the order of the vocabulary, kinds that of the schema."""
    links, meetings = dataset.links, dataset.meetings
    spans = [(to_date_span(start)[0].year, to_date_span(end)[1].year) for start, end in to_spans(meetings)]
    begin, end = np.array(spans, dtype=int).reshape(-1, 2).T
    all_years = [*links["since"].tolist(), *begin.tolist(), *end.tolist()]
    years = (min(all_years), max(all_years)) if all_years else (0, 0)
    built = (_index_links(dataset, years), _index_meetings(dataset, years, begin, end), _index_sites(dataset, years))
    names = dict.fromkeys(name for index in built for name in index.facets)
    known = {
        name: frozenset(option for index in built if name in index.facets for option in index.facets[name].options)
        for name in names
    }
    return Indexes(*built, known=MappingProxyType(known), years=years)


def to_spans(meetings: pd.DataFrame) -> list[tuple[str, str]]:
    """Return start and end of each meeting as ISO 8601 dates, possibly reduced; a missing end is the start."""
    return list(zip(meetings["start"], meetings["end"].fillna(meetings["start"]), strict=True))


def _index_links(dataset: Dataset, years: tuple[int, int]) -> LinkIndex:
    links = dataset.links
    ends = pd.Series(list(zip(links["north_country"], links["south_country"], strict=True)), index=links.index)
    countries = to_facet(ends)
    # That one end is German is no news; but whoever asks for Germany is given what has to do with it.
    northern = frozenset(links["north_country"]) - frozenset(links["south_country"])
    return LinkIndex(
        names=("phase", "country", "theme", "state", "q", "until"),
        facets=MappingProxyType(
            {
                "phase": to_facet(links["phase"], options=dataset.phases.index.tolist()),
                "country": Facet(countries.options, countries.holds, unoffered=northern),
                "theme": _to_theme_facet(links, dataset),
                "state": to_facet(links["north_region"].map(STATE_CODES)),
            }
        ),
        begin=links["since"].to_numpy(int),
        end=links["since"].to_numpy(int),
        years=years,
        words=to_search_words(links),
        north=pd.factorize(links["north"])[0],
        south=pd.factorize(links["south"])[0],
        country_number=pd.factorize(links["south_country"])[0],
    )


def _index_meetings(
    dataset: Dataset, years: tuple[int, int], begin: npt.NDArray[np.int_], end: npt.NDArray[np.int_]
) -> Index:
    meetings, delegations = dataset.meetings, dataset.tables["delegations"]
    came = delegations["country"].groupby(delegations["meeting"]).groups
    countries = [
        (*([] if pd.isna(held) else [held]), *delegations["country"].reindex(came.get(meeting, [])))
        for meeting, held in meetings["country"].items()
    ]
    phases = meetings["phases"].map(lambda numbers: tuple(int(number) for number in numbers))
    kinds = [kind for kind in MEETING_KINDS if kind in set(meetings["kind"])]
    return Index(
        names=("phase", "kind", "country", "since", "until"),
        facets=MappingProxyType(
            {
                "phase": to_facet(phases, options=dataset.phases.index.tolist()),
                "kind": to_facet(meetings["kind"], options=kinds),
                "country": to_facet(pd.Series(countries, index=meetings.index, dtype=object)),
            }
        ),
        begin=begin,
        end=end,
        years=years,
        words=pd.DataFrame(index=meetings.index),
    )


def _index_sites(dataset: Dataset, years: tuple[int, int]) -> Index:
    sites, meetings = dataset.sites, dataset.meetings
    visited = [meeting for meeting in meetings.index if meeting in set(sites["meeting"])]
    year = sites["meeting"].map(meetings["start"].str[:4].astype(int)).to_numpy(int)
    return Index(
        names=("theme", "country", "meeting"),
        facets=MappingProxyType(
            {
                "theme": _to_theme_facet(sites, dataset),
                "country": to_facet(sites["country"]),
                "meeting": to_facet(sites["meeting"], options=visited),
            }
        ),
        begin=year,
        end=year,
        years=years,
        words=pd.DataFrame(index=sites.index),
    )


def _to_theme_facet(frame: pd.DataFrame, dataset: Dataset) -> Facet:
    used = set(frame["themes"].explode().dropna())
    return to_facet(frame["themes"], options=[theme for theme in dataset.themes.index if theme in used])


def to_search_words(links: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the folded texts that a search looks through, in the columns `plain` and `german` (see to_search_forms).

    They hold name, region and country of both ends, the country under its name in every language of the project.
    """
    locales = [Locale(code) for code in PROJECT_LANGUAGES]

    def name_country(code: str) -> str:
        return " ".join(dict.fromkeys(locale.territories.get(code, code) for locale in locales))

    texts = pd.Series("", index=links.index)
    for role in ("north", "south"):
        countries = {code: name_country(code) for code in links[f"{role}_country"].unique()}
        texts += links[f"{role}_name"] + "\n" + links[f"{role}_region"] + "\n"
        texts += links[f"{role}_country"].map(countries) + "\n"
    forms = [to_search_forms(text) for text in texts]
    return pd.DataFrame(forms, index=links.index, columns=["plain", "german"], dtype="string")
