"""The meetings on a timeline and on the map, and one of them: who came, and what was done."""

import numpy as np
import streamlit as st

from geo.filters import to_mask
from geo.layers import ShownMeetings
from geo.records import to_meeting_labels, to_meeting_records, to_texts
from geo.sentences import describe_meetings, describe_most
from ui.downloads import show_calendar_download
from ui.filter_bar import show_filters, show_summary
from ui.frame import begin_above, name_tab, show_header
from ui.language import current_language
from ui.loading import load_dataset, load_indexes
from ui.map_view import show_map, show_map_words
from ui.meetings import show_kinds, show_meeting_card, show_neighbours, show_programme
from ui.record_table import show_meeting_table
from ui.session import current_view, follow_address, follow_language
from ui.take_along import show_take_along
from ui.templating import show_template, to_plain_label
from ui.timeline import show_timeline


@st.fragment
def show_page() -> None:
    """Draw the page. A filter or the choice of a meeting runs only this, not the frame around it."""
    follow_language()
    dataset, index, language, view = load_dataset(), load_indexes().meetings, current_language(), current_view()
    mask = to_mask(index, view.selection)
    positions = np.flatnonzero(mask).tolist()
    shown = dataset.meetings.index[positions].tolist()

    above, header = begin_above("meetings")
    map_column, card_column = st.columns([5, 2], gap="medium")
    with map_column, st.container(key="below_timeline"):
        # First of all: it is what a visitor waits for.
        on_map = ShownMeetings(positions, meeting=view.meeting)
        show_map(on_map)
    follow_address()
    with above:
        show_header(header)
        titles = to_texts(dataset.meetings, "title", language=language)
        title = titles[view.meeting] if view.meeting else language.gettext("Treffen des Netzwerks")
        if view.meeting:
            show_neighbours(view.meeting, shown)
        st.title(to_plain_label(title), anchor=False)
        labels = to_meeting_labels(dataset, language=language)
        name_tab(*([labels[view.meeting]] if view.meeting else []), title)
        if view.meeting:
            record = to_meeting_records(dataset, language=language).loc[view.meeting]
            subtitle = f"{record['dates']} · {record['where']}"
            show_template("subtitle.html", text=subtitle)
        show_filters(index, view.selection)
        sentence = describe_meetings(mask, index, dataset, view.selection, language=language)
        show_summary(sentence, index, empty=not positions)
        if view.meeting and view.meeting not in shown:
            message = language.gettext("Das gewählte Treffen gehört nicht zu denen, die diese Filter zeigen.")
            show_template("notice.html", message=message)
        show_timeline(positions, selected=view.meeting)
        show_map_words(describe_most("meetings", dataset.meetings["country"][mask], language=language))
    with card_column:
        if view.meeting:
            show_meeting_card(view.meeting)
        else:
            show_kinds(positions)
    if view.meeting:
        show_programme(view.meeting)
    st.header(language.gettext("Die gezeigten Treffen als Tabelle"), anchor=False)
    show_meeting_table(positions, selected=view.meeting)
    with st.container(horizontal=True):
        show_calendar_download(shown, file_name=language.gettext("treffen.ics"), key="calendar_all")
        caption = subtitle if view.meeting else None
        show_take_along(on_map, taken=on_map, title=title, sentence=sentence, caption=caption)


show_page()
