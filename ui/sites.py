"""Excursion sites in the reader's words."""

from typing import Any

import pandas as pd
import streamlit as st

from geo.dataset import Dataset
from geo.language import Language
from geo.records import to_meeting_records, to_texts, to_theme_labels
from geo.schema import ENTRY_CONFIDENCE_LABELS
from ui.language import current_language
from ui.loading import load_dataset
from ui.navigation import MEETINGS, SITES, show_link
from ui.session import current_view
from ui.templating import show_template, to_plain_label


def show_site_card(site: str, *, key: str, selected: bool = False) -> None:
    """Draw the card of one site with the way to the meeting that visited it, and to its place on the map."""
    dataset, language = load_dataset(), current_language()
    facts = describe_site(site, dataset, language=language)
    with st.container(border=True, key=key):
        show_template("site.html", **facts)
        with st.container(horizontal=True):
            if not selected:
                meeting = current_view().meeting
                kept = {"meeting": meeting} if meeting else {}
                label = language.gettext("Auf der Karte zeigen")
                show_link(SITES, label, icon=":material/location_on:", site=site, **kept)
            show_link(
                MEETINGS, to_plain_label(facts["meeting_label"]), icon=":material/event:", meeting=facts["meeting"]
            )


def describe_site(site: str, dataset: Dataset, *, language: Language) -> dict[str, Any]:
    """Return the facts of a site as the template site.html names them; None where one is not known."""
    row = dataset.sites.loc[site]
    labels = to_theme_labels(dataset, language=language)
    meeting = to_meeting_records(dataset, language=language).loc[row["meeting"]]
    confidence = ENTRY_CONFIDENCE_LABELS[row["confidence"]]
    name = to_texts(dataset.sites.loc[[site]], "name", language=language).iloc[0]
    distance = row["distance_km"]
    return {
        "name": name,
        "name_local": None if pd.isna(row["name_local"]) or row["name_local"] == name else row["name_local"],
        "place": f"{row['place']}, {language.country(row['country'])}",
        "feature": to_texts(dataset.sites.loc[[site]], "feature", language=language).iloc[0],
        "themes": [labels[theme] for theme in row["themes"]],
        "precision_km": language.number(row["precision_m"] / 1000, digits=1),
        "distance_km": None if pd.isna(distance) else language.number(distance),
        "town": meeting["place"],
        "coordinate_source": row["coordinate_source"],
        "meeting": row["meeting"],
        "meeting_label": f"{meeting['dates']} · {meeting['title']}",
        "source": row["source_url"],
        "confidence": language.gettext(confidence),
    }
