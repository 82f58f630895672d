"""Filters: what each keeps, and the options it offers. They work alike on partnerships, meetings and sites."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.language import to_search_forms

Mask = npt.NDArray[np.bool_]
Years = npt.NDArray[np.int_]
Positions = npt.NDArray[np.int_]
# The filters of a selection that hold a year, and the most characters that are searched for.
YEAR_FILTERS = ("until", "year_from", "year_to")
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Selection:
    """What is asked for. An empty filter keeps everything; several values of one filter are alternatives.

    `phase`: phase numbers. `country`: ISO codes. `theme`: theme ids. `state`: ISO 3166-2:DE codes without `DE-`.
    `kind`: kinds of meetings. `meeting`: ids of meetings. `q`: words that must all be found. `until`: the last year in
    which a partnership may have begun. `year_from`, `year_to`: the first and the last year of meetings.
    """

    phase: tuple[int, ...] = ()
    country: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    meeting: tuple[str, ...] = ()
    q: str = ""
    until: int | None = None
    year_from: int | None = None
    year_to: int | None = None


@dataclass(frozen=True, eq=False)
class Facet:
    """One property of `length` rows with a list of options: row `rows[i]` has the option `options[numbers[i]]`.

    The pairs are in the order of the rows, and none is there twice. `unoffered` are options that are understood but
    tell nothing apart, like Germany among partnerships.
    """

    options: tuple[int | str, ...]
    rows: Positions
    numbers: Positions
    length: int
    unoffered: frozenset[int | str] = frozenset()

    def to_mask(self, chosen: Sequence[int | str]) -> Mask:
        """Say of each row whether it has any of the chosen options; unknown ones are had by none."""
        wanted = np.isin(
            np.arange(len(self.options)), [self.options.index(one) for one in chosen if one in self.options]
        )
        found = np.zeros(self.length, dtype=bool)
        found[self.rows[wanted[self.numbers]]] = True
        return found

    def count(self, mask: Mask) -> dict[int | str, int]:
        """Count for each option the rows that have it, among those in the mask."""
        counts = np.bincount(self.numbers[mask[self.rows]], minlength=len(self.options))
        return dict(zip(self.options, counts.tolist(), strict=True))

    def split(self) -> list[list[int]]:
        """Return the numbers of the options that each row has."""
        first = np.searchsorted(self.rows, np.arange(self.length + 1)).tolist()
        numbers = self.numbers.tolist()
        return [numbers[begin:end] for begin, end in pairwise(first)]


@dataclass(frozen=True, eq=False)
class Index:
    """What the filters look at, prepared once per data set: one row or entry per row of a table, in its order.

    `names`: the filters that apply to this table. `begin`, `end`: first and last year of each row. `words`: folded
    texts for the search, in the columns `plain` and `german` (see to_search_forms); without columns where nothing is
    searched. `words_of`: an array of shape (k, n): for each of the n rows the positions in `words` of the k texts that
    it is found by; several rows may share a text.
    """

    names: tuple[str, ...]
    facets: Mapping[str, Facet]
    begin: Years
    end: Years
    words: pd.DataFrame
    words_of: Positions

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last year of all rows, (0, 0) where there are none."""
        return (int(self.begin.min()), int(self.end.max())) if len(self.begin) else (0, 0)


def to_facet(values: pd.Series, *, options: Sequence[int | str] | None = None) -> Facet:
    """Make a facet of a column with one value, or a tuple of values, per row; a missing value is no option.

    The options are those given, or the values that occur in ascending order.
    """
    single = values.reset_index(drop=True).explode()
    return to_facet_of_pairs(single.index.to_numpy(), single, length=len(values), options=options)


def to_facet_of_pairs(
    rows: Positions, values: pd.Series, *, length: int, options: Sequence[int | str] | None = None
) -> Facet:
    """Make a facet of pairs of a row and a value it has; see to_facet."""
    offered = sorted(values.dropna().unique().tolist()) if options is None else list(options)
    numbers = pd.Index(offered).get_indexer(pd.Index(values))
    known = numbers >= 0
    width = max(len(offered), 1)
    pairs = np.unique(rows[known].astype(np.int64) * width + numbers[known])
    return Facet(tuple(offered), pairs // width, pairs % width, length)


@lru_cache(maxsize=16)  # each facet counts the options beside the same words
def _match_words(index: Index, query: str) -> Mask:
    found = np.ones(len(index.begin), dtype=bool)
    for word in query.split():
        plain, german = to_search_forms(word)
        hit = index.words["plain"].str.contains(plain, regex=False)
        hit |= index.words["german"].str.contains(german, regex=False)
        found &= hit.to_numpy(bool)[index.words_of].any(axis=0)
    found.flags.writeable = False
    return found


_MASKS: Mapping[str, Callable[[Index, Any], Mask]] = MappingProxyType(
    {
        "q": _match_words,
        "until": lambda index, year: index.begin <= year,
        "year_from": lambda index, year: index.end >= year,
        "year_to": lambda index, year: index.begin <= year,
    }
)


def to_mask(index: Index, selection: Selection, *, without: str | None = None) -> Mask:
    """Say of each row whether it passes every filter that applies to it, but for the one named by `without`."""
    mask = np.ones(len(index.begin), dtype=bool)
    for name in index.names:
        wanted = getattr(selection, name)
        if name != without and wanted:
            mask &= index.facets[name].to_mask(wanted) if name in index.facets else _MASKS[name](index, wanted)
    return mask


def count_options(index: Index, selection: Selection) -> dict[str, dict[int | str, int]]:
    """Count for each option of each facet the rows it would show beside the other filters; it may be none."""
    return {name: facet.count(to_mask(index, selection, without=name)) for name, facet in index.facets.items()}


def keep_known(
    selection: Selection, known: Mapping[str, Collection[int | str]]
) -> tuple[Selection, tuple[tuple[str, str], ...]]:
    """Drop the values that the tables do not know, as a shared link may carry them.

    Takes the known options by filter. Returns the selection without the others, and the pairs of filter and value that
    were dropped.
    """
    dropped: list[tuple[str, str]] = []
    kept: dict[str, Any] = {}
    for name, options in known.items():
        given = getattr(selection, name)
        dropped += [(name, str(value)) for value in given if value not in options]
        kept[name] = tuple(value for value in given if value in options)
    return replace(selection, **kept), tuple(dropped)


def to_changed(selection: Selection, name: str, value: object) -> Selection:
    """Return the selection with one filter changed."""
    changes: dict[str, Any] = {name: value}
    return replace(selection, **changes)


def to_reset(selection: Selection, names: Sequence[str]) -> Selection:
    """Return the selection with the named filters taken away."""
    empty = Selection()
    changes: dict[str, Any] = {name: getattr(empty, name) for name in names}
    return replace(selection, **changes)


def is_empty(selection: Selection, names: Sequence[str]) -> bool:
    """Say whether none of the named filters is set."""
    return all(not getattr(selection, name) for name in names)
