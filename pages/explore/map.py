"""The map: every climate partnership as an arc, filters, and a card about what is selected."""

import numpy as np
import streamlit as st

from geo.filters import describe_shown, to_mask
from geo.layers import Shown
from ui.cards import show_legend, show_municipality_card, show_partnership_card, show_phase_card
from ui.downloads import show_record_download
from ui.filter_bar import show_empty_hint, show_filters
from ui.language import current_language
from ui.loading import load_dataset, load_index
from ui.map_view import show_map
from ui.record_table import show_record_table
from ui.session import current_view

dataset, language, view = load_dataset(), current_language(), current_view()
positions = np.flatnonzero(to_mask(load_index(), view.selection)).tolist()
links = dataset.links.iloc[positions]
partnership = view.partnership if view.partnership in links.index else None
of_municipality = list(links.index[(links["north"] == view.municipality) | (links["south"] == view.municipality)])
municipality = view.municipality if of_municipality else None

top = st.container()
map_column, card_column = st.columns([5, 2], gap="medium")
with map_column:
    # First of all: nothing on this page takes longer to appear.
    show_map(Shown(positions, partnership=partnership, municipality=municipality))
    show_legend()
with top:
    st.title(language.gettext("Klimapartnerschaften auf der Weltkarte"), anchor=False)
    show_filters()
    with st.container(key="summary"):
        st.text(describe_shown(links, dataset, view.selection, language=language))
        show_empty_hint(links)
with card_column:
    if partnership:
        show_partnership_card(partnership)
    elif municipality:
        show_municipality_card(municipality, of_municipality)
    else:
        show_phase_card(view.selection)
st.header(language.gettext("Die gezeigten Partnerschaften als Tabelle"), anchor=False)
show_record_table(positions, selected=partnership)
show_record_download(links)
