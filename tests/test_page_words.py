"""The words that are changed in the browser are those that this release of Streamlit brings along."""

import re
from pathlib import Path

import streamlit

from ui.page_words import WORDS

STREAMLIT = Path(streamlit.__file__).parent
# What Streamlit puts together out of several pieces.
PIECES = re.compile(r"(?<=exist)\. |(?<=\.) (?=Running)")


def test_every_word_stands_in_streamlit():
    texts = [path.read_text(encoding="utf-8") for path in (STREAMLIT / "static").rglob("*.js")]
    texts.append((STREAMLIT / "runtime" / "backend_operation_handler.py").read_text(encoding="utf-8"))
    everything = "\n".join(texts)
    stale = [word for word in WORDS if not all(piece in everything for piece in PIECES.split(word))]
    assert stale == []
