"""No text of the interface bypasses the catalogues."""

import ast
import json
import re
from gettext import NullTranslations

import pytest
from babel import Locale
from babel.messages.pofile import read_po
from google.protobuf.json_format import MessageToDict
from jinja2 import Environment, nodes
from streamlit.testing.v1 import AppTest

from geo.language import Language
from server.documents import to_document
from tests.conftest import ROOT
from ui.navigation import FOOTER_PAGES, PAGES

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
        if isinstance(call.func.value, ast.Name) and call.func.value.id == "_log":
            continue  # what is logged is for those who run the server
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


# A language whose every text wears brackets: what is without them has bypassed the catalogues.


class Bracketed(NullTranslations):
    def gettext(self, message):
        return f"⟦{message}⟧"

    def ngettext(self, singular, plural, number):
        return f"⟦{singular if number == 1 else plural}⟧"


@pytest.fixture(scope="module")
def messages(root):
    with (root / "locales" / "en" / "LC_MESSAGES" / "atlas.po").open("rb") as file:
        return [message.id if isinstance(message.id, str) else message.id[0] for message in read_po(file) if message.id]


@pytest.fixture
def bracketed(monkeypatch, languages):
    esperanto = Locale.parse("eo")
    spoken = {**languages, "eo": Language("eo", esperanto, esperanto, Bracketed())}
    for module in ("ui.loading", "server.documents"):
        monkeypatch.setattr(f"{module}.available_languages", lambda: spoken)
    to_document.cache_clear()
    yield
    to_document.cache_clear()


def find_texts(value):
    """Return every text in what Streamlit sends to the browser."""
    if isinstance(value, str):
        # Arguments of a component are JSON in a text, and a call of the map is JSON in these.
        text = re.sub(r"\\+u27e6", "⟦", re.sub(r"\\+u27e7", "⟧", value))
        yield from find_texts(json.loads(text)) if text.startswith(("{", "[{")) else [text]
    elif isinstance(value, dict):
        for key, inner in value.items():
            # What a browser shows to nobody: keys, addresses of pages, icons.
            if key not in {"id", "userKey", "pageScriptHash", "icon", "page", "elementId", "formId", "contentIcon"}:
                yield from find_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from find_texts(inner)


def strip_brackets(text):
    """Take away what has been translated, from the innermost brackets outwards."""
    shorter = re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
    return text if shorter == text else strip_brackets(shorter)


@pytest.mark.parametrize("entry", [*PAGES, *FOOTER_PAGES], ids=lambda entry: entry.path or "map")
def test_on_no_page_a_text_stays_german_in_another_language(root, bracketed, messages, dataset, entry):
    app = AppTest.from_file(str(root / "ui" / "shell.py"), default_timeout=120)
    if entry.path:
        app.switch_page(f"../{entry.file}")
    app.query_params["lang"] = "eo"
    app.run()
    assert not app.exception
    sent = [MessageToDict(element.proto) for element in app.main if getattr(element, "proto", None)]
    texts = list(find_texts(sent))
    assert any("⟦" in text for text in texts)
    bare = [strip_brackets(re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)) for text in texts]
    # What stands in the tables is theirs; and one word alone may be a part of a name.
    cells = "\n".join(frame.to_csv() for frame in dataset.tables.values())
    long = [message for message in messages if message.count(" ") > 1 and "{" not in message and message not in cells]
    assert [message for message in long if any(message in text for text in bare)] == []
    words = {message for message in messages if " " not in message}
    assert sorted({text.strip() for text in bare} & words) == []
