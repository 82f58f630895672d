"""The directory of all partnerships, and the profile of one."""

import numpy as np
import streamlit as st

from geo.filters import count_options, to_mask
from ui.downloads import show_record_download
from ui.filter_bar import show_filters, show_summary
from ui.frame import show_header
from ui.language import current_language
from ui.loading import load_index
from ui.profile import show_profile
from ui.record_table import show_record_table
from ui.session import current_view, follow_address


@st.fragment
def show_page() -> None:
    """Draw the directory, or the profile of the partnership that was chosen."""
    follow_address()
    show_header()
    view, index = current_view(), load_index()
    if view.partnership:
        show_profile(view.partnership)
        return
    mask = to_mask(index, view.selection)
    positions = np.flatnonzero(mask).tolist()
    st.title(current_language().gettext("Verzeichnis der Klimapartnerschaften"), anchor=False)
    show_filters(count_options(index, view.selection))
    show_summary(mask)
    show_record_table(positions)
    show_record_download(positions)


show_page()
