"""What a page offers to take along, in one row."""

import streamlit as st

from geo.arcs import MOST_ARCS
from geo.figure_orders import Shown
from geo.filters import Selection
from geo.takeaway import Taken
from ui.figures import show_figure_download
from ui.language import current_language
from ui.session import current_view
from ui.share import show_share
from ui.takeaway import show_takeaway_download


def show_take_along(
    shown: Shown,
    *,
    taken: Taken | None,
    title: str,
    sentence: str,
    caption: str | None = None,
    selection: Selection | None = None,
) -> None:
    """Draw the offers for the view on the map; none on another website, where a view stands alone.

    `taken` is what a file shows of the view; without it there is no file. Title and sentence are those of the page;
    `caption` stands under the title of a figure, if not the sentence. `selection` are the filters that chose the view,
    if not those of the address.
    """
    if st.context.is_embedded:
        return
    with st.container(horizontal=True, key="take_along"):
        if taken is not None:
            show_takeaway_download(
                taken,
                title=title,
                sentence=sentence,
                selection=current_view().selection if selection is None else selection,
            )
        else:
            message = current_language().gettext(
                "Als Datei gibt es die Ansicht, solange die Tabelle höchstens {most} Partnerschaften hat."
            )
            st.caption(message.format(most=MOST_ARCS))
        show_figure_download(shown, title=title, sentence=caption or sentence)
        show_share()
