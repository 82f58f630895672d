"""What a visitor can take along from a view, in one row."""

import streamlit as st

from geo.figures import Shown
from ui.figures import show_figure_download


def show_take_along(shown: Shown, *, title: str, sentence: str) -> None:
    """Draw the offers for what a map shows; title and sentence are those of the page."""
    with st.container(horizontal=True, key="take_along"):
        show_figure_download(shown, title=title, sentence=sentence)
