"""What a page offers to take along, in one row."""

import streamlit as st

from geo.filters import Selection
from geo.takeaway import Taken
from ui.session import current_view
from ui.takeaway import show_takeaway_download


def show_take_along(shown: Taken, *, title: str, sentence: str, selection: Selection | None = None) -> None:
    """Draw the offers for the view on the map. `selection` are the filters that chose it, if not those of the view."""
    with st.container(horizontal=True, key="take_along"):
        show_takeaway_download(shown, title=title, sentence=sentence, selection=selection or current_view().selection)
