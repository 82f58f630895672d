"""The network document and the layer that says what of it is shown."""

import json

import numpy as np
import pytest
import shapely

from geo.layers import Shown, build_shown_layer, to_leaflet_bounds, to_leaflet_lines, to_network_document


@pytest.fixture(scope="module")
def document(dataset, german):
    return json.loads(json.dumps(to_network_document(dataset, language=german)))


def test_points_turn_to_latitude_longitude_here_and_ends_stay_exact():
    line = shapely.LineString([(10.781512, 52.424523), (-40.123456, 50.987654), (-98.207231, 19.047784)])
    assert to_leaflet_lines(line) == [[[52.42452, 10.78151], [50.99, -40.12], [19.04778, -98.20723]]]


def test_a_line_across_the_antimeridian_has_two_parts():
    line = shapely.MultiLineString([[(179, 1), (180, 2)], [(-180, 2), (-179, 3)]])
    assert to_leaflet_lines(line) == [[[1, 179], [2, 180]], [[2, -180], [3, -179]]]


def test_bounds_are_south_west_and_north_east():
    assert to_leaflet_bounds(np.array([-98.0, -30.0, 120.0, 54.0])) == [[-30, -98], [54, 120]]


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


def test_the_layer_is_small_and_carries_no_geometry(german):
    shown = Shown(range(80), partnership="wolfsburg--puebla-9")
    call = build_shown_layer(shown, document_url="../../network/de.json", language=german)
    assert len(call) < 600
    assert json.loads(call.removeprefix("atlasMap.show(").removesuffix(");")) == {
        "document": "../../network/de.json",
        "links": list(range(80)),
        "partnership": "wolfsburg--puebla-9",
        "municipality": None,
        "fit": "world",
        "selectable": True,
        "failure": "Die Karte konnte nicht geladen werden. Bitte laden Sie die Seite neu.",
    }
