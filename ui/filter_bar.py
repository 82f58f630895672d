"""The filters: phases at hand, the others each behind a button that tells what is chosen."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import streamlit as st

from geo.filter_words import IN_ORDER, to_filter_titles, to_option_names
from geo.filters import LONGEST_SEARCH, Index, Selection, count_options, is_empty, to_changed, to_reset
from geo.language import Language, to_search_forms
from ui.language import current_language
from ui.loading import load_dataset
from ui.session import change_view, current_view, follow_view, has_value, renew_widgets, to_filter_key
from ui.templating import to_plain_label

Counts = Mapping[int | str, int]


def show_filters(index: Index, selection: Selection, *, leave_out: Collection[str] = ()) -> None:
    """Draw the filters that apply to a table, but for those that the page offers elsewhere."""
    language = current_language()
    counts = count_options(index, selection)
    titles = to_filter_titles(language)
    names = to_option_names(index, selection, load_dataset(), language=language)
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        if "phase" in index.names:
            _show_options("phase", titles["phase"], index, counts["phase"], selection, label=str)
        for name in ("kind", "country", "theme", "state", "meeting"):
            if name in index.names:
                chosen = [names[name][str(code)] for code in getattr(selection, name)]
                with st.popover(_to_button_label(titles[name], chosen), key=f"open_{name}"):
                    label = _to_label(names[name])
                    _show_options(name, titles[name], index, counts[name], selection, label=label)
        several_years = index.years[0] < index.years[1]
        if several_years and "until" in index.names and "until" not in leave_out:
            _show_until(index, selection, language)
        if several_years and "year_from" in index.names:
            _show_years(index, selection, language)
        if "q" in index.names:
            _show_search(index, selection, language)
        st.button(
            language.gettext("Alle zeigen"),
            key="reset",
            on_click=reset_filters,
            args=(index.names,),
            # Always there, so that nothing moves when the first filter is set.
            disabled=is_empty(selection, index.names),
        )


def reset_filters(names: Collection[str]) -> None:
    """Take the named filters away; others, what is selected and the language stay."""
    renew_widgets()
    details = {"meeting": None} if "meeting" in names else {}
    change_view(selection=to_reset(current_view().selection, list(names)), **details)


def _show_options(
    name: str, title: str, index: Index, counts: Counts, selection: Selection, *, label: Callable[[int | str], str]
) -> None:
    language = current_language()
    chosen = getattr(selection, name)
    unoffered = index.facets[name].unoffered
    # Phases keep their places; of longer lists only what leads to a result is offered.
    options = [
        code
        for code, count in (dict(counts) | {code: 0 for code in chosen if code not in counts}).items()
        if code in chosen or name == "phase" or (count and code not in unoffered)
    ]
    if name not in IN_ORDER:
        options.sort(key=lambda code: to_search_forms(label(code)))
    key = to_filter_key(name)
    single = name == "meeting"
    follow_view(key, (chosen[0] if chosen else None) if single else list(chosen))
    st.pills(
        title,
        options,
        selection_mode="single" if single else "multi",
        format_func=lambda code: f"{to_plain_label(label(code))} ({language.number(counts.get(code, 0))})",
        key=key,
        on_change=_take_options,
        args=(name,),
        wrap=True,
    )


def _show_until(index: Index, selection: Selection, language: Language) -> None:
    first, last = index.years
    title = language.gettext("Begonnen bis")
    with st.popover(_to_button_label(title, [str(selection.until)] if selection.until else []), key="open_until"):
        key = to_filter_key("until")
        follow_view(key, selection.until or last)
        label = language.gettext("Begonnen bis zum Jahr")
        st.slider(label, first, last, key=key, format="%d", on_change=_take_until, args=(last,))


def _show_years(index: Index, selection: Selection, language: Language) -> None:
    first, last = index.years
    chosen = (selection.year_from or first, selection.year_to or last)
    title = language.gettext("Zeitraum")
    words = [f"{chosen[0]}–{chosen[1]}"] if selection.year_from or selection.year_to else []
    with st.popover(_to_button_label(title, words), key="open_years"):
        key = to_filter_key("years")
        follow_view(key, chosen)
        label = language.gettext("Von Jahr bis Jahr")
        st.slider(label, first, last, key=key, format="%d", on_change=_take_years, args=(first, last))


def _show_search(index: Index, selection: Selection, language: Language) -> None:
    key = to_filter_key("q")
    # What is being typed may end in a blank, which the view does not keep.
    if str(st.session_state.get(key) or "").strip() != selection.q:
        follow_view(key, selection.q)
    of_meetings, of_partnerships = language.gettext("Ort, Titel, Land …"), language.gettext("Kommune, Region, Land …")
    st.text_input(
        language.gettext("Suche"),
        key=key,
        type="search",
        placeholder=of_meetings if "kind" in index.names else of_partnerships,
        max_chars=LONGEST_SEARCH,
        live=True,
        on_change=_take_search,
        label_visibility="collapsed",
        width=235,
    )


def _to_label(names: Mapping[str, str]) -> Callable[[int | str], str]:
    return lambda code: names[str(code)]


def _to_button_label(title: str, chosen: list[str]) -> str:
    if not chosen:
        return title
    first, more = to_plain_label(chosen[0]), len(chosen) - 1
    return f"**{current_language().label(title, f'{first} + {more}' if more else first)}**"


def _take_options(name: str) -> None:
    key = to_filter_key(name)
    if not has_value(key):
        return
    value: Any = st.session_state[key]
    if name == "meeting":
        change_view(meeting=value, site=None)
    else:
        change_view(selection=to_changed(current_view().selection, name, tuple(value)))


def _take_until(last: int) -> None:
    key = to_filter_key("until")
    if not has_value(key):
        return
    year = int(st.session_state[key])
    change_view(selection=to_changed(current_view().selection, "until", year if year < last else None))


def _take_years(first: int, last: int) -> None:
    key = to_filter_key("years")
    if not has_value(key):
        return
    begin, end = st.session_state[key]
    selection = to_changed(current_view().selection, "year_from", begin if begin > first else None)
    change_view(selection=to_changed(selection, "year_to", end if end < last else None))


def _take_search() -> None:
    key = to_filter_key("q")
    if has_value(key):
        value = str(st.session_state[key] or "").strip()
        change_view(selection=to_changed(current_view().selection, "q", value))


def show_summary(sentence: str, index: Index, *, empty: bool) -> None:
    """Say in a sentence what is shown, and offer the way out when it is nothing.

    A screen reader says the sentence whenever it has changed.
    """
    with st.container(key="summary"):
        st.text(sentence)
        # Streamlit keeps the container while its text changes, as it must be for a change to be noticed.
        st.html(
            "<script>document.querySelector('.st-key-summary')?.setAttribute('role', 'status')</script>",
            unsafe_allow_javascript=True,
        )
        if empty:
            st.button(
                current_language().gettext("Filter zurücksetzen und alle zeigen"),
                key="reset_empty",
                type="primary",
                on_click=reset_filters,
                args=(index.names,),
            )
