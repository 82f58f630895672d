"""Documents are kept under addresses that change with their content, and today's are never missing."""

from dataclasses import replace

import pytest

import server.documents as documents
from geo.dataset import build_dataset
from server.documents import KEPT, to_document


@pytest.fixture
def fresh(root):
    documents._documents.clear()
    to_document.cache_clear()
    return build_dataset(root / "data")


def test_the_same_content_has_the_same_address_and_another_language_another(fresh):
    first = to_document(fresh, "meetings", "de")
    to_document.cache_clear()
    assert to_document(fresh, "meetings", "de") == first
    assert first.startswith("documents/meetings.de.")
    assert to_document(fresh, "meetings", "en") != first
    assert to_document(fresh, "network", "de") != first


def test_what_does_not_change_outlives_many_changes_of_the_rest(fresh):
    """The network stays the same while someone edits meetings, more often than documents are kept."""
    unchanged = to_document(fresh, "network", "de")
    for number in range(KEPT + 2):
        titles = fresh.meetings["title_de"] + f" {number}"
        edited = replace(fresh, meetings=fresh.meetings.assign(title_de=titles))
        to_document(edited, "meetings", "de")
        assert to_document(edited, "network", "de") == unchanged
        assert unchanged in documents._documents
    assert len(documents._documents) <= KEPT
