"""Files to take along."""

from collections.abc import Sequence

import streamlit as st

from geo.records import to_csv_bytes, to_records
from ui.language import current_language
from ui.loading import load_dataset


def show_record_download(positions: Sequence[int]) -> None:
    """Offer the links at these positions as a CSV file in the visitor's language; it is made when it is asked for."""
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
