"""The view of one visitor: kept in the session, read from the address and written back to it, in this one place.

Widgets follow the view: each is set from it before it is drawn, and its callback changes it. The address is read
when a visitor opens a link or goes back or forward, and written whenever the view has changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import streamlit as st

from ui.link import DETAILS, NAMES, Ignored, Parameters, View, read_view, to_parameters
from ui.loading import load_dataset, load_index, load_languages

NO_DETAILS: dict[str, Any] = dict.fromkeys(DETAILS)
_VIEW, _WRITTEN, _TOUCHED, _PAGE = "view", "view_written", "view_touched", "view_page"


def open_view(page: str) -> tuple[Ignored, ...]:
    """Settle what this run shows, before the page is drawn; return what the address holds that means nothing."""
    state = st.session_state
    address = read_address()
    touched = state.pop(_TOUCHED, False)
    turned = state.get(_PAGE) != page
    state[_PAGE] = page
    if _VIEW in state and (touched or address == state.get(_WRITTEN)):
        write_address()
        return ()
    if _VIEW in state and turned and not address:
        # The navigation's own links carry no parameters: filters stay, what was looked at in detail does not.
        state[_VIEW] = replace(current_view(), **NO_DETAILS)
        write_address()
        return ()
    state[_VIEW], ignored = read_view(
        address, dataset=load_dataset(), index=load_index(), languages=list(load_languages())
    )
    # A link within a page brings its parameters to the server, but Streamlit leaves the browser's address as it was.
    write_address(always=True)
    return ignored


def follow_address() -> None:
    """Bring the address up to the view when only a part of the page runs, which `open_view` does not see."""
    if st.session_state.pop(_TOUCHED, False):
        write_address()


def asked_language() -> str | None:
    """Return the language asked for: by the switch just clicked, by the address, or earlier in this session."""
    view = st.session_state.get(_VIEW)
    if view is not None and st.session_state.get(_TOUCHED):
        return cast(View, view).lang
    return next(iter(st.query_params.get_all("lang")[-1:]), None) or (view.lang if view else None)


def current_view() -> View:
    """Return what this visitor looks at."""
    return cast(View, st.session_state[_VIEW])


def change_view(**changes: Any) -> None:
    """Change fields of the view from a widget's callback; the page is drawn with them next."""
    st.session_state[_VIEW] = replace(current_view(), **changes)
    st.session_state[_TOUCHED] = True


def follow_view(key: str, value: Any) -> None:
    """Set a widget's value before it is drawn, unless it already has it: a value sent twice would undo typing."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def read_address() -> Parameters:
    """Return the parameters of the address that belong to a view."""
    return {name: values for name in NAMES if (values := st.query_params.get_all(name))}


def write_address(*, always: bool = False) -> None:
    """Make the address that of the view; sent to the browser only when it has changed, or always."""
    parameters = to_parameters(current_view())
    if always or parameters != read_address():
        st.query_params.from_dict(cast(Mapping[str, Sequence[str]], parameters))
    st.session_state[_WRITTEN] = parameters


def link_parameters(**details: str) -> Parameters:
    """Return the parameters of a link that keeps language and filters, and looks at these details and no others."""
    return to_parameters(replace(current_view(), **(NO_DETAILS | details)))
