"""Catalogues and source belong together: nothing missing, nothing stale, no brace lost."""

import re

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.conftest import ROOT

CATALOGUES = sorted((ROOT / "locales").glob("*/LC_MESSAGES/atlas.po"))


@pytest.fixture(scope="module")
def messages(root):
    with (root / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = DEFAULT_KEYWORDS | {"mark": None}
    found = extract_from_dir(root, methods, options, keywords)
    return {message if isinstance(message, str) else message[0]: message for _, _, message, _, _ in found}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_catalogue_translates_every_text_and_no_other(messages, path):
    with path.open("rb") as file:
        catalogue = {m.id if isinstance(m.id, str) else m.id[0]: m for m in read_po(file) if m.id}
    assert set(messages) - set(catalogue) == set()
    assert set(catalogue) - set(messages) == set()
    for message in catalogue.values():
        ids = (message.id,) if isinstance(message.id, str) else message.id
        strings = (message.string,) if isinstance(message.string, str) else message.string
        assert all(strings), f"not translated: {ids}"
        assert not message.fuzzy
        wanted = set(re.findall(r"{\w+}", ids[-1]))
        assert all(set(re.findall(r"{\w+}", text)) == wanted for text in strings), f"braces differ: {ids}"
