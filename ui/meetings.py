"""Meetings in the reader's words: links to them, the card of one, its programme."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import pandas as pd
import streamlit as st

from geo.dataset import Dataset
from geo.filters import to_changed
from geo.language import Language
from geo.records import to_meeting_labels, to_meeting_records, to_texts
from geo.schema import AGENDA_KIND_LABELS, MEETING_KIND_LABELS
from geo.sentences import describe_arcs
from ui.downloads import show_calendar_download
from ui.language import current_language
from ui.loading import load_dataset
from ui.navigation import MAP, MEETINGS, SITES, show_link
from ui.session import current_view
from ui.templating import show_template, to_plain_label


def find_meetings_of(meetings: pd.DataFrame, phase: int) -> list[str]:
    """Return the ids of the meetings of a phase, in their order."""
    return list(meetings.index[meetings["phases"].map(lambda phases: str(phase) in phases)])


def show_meeting_links(meetings: Sequence[str]) -> None:
    """Draw one link per meeting with its dates and place, or say that none is recorded."""
    dataset, language = load_dataset(), current_language()
    if not meetings:
        st.text(language.gettext("Zu dieser Phase ist kein Treffen verzeichnet."))
    records = to_meeting_records(dataset, language=language)
    for meeting, record in records.loc[list(meetings)].iterrows():
        label = " · ".join([record["dates"], record["title"], record["place"]])
        show_link(MEETINGS, to_plain_label(label), icon=":material/event:", meeting=str(meeting))


def show_neighbours(meeting: str, shown: Sequence[str]) -> None:
    """Draw the ways back to all meetings, and to the one before and after among those shown."""
    language = current_language()
    _ = language.gettext
    labels = to_meeting_labels(load_dataset(), language=language)
    order = [one for one in labels if one in {*shown, meeting}]
    place = order.index(meeting)
    with st.container(horizontal=True, key="neighbours"):
        show_link(MEETINGS, _("Alle Treffen"), icon=":material/event_list:")
        for at, icon, name in (
            (place - 1, ":material/arrow_back:", _("Vorheriges: {meeting}")),
            (place + 1, ":material/arrow_forward:", _("Nächstes: {meeting}")),
        ):
            if 0 <= at < len(order):
                label = name.format(meeting=labels[order[at]])
                show_link(MEETINGS, to_plain_label(label), icon=icon, meeting=order[at])


def show_meeting_card(meeting: str) -> None:
    """Draw what is known of one meeting: when and where, who came, hosts, source."""
    dataset, language = load_dataset(), current_language()
    with st.container(border=True, key="detail"):
        show_template("meeting.html", **describe_meeting(meeting, dataset, language=language))
        with st.container(horizontal=True):
            show_calendar_download([meeting], file_name=f"{meeting}.ics", key="calendar_one")
            phases = [int(phase) for phase in dataset.meetings.at[meeting, "phases"]]
            if len(phases) == 1:
                label = language.gettext("Partnerschaften der Phase {phase}").format(phase=phases[0])
                selection = to_changed(current_view().selection, "phase", tuple(phases))
                show_link(MAP, label, icon=":material/public:", selection=selection)


def show_kinds(positions: Sequence[int]) -> None:
    """Draw how many of the meetings shown are of which kind, and what can be done here."""
    dataset, language = load_dataset(), current_language()
    counts = dataset.meetings["kind"].iloc[list(positions)].value_counts()
    kinds = [(language.gettext(label), int(counts.get(kind, 0))) for kind, label in MEETING_KIND_LABELS.items()]
    with st.container(border=True, key="detail"):
        show_template("kinds.html", kinds=[(label, count) for label, count in kinds if count])


def show_programme(meeting: str) -> None:
    """Draw the programme by day in its order; an excursion leads to its site."""
    dataset, language = load_dataset(), current_language()
    days = describe_programme(meeting, dataset, language=language)
    if not days:
        return
    sources = {item["source"] for day in days for item in day["items"]}
    st.header(language.gettext("Programm"), anchor=False)
    with st.container(key="programme"):
        show_template("programme.html", dated=bool(days[0]["title"]), sources=sorted(sources))
        for day in days:
            if day["title"]:
                show_template("day.html", title=day["title"])
            for item in day["items"]:
                show_template("item.html", item=item, sourced=len(sources) > 1)
                if item["site"]:
                    label = language.gettext("Zum Exkursionsort: {name}").format(name=item["site_name"])
                    show_link(SITES, to_plain_label(label), icon=":material/hiking:", site=item["site"])


def describe_programme(meeting: str, dataset: Dataset, *, language: Language) -> list[dict[str, Any]]:
    """Return the programme as days in their order: `title` and `items`, named as in the template item.html.

    Items without a date between dated ones stand under a heading that says so; when no item has one, there is none.
    """
    agenda = dataset.tables["agenda"]
    agenda = agenda[agenda["meeting"] == meeting].sort_values("position")
    names = to_texts(dataset.sites, "name", language=language)
    kinds = {kind: language.gettext(label) for kind, label in AGENDA_KIND_LABELS.items()}
    unknown = language.gettext("Tag nicht genannt") if agenda["date"].notna().any() else ""
    items = [
        {
            "date": _known(row["date"]),
            "number": number,
            "kind": kinds[row["kind"]],
            "title": title,
            "organisation": _known(row["organisation"]),
            "site": _known(row["site"]),
            "site_name": names.get(row["site"]) if _known(row["site"]) else None,
            "source": row["source_url"],
        }
        for number, (title, row) in enumerate(
            zip(to_texts(agenda, "title", language=language), agenda.to_dict("records"), strict=True), start=1
        )
    ]
    return [
        {"title": language.describe_day(date) if date else unknown, "items": list(of_day)}
        for date, of_day in groupby(items, key=lambda item: item["date"])
    ]


def describe_meeting(meeting: str, dataset: Dataset, *, language: Language) -> dict[str, Any]:
    """Return the facts of a meeting as the template meeting.html names them; None where one is not known."""
    record = to_meeting_records(dataset, language=language).loc[meeting]
    row = dataset.meetings.loc[meeting]
    delegations = dataset.delegations[dataset.delegations["meeting"] == meeting]
    return {
        "kind": record["kind"],
        "phases": language.join(list(row["phases"])),
        "phase_count": len(row["phases"]),
        "dates": record["dates"],
        "online": pd.isna(row["place"]),
        "place": record["where"],
        "hosts": _known(row["hosts"]),
        "participants": _known(row["participants"]),
        "countries": record["countries"],
        "count": delegations["country"].nunique(),
        "notes": describe_arcs(delegations, phases=len(row["phases"]), language=language),
        "source": record["source"],
        "confidence": record["confidence"],
    }


def _known(value: Any) -> Any:
    return None if pd.isna(value) else value
