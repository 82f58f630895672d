"""The tables prepared for filtering: which filters apply to partnerships, meetings and sites, and to what in them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import pandas as pd
from babel import Locale

from geo.dataset import Dataset
from geo.filters import Facet, Index, Positions, to_facet, to_facet_of_pairs
from geo.geodata import NORTH, SOUTH
from geo.language import PROJECT_LANGUAGES, to_search_forms
from geo.schema import GERMAN_STATES, MEETING_KIND_LABELS
from geo.timeline import to_marks

STATE_CODES: Mapping[str, str] = MappingProxyType({name: code for code, name in GERMAN_STATES.items()})


@dataclass(frozen=True, eq=False)
class LinkIndex(Index):
    """Partnerships; `north` and `south` number the ends, for counting. `southern`: the countries of southern ends."""

    north: Positions
    south: Positions
    southern: Facet

    @property
    def states(self) -> Facet:
        """The Bundesländer of northern ends."""
        return self.facets["state"]


@dataclass(frozen=True, eq=False)
class Indexes:
    """All that can be filtered, with what any of the tables knows of a filter."""

    links: LinkIndex
    meetings: Index
    sites: Index
    known: Mapping[str, frozenset[int | str]]


@lru_cache(maxsize=2)
def build_indexes(dataset: Dataset) -> Indexes:
    """Prepare a data set for filtering, once. Themes keep the order of the vocabulary, kinds that of the schema."""
    built = (_index_links(dataset), _index_meetings(dataset), _index_sites(dataset))
    names = dict.fromkeys(name for index in built for name in index.facets)
    known = {
        name: frozenset(option for index in built if name in index.facets for option in index.facets[name].options)
        for name in names
    }
    return Indexes(*built, known=MappingProxyType(known))


def _index_links(dataset: Dataset) -> LinkIndex:
    links, places = dataset.links, dataset.municipalities
    north, south = (places.index.get_indexer(links[role]) for role in (NORTH, SOUTH))
    rows = np.arange(len(links))
    countries = to_facet_of_pairs(
        np.concatenate([rows, rows]), pd.concat([links["north_country"], links["south_country"]]), length=len(links)
    )
    # That one end is German is no news; but whoever asks for Germany is given what has to do with it.
    northern = frozenset(links["north_country"].unique()) - frozenset(links["south_country"].unique())
    return LinkIndex(
        names=("phase", "country", "theme", "state", "q", "until"),
        facets=MappingProxyType(
            {
                "phase": to_facet(links["phase"], options=dataset.phases.index.tolist()),
                "country": replace(countries, unoffered=northern),
                "theme": _to_theme_facet(links, dataset),
                "state": to_facet(links["north_region"].map(STATE_CODES)),
            }
        ),
        begin=links["since"].to_numpy(int),
        end=links["since"].to_numpy(int),
        words=to_search_words(places[["name", "region"]], countries=places["country"]),
        words_of=np.stack([north, south]),
        north=north,
        south=south,
        southern=to_facet(links["south_country"]),
    )


def _index_meetings(dataset: Dataset) -> Index:
    meetings, delegations = dataset.meetings, dataset.tables["delegations"]
    came = delegations["country"].groupby(delegations["meeting"]).groups
    countries = pd.Series(
        [
            (*([] if pd.isna(held) else [held]), *delegations["country"].reindex(came.get(meeting, [])))
            for meeting, held in meetings["country"].items()
        ],
        index=meetings.index,
        dtype=object,
    )
    marks = to_marks(meetings)
    return Index(
        names=("phase", "kind", "country", "q", "year_from", "year_to"),
        facets=MappingProxyType(
            {
                "phase": to_facet(
                    meetings["phases"].map(lambda phases: tuple(map(int, phases))),
                    options=dataset.phases.index.tolist(),
                ),
                "kind": to_facet(
                    meetings["kind"], options=[kind for kind in MEETING_KIND_LABELS if kind in set(meetings["kind"])]
                ),
                "country": to_facet(countries),
            }
        ),
        begin=np.array([day.year for day in marks["first"]], dtype=int),
        end=np.array([day.year for day in marks["last"]], dtype=int),
        words=to_search_words(
            meetings[["place", *(name for name in meetings.columns if name.startswith("title_"))]], countries=countries
        ),
        words_of=np.arange(len(meetings))[np.newaxis],
    )


def _index_sites(dataset: Dataset) -> Index:
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
        words=pd.DataFrame(index=sites.index),
        words_of=np.arange(len(sites))[np.newaxis],
    )


def _to_theme_facet(frame: pd.DataFrame, dataset: Dataset) -> Facet:
    single = frame["themes"].reset_index(drop=True).explode()
    used = set(single.dropna().unique())
    options = [theme for theme in dataset.themes.index if theme in used]
    return to_facet_of_pairs(single.index.to_numpy(), single, length=len(frame), options=options)


def to_search_words(texts: pd.DataFrame, *, countries: pd.Series) -> pd.DataFrame:
    """Return the folded texts that a search looks through, in the columns `plain` and `german` (see to_search_forms).

    Takes columns of texts, and a country code or a tuple of them per row: a country is found under its name in every
    language of the project.
    """
    locales = [Locale(code) for code in PROJECT_LANGUAGES]
    codes = countries.explode().dropna().unique()
    names = {code: "\n".join(dict.fromkeys(one.territories.get(code, code) for one in locales)) for code in codes}
    of_countries = countries.reset_index(drop=True).explode().map(names).astype("string").fillna("")
    if not of_countries.index.is_unique:
        of_countries = of_countries.groupby(level=0).agg("\n".join)
    columns = [texts[name].astype("string").fillna("").reset_index(drop=True) for name in texts]
    rows = columns[0].str.cat(pd.concat([*columns[1:], of_countries], axis=1), sep="\n")
    return pd.DataFrame(
        list(map(to_search_forms, rows)), index=texts.index, columns=["plain", "german"], dtype="string"
    )
