"""Filters of partnerships: what each keeps, the options it offers, and the words it adds to the sentence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from babel import Locale

from geo.dataset import Dataset
from geo.language import PROJECT_LANGUAGES, Language, to_search_forms
from geo.records import to_theme_labels
from geo.schema import GERMAN_STATES

Mask = npt.NDArray[np.bool_]
STATE_CODES: Mapping[str, str] = MappingProxyType({name: code for code, name in GERMAN_STATES.items()})


@dataclass(frozen=True)
class Selection:
    """What is asked for. An empty filter keeps everything; several values of one filter are alternatives.

    `phase`: phase numbers. `country`: ISO codes of the southern ends. `theme`: theme ids. `state`: ISO 3166-2:DE
    codes without `DE-` of the northern ends. `q`: words that must all be found in name, region or country of an end.
    `until`: the last year in which a partnership may have begun.
    """

    phase: tuple[int, ...] = ()
    country: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    q: str = ""
    until: int | None = None


@dataclass(frozen=True, eq=False)
class Facet:
    """One property of the links with a list of options: `holds[i, j]` says whether link i has option j."""

    options: tuple[int | str, ...]
    holds: Mask

    def to_mask(self, chosen: Sequence[int | str]) -> Mask:
        """Say of each link whether it has any of the chosen options; unknown ones are had by none."""
        columns = [self.options.index(option) for option in chosen if option in self.options]
        found: Mask = np.any(self.holds[:, columns], axis=1)
        return found

    def count(self, mask: Mask) -> dict[int | str, int]:
        """Count for each option the links that have it, among those in the mask."""
        return dict(zip(self.options, self.holds[mask].sum(axis=0).tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class LinkIndex:
    """What the filters look at, prepared once per data set: one row or entry per link, in the links' order.

    `years`: the first and the last year in which a partnership began, (0, 0) where there is none.
    `north`, `south` and `country_number` number the municipalities and the southern countries, for counting.
    """

    facets: Mapping[str, Facet]
    since: npt.NDArray[np.int_]
    words: pd.DataFrame
    years: tuple[int, int]
    north: npt.NDArray[np.int_]
    south: npt.NDArray[np.int_]
    country_number: npt.NDArray[np.int_]


def build_index(dataset: Dataset) -> LinkIndex:
    """Prepare the links of a data set for filtering. Themes keep the order of the vocabulary, others ascend."""
    links = dataset.links
    themes = links["themes"].str.join("|").str.get_dummies("|").reindex(columns=dataset.themes.index, fill_value=0)
    used = themes.loc[:, themes.any(axis=0)]
    return LinkIndex(
        facets=MappingProxyType(
            {
                "phase": to_facet(links["phase"], options=dataset.phases.index.tolist()),
                "country": to_facet(links["south_country"]),
                "theme": Facet(tuple(used.columns), used.to_numpy(bool)),
                "state": to_facet(links["north_region"].map(STATE_CODES)),
            }
        ),
        since=links["since"].to_numpy(int),
        years=(int(links["since"].min()), int(links["since"].max())) if len(links) else (0, 0),
        words=to_search_words(links),
        north=pd.factorize(links["north"])[0],
        south=pd.factorize(links["south"])[0],
        country_number=pd.factorize(links["south_country"])[0],
    )


def to_facet(values: pd.Series, *, options: Sequence[int | str] | None = None) -> Facet:
    """Make a facet of a column with one value per link; a missing value is no option.

    The options are those given, or the values that occur in ascending order.
    """
    offered = sorted(values.dropna().unique().tolist()) if options is None else list(options)
    numbers = pd.Index(offered).get_indexer(pd.Index(values))
    return Facet(tuple(offered), numbers[:, None] == np.arange(len(offered)))


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


def _match_words(index: LinkIndex, query: str) -> Mask:
    found = np.ones(len(index.words), dtype=bool)
    for word in query.split():
        plain, german = to_search_forms(word)
        hit = index.words["plain"].str.contains(plain, regex=False)
        found &= (hit | index.words["german"].str.contains(german, regex=False)).to_numpy(bool)
    return found


MASKS: Mapping[str, Callable[[LinkIndex, Selection], Mask]] = MappingProxyType(
    {
        "phase": lambda index, wanted: index.facets["phase"].to_mask(wanted.phase),
        "country": lambda index, wanted: index.facets["country"].to_mask(wanted.country),
        "theme": lambda index, wanted: index.facets["theme"].to_mask(wanted.theme),
        "state": lambda index, wanted: index.facets["state"].to_mask(wanted.state),
        "q": lambda index, wanted: _match_words(index, wanted.q),
        "until": lambda index, wanted: index.since <= (wanted.until or 0),
    }
)


def to_mask(index: LinkIndex, selection: Selection, *, without: str | None = None) -> Mask:
    """Say of each link whether it passes every filter of the selection, but for the one named by `without`."""
    mask = np.ones(len(index.since), dtype=bool)
    for name, passes in MASKS.items():
        if name != without and getattr(selection, name):
            mask &= passes(index, selection)
    return mask


def count_options(index: LinkIndex, selection: Selection) -> dict[str, dict[int | str, int]]:
    """Count for each option of each facet the links it would show beside the other filters; it may be none."""
    return {name: facet.count(to_mask(index, selection, without=name)) for name, facet in index.facets.items()}


def keep_known(selection: Selection, index: LinkIndex) -> tuple[Selection, tuple[tuple[str, str], ...]]:
    """Drop the values that the tables do not know, as a shared link may carry them.

    Returns the selection without them, and the pairs of filter and value that were dropped.
    """
    dropped: list[tuple[str, str]] = []
    known: dict[str, Any] = {}
    for name, facet in index.facets.items():
        given = getattr(selection, name)
        dropped += [(name, str(value)) for value in given if value not in facet.options]
        known[name] = tuple(value for value in given if value in facet.options)
    return replace(selection, **known), tuple(dropped)


def describe_selection(selection: Selection, dataset: Dataset, *, language: Language) -> list[str]:
    """Say each filter that is set in a few words, in the order of the filters: `Phase 3`, `Land Mexiko`."""
    _, ngettext = language.gettext, language.ngettext
    words = []
    if selection.phase:
        phases = language.join([str(phase) for phase in sorted(selection.phase)])
        words.append(ngettext("Phase {phases}", "Phasen {phases}", len(selection.phase)).format(phases=phases))
    if selection.country:
        names = language.join([language.country(code) for code in selection.country])
        words.append(ngettext("Land {countries}", "Länder {countries}", len(selection.country)).format(countries=names))
    if selection.theme:
        labels = to_theme_labels(dataset, language=language)
        names = language.join([labels[theme] for theme in selection.theme])
        words.append(ngettext("Thema {themes}", "Themen {themes}", len(selection.theme)).format(themes=names))
    if selection.state:
        names = language.join([_(GERMAN_STATES[code]) for code in selection.state])
        words.append(_("Kommunen aus {states}").format(states=names))
    if selection.q:
        words.append(_("Suche nach „{query}“").format(query=selection.q))
    if selection.until:
        words.append(_("begonnen bis {year}").format(year=selection.until))
    return words


def describe_shown(mask: Mask, index: LinkIndex, dataset: Dataset, selection: Selection, *, language: Language) -> str:
    """Say in one sentence which links are shown, ready to be read aloud. `mask` are those that pass the selection."""
    _, ngettext = language.gettext, language.ngettext
    total, shown = len(mask), int(mask.sum())
    words = describe_selection(selection, dataset, language=language)
    if not total:
        return _("In den Tabellen steht noch keine Partnerschaft.")
    if not shown:
        return _("Keine der {total} Partnerschaften passt zu dieser Auswahl: {filters}.").format(
            total=language.number(total), filters=", ".join(words)
        )
    north, south, countries = (
        len(np.unique(numbers[mask])) for numbers in (index.north, index.south, index.country_number)
    )
    count = ngettext("{shown} von {total} Partnerschaft", "{shown} von {total} Partnerschaften", total).format(
        shown=language.number(shown), total=language.number(total)
    )
    ends = ngettext(
        "zwischen {north} deutschen und {south} südlichen Kommune",
        "zwischen {north} deutschen und {south} südlichen Kommunen",
        south,
    ).format(north=language.number(north), south=language.number(south))
    where = ngettext("in {countries} Land", "in {countries} Ländern", countries).format(
        countries=language.number(countries)
    )
    return f"{count} – {', '.join([*words, ends])} {where}" if words else f"{count} {ends} {where}"


def to_changed(selection: Selection, name: str, value: object) -> Selection:
    """Return the selection with one filter changed."""
    changes: dict[str, Any] = {name: value}
    return replace(selection, **changes)


def is_empty(selection: Selection) -> bool:
    """Say whether no filter is set."""
    return all(not getattr(selection, field.name) for field in fields(selection))
