"""Meetings and the sites they visited, in the reader's words."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
import streamlit as st

from geo.dataset import Dataset
from geo.language import Language, to_search_forms
from geo.records import AGENDA_KIND_LABELS, ENTRY_CONFIDENCE_LABELS, MEETING_KIND_LABELS, to_theme_labels
from ui.language import current_language
from ui.loading import load_dataset
from ui.navigation import MEETINGS, SITES, show_link
from ui.templating import show_template, to_plain_label


def find_meetings_of(meetings: pd.DataFrame, phase: int) -> list[str]:
    """Return the ids of the meetings of a phase, in their order."""
    return list(meetings.index[meetings["phases"].map(lambda phases: str(phase) in phases)])


def show_meeting_links(meetings: Iterable[str]) -> None:
    """Draw one link per meeting with its dates and place, or say that none is recorded."""
    dataset, language = load_dataset(), current_language()
    ids = list(meetings)
    if not ids:
        st.text(language.gettext("Zu dieser Phase ist kein Treffen verzeichnet."))
    for meeting in ids:
        facts = describe_meeting(meeting, dataset, language=language)
        label = " · ".join(str(part) for part in (facts["dates"], facts["title"], facts["place"]) if part)
        show_link(MEETINGS, to_plain_label(label), icon=":material/event:", meeting=meeting)


def show_meeting(meeting: str) -> None:
    """Draw one meeting: when and where, who came, the programme in its order, and the sites visited."""
    dataset, language = load_dataset(), current_language()
    facts = describe_meeting(meeting, dataset, language=language)
    show_link(MEETINGS, language.gettext("Alle Treffen"), icon=":material/arrow_back:")
    st.title(to_plain_label(str(facts["title"])), anchor=False)
    with st.container(key="detail"):
        show_template("meeting.html", **facts)
    for site in dataset.sites.index[dataset.sites["meeting"] == meeting]:
        name = describe_site(site, dataset, language=language)["name"]
        show_link(SITES, to_plain_label(str(name)), icon=":material/hiking:", site=site)


def show_site(site: str) -> None:
    """Draw the card of one excursion site with the way to the meeting that visited it."""
    dataset, language = load_dataset(), current_language()
    facts = describe_site(site, dataset, language=language)
    with st.container(border=True, key=f"site_{site}"):
        show_template("site.html", **facts)
        meeting = describe_meeting(str(facts["meeting"]), dataset, language=language)
        show_link(
            MEETINGS, to_plain_label(str(meeting["title"])), icon=":material/event:", meeting=str(facts["meeting"])
        )


def describe_meeting(meeting: str, dataset: Dataset, *, language: Language) -> dict[str, Any]:
    """Return the facts of a meeting as the template meeting.html names them; None where one is not known."""
    row = _to_known(dataset.meetings.loc[meeting])
    agenda = dataset.tables["agenda"]
    agenda = agenda[agenda["meeting"] == meeting].sort_values("position")
    delegations = dataset.tables["delegations"]
    kinds = [language.gettext(AGENDA_KIND_LABELS[kind]) for kind in agenda["kind"]]
    countries = [language.country(code) for code in delegations.loc[delegations["meeting"] == meeting, "country"]]
    kind = MEETING_KIND_LABELS[row["kind"]]
    confidence = ENTRY_CONFIDENCE_LABELS[row["confidence"]]
    return {
        "title": _to_text(row, "title", language=language),
        "dates": language.describe_dates(row["start"], row["end"]),
        "place": ", ".join(
            part for part in (row["place"], row["country"] and language.country(row["country"])) if part
        ),
        "kind": language.gettext(kind),
        "phases": language.join(list(row["phases"])),
        "hosts": row["hosts"],
        "participants": row["participants"],
        "countries": language.join(sorted(countries, key=to_search_forms)),
        "programme": [
            {"kind": kind, "title": _to_text(item, "title", language=language), "organisation": item["organisation"]}
            for kind, item in zip(kinds, map(_to_known, agenda.to_dict("records")), strict=True)
        ],
        "source": row["source_url"],
        "confidence": language.gettext(confidence),
    }


def describe_site(site: str, dataset: Dataset, *, language: Language) -> dict[str, Any]:
    """Return the facts of a site as the template site.html names them; None where one is not known."""
    row = _to_known(dataset.sites.loc[site])
    labels = to_theme_labels(dataset, language=language)
    confidence = ENTRY_CONFIDENCE_LABELS[row["confidence"]]
    return {
        "name": _to_text(row, "name", language=language),
        "name_local": row["name_local"],
        "place": f"{row['place']}, {language.country(row['country'])}",
        "feature": _to_text(row, "feature", language=language),
        "themes": [labels[theme] for theme in row["themes"]],
        "precision_km": language.number(row["precision_m"] / 1000, digits=1),
        "meeting": row["meeting"],
        "source": row["source_url"],
        "confidence": language.gettext(confidence),
    }


def _to_known(row: Any) -> dict[str, Any]:
    return {str(name): None if value is pd.NA else value for name, value in dict(row).items()}


def _to_text(row: dict[str, Any], name: str, *, language: Language) -> str:
    return str(row[language.column(name, row)] or row[f"{name}_de"])
