"""Towns by name in any language: found, in the right order, and where our tables put them."""

import pandas as pd
import pytest

from geo.checking import read_table
from geo.gazetteer import read_gazetteer
from geo.schema import TABLE_BY_NAME

COLUMNS = ["name", "country", "latitude", "longitude", "population", "source"]


@pytest.fixture(scope="module")
def gazetteer():
    return read_gazetteer()


@pytest.mark.parametrize(
    ("query", "country", "source"),
    [
        ("Puebla", "MX", "GeoNames 3521081 (Puebla)"),
        ("  puebla ", None, "GeoNames 3521081 (Puebla)"),
        ("Kapstadt", None, "GeoNames 3369157 (Cape Town)"),
        ("Cape Town", "ZA", "GeoNames 3369157 (Cape Town)"),
        ("Ciudad del Cabo", None, "GeoNames 3369157 (Cape Town)"),
        ("Le Cap", "ZA", "GeoNames 3369157 (Cape Town)"),
        ("München", None, "GeoNames 2867714 (Munich)"),
        ("MUENCHEN", None, "GeoNames 2867714 (Munich)"),
        ("munich", "DE", "GeoNames 2867714 (Munich)"),
        ("Luedenscheid", None, "GeoNames 2875457 (Lüdenscheid)"),
        # GeoNames lists no spelling with `ae` or `ue` for these.
        ("Kempten (Allgaeu)", None, "GeoNames 2891621 (Kempten (Allgäu))"),
        ("San Miguel de Tucuman", "AR", "GeoNames 3836873 (San Miguel de Tucumán)"),
        ("Saint-Louis", "SN", "GeoNames 2246452 (Saint-Louis)"),
        ("L'Île-Bizard–Sainte-Geneviève", "CA", "GeoNames 12626120 (L'Île-Bizard–Sainte-Geneviève)"),
    ],
)
def test_a_town_is_found_by_its_name(gazetteer, query, country, source):
    found = gazetteer.search(query, country=country)
    assert list(found.columns) == COLUMNS
    assert found.iloc[0]["source"] == source


def test_namibia_is_a_country(gazetteer):
    assert set(gazetteer.search("Windhuk", country="NA")["name"]) == {"Windhoek"}


def test_the_same_town_comes_once(gazetteer):
    # Munich, München and Muenchen all begin with `mu`, and so do other names of this town.
    for query in ("Mu", "Mü", "Cape", "San"):
        found = gazetteer.search(query, limit=10_000)
        assert found.index.is_unique
        assert found["source"].is_unique


def test_a_country_keeps_to_itself_before_the_limit_counts(gazetteer):
    everywhere, there = gazetteer.search("San", limit=10_000), gazetteer.search("San", country="PH", limit=20)
    assert len(there) == 20
    assert set(there["country"]) == {"PH"}
    pd.testing.assert_frame_equal(there, everywhere[everywhere["country"] == "PH"].head(20))


def test_whole_names_come_first_then_the_largest(gazetteer):
    found = gazetteer.search("Bonn", country="DE", limit=10_000)
    # Bonndorf is called Bonndorf im Schwarzwald as well, but never Bonn.
    assert found.iloc[0]["source"] == "GeoNames 2946447 (Bonn)"
    san = gazetteer.search("San", limit=10_000)
    whole = san["name"].eq("San").to_numpy()
    assert whole[:20].any()
    assert not whole[100:].any()
    assert san["population"].iloc[-200:].is_monotonic_decreasing


@pytest.mark.parametrize("query", ["", " ", "M", "Qqqqqq", "\n", "\0\0", "ünchen", "東京", ".*", "("])
def test_no_result(gazetteer, query):
    found = gazetteer.search(query)
    assert len(found) == 0
    assert list(found.columns) == COLUMNS


def test_no_result_in_another_country(gazetteer):
    assert len(gazetteer.search("Windhoek", country="DE")) == 0


def test_all_towns_are_there_and_on_earth(gazetteer):
    places = gazetteer.places
    assert len(places) == len(gazetteer.ends) > 200_000
    assert places["source"].is_unique
    assert places["latitude"].between(-90, 90).all()
    assert places["longitude"].between(-180, 180).all()
    assert places["country"].str.fullmatch("[A-Z]{2}").all()


def test_our_municipalities_are_where_the_gazetteer_has_them(root, gazetteer):
    table = TABLE_BY_NAME["municipalities"]
    text, _, _ = read_table((root / "data" / "municipalities.csv").read_bytes(), table=table)
    number = r"GeoNames ([0-9]+) \(.*\)"
    ours = text.assign(number=text["coordinate_source"].str.extract(number)[0]).dropna(subset=["number"])
    places = gazetteer.places.assign(number=gazetteer.places["source"].str.extract(number)[0])
    both = ours.merge(places, on="number", suffixes=("", "_there"))
    assert len(both) > 100
    assert list(both.loc[both["country"] != both["country_there"], "id"]) == []
    for degrees in ("latitude", "longitude"):
        far = (both[degrees].astype("float64") - both[f"{degrees}_there"]).abs() > 0.01
        assert list(both.loc[far, "id"]) == []
