"""The meetings in the order of their dates, and one of them."""

import streamlit as st

from ui.frame import show_header
from ui.language import current_language
from ui.loading import load_dataset
from ui.meetings import show_meeting, show_meeting_links
from ui.session import current_view

show_header()

view = current_view()
if view.meeting:
    show_meeting(view.meeting)
else:
    st.title(current_language().gettext("Treffen des Netzwerks"), anchor=False)
    show_meeting_links(load_dataset().meetings.index)
