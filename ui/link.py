"""The address of a view: everything a page shows stands in its query parameters, as codes, never as labels.

Nothing here knows Streamlit: parameters come in and go out as lists of texts by name.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

from geo.dataset import Dataset
from geo.filters import LONGEST_SEARCH, YEAR_FILTERS, Selection, keep_known
from geo.indexes import Indexes
from geo.schema import TABLE_BY_NAME

Parameters = dict[str, list[str]]
_SEVERAL = ("phase", "country", "theme", "state", "kind")
# What is looked at in detail; at most one of a kind.
DETAILS = ("partnership", "municipality", "meeting", "site", "table")
# The scene that the talk opens with, and after how many seconds it goes on by itself.
TALK = ("scene", "auto")
# Whether the map bundles what it could show one by one, and by what.
BY_COUNTRY = "country"
NAMES = ("lang", *_SEVERAL, "q", *YEAR_FILTERS, "by", *DETAILS, *TALK)
SHORTEST_SECONDS, LONGEST_SECONDS = 3, 600


@dataclass(frozen=True)
class View:
    """What a visitor looks at. `lang` is None until a language has been chosen; `by`: see BY_COUNTRY."""

    lang: str | None = None
    selection: Selection = field(default_factory=Selection)
    by: str | None = None
    partnership: str | None = None
    municipality: str | None = None
    meeting: str | None = None
    site: str | None = None
    table: str | None = None
    scene: int | None = None
    auto: int | None = None


@dataclass(frozen=True)
class Ignored:
    """A value in a link that means nothing here."""

    name: str
    value: str


def read_view(
    parameters: Mapping[str, Sequence[str]], *, dataset: Dataset, indexes: Indexes, languages: Sequence[str]
) -> tuple[View, tuple[Ignored, ...]]:
    """Read a view from query parameters. What is unknown or broken is left out and returned as ignored.

    Of a parameter that holds one value, the last one given counts. Parameters of other names are passed over.
    """
    ignored: list[Ignored] = []

    def take_numbers(name: str) -> tuple[int, ...]:
        values = parameters.get(name, ())
        ignored.extend(Ignored(name, value) for value in values if not _is_number(value))
        return tuple(dict.fromkeys(int(value) for value in values if _is_number(value)))

    def take_codes(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(parameters.get(name, ())))

    def take_one(name: str, known: Container[str]) -> str | None:
        values = [value for value in parameters.get(name, ()) if value]
        if not values or values[-1] in known:
            return values[-1] if values else None
        ignored.append(Ignored(name, values[-1]))
        return None

    def take_number(name: str, limits: tuple[int, int]) -> int | None:
        number = next(iter(take_numbers(name)[-1:]), None)
        if number is not None and not limits[0] <= number <= limits[1]:
            ignored.append(Ignored(name, str(number)))
            return None
        return number

    selection = Selection(
        phase=take_numbers("phase"),
        country=take_codes("country"),
        theme=take_codes("theme"),
        state=take_codes("state"),
        kind=take_codes("kind"),
        q="".join(parameters.get("q", ())[-1:]).strip()[:LONGEST_SEARCH],
        until=take_number("until", indexes.links.years),
        year_from=take_number("year_from", indexes.meetings.years),
        year_to=take_number("year_to", indexes.meetings.years),
    )
    if selection.year_from and selection.year_to and selection.year_from > selection.year_to:
        ignored.append(Ignored("year_from", str(selection.year_from)))
        selection = replace(selection, year_from=None)
    selection, unknown = keep_known(selection, indexes.known)
    ignored.extend(Ignored(name, value) for name, value in unknown)
    return View(
        lang=take_one("lang", languages),
        selection=selection,
        by=take_one("by", (BY_COUNTRY,)),
        partnership=take_one("partnership", dataset.links.index),
        municipality=take_one("municipality", dataset.municipalities.index),
        meeting=take_one("meeting", dataset.meetings.index),
        site=take_one("site", dataset.sites.index),
        table=take_one("table", TABLE_BY_NAME),
        scene=take_number("scene", (1, len(dataset.tables["talk"]))),
        auto=take_number("auto", (SHORTEST_SECONDS, LONGEST_SECONDS)),
    ), tuple(ignored)


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) <= 4


def to_parameters(view: View) -> Parameters:
    """Write a view as query parameters: the shortest that read_view turns into the same view."""
    selection = view.selection
    parameters: dict[str, list[str]] = {name: [str(value) for value in getattr(selection, name)] for name in _SEVERAL}
    parameters["lang"] = [view.lang] if view.lang else []
    parameters["q"] = [selection.q] if selection.q else []
    parameters |= {name: [str(year)] if (year := getattr(selection, name)) else [] for name in YEAR_FILTERS}
    parameters |= {name: [getattr(view, name)] if getattr(view, name) else [] for name in ("by", *DETAILS)}
    parameters |= {name: [str(number)] if (number := getattr(view, name)) else [] for name in TALK}
    return {name: parameters[name] for name in NAMES if parameters[name]}
