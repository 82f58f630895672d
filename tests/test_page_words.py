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
    stale = [word for word in WORDS if not all(stands_in(everything, piece) for piece in PIECES.split(word))]
    assert stale == []


def stands_in(scripts: str, piece: str) -> bool:
    # One that is short must be a whole text: "Open" and "Dark" are parts of many names.
    return piece in scripts if " " in piece else any(f"{quote}{piece}{quote}" in scripts for quote in "\"'`")
