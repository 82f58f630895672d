"""The profile of one partnership: both ends on a small map, all facts, meetings of its phase, related ones."""

import numpy as np
import streamlit as st

from geo.dataset import Dataset
from geo.layers import ShownLinks
from geo.related import find_related
from ui.cards import describe_partnership
from ui.language import current_language
from ui.loading import load_dataset
from ui.map_view import show_map
from ui.meetings import find_meetings_of, show_meeting_links
from ui.navigation import MAP, PARTNERSHIPS, show_link
from ui.templating import show_template, to_plain_label


def show_profile(partnership: str) -> None:
    """Draw the profile page of a partnership that is in the data set."""
    dataset, language = load_dataset(), current_language()
    _ = language.gettext
    link = dataset.link(partnership)
    with st.container(horizontal=True):
        show_link(PARTNERSHIPS, _("Alle Partnerschaften"), icon=":material/arrow_back:")
        show_link(MAP, _("Auf der Weltkarte zeigen"), icon=":material/public:", partnership=partnership, by=None)
    st.title(to_plain_label(describe_pair(partnership, dataset)), anchor=False)
    facts, small_map = st.columns([2, 3], gap="medium")
    with small_map, st.container(key="small_map"):
        show_map(ShownLinks([int(np.flatnonzero(dataset.links.index == partnership)[0])], view="all", selectable=False))
    with facts, st.container(key="detail"):
        show_template("profile.html", **describe_partnership(partnership, dataset, language=language))

    st.header(_("Treffen der Phase {phase}").format(phase=link["phase"]), anchor=False)
    show_meeting_links(find_meetings_of(dataset.meetings, int(link["phase"])))
    related = find_related(dataset.links, partnership)
    titles = {
        "municipality": _("Weitere Partnerschaften dieser Kommunen"),
        "country": _("Weitere Partnerschaften mit {country}").format(country=language.country(link["south_country"])),
        "theme": _("Partnerschaften mit ähnlichen Themen"),
    }
    for tie, ids in related.items():
        if ids:
            st.header(titles[tie], anchor=False)
            with st.container(horizontal=True, key=f"related_{tie}"):
                for other in ids:
                    show_link(PARTNERSHIPS, to_plain_label(describe_pair(other, dataset)), partnership=other)


def describe_pair(partnership: str, dataset: Dataset) -> str:
    """Name a partnership by its ends."""
    link = dataset.link(partnership)
    return f"{link['north_name']} – {link['south_name']}"
