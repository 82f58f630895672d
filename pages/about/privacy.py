"""What is done with visitors' data. Tests hold what is said here about cookies, logs and requests."""

import streamlit as st

from server.operator import current_operator
from server.settings import current_settings
from ui.frame import show_header
from ui.language import current_language
from ui.templating import show_template

show_header()
st.title(current_language().gettext("Datenschutz"), anchor=False)
settings = current_settings()
show_template("privacy.html", operator=current_operator(), tiles=settings.offered_tiles, access_log=settings.access_log)
