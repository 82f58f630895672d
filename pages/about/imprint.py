"""Who answers for this atlas."""

import streamlit as st

from server.operator import current_operator
from ui.frame import show_header
from ui.language import current_language
from ui.templating import show_template

show_header()
st.title(current_language().gettext("Impressum"), anchor=False)
show_template("imprint.html", operator=current_operator())
