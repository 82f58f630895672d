"""The directory of all partnerships, and the profile of one."""

import numpy as np
import streamlit as st

from geo.filters import to_mask
from geo.sentences import describe_links
from ui.downloads import show_record_download
from ui.filter_bar import show_filters, show_summary
from ui.frame import name_tab, show_header
from ui.language import current_language
from ui.loading import load_dataset, load_indexes
from ui.profile import describe_pair, show_profile
from ui.record_table import show_partnership_table
from ui.session import current_view, follow_address, follow_language


@st.fragment
def show_page() -> None:
    """Draw the directory, or the profile of the partnership that was chosen."""
    follow_language()
    follow_address()
    show_header()
    view, index, language = current_view(), load_indexes().links, current_language()
    if view.partnership:
        name_tab(describe_pair(view.partnership, load_dataset()))
        show_profile(view.partnership)
        return
    mask = to_mask(index, view.selection)
    positions = np.flatnonzero(mask).tolist()
    title = language.gettext("Verzeichnis der Klimapartnerschaften")
    st.title(title, anchor=False)
    name_tab(title)
    show_filters(index, view.selection)
    sentence = describe_links(mask, index, load_dataset(), view.selection, language=language)
    show_summary(sentence, index, empty=not positions)
    show_partnership_table(positions)
    show_record_download(positions)


show_page()
