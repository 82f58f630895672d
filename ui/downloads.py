"""Files to take along."""

import geopandas as gpd
import streamlit as st

from geo.records import to_csv_bytes, to_records
from ui.language import current_language
from ui.loading import load_dataset


def show_record_download(links: gpd.GeoDataFrame) -> None:
    """Offer the links shown as a CSV file in the visitor's language; it is made when it is asked for."""
    language, dataset = current_language(), load_dataset()
    file_name = language.gettext("klimapartnerschaften.csv")
    st.download_button(
        language.gettext("Als CSV-Datei herunterladen"),
        lambda: to_csv_bytes(to_records(links, dataset, language=language), language=language),
        file_name=file_name,
        mime="text/csv",
        key="download",
        icon=":material/download:",
        on_click="ignore",
    )
