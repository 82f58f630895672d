"""The sites that excursions visited, on the map and as cards."""

from dataclasses import replace

import numpy as np
import streamlit as st

from geo.filters import to_mask
from geo.layers import ShownSites
from geo.records import to_texts
from geo.sentences import describe_most, describe_sites
from ui.filter_bar import show_filters, show_summary
from ui.frame import begin_above, name_tab, show_header
from ui.language import current_language
from ui.loading import load_dataset, load_indexes
from ui.map_view import show_map, show_map_words
from ui.navigation import SITES, show_link
from ui.session import current_view, follow_address, follow_language
from ui.sites import show_site_card
from ui.take_along import show_take_along
from ui.templating import show_template, to_plain_label


@st.fragment
def show_page() -> None:
    """Draw the page. Here the meeting in the address is a filter: the sites that it visited."""
    follow_language()
    dataset, index, language, view = load_dataset(), load_indexes().sites, current_language(), current_view()
    selection = replace(view.selection, meeting=(view.meeting,) if view.meeting else ())
    mask = to_mask(index, selection)
    positions = np.flatnonzero(mask).tolist()
    shown = dataset.sites.index[positions].tolist()

    above, header = begin_above("sites")
    map_column, card_column = st.columns([5, 2], gap="medium")
    with map_column:
        on_map = ShownSites(positions, site=view.site)
        show_map(on_map)
    follow_address()
    with above:
        show_header(header)
        names = to_texts(dataset.sites, "name", language=language)
        title = names[view.site] if view.site else language.gettext("Exkursionsorte")
        if view.site:
            with st.container(horizontal=True, key="neighbours"):
                show_link(SITES, language.gettext("Alle Exkursionsorte"), icon=":material/arrow_back:")
        st.title(to_plain_label(title), anchor=False)
        name_tab(title)
        show_filters(index, selection)
        sentence = describe_sites(mask, index, dataset, selection, language=language)
        show_summary(sentence, index, empty=not positions)
        show_map_words(describe_most("sites", dataset.sites["country"][mask], language=language))
        if view.site and view.site not in shown:
            message = language.gettext("Der gewählte Ort gehört nicht zu denen, die diese Filter zeigen.")
            show_template("notice.html", message=message)
    with card_column:
        if view.site:
            show_site_card(view.site, key="detail", selected=True)
        else:
            with st.container(border=True, key="detail"):
                show_template("sites.html", sites=len(positions))
    others = [site for site in shown if site != view.site]
    if others:
        if view.site:
            st.header(language.gettext("Weitere Exkursionsorte"), anchor=False)
        columns = st.columns(3, gap="medium")
        for number, site in enumerate(others):
            with columns[number % 3]:
                show_site_card(site, key=f"site_{site}")
    show_take_along(on_map, taken=on_map, title=title, sentence=sentence, selection=selection)


show_page()
