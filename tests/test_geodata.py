"""Municipalities as points; north and south by role, never by latitude."""

import pandas as pd
import pytest

from geo.geodata import to_located_partnerships, to_points, to_roles


@pytest.fixture
def municipalities():
    # Windhoek lies south of the equator, Hamburg north; Reykjavik's role in the table is what counts.
    return pd.DataFrame(
        {
            "id": ["de-hamburg", "na-windhoek", "is-reykjavik"],
            "name": ["Hamburg", "Windhoek", "Reykjavík"],
            "kind": ["municipality"] * 3,
            "country": ["DE", "NA", "IS"],
            "region": ["Hamburg", "Khomas", "Höfuðborgarsvæðið"],
            "latitude": pd.array([53.55, -22.56, 64.15], dtype="Float64"),
            "longitude": pd.array([10.0, 17.08, -21.94], dtype="Float64"),
            "precision_m": pd.array([1000, 1000, 5000], dtype="Int64"),
            "coordinate_source": ["GeoNames"] * 3,
        }
    )


@pytest.fixture
def partnerships():
    return pd.DataFrame(
        {"id": ["a", "b"], "north": ["na-windhoek", "de-hamburg"], "south": ["is-reykjavik", "na-windhoek"]}
    )


def test_points_are_longitude_latitude_in_wgs84_and_the_input_is_untouched(municipalities):
    before = municipalities.copy()
    points = to_points(municipalities)
    assert points.crs == "EPSG:4326"
    assert list(points.index) == ["de-hamburg", "na-windhoek", "is-reykjavik"]
    assert (points.geometry["na-windhoek"].x, points.geometry["na-windhoek"].y) == (17.08, -22.56)
    assert (points.geometry["is-reykjavik"].x, points.geometry["is-reykjavik"].y) == (-21.94, 64.15)
    assert points.loc["na-windhoek", "country"] == "NA"
    pd.testing.assert_frame_equal(municipalities, before)


def test_both_ends_are_joined_by_their_role(municipalities, partnerships):
    located = to_located_partnerships(partnerships, to_points(municipalities))
    assert located.loc["a", "north_name"] == "Windhoek"
    assert located.loc["a", "south_name"] == "Reykjavík"
    assert located.loc["b", "south_country"] == "NA"
    assert located.loc["b", "north_point"].x == 10.0
    assert list(located.index) == ["a", "b"]


def test_roles_come_from_the_table(municipalities, partnerships):
    points = to_points(municipalities)
    assert to_roles(points, partnerships.iloc[:1]).to_dict() == {
        "de-hamburg": "north",
        "na-windhoek": "north",
        "is-reykjavik": "south",
    }


def test_a_german_municipality_without_partnership_is_northern_and_one_in_the_south_column_southern(municipalities):
    points = to_points(municipalities)
    none = pd.DataFrame({"north": [], "south": []}, dtype="string")
    assert to_roles(points, none)["de-hamburg"] == "north"
    turned = pd.DataFrame({"north": ["na-windhoek"], "south": ["de-hamburg"]})
    assert to_roles(points, turned)["de-hamburg"] == "south"


def test_an_empty_table_stays_empty(municipalities, partnerships):
    points = to_points(municipalities)
    assert len(to_located_partnerships(partnerships.iloc[:0], points)) == 0
    assert len(to_points(municipalities.iloc[:0])) == 0
