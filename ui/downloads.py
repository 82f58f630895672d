"""Files to take along. Each is made when it is asked for."""

from collections.abc import Sequence

import streamlit as st

from geo.calendars import to_ics_bytes
from geo.records import to_csv_bytes, to_records
from ui.language import current_language
from ui.loading import load_dataset


def show_record_download(positions: list[int]) -> None:
    """Offer the links at these positions as a CSV file in the visitor's language."""
    language, dataset = current_language(), load_dataset()

    def make() -> bytes:
        return to_csv_bytes(to_records(dataset.links.iloc[positions], dataset, language=language), language=language)

    st.download_button(
        language.gettext("Als CSV-Datei herunterladen"),
        make,
        file_name=language.gettext("klimapartnerschaften.csv"),
        mime="text/csv",
        key="download",
        icon=":material/download:",
        on_click="ignore",
    )


def show_calendar_download(meetings: Sequence[str], *, file_name: str, key: str) -> None:
    """Offer meetings as a calendar file in the visitor's language."""
    language, dataset = current_language(), load_dataset()
    label = language.ngettext("In den Kalender (ICS)", "Alle gezeigten Treffen in den Kalender (ICS)", len(meetings))

    def make() -> bytes:
        return to_ics_bytes(meetings, dataset, language=language)

    st.download_button(
        label,
        make,
        file_name=file_name,
        mime="text/calendar",
        key=key,
        icon=":material/calendar_add_on:",
        on_click="ignore",
        disabled=not meetings,
    )
