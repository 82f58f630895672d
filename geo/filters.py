"""Filters of partnerships: what each keeps, the options it offers, and the words it adds to the sentence."""

from collections.abc import Callable, Mapping
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


@dataclass(frozen=True)
class LinkIndex:
    """The columns of the links that the filters look at, prepared once per data set."""

    phase: npt.NDArray[np.int_]
    country: npt.NDArray[np.str_]
    state: npt.NDArray[np.str_]
    themes: pd.DataFrame
    since: npt.NDArray[np.int_]
    words: pd.DataFrame


def build_index(dataset: Dataset) -> LinkIndex:
    """Prepare the links of a data set for filtering; every array has one entry per link, in their order."""
    links = dataset.links
    themes = links["themes"].str.join("|").str.get_dummies("|").reindex(columns=dataset.themes.index, fill_value=0)
    return LinkIndex(
        phase=links["phase"].to_numpy(int),
        country=links["south_country"].to_numpy(str),
        state=links["north_region"].map(STATE_CODES).fillna("").to_numpy(str),
        themes=themes.astype(bool),
        since=links["since"].to_numpy(int),
        words=to_search_words(links),
    )


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
    return pd.DataFrame([to_search_forms(text) for text in texts], index=links.index, columns=["plain", "german"])


def _match_words(index: LinkIndex, query: str) -> Mask:
    found = np.ones(len(index.words), dtype=bool)
    for word in query.split():
        plain, german = to_search_forms(word)
        hit = index.words["plain"].str.contains(plain, regex=False)
        found &= (hit | index.words["german"].str.contains(german, regex=False)).to_numpy(bool)
    return found


MASKS: Mapping[str, Callable[[LinkIndex, Selection], Mask]] = MappingProxyType(
    {
        "phase": lambda index, wanted: np.isin(index.phase, wanted.phase),
        "country": lambda index, wanted: np.isin(index.country, wanted.country),
        "theme": lambda index, wanted: index.themes[list(wanted.theme)].any(axis=1).to_numpy(bool),
        "state": lambda index, wanted: np.isin(index.state, wanted.state),
        "q": lambda index, wanted: _match_words(index, wanted.q),
        "until": lambda index, wanted: index.since <= (wanted.until or 0),
    }
)


def _with(selection: Selection, name: str, values: tuple[Any, ...]) -> Selection:
    changes: dict[str, Any] = {name: values}
    return replace(selection, **changes)


def to_mask(index: LinkIndex, selection: Selection) -> Mask:
    """Say of each link whether it passes every filter of the selection."""
    mask = np.ones(len(index.phase), dtype=bool)
    for name, passes in MASKS.items():
        if getattr(selection, name):
            mask &= passes(index, selection)
    return mask


def count_options(index: LinkIndex, selection: Selection) -> dict[str, dict[int | str, int]]:
    """Count for each option of phase, country, theme and state the links it would show beside the other filters.

    Options that occur in the table at all are listed, also with a count of 0, in ascending order of their code;
    themes in the order of the vocabulary.
    """
    counts: dict[str, dict[int | str, int]] = {}
    for name in ("phase", "country", "state"):
        values = getattr(index, name)
        options = np.unique(values[values != ""] if values.dtype.kind == "U" else values)
        shown = values[to_mask(index, _with(selection, name, ()))]
        counts[name] = {option.item(): int((shown == option).sum()) for option in options}
    used = index.themes.columns[index.themes.any(axis=0)]
    sums = index.themes[to_mask(index, replace(selection, theme=()))].sum(axis=0)
    counts["theme"] = {str(theme): int(sums[theme]) for theme in used}
    return counts


def keep_known(selection: Selection, index: LinkIndex) -> tuple[Selection, tuple[tuple[str, str], ...]]:
    """Drop the values that the tables do not know, as a shared link may carry them.

    Returns the selection without them, and the pairs of filter and value that were dropped.
    """
    known = {
        "phase": set(index.phase.tolist()),
        "country": set(index.country.tolist()),
        "state": set(GERMAN_STATES),
        "theme": set(index.themes.columns),
    }
    dropped = []
    for name, values in known.items():
        given = getattr(selection, name)
        dropped += [(name, str(value)) for value in given if value not in values]
        selection = _with(selection, name, tuple(value for value in given if value in values))
    return selection, tuple(dropped)


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
        labels = dataset.themes[language.column("label", dataset.themes.columns)]
        names = language.join([str(labels[theme]) for theme in selection.theme])
        words.append(ngettext("Thema {themes}", "Themen {themes}", len(selection.theme)).format(themes=names))
    if selection.state:
        names = language.join([_(GERMAN_STATES[code]) for code in selection.state])
        words.append(_("Kommunen aus {states}").format(states=names))
    if selection.q:
        words.append(_("Suche nach „{query}“").format(query=selection.q))
    if selection.until:
        words.append(_("begonnen bis {year}").format(year=selection.until))
    return words


def describe_shown(shown: gpd.GeoDataFrame, dataset: Dataset, selection: Selection, *, language: Language) -> str:
    """Say in one sentence which links are shown, ready to be read aloud. `shown` are the links that pass."""
    _, ngettext = language.gettext, language.ngettext
    total = len(dataset.links)
    if shown.empty:
        return _("Keine der {total} Partnerschaften passt zu dieser Auswahl: {filters}.").format(
            total=language.number(total), filters=", ".join(describe_selection(selection, dataset, language=language))
        )
    count = ngettext("{shown} von {total} Partnerschaft", "{shown} von {total} Partnerschaften", total).format(
        shown=language.number(len(shown)), total=language.number(total)
    )
    south, countries = shown["south"].nunique(), shown["south_country"].nunique()
    ends = ngettext(
        "zwischen {north} deutschen und {south} südlichen Kommune",
        "zwischen {north} deutschen und {south} südlichen Kommunen",
        south,
    ).format(north=language.number(shown["north"].nunique()), south=language.number(south))
    where = ngettext("in {countries} Land", "in {countries} Ländern", countries).format(
        countries=language.number(countries)
    )
    words = describe_selection(selection, dataset, language=language)
    return f"{count} – {', '.join([*words, ends])} {where}" if words else f"{count} {ends} {where}"


def is_empty(selection: Selection) -> bool:
    """Say whether no filter is set."""
    return all(not getattr(selection, field.name) for field in fields(selection))
