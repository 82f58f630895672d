"""The filters: phases at hand, the others each behind a button that tells what is chosen."""

from collections.abc import Callable, Mapping

import streamlit as st

from geo.filters import Mask, Selection, describe_shown, is_empty, to_changed
from geo.language import Language, to_search_forms
from geo.records import to_country_names, to_theme_labels
from geo.schema import GERMAN_STATES
from ui.language import current_language
from ui.link import LONGEST_SEARCH
from ui.loading import load_dataset, load_index
from ui.session import change_view, current_view, follow_view, renew_widgets, to_filter_key

Counts = Mapping[str, Mapping[int | str, int]]


def show_filters(counts: Counts) -> None:
    """Draw all filters. `counts` tells for each option how many partnerships it would show beside the others."""
    language, dataset, index = current_language(), load_dataset(), load_index()
    _ = language.gettext
    selection = current_view().selection
    countries = to_country_names([str(code) for code in counts["country"]], language=language)
    themes = to_theme_labels(dataset, language=language)
    states = {code: _(name) for code, name in GERMAN_STATES.items()}

    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        _show_options("phase", _("Projektphase"), counts, selection, label=str, language=language)
        for name, title, names in (
            ("country", _("Land"), countries),
            ("theme", _("Thema"), themes),
            ("state", _("Bundesland"), states),
        ):
            chosen = [names[str(code)] for code in getattr(selection, name)]
            with st.popover(_to_button_label(title, chosen), key=f"open_{name}"):
                _show_options(name, title, counts, selection, label=_to_label(names), language=language)
        first, last = index.years
        if first < last:
            with st.popover(_to_button_label(_("Bis Jahr"), [str(selection.until or "")]), key="open_until"):
                follow_view(to_filter_key("until"), selection.until or last)
                label = _("Begonnen bis zum Jahr")
                st.slider(
                    label, first, last, key=to_filter_key("until"), format="%d", on_change=_take_filter, args=("until",)
                )
        _follow_search(selection)
        st.text_input(
            _("Suche"),
            key=to_filter_key("q"),
            type="search",
            placeholder=_("Kommune, Region, Land …"),
            max_chars=LONGEST_SEARCH,
            live=True,
            on_change=_take_filter,
            args=("q",),
            label_visibility="collapsed",
            width=235,
        )
        st.button(
            _("Alle zeigen"),
            key="reset",
            on_click=reset_filters,
            # Always there, so that nothing moves when the first filter is set.
            disabled=is_empty(selection),
        )


def reset_filters() -> None:
    """Take all filters away; what is selected and the language stay."""
    renew_widgets()
    change_view(selection=Selection())


def _show_options(
    name: str,
    title: str,
    counts: Counts,
    selection: Selection,
    *,
    label: Callable[[int | str], str],
    language: Language,
) -> None:
    chosen = getattr(selection, name)
    # Phases keep their places; of longer lists only what leads to a result is offered.
    options = [code for code, count in counts[name].items() if count or code in chosen or name == "phase"]
    if name != "phase":
        options.sort(key=lambda code: to_search_forms(label(code)))
    follow_view(to_filter_key(name), list(chosen))
    st.pills(
        title,
        options,
        selection_mode="multi",
        format_func=lambda code: f"{label(code)} ({language.number(counts[name].get(code, 0))})",
        key=to_filter_key(name),
        on_change=_take_filter,
        args=(name,),
        wrap=True,
    )


def _to_label(names: Mapping[str, str]) -> Callable[[int | str], str]:
    return lambda code: names[str(code)]


def _to_button_label(title: str, chosen: list[str]) -> str:
    words = [word for word in chosen if word]
    if not words:
        return title
    return f"**{title}: {words[0]}**" if len(words) == 1 else f"**{title}: {words[0]} + {len(words) - 1}**"


def _follow_search(selection: Selection) -> None:
    # What is being typed may end in a blank, which the view does not keep.
    if str(st.session_state.get(to_filter_key("q")) or "").strip() != selection.q:
        follow_view(to_filter_key("q"), selection.q)


def _take_filter(name: str) -> None:
    value = st.session_state[to_filter_key(name)]
    if name == "q":
        value = str(value or "").strip()
    elif name == "until":
        value = value if value < load_index().years[1] else None
    else:
        value = tuple(value)
    change_view(selection=to_changed(current_view().selection, name, value))


def show_summary(mask: Mask) -> None:
    """Say in a sentence what is shown, and offer the way out when it is nothing."""
    language = current_language()
    selection = current_view().selection
    with st.container(key="summary"):
        st.text(describe_shown(mask, load_index(), load_dataset(), selection, language=language))
        if not mask.any():
            st.button(
                language.gettext("Filter zurücksetzen und alle zeigen"),
                key="reset_empty",
                type="primary",
                on_click=reset_filters,
            )
