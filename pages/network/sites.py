"""The sites that excursions visited, and one of them."""

import streamlit as st

from ui.frame import show_header
from ui.language import current_language
from ui.loading import load_dataset
from ui.meetings import show_site
from ui.navigation import SITES, show_link
from ui.session import current_view

show_header()

language, view = current_language(), current_view()
st.title(language.gettext("Exkursionsorte"), anchor=False)
if view.site:
    show_link(SITES, language.gettext("Alle Exkursionsorte"), icon=":material/arrow_back:")
    show_site(view.site)
else:
    columns = st.columns(2, gap="medium")
    for number, site in enumerate(load_dataset().sites.index):
        with columns[number % 2]:
            show_site(site)
