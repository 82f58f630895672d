"""How filters and their options are called."""

from collections.abc import Mapping

from geo.dataset import Dataset
from geo.filters import Index, Selection
from geo.language import Language
from geo.records import to_country_names, to_meeting_labels, to_theme_labels
from geo.schema import GERMAN_STATES, MEETING_KIND_LABELS

# Lists that are offered in the order of the index instead of by the alphabet.
IN_ORDER = ("phase", "kind", "meeting")


def to_filter_titles(language: Language) -> dict[str, str]:
    """Return the titles of the filters that have a list of options."""
    _ = language.gettext
    return {
        "phase": _("Projektphase"),
        "kind": _("Art des Treffens"),
        "country": _("Land"),
        "theme": _("Thema"),
        "state": _("Bundesland"),
        "meeting": _("Treffen"),
    }


def to_option_names(
    index: Index, selection: Selection, dataset: Dataset, *, language: Language
) -> dict[str, Mapping[str, str]]:
    """Return what the options of each filter are called, by code; phases are called by their number."""
    # What was chosen on another page may be no option here.
    countries = [*map(str, index.facets["country"].options), *selection.country]
    states = dict(GERMAN_STATES)
    return {
        "kind": {kind: language.gettext(label) for kind, label in MEETING_KIND_LABELS.items()},
        "country": to_country_names(countries, language=language),
        "theme": to_theme_labels(dataset, language=language),
        "state": {code: language.gettext(name) for code, name in states.items()},
        "meeting": to_meeting_labels(dataset, language=language),
    }
