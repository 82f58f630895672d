"""The map: every climate partnership as an arc, filters, and a card about what is selected."""

import numpy as np
import streamlit as st

from geo.arcs import MOST_ARCS
from geo.bundles import is_large, to_shown_network
from geo.filters import to_mask
from geo.layers import ShownLinks
from geo.related import find_partnerships_of
from geo.sentences import describe_links, describe_most
from ui.cards import show_municipality_card, show_overview_card, show_partnership_card
from ui.downloads import show_record_download
from ui.filter_bar import show_filters, show_summary
from ui.frame import begin_above, show_header
from ui.language import current_language
from ui.link import BY_COUNTRY
from ui.loading import load_dataset, load_indexes
from ui.map_view import show_map, show_map_words
from ui.record_table import show_partnership_table
from ui.session import current_view, follow_address, follow_language
from ui.take_along import show_take_along
from ui.templating import show_template


@st.fragment
def show_page() -> None:
    """Draw the page. A filter or a click on the map runs only this, not the frame around it."""
    follow_language()
    dataset, index, language, view = load_dataset(), load_indexes().links, current_language(), current_view()
    links = dataset.links
    mask = to_mask(index, view.selection)
    positions = np.flatnonzero(mask).tolist()
    partnership = view.partnership if view.partnership and mask[links.index.get_loc(view.partnership)] else None
    at_municipality = find_partnerships_of(links.iloc[positions], view.municipality) if view.municipality else []
    municipality = view.municipality if at_municipality else None

    above, header = begin_above("network")
    map_column, card_column = st.columns([5, 2], gap="medium")
    with map_column:
        # First of all: it is what a visitor waits for.
        # Of too many links what is selected is shown alone: bundles do not have it.
        selected = [partnership] if partnership else at_municipality
        alone = bool(selected) and len(positions) > MOST_ARCS
        on_map = to_shown_network(
            links.index.isin(selected) if alone else mask,
            index,
            view.selection,
            by_country=view.by == BY_COUNTRY and not alone,
            bundling=None if alone else "on" if view.by == BY_COUNTRY else "off",
            years=index.years,
            partnership=partnership,
            municipality=municipality,
        )
        show_map(on_map)
    follow_address()
    with above:
        show_header(header)
        title = language.gettext("Klimapartnerschaften auf der Weltkarte")
        st.title(title, anchor=False)
        show_filters(index, view.selection, leave_out=("until",))
        sentence = describe_links(mask, index, dataset, view.selection, language=language)
        show_summary(sentence, index, empty=not positions)
        show_map_words(describe_most("network", links["south_country"][mask], language=language))
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
            show_overview_card(mask, on_map=on_map)
    st.header(language.gettext("Die gezeigten Partnerschaften als Tabelle"), anchor=False)
    show_partnership_table(positions, selected=partnership)
    with st.container(horizontal=True):
        show_record_download(positions)
        single = ShownLinks(
            positions, partnership=partnership, municipality=municipality, until=on_map.until, years=index.years
        )
        show_take_along(on_map, taken=None if is_large(dataset) else single, title=title, sentence=sentence)


show_page()
