"""HTML for what Streamlit has no element for. Every value is escaped by Jinja2 unless a template marks it safe."""

import re
from pathlib import Path
from typing import Any

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from geo.language import Language
from geo.report import TEMPLATES
from ui.language import current_language

_ENVIRONMENT = Environment(
    loader=FileSystemLoader([Path(__file__).parent / "templates", TEMPLATES]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def show_template(file: str, /, **values: Any) -> None:
    """Draw a template of ui/templates with the given values, in the visitor's language."""
    st.html(render_template(file, language=current_language(), **values))


def render_template(file: str, /, *, language: Language, **values: Any) -> str:
    """Fill a template of ui/templates with the given values."""
    return _ENVIRONMENT.get_template(file).render(
        _=language.gettext, ngettext=language.ngettext, language=language, **values
    )


def to_plain_label(text: str) -> str:
    """Make a text from the tables a label or title that shows it as it is: Streamlit reads those as Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>#+\-!|~:$])", r"\\\1", text)
