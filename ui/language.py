"""The visitor's language: chosen in the address, else the browser's, else German."""

import streamlit as st

from geo.language import SOURCE_LANGUAGE, Language
from ui.loading import load_languages
from ui.session import LANGUAGE, change_view, current_view, follow_view, has_value

_KEY = "language"


def settle_language(asked: str | None) -> Language:
    """Return the language of this run and keep it for `current_language`. `asked` is a code or None."""
    languages = load_languages()
    browser = (st.context.locale or "").replace("-", "_")
    code = next(code for code in (asked, browser, browser.split("_")[0], SOURCE_LANGUAGE) if code in languages)
    st.session_state[LANGUAGE] = code
    return languages[str(code)]


def current_language() -> Language:
    """Return the language that this run is shown in."""
    return load_languages()[st.session_state[LANGUAGE]]


def show_language_switch() -> None:
    """Draw the switch: one button per language, marked with its code."""
    language = current_language()
    languages = load_languages()
    follow_view(_KEY, language.code)
    st.segmented_control(
        language.gettext("Sprache"),
        list(languages),
        format_func=str.upper,
        required=True,
        key=_KEY,
        on_change=_take_language,
        label_visibility="collapsed",
    )


def _take_language() -> None:
    if has_value(_KEY):
        change_view(lang=st.session_state[_KEY] or current_view().lang)
