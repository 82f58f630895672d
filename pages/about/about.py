"""What the atlas shows, how to read it, and where it comes from."""

import streamlit as st

from server.settings import current_settings
from ui.frame import show_header
from ui.language import current_language
from ui.loading import load_dataset
from ui.navigation import OPEN_DATA, show_link
from ui.templating import show_template

show_header()

dataset, language = load_dataset(), current_language()
st.title(language.gettext("Über den Atlas"), anchor=False)
show_template(
    "about.html",
    partnerships=len(dataset.links),
    reported=int(dataset.phases["partnerships_reported"].sum()),
    phases=len(dataset.phases),
    municipalities=len(dataset.municipalities),
    meetings=len(dataset.meetings),
    tiles=current_settings().offered_tiles,
)
show_link(OPEN_DATA, language.gettext(OPEN_DATA.title), icon=OPEN_DATA.icon)
