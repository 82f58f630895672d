"""What the filters leave, and what the arcs of a meeting mean, in sentences that can be read aloud.

`say_…` are the messages before numbers and names are put in, for those who put them in elsewhere: a file that is taken
along says its sentences in the browser (see takeaway.py).
"""

from typing import Literal

import numpy as np
import pandas as pd

from geo.dataset import Dataset
from geo.filters import Index, Mask, Selection
from geo.indexes import LinkIndex
from geo.language import Language, to_search_forms
from geo.records import to_meeting_labels, to_theme_labels
from geo.schema import GERMAN_STATES, MEETING_KIND_LABELS

LayerName = Literal["network", "meetings", "sites"]
# Whoever comes from no farther is at home in the host town: its point and the meeting's may differ a little.
AT_HOME_KM = 10
MOST_COUNTRIES = 5


def say_filter(name: str, count: int, *, language: Language) -> str:
    """Return the words of a list filter with so many values chosen, with one place in braces for the values."""
    _, ngettext = language.gettext, language.ngettext
    match name:
        case "phase":
            return ngettext("Phase {phases}", "Phasen {phases}", count)
        case "country":
            return ngettext("Land {countries}", "Länder {countries}", count)
        case "theme":
            return ngettext("Thema {themes}", "Themen {themes}", count)
        case "state":
            return _("Kommunen aus {states}")
    return "{values}"


def say_until(*, language: Language) -> str:
    """Return the words of the filter `until`, with the place `{year}`."""
    return language.gettext("begonnen bis {year}")


def say_ends(south: int, *, language: Language) -> str:
    """Return the words that count municipalities, with the places `{north}` and `{south}`."""
    return language.ngettext(
        "zwischen {north} deutschen und {south} Kommune im Globalen Süden",
        "zwischen {north} deutschen und {south} Kommunen im Globalen Süden",
        south,
    )


def say_countries(count: int, *, language: Language) -> str:
    """Return the words that count countries, with the place `{countries}`."""
    return language.ngettext("in {countries} Land", "in {countries} Ländern", count)


def say_places(count: int, *, language: Language) -> str:
    """Return the words that count towns, with the place `{places}`."""
    return language.ngettext("an {places} Ort", "an {places} Orten", count)


def say_online(count: int, *, language: Language) -> str:
    """Return the words that count meetings held online, with the place `{count}`."""
    return language.ngettext("{count} online", "{count} online", count)


def say_visited(meetings: int, *, language: Language) -> str:
    """Return the words that count the meetings of excursion sites, with the place `{meetings}`."""
    return language.ngettext("besucht bei {meetings} Treffen", "besucht bei {meetings} Treffen", meetings)


def say_shown(layer: LayerName, total: int, *, language: Language) -> str:
    """Return the words that count what is shown, with the places `{shown}` and `{total}`."""
    ngettext = language.ngettext
    match layer:
        case "network":
            return ngettext("{shown} von {total} Partnerschaft", "{shown} von {total} Partnerschaften", total)
        case "meetings":
            return ngettext("{shown} von {total} Treffen", "{shown} von {total} Treffen", total)
        case "sites":
            return ngettext("{shown} von {total} Exkursionsort", "{shown} von {total} Exkursionsorten", total)


def say_none(layer: LayerName, *, language: Language) -> str:
    """Return the sentence for filters that leave nothing, with the places `{total}` and `{filters}`."""
    _ = language.gettext
    match layer:
        case "network":
            return _("Keine der {total} Partnerschaften passt zu dieser Auswahl: {filters}.")
        case "meetings":
            return _("Keines der {total} Treffen passt zu dieser Auswahl: {filters}.")
        case "sites":
            return _("Keiner der {total} Exkursionsorte passt zu dieser Auswahl: {filters}.")


def describe_selection(selection: Selection, dataset: Dataset, *, index: Index, language: Language) -> list[str]:
    """Say each filter that is set and applies in a few words: `Phase 3`, `Land Mexiko`."""
    _ = language.gettext

    def say(name: str) -> str:
        return say_filter(name, len(getattr(selection, name)), language=language)

    words = {}
    if selection.phase:
        words["phase"] = say("phase").format(phases=language.join([str(phase) for phase in sorted(selection.phase)]))
    if selection.country:
        names = language.join([language.country(code) for code in selection.country])
        words["country"] = say("country").format(countries=names)
    if selection.theme:
        labels = to_theme_labels(dataset, language=language)
        names = language.join([labels[theme] for theme in selection.theme])
        words["theme"] = say("theme").format(themes=names)
    if selection.state:
        names = language.join([_(GERMAN_STATES[code]) for code in selection.state])
        words["state"] = say("state").format(states=names)
    if selection.kind:
        kinds = [MEETING_KIND_LABELS[kind] for kind in selection.kind]
        words["kind"] = language.join([_(label) for label in kinds])
    if selection.meeting:
        titles = to_meeting_labels(dataset, language=language)
        words["meeting"] = language.join([titles[meeting] for meeting in selection.meeting])
    if selection.q:
        words["q"] = _("Suche nach „{query}“").format(query=selection.q)
    if selection.until:
        words["until"] = say_until(language=language).format(year=selection.until)
    first, last = selection.year_from, selection.year_to
    if first and last:
        words["year_from"] = _("von {first} bis {last}").format(first=first, last=last)
    elif first:
        words["year_from"] = _("ab {year}").format(year=first)
    elif last:
        words["year_to"] = _("bis {year}").format(year=last)
    return [words[name] for name in index.names if name in words]


def describe_links(mask: Mask, index: LinkIndex, dataset: Dataset, selection: Selection, *, language: Language) -> str:
    """Say which partnerships are shown. `mask` are those that pass the selection."""
    _ = language.gettext
    total, shown = len(mask), int(mask.sum())
    words = describe_selection(selection, dataset, index=index, language=language)
    if not total:
        return _("In den Tabellen steht noch keine Partnerschaft.")
    if not shown:
        return say_none("network", language=language).format(total=language.number(total), filters=", ".join(words))
    north, south = (len(np.unique(numbers[mask])) for numbers in (index.north, index.south))
    countries = sum(count > 0 for count in index.southern.count(mask).values())
    count = say_shown("network", total, language=language).format(
        shown=language.number(shown), total=language.number(total)
    )
    ends = say_ends(south, language=language).format(north=language.number(north), south=language.number(south))
    where = say_countries(countries, language=language).format(countries=language.number(countries))
    return f"{count} – {', '.join([*words, ends])} {where}" if words else f"{count} {ends} {where}"


def describe_most(layer: LayerName, countries: pd.Series, *, language: Language) -> str:
    """Say in words what a map shows at a glance: where most of it lies. Empty where nothing is shown.

    Takes the country (ISO 3166-1) of each thing shown: of a partnership, that of its southern end.
    """
    _, ngettext = language.gettext, language.ngettext
    counts = countries.dropna().value_counts()
    if counts.empty:
        return ""
    order = sorted(counts.items(), key=lambda pair: (-pair[1], to_search_forms(language.country(str(pair[0])))))
    most = [f"{language.country(str(code))} {language.number(count)}" for code, count in order[:MOST_COUNTRIES]]
    rest = len(counts) - len(most)
    if rest:
        more = ngettext("{count} weiteres Land", "{count} weitere Länder", rest)
        most.append(more.format(count=language.number(rest)))
    message = {
        "network": _("Partnerschaften nach Land: {countries}."),
        "meetings": _("Treffen nach Land: {countries}."),
        "sites": _("Exkursionsorte nach Land: {countries}."),
    }[layer]
    return message.format(countries=language.join(most))


def describe_meetings(mask: Mask, index: Index, dataset: Dataset, selection: Selection, *, language: Language) -> str:
    """Say which meetings are shown, in how many places and countries, and how many were held online."""
    _ = language.gettext
    total, shown = len(mask), int(mask.sum())
    words = describe_selection(selection, dataset, index=index, language=language)
    if not total:
        return _("In den Tabellen steht noch kein Treffen.")
    if not shown:
        return say_none("meetings", language=language).format(total=language.number(total), filters=", ".join(words))
    meetings = dataset.meetings[mask]
    held = meetings[meetings["place"].notna()]
    places = len(held[["place", "country"]].drop_duplicates())
    count = say_shown("meetings", total, language=language).format(
        shown=language.number(shown), total=language.number(total)
    )
    where = []
    if places:
        countries = held["country"].nunique()
        at = say_places(places, language=language).format(places=language.number(places))
        country = say_countries(countries, language=language).format(countries=language.number(countries))
        where.append(f"{at} {country}")
    online = shown - len(held)
    if online:
        where.append(say_online(online, language=language).format(count=language.number(online)))
    return f"{count} – {', '.join([*words, *where])}"


def describe_sites(mask: Mask, index: Index, dataset: Dataset, selection: Selection, *, language: Language) -> str:
    """Say which excursion sites are shown, and at how many meetings they were visited."""
    _ = language.gettext
    total, shown = len(mask), int(mask.sum())
    words = describe_selection(selection, dataset, index=index, language=language)
    if not total:
        return _("In den Tabellen steht noch kein Exkursionsort.")
    if not shown:
        return say_none("sites", language=language).format(total=language.number(total), filters=", ".join(words))
    meetings = dataset.sites.loc[mask, "meeting"].nunique()
    count = say_shown("sites", total, language=language).format(
        shown=language.number(shown), total=language.number(total)
    )
    visited = say_visited(meetings, language=language).format(meetings=language.number(meetings))
    return f"{count} – {', '.join([*words, visited])}"


def describe_arcs(delegations: pd.DataFrame, *, phases: int, language: Language) -> list[str]:
    """Explain the arcs of a meeting's map as far as it has them, in sentences.

    Takes the rows of `to_delegations` and how many phases the meeting belongs to.
    """
    _, ngettext = language.gettext, language.ngettext

    def name_countries(codes: pd.Series) -> str:
        return language.join([language.country(code) for code in codes.unique()])

    located = delegations[delegations.geometry.notna()]
    is_host = located.groupby("country")["distance_km"].transform("max") < AT_HOME_KM
    hosts, guests = located[is_host], located[~is_host]
    dashed = guests[guests["municipality"].isna()]
    nowhere = delegations[delegations["origin"].isna()]
    notes = []
    if len(hosts):
        notes.append(_("{countries}: gastgebend, daher ohne Bogen.").format(countries=name_countries(hosts["country"])))
    if len(dashed) and dashed["is_merged"].any():
        notes.append(
            _("Es sind zu viele Partnerkommunen für einzelne Bögen; sie beginnen deshalb in der Mitte der Länder.")
        )
    elif len(dashed) and phases:
        message = ngettext(
            "Gestrichelt ab der Landesmitte: {countries}. Für diese Phase ist dort keine Partnerkommune verzeichnet.",
            "Gestrichelt ab der Landesmitte: {countries}. Für diese Phasen ist dort keine Partnerkommune verzeichnet.",
            phases,
        )
        notes.append(message.format(countries=name_countries(dashed["country"])))
    elif len(dashed):
        notes.append(_("Das Treffen gehört zu keiner Phase; deshalb beginnen die Bögen in der Mitte der Länder."))
    if len(nowhere):
        notes.append(_("Nicht auf der Karte: {countries}.").format(countries=name_countries(nowhere["country"])))
    if len(guests) > len(dashed):
        message = ngettext(
            "Genannt sind nur die Länder. Die Bögen beginnen bei den Partnerkommunen der Phase; "
            "ob jede von ihnen teilnahm, sagt die Quelle nicht.",
            "Genannt sind nur die Länder. Die Bögen beginnen bei den Partnerkommunen der Phasen; "
            "ob jede von ihnen teilnahm, sagt die Quelle nicht.",
            phases,
        )
        notes.append(message)
    return notes
