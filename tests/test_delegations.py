"""Where delegations come from: partner municipalities of the phase, else the country."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from geo import delegations as delegations_module
from geo.delegations import to_delegations
from geo.sentences import describe_arcs

CRS = "EPSG:4326"


@pytest.fixture
def municipalities():
    return gpd.GeoDataFrame(
        {"country": ["DE", "NA", "NA", "ZA"]},
        geometry=[Point(10, 53.55), Point(17.08, -22.56), Point(14.5, -22.9), Point(25, -34)],
        index=["de-hamburg", "na-windhoek", "na-walvis", "za-kouga"],
        crs=CRS,
    )


@pytest.fixture
def partnerships():
    return pd.DataFrame(
        {
            "phase": pd.array([6, 6, 7], dtype="Int64"),
            "north": ["de-hamburg"] * 3,
            "north_country": ["DE"] * 3,
            "south": ["na-windhoek", "za-kouga", "na-walvis"],
            "south_country": ["NA", "ZA", "NA"],
        }
    )


@pytest.fixture
def meetings():
    return gpd.GeoDataFrame(
        {"phases": [("6",), ("6", "7"), (), ("6",)]},
        geometry=gpd.GeoSeries([Point(17.08, -22.56), Point(10, 53.55), Point(7, 50), None], crs=CRS).to_numpy(),
        index=["windhoek", "hamburg", "no-phase", "online"],
        crs=CRS,
    )


@pytest.fixture
def country_points():
    return gpd.GeoSeries([Point(18, -22), Point(30, -2)], index=["NA", "RW"], crs=CRS)


def find(pairs, meetings, partnerships, municipalities, country_points):
    return to_delegations(
        pd.DataFrame(pairs, columns=["meeting", "country"], dtype="string"),
        meetings=meetings,
        partnerships=partnerships,
        municipalities=municipalities,
        country_points=country_points,
    )


def test_origins_are_the_partner_municipalities_of_the_meetings_phase(
    meetings, partnerships, municipalities, country_points
):
    pairs = [("windhoek", "NA"), ("windhoek", "ZA"), ("windhoek", "DE")]
    found = find(pairs, meetings, partnerships, municipalities, country_points)
    assert found["municipality"].tolist() == ["na-windhoek", "za-kouga", "de-hamburg"]
    # From its own town: an arc of length 0; Kouga to Windhoek is about 1,490 km.
    assert found["distance_km"].tolist()[0] == 0
    assert found["distance_km"].tolist()[1] == pytest.approx(1486, rel=0.01)
    line = found.geometry.iloc[1]
    assert line.coords[0] == (25, -34)
    assert line.coords[-1] == (17.08, -22.56)
    assert found.crs == CRS


def test_several_phases_bring_all_their_municipalities_once(meetings, partnerships, municipalities, country_points):
    found = find([("hamburg", "NA"), ("hamburg", "DE")], meetings, partnerships, municipalities, country_points)
    assert found["municipality"].tolist() == ["na-windhoek", "na-walvis", "de-hamburg"]


def test_a_country_without_a_partner_in_the_phase_stands_for_itself(
    meetings, partnerships, municipalities, country_points
):
    pairs = [("windhoek", "RW"), ("no-phase", "NA")]
    found = find(pairs, meetings, partnerships, municipalities, country_points)
    assert found["municipality"].isna().all()
    assert found["origin"].tolist() == [Point(30, -2), Point(18, -22)]
    assert found.geometry.notna().all()


def test_a_country_that_is_not_on_the_base_map_keeps_its_row_without_a_point(
    meetings, partnerships, municipalities, country_points
):
    found = find([("windhoek", "TV")], meetings, partnerships, municipalities, country_points)
    assert found["country"].tolist() == ["TV"]
    assert found["origin"].tolist() == [None]
    assert found.geometry.tolist() == [None]


def test_an_online_meeting_has_origins_but_no_arcs(meetings, partnerships, municipalities, country_points):
    found = find([("online", "NA"), ("online", "ZA")], meetings, partnerships, municipalities, country_points)
    assert found["origin"].tolist() == [Point(17.08, -22.56), Point(25, -34)]
    assert found.geometry.tolist() == [None, None]


def test_too_many_municipalities_are_told_apart_from_none(
    meetings, partnerships, municipalities, country_points, monkeypatch, german
):
    monkeypatch.setattr(delegations_module, "MOST_ARCS", 1)
    found = find([("hamburg", "NA"), ("windhoek", "RW")], meetings, partnerships, municipalities, country_points)
    assert found["municipality"].isna().all()
    assert dict(zip(found["country"], found["is_merged"], strict=True)) == {"NA": True, "RW": False}
    merged, unknown = (
        describe_arcs(found[found["country"] == code], phases=2, language=german) for code in ("NA", "RW")
    )
    assert merged == [
        "Es sind zu viele Partnerkommunen für einzelne Bögen; sie beginnen deshalb in der Mitte der Länder."
    ]
    assert unknown[0].startswith("Gestrichelt ab der Landesmitte: Ruanda.")


def test_a_host_that_only_its_country_tells_of_has_no_arc_and_is_told_once(
    meetings, partnerships, municipalities, german
):
    near = gpd.GeoSeries([Point(17.09, -22.56)], index=["RW"], crs=CRS)
    found = find([("windhoek", "RW")], meetings, partnerships, municipalities, near)
    assert describe_arcs(found, phases=1, language=german) == ["Ruanda: gastgebend, daher ohne Bogen."]


def test_no_delegations_give_an_empty_frame(meetings, partnerships, municipalities, country_points):
    assert len(find([], meetings, partnerships, municipalities, country_points)) == 0


def test_the_real_meetings(dataset):
    delegations = dataset.delegations
    puebla = delegations[delegations["meeting"] == "2023-09-puebla"]
    assert puebla["country"].nunique() == 7
    assert len(puebla) == 10
    assert puebla["municipality"].notna().all()
    nepal = delegations[(delegations["meeting"] == "2016-07-munoz") & (delegations["country"] == "NP")]
    assert nepal["municipality"].isna().all()
    assert delegations["origin"].notna().all()
    assert set(zip(delegations["meeting"], delegations["country"], strict=True)) == set(
        zip(dataset.tables["delegations"]["meeting"], dataset.tables["delegations"]["country"], strict=True)
    )
