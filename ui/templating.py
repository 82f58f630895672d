"""HTML for what Streamlit has no element for. Every value is escaped by Jinja2 unless a template marks it safe."""

from pathlib import Path
from typing import Any

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ui.language import current_language

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def show_template(name: str, **values: Any) -> None:
    """Draw a template of ui/templates with the given values, in the visitor's language."""
    language = current_language()
    html = _ENVIRONMENT.get_template(name).render(
        _=language.gettext, ngettext=language.ngettext, language=language, **values
    )
    st.html(html)
