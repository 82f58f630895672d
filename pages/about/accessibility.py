"""The accessibility statement that German public bodies owe by law (BGG § 12b, BITV 2.0)."""

import streamlit as st

from server.operator import current_operator
from ui.frame import show_header
from ui.language import current_language
from ui.templating import show_template

show_header()
st.title(current_language().gettext("Erklärung zur Barrierefreiheit"), anchor=False)
show_template("accessibility.html", operator=current_operator())
