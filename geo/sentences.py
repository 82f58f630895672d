"""What the filters leave, and what the arcs of a meeting mean, in sentences that can be read aloud."""

import numpy as np
import pandas as pd

from geo.dataset import Dataset
from geo.filters import Index, Mask, Selection
from geo.indexes import LinkIndex
from geo.language import Language
from geo.records import to_meeting_labels, to_theme_labels
from geo.schema import GERMAN_STATES, MEETING_KIND_LABELS

# Whoever comes from no farther is at home in the host town: its point and the meeting's may differ a little.
AT_HOME_KM = 10


def describe_selection(selection: Selection, dataset: Dataset, *, index: Index, language: Language) -> list[str]:
    """Say each filter that is set and applies in a few words: `Phase 3`, `Land Mexiko`."""
    _, ngettext = language.gettext, language.ngettext
    words = {}
    if selection.phase:
        phases = language.join([str(phase) for phase in sorted(selection.phase)])
        words["phase"] = ngettext("Phase {phases}", "Phasen {phases}", len(selection.phase)).format(phases=phases)
    if selection.country:
        names = language.join([language.country(code) for code in selection.country])
        message = ngettext("Land {countries}", "Länder {countries}", len(selection.country))
        words["country"] = message.format(countries=names)
    if selection.theme:
        labels = to_theme_labels(dataset, language=language)
        names = language.join([labels[theme] for theme in selection.theme])
        words["theme"] = ngettext("Thema {themes}", "Themen {themes}", len(selection.theme)).format(themes=names)
    if selection.state:
        names = language.join([_(GERMAN_STATES[code]) for code in selection.state])
        words["state"] = _("Kommunen aus {states}").format(states=names)
    if selection.kind:
        kinds = [MEETING_KIND_LABELS[kind] for kind in selection.kind]
        words["kind"] = language.join([_(label) for label in kinds])
    if selection.meeting:
        titles = to_meeting_labels(dataset, language=language)
        words["meeting"] = language.join([titles[meeting] for meeting in selection.meeting])
    if selection.q:
        words["q"] = _("Suche nach „{query}“").format(query=selection.q)
    if selection.until:
        words["until"] = _("begonnen bis {year}").format(year=selection.until)
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
    _, ngettext = language.gettext, language.ngettext
    total, shown = len(mask), int(mask.sum())
    words = describe_selection(selection, dataset, index=index, language=language)
    if not total:
        return _("In den Tabellen steht noch keine Partnerschaft.")
    if not shown:
        none = _("Keine der {total} Partnerschaften passt zu dieser Auswahl: {filters}.")
        return none.format(total=language.number(total), filters=", ".join(words))
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


def describe_meetings(mask: Mask, index: Index, dataset: Dataset, selection: Selection, *, language: Language) -> str:
    """Say which meetings are shown, in how many places and countries, and how many were held online."""
    _, ngettext = language.gettext, language.ngettext
    total, shown = len(mask), int(mask.sum())
    words = describe_selection(selection, dataset, index=index, language=language)
    if not total:
        return _("In den Tabellen steht noch kein Treffen.")
    if not shown:
        none = _("Keines der {total} Treffen passt zu dieser Auswahl: {filters}.")
        return none.format(total=language.number(total), filters=", ".join(words))
    meetings = dataset.meetings[mask]
    held = meetings[meetings["place"].notna()]
    places = len(held[["place", "country"]].drop_duplicates())
    count = ngettext("{shown} von {total} Treffen", "{shown} von {total} Treffen", total).format(
        shown=language.number(shown), total=language.number(total)
    )
    where = []
    if places:
        countries = held["country"].nunique()
        at = ngettext("an {places} Ort", "an {places} Orten", places).format(places=language.number(places))
        country = ngettext("in {countries} Land", "in {countries} Ländern", countries).format(
            countries=language.number(countries)
        )
        where.append(f"{at} {country}")
    online = shown - len(held)
    if online:
        where.append(ngettext("{count} online", "{count} online", online).format(count=language.number(online)))
    return f"{count} – {', '.join([*words, *where])}"


def describe_sites(mask: Mask, index: Index, dataset: Dataset, selection: Selection, *, language: Language) -> str:
    """Say which excursion sites are shown, and at how many meetings they were visited."""
    _, ngettext = language.gettext, language.ngettext
    total, shown = len(mask), int(mask.sum())
    words = describe_selection(selection, dataset, index=index, language=language)
    if not total:
        return _("In den Tabellen steht noch kein Exkursionsort.")
    if not shown:
        none = _("Keiner der {total} Exkursionsorte passt zu dieser Auswahl: {filters}.")
        return none.format(total=language.number(total), filters=", ".join(words))
    meetings = dataset.sites.loc[mask, "meeting"].nunique()
    count = ngettext("{shown} von {total} Exkursionsort", "{shown} von {total} Exkursionsorten", total).format(
        shown=language.number(shown), total=language.number(total)
    )
    visited = ngettext("besucht bei {meetings} Treffen", "besucht bei {meetings} Treffen", meetings).format(
        meetings=language.number(meetings)
    )
    return f"{count} – {', '.join([*words, visited])}"


def describe_arcs(delegations: pd.DataFrame, *, phases: int, language: Language) -> list[str]:
    """Explain the arcs of a meeting's map as far as it has them, in sentences.

    Takes the rows of `to_delegations` and how many phases the meeting belongs to.
    """
    _, ngettext = language.gettext, language.ngettext

    def name_countries(codes: pd.Series) -> str:
        return language.join([language.country(code) for code in codes.unique()])

    located = delegations[delegations.geometry.notna()]
    dashed = located[located["municipality"].isna()]
    farthest = located.groupby("country")["distance_km"].transform("max")
    hosts = located[farthest < AT_HOME_KM]
    nowhere = delegations[delegations["origin"].isna()]
    notes = []
    if len(hosts):
        notes.append(_("{countries}: gastgebend, daher ohne Bogen.").format(countries=name_countries(hosts["country"])))
    if len(dashed) and phases:
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
    if len(located) > len(dashed) + len(hosts):
        message = ngettext(
            "Genannt sind nur die Länder. Die Bögen beginnen bei den Partnerkommunen der Phase; "
            "ob jede von ihnen teilnahm, sagt die Quelle nicht.",
            "Genannt sind nur die Länder. Die Bögen beginnen bei den Partnerkommunen der Phasen; "
            "ob jede von ihnen teilnahm, sagt die Quelle nicht.",
            phases,
        )
        notes.append(message)
    return notes
