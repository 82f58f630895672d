"""What a page offers to take along, in one row."""

import streamlit as st

from geo.filters import Selection
from geo.takeaway import Taken
from ui.session import current_view
from ui.share import show_share
from ui.takeaway import show_takeaway_download


def show_take_along(
    shown: Taken, *, title: str, sentence: str, selection: Selection | None = None, talk_link: str | None = None
) -> None:
    """Draw the offers for the view on the map; none on another website, where a view stands alone.

    `selection` are the filters that chose it, if not those of the view. `talk_link`: where the audience finds the talk,
    if this is the talk.
    """
    if st.context.is_embedded:
        return
    with st.container(horizontal=True, key="take_along"):
        show_takeaway_download(
            shown,
            title=title,
            sentence=sentence,
            selection=current_view().selection if selection is None else selection,
            talk_link=talk_link,
        )
        show_share()
