"""How to read the map, and how to use it with and without a mouse."""

import streamlit as st

from ui.frame import show_header
from ui.language import current_language
from ui.templating import show_template

show_header()
st.title(current_language().gettext("So lesen Sie den Atlas"), anchor=False)
show_template("guide.html")
