"""Documents are kept under addresses that change with their content, and today's are never missing."""

from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

import server.documents as documents
from geo.dataset import read_dataset
from server.documents import answer_document, to_document
from server.store import Store, current_dataset


@pytest.fixture
def fresh(root):
    documents._whole.documents.clear()
    to_document.cache_clear()
    return read_dataset(root / "data")


def test_the_same_content_has_the_same_address_and_another_language_another(fresh):
    first = to_document(fresh, "meetings", "de")
    to_document.cache_clear()
    assert to_document(fresh, "meetings", "de") == first
    assert first.startswith("documents/meetings.de.")
    assert to_document(fresh, "meetings", "en") != first
    assert to_document(fresh, "network", "de") != first


def test_what_does_not_change_outlives_many_changes_of_the_rest(fresh, monkeypatch):
    """The network stays the same while someone edits meetings, more often than documents are kept."""
    monkeypatch.setattr(documents._whole, "most", 8)
    unchanged = to_document(fresh, "network", "de")
    for number in range(10):
        titles = fresh.meetings["title_de"] + f" {number}"
        edited = replace(fresh, meetings=fresh.meetings.assign(title_de=titles))
        to_document(edited, "meetings", "de")
        assert to_document(edited, "network", "de") == unchanged
        assert unchanged in documents._whole.documents
    assert len(documents._whole.documents) == 8


@pytest.fixture
def client(folder, fresh, monkeypatch):
    monkeypatch.setenv("ATLAS_DATA", str(folder))
    return TestClient(Starlette(routes=[Route("/documents/{name}", answer_document)]))


def test_documents_of_the_last_good_tables_are_made_while_the_newest_are_broken(folder, client):
    Store(folder).state()
    (folder / "phases.csv").unlink()
    address = to_document(current_dataset(), "network", "de")
    # As after a restart: nobody has made it yet.
    documents._whole.documents.clear()
    to_document.cache_clear()
    answer = client.get(f"/{address}")
    assert (answer.status_code, len(answer.json()["links"])) == (200, 80)
    assert client.get("/documents/network.de.0000000000.json").status_code == 404


def test_without_any_good_tables_there_are_no_documents(folder, client):
    (folder / "phases.csv").unlink()
    assert client.get("/documents/network.de.0000000000.json").status_code == 503
