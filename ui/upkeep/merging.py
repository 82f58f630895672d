"""What others, or the visitor in another tab, changed while a draft was open."""

import streamlit as st

from ui.language import current_language
from ui.upkeep.differences import show_apart, show_conflicts, show_differences
from ui.upkeep.draft import Draft, current_merge, forget_merge


def show_merge(draft: Draft) -> None:
    """Tell what others have changed since, and where both sides changed the same, until the visitor has noted it."""
    merge = current_merge()
    if merge is None:
        return
    _ = current_language().gettext
    with st.container(border=True, key="merge"):
        if merge.theirs or merge.conflicts:
            st.subheader(_("Inzwischen haben andere die Tabellen geändert"), anchor=False)
        if merge.theirs:
            st.text(_("Ihre Änderungen sind auf den neuen Stand übertragen. Das haben andere geändert:"))
            show_differences(merge.theirs, draft)
        show_conflicts(merge.conflicts)
        show_apart(merge.apart)
        st.button(_("Verstanden"), on_click=forget_merge, key="forget_merge")
