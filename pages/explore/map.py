"""The map: every climate partnership as an arc, filters, and a card about what is selected."""

import numpy as np
import streamlit as st

from geo.filters import count_options, to_mask
from geo.layers import Shown
from geo.related import find_partnerships_of
from ui.cards import show_municipality_card, show_partnership_card, show_phase_card
from ui.downloads import show_record_download
from ui.filter_bar import show_filters, show_summary
from ui.frame import show_header
from ui.language import current_language
from ui.loading import load_dataset, load_index
from ui.map_view import show_map
from ui.record_table import show_record_table
from ui.session import current_view, follow_address
from ui.templating import show_template


@st.fragment
def show_page() -> None:
    """Draw the page. A filter or a click on the map runs only this, not the frame around it."""
    follow_address()
    links, index, language, view = load_dataset().links, load_index(), current_language(), current_view()
    mask = to_mask(index, view.selection)
    positions = np.flatnonzero(mask).tolist()
    counts = count_options(index, view.selection)
    shown = set(links.index[positions])
    partnership = view.partnership if view.partnership in shown else None
    at_municipality = [link for link in find_partnerships_of(links, view.municipality) if link in shown]
    municipality = view.municipality if at_municipality else None

    top = st.container()
    map_column, card_column = st.columns([5, 2], gap="medium")
    with map_column:
        # First of all: it is what a visitor waits for.
        show_map(Shown(positions, partnership=partnership, municipality=municipality))
    with top:
        show_header()
        st.title(language.gettext("Klimapartnerschaften auf der Weltkarte"), anchor=False)
        show_filters(counts)
        show_summary(mask)
    with card_column:
        if partnership:
            show_partnership_card(partnership)
        elif municipality:
            show_municipality_card(municipality, at_municipality)
        else:
            if view.partnership or view.municipality:
                show_template(
                    "notice.html",
                    message=language.gettext("Was Sie ausgewählt haben, ist bei diesen Filtern nicht zu sehen."),
                )
            show_phase_card(index.facets["phase"].count(mask))
    st.header(language.gettext("Die gezeigten Partnerschaften als Tabelle"), anchor=False)
    show_record_table(positions, selected=partnership)
    show_record_download(positions)


show_page()
