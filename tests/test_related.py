"""What partnerships have in common."""

import geopandas as gpd
import pytest

from geo.related import find_related


@pytest.fixture
def links():
    return gpd.GeoDataFrame(
        {
            "north": ["de-a", "de-a", "de-b", "de-c", "de-d", "de-e"],
            "south": ["mx-1", "gh-1", "mx-2", "gh-2", "bo-1", "pe-1"],
            "south_country": ["MX", "GH", "MX", "GH", "BO", "PE"],
            "themes": [("water", "waste"), (), (), ("waste",), ("waste", "water"), ("health",)],
        },
        index=["a-1", "a-2", "b", "c", "d", "e"],
    )


def test_each_is_named_once_under_its_closest_tie(links):
    assert find_related(links, "a-1") == {"municipality": ["a-2"], "country": ["b"], "theme": ["d", "c"]}


def test_without_anything_in_common_there_is_nothing(links):
    assert find_related(links, "e") == {"municipality": [], "country": [], "theme": []}


def test_an_unknown_id_is_an_error(links):
    with pytest.raises(KeyError):
        find_related(links, "x")
