"""The network document: everything the map of partnerships draws."""

import json

import pytest

from geo.network_document import to_network_document


@pytest.fixture(scope="module")
def document(dataset, german):
    return json.loads(json.dumps(to_network_document(dataset, language=german)))


def test_the_document_holds_every_link_and_both_its_ends(document, dataset):
    assert [link["id"] for link in document["links"]] == list(dataset.links.index)
    puebla = next(link for link in document["links"] if link["id"] == "wolfsburg--puebla-9")
    north, south = (document["municipalities"][end] for end in puebla["ends"])
    assert (north["name"], north["place"], north["role"]) == ("Wolfsburg", "Niedersachsen", "north")
    assert (south["name"], south["place"], south["role"]) == ("Puebla", "Puebla, Mexiko", "south")
    assert puebla["arc"][0][0] == north["at"] == [52.42452, 10.7815]
    assert puebla["arc"][-1][-1] == south["at"] == [19.04778, -98.20723]
    assert puebla["record"]["distance_km"] == 9569
    kumasi = next(link for link in document["links"] if link["id"] == "dortmund--kumasi-1")
    assert kumasi["record"]["twinned_since"] is None


def test_the_document_has_a_colour_per_phase_and_theme_and_three_views(document):
    assert set(document["colours"]) == {"light", "dark"}
    assert list(document["colours"]["dark"]) == [str(phase) for phase in range(1, 10)]
    assert list(document["views"]) == ["world", "north", "south"]
