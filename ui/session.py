"""The view of one visitor: kept in the session, read from the address and written back to it, in this one place.

Widgets follow the view: each is set from it before it is drawn, and its callback changes it. The address is read
when a visitor opens a link or goes back or forward, and written whenever the view has changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import streamlit as st

from ui.link import DETAILS, NAMES, TALK, Ignored, Parameters, View, read_view, to_parameters
from ui.loading import load_dataset, load_indexes, load_languages

NO_DETAILS: dict[str, Any] = dict.fromkeys((*DETAILS, *TALK))
_VIEW, _WRITTEN, _TOUCHED, _PAGE, _DATASET = "view", "view_written", "view_touched", "view_page", "view_dataset"
_GENERATION = "widget_generation"
# The code of the language that this run is shown in.
LANGUAGE = "language_code"
# Keys of widgets that follow the selection begin so; the filters named stand outside of popovers.
FILTER_KEY = "filter_"
ALWAYS_IN_SIGHT = ("phase", "q")


def open_view(page: str) -> tuple[Ignored, ...]:
    """Settle what this run shows, before the page is drawn; return what the address holds that means nothing."""
    state = st.session_state
    touched = state.pop(_TOUCHED, False)
    turned = state.get(_PAGE) != page
    state[_PAGE] = page
    if turned:
        # On another page a filter is another widget.
        _forget_widgets()
    if _VIEW not in state:
        state[_VIEW], ignored = _read(read_address())
    elif touched and (turned or read_address() != state.get(_WRITTEN)):
        # A change that was still under way when a link was followed: the link's details, and the change.
        linked, ignored = _read(read_address())
        before = current_view()
        state[_VIEW] = replace(linked, lang=before.lang, selection=before.selection, by=before.by)
    elif not turned and (touched or read_address() == state.get(_WRITTEN)):
        ignored = _keep_known()
    else:
        # A step on the way (`change_view_for_now`) is not taken along to another page, nor back to this one.
        state[_VIEW], ignored = _read(read_address())
        # Going back or forward, a browser sends no values, and keeps those of options whose counts have changed.
        _forget_widgets()
    state[_DATASET] = load_dataset()
    # A link within a page brings its parameters to the server, but Streamlit leaves the browser's address as it was. A
    # link to another page sets the address; written once more, it would be the old page's with the new parameters.
    write_address(always=not turned)
    return ignored


def _read(parameters: Parameters) -> tuple[View, tuple[Ignored, ...]]:
    return read_view(parameters, dataset=load_dataset(), indexes=load_indexes(), languages=list(load_languages()))


def _keep_known() -> tuple[Ignored, ...]:
    # The tables may have changed since this view was settled.
    if st.session_state.get(_DATASET) is load_dataset():
        return ()
    st.session_state[_VIEW], ignored = _read(to_parameters(current_view()))
    return ignored


def _forget_widgets() -> None:
    """Have every filter be told its value, even where that has not changed."""
    for key in [key for key in st.session_state if str(key).startswith(FILTER_KEY)]:
        del st.session_state[key]
    renew_widgets()


def renew_widgets() -> None:
    """Give the filters in popovers new widgets, after the selection has changed by other means than theirs.

    A browser keeps the value of a widget that it does not show at the moment and sends it with the next click as if it
    had just been chosen; only a new widget is sure to begin with the value it is told. A widget in sight follows what
    it is told, and stays, so that a click on it is never lost.
    """
    st.session_state[_GENERATION] = st.session_state.get(_GENERATION, 0) + 1


def pages_opened() -> int:
    """Count how often this visitor came to another page, or to another view of one: by a link, a reset or a bundle."""
    return int(st.session_state.get(_GENERATION, 0))


def to_filter_key(name: str) -> str:
    """Return the key of the widget of a filter."""
    renewed = "" if name in ALWAYS_IN_SIGHT else f"_{st.session_state.get(_GENERATION, 0)}"
    return f"{FILTER_KEY}{name}{renewed}"


def follow_language() -> None:
    """Run the whole page when the language has changed while only a part of it was to run: it concerns all."""
    lang = current_view().lang
    if lang is not None and lang != st.session_state[LANGUAGE]:
        st.rerun()


def follow_address() -> None:
    """Bring the address up to the view when only a part of the page runs, which `open_view` does not see."""
    if st.session_state.get(_TOUCHED):
        write_address()
        # Only now: where a link was followed meanwhile, the run ends before, and the change is still to be told.
        del st.session_state[_TOUCHED]


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


def change_view_for_now(**changes: Any) -> None:
    """Change the view like `change_view`, but leave the address as it is: for steps nobody wants to go back through."""
    st.session_state[_VIEW] = replace(current_view(), **changes)


def has_value(key: str) -> bool:
    """Say whether a callback has a value to take.

    A click in the moment after a link was followed sends the values of the page that was left once more; Streamlit
    takes them for changes of widgets whose values it has just forgotten.
    """
    return key in st.session_state


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


def link_parameters(**details: Any) -> Parameters:
    """Return the parameters of a link that looks at these details and no others.

    It keeps language and filters, unless `selection` is given.
    """
    return to_parameters(replace(current_view(), **(NO_DETAILS | details)))
