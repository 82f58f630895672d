"""The talk: scenes told from the tables, for a projector."""

import streamlit as st

from geo.talk import to_scenes
from ui.frame import name_tab, show_header
from ui.language import current_language
from ui.loading import load_dataset
from ui.session import follow_address, follow_language
from ui.talk import show_talk
from ui.templating import show_template


@st.fragment
def show_page() -> None:
    """Draw the talk, or say that the tables have none."""
    follow_language()
    follow_address()
    language = current_language()
    name_tab(language.gettext("Vortrag"))
    if not to_scenes(load_dataset(), language=language):
        show_header()
        message = language.gettext("In den Tabellen steht noch keine Szene für den Vortrag.")
        show_template("notice.html", message=message)
        return
    show_talk()


show_page()
