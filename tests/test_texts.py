"""No text of the interface bypasses the catalogues."""

import ast
import re

import pytest
from jinja2 import Environment, nodes

from tests.conftest import ROOT

SOURCES = sorted([*(ROOT / "ui").rglob("*.py"), *(ROOT / "pages").rglob("*.py")])
TEMPLATES = sorted([*(ROOT / "ui" / "templates").glob("*.html"), *(ROOT / "geo" / "templates").glob("*.html")])
# Streamlit's functions whose first argument a visitor reads, and the options that they read.
SHOWN = {
    *("title", "header", "subheader", "text", "caption", "markdown", "write", "error", "warning", "info", "success"),
    *("button", "download_button", "link_button", "page_link", "popover", "expander", "radio", "selectbox", "toast"),
    *("multiselect", "slider", "select_slider", "text_input", "text_area", "segmented_control", "pills", "checkbox"),
    *("file_uploader", "data_editor", "dataframe", "spinner", "progress", "status", "dialog", "toggle", "metric"),
}
OPTIONS = {"label", "help", "placeholder", "body", "text", "page_title"}
LETTERS = re.compile(r"[^\W\d_]{2,}")


def find_bare_texts(source):
    """Return the literal texts that are handed to Streamlit without being translated."""
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in SHOWN:
            continue
        read = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg in OPTIONS)]
        for argument in read:
            parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
            for part in parts:
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and LETTERS.search(part.value):
                    yield part.value


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_of_a_page_is_translated(path):
    assert list(find_bare_texts(path.read_text(encoding="utf-8"))) == []


def test_a_text_that_bypasses_the_catalogues_is_found():
    assert list(find_bare_texts('st.title("Karte")\nst.button(_("Los"), help="Hilfe")\nst.text(f"{n} Orte")')) == [
        "Karte",
        "Hilfe",
        " Orte",
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_text_of_a_template_is_translated(path):
    tree = Environment().parse(path.read_text(encoding="utf-8"))
    written = "".join(data.data for data in tree.find_all(nodes.TemplateData))
    words = re.sub(r"<(style|script|pre|code)\b.*?</\1>|<[^>]*>", " ", written, flags=re.DOTALL)
    # Units and addresses are the same in every language.
    assert set(LETTERS.findall(words)) - {"km", "www", "schlichtungsstelle", "bgg", "de"} == set()
