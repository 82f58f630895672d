"""What buttons do to the draft: done at the end of the run that the click began, when the grid has had its say.

The grid reports a cell 150 ms after it was left, so a click on a button can arrive before what was typed last. Changing
the draft at once would give the grid new rows, and the late cell would belong to rows that are no more.
"""

import time
from collections.abc import Callable

import streamlit as st

from ui.upkeep.draft import follow_files, is_behind

_ACTIONS = "draft_actions"
GRID_SECONDS = 0.25


def do_later(action: Callable[[], None]) -> None:
    """Do this at the end of the run, with everything in the draft that was typed before the click."""
    st.session_state.setdefault(_ACTIONS, []).append(action)


def is_acting() -> bool:
    """Say whether something was clicked that this run is still to do."""
    return bool(st.session_state.get(_ACTIONS))


def drop_actions() -> bool:
    """Forget what was clicked on a page that was left before it was done; say whether there was anything.

    Done on coming back, it would be done to a page that shows something else by then.
    """
    return bool(st.session_state.pop(_ACTIONS, None))


def act() -> None:
    """Do what was clicked, or else take over what others have published; then the page is drawn anew."""
    actions = st.session_state.get(_ACTIONS) or ([follow_files] if is_behind() else [])
    if not actions:
        return
    time.sleep(GRID_SECONDS)
    # If the grid has reported meanwhile, the run ends here and the next one comes by with the cell in the draft.
    st.empty()
    st.session_state[_ACTIONS] = []
    for action in actions:
        action()
    st.rerun()
