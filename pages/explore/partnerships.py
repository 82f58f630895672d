"""The directory of all partnerships, and the profile of one."""

import numpy as np
import streamlit as st

from geo.filters import describe_shown, to_mask
from ui.downloads import show_record_download
from ui.filter_bar import show_empty_hint, show_filters
from ui.language import current_language
from ui.loading import load_dataset, load_index
from ui.profile import show_profile
from ui.record_table import show_record_table
from ui.session import current_view

dataset, language, view = load_dataset(), current_language(), current_view()
if view.partnership:
    show_profile(view.partnership)
else:
    positions = np.flatnonzero(to_mask(load_index(), view.selection)).tolist()
    links = dataset.links.iloc[positions]
    st.title(language.gettext("Verzeichnis der Klimapartnerschaften"), anchor=False)
    show_filters()
    with st.container(key="summary"):
        st.text(describe_shown(links, dataset, view.selection, language=language))
        show_empty_hint(links)
    show_record_table(positions)
    show_record_download(links)
