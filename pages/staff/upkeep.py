"""The tables as they are now: check, download, change, compare and publish them."""

import streamlit as st

from geo.report import describe_counts, to_report
from geo.schema import TABLES
from ui.frame import show_header
from ui.language import current_language
from ui.loading import load_dataset, load_tables_state
from ui.templating import show_template
from ui.upkeep.actions import act, do_later
from ui.upkeep.choice import choose_table
from ui.upkeep.differences import show_differences, show_moves
from ui.upkeep.draft import check_draft, discard_draft, open_draft
from ui.upkeep.files import show_table_downloads, show_upload
from ui.upkeep.finder import show_finder
from ui.upkeep.findings import show_draft_findings, show_unreadable
from ui.upkeep.grid import show_grid
from ui.upkeep.history import show_history
from ui.upkeep.keeper import keep_draft, show_restored, show_unkept
from ui.upkeep.merging import show_merge
from ui.upkeep.publishing import show_message, show_publishing
from ui.upkeep.signing_in import show_sign_in
from ui.upkeep.translations import show_translation_gaps

show_header()

language, state = current_language(), load_tables_state()
_ = language.gettext
with st.container(key="upkeep"):
    st.title(_("Die Tabellen des Atlas"), anchor=False)
    show_template(
        "upkeep.html",
        saved=language.describe_moment(load_dataset().saved),
        failed_since=language.describe_moment(state.failed_since) if state.failed_since else "",
        counts=describe_counts(to_report(state.checked.findings, language=language), language=language),
    )
    draft = open_draft()
    # What comes and goes has a place of its own: otherwise all that stands below it would be drawn anew and folded up.
    with st.container(key="outcome"):
        show_message()
    messages = st.container(key="messages")
    with messages:
        show_restored()
        show_unreadable(draft)
        show_merge(draft)

    table = choose_table(TABLES)
    downloads = st.container(horizontal=True, key="downloads")
    with st.container(key="uploads"):
        show_upload(table)
    finder = st.container(key="finder")
    draft = show_grid(table, draft)
    # Drawn above the grid, and with what has just been edited in it.
    with downloads:
        show_table_downloads(table, draft)
    with finder:
        show_finder(table, draft)

    changes = draft.to_changes()
    # Before the check, which takes a moment: whoever reloads the page at once loses nothing.
    keep_draft(changes)
    with messages:
        show_unkept()
    with st.container(key="report"):
        checked = check_draft(draft)
        show_draft_findings(checked)
    with st.container(key="changes"):
        if changes or draft.unreadable:
            st.subheader(_("Ihre Änderungen"), anchor=False)
            show_differences(changes, draft)
            show_moves(draft)
            with st.popover(_("Alle Änderungen verwerfen"), icon=":material/delete:"):
                st.text(_("Ihre Änderungen lassen sich danach nicht zurückholen."))
                st.button(_("Ja, verwerfen"), on_click=do_later, args=(discard_draft,), key="discard")
            show_publishing(checked)
        else:
            show_sign_in()
    show_translation_gaps(draft.after)
    show_history(changed=bool(changes))
act()
