"""Bundles of links: their sums are those of the table, whatever the filters, and what is sent stays small."""

import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.generated import make_tables, write_folder
from geo.arcs import MOST_ARCS
from geo.bundles import to_bundles, to_bundles_document, to_middles, to_shown_network
from geo.dataset import read_dataset
from geo.figures import find_sources
from geo.filters import Selection, to_mask
from geo.geodata import NORTH
from geo.indexes import STATE_CODES, build_indexes
from geo.layers import ShownBundles, ShownLinks, build_shown_layer, to_message
from server import documents
from server.documents import to_drawn

MANY = 10_000
SELECTIONS = st.builds(
    Selection,
    phase=st.lists(st.integers(1, 9), max_size=3, unique=True).map(tuple),
    country=st.lists(st.sampled_from(["MX", "GH", "TN", "ZA", "IN", "BR", "DE"]), max_size=2, unique=True).map(tuple),
    state=st.lists(st.sampled_from(["BY", "NW", "HB"]), max_size=2, unique=True).map(tuple),
    until=st.one_of(st.none(), st.integers(2011, 2024)),
    q=st.sampled_from(["", "an", "münchen"]),
)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    return read_dataset(write_folder(tmp_path_factory.mktemp("many") / "data", make_tables(MANY)))


@pytest.fixture(scope="module")
def index(many):
    return build_indexes(many).links


def to_expected(many, mask, *, kind):
    links = many.links[mask]
    keys = links["south_country"] if kind == "country" else links["north_region"].map(STATE_CODES)
    return keys.value_counts().to_dict()


@given(selection=SELECTIONS, by_country=st.booleans())
def test_the_sums_of_bundles_are_those_of_the_table(many, index, selection, by_country):
    mask = to_mask(index, selection)
    shown = to_shown_network(mask, index, selection, by_country=by_country)
    if mask.sum() <= MOST_ARCS and not by_country:
        assert isinstance(shown, ShownLinks)
        assert shown.links == np.flatnonzero(mask).tolist()
        return
    assert isinstance(shown, ShownBundles)
    assert shown.kind == ("state" if len(selection.country) == 1 and selection.country != ("DE",) else "country")
    ends = index.states.options if shown.kind == "state" else index.southern.options
    counted = {end: count for end, count in zip(ends, shown.counts, strict=True) if count}
    assert counted == to_expected(many, mask, kind=shown.kind)
    if shown.kind == "country":
        states = {state: count for state, count in zip(index.states.options, shown.states, strict=True) if count}
        assert states == to_expected(many, mask, kind="state")
    assert shown.new == (0 if selection.until is None else int((many.links[mask]["since"] == selection.until).sum()))


@given(selection=SELECTIONS, by_country=st.booleans())
def test_what_is_sent_stays_small_whatever_the_table(many, index, german, selection, by_country):
    mask = to_mask(index, selection)
    shown = to_shown_network(mask, index, selection, by_country=by_country, bundling="off", years=index.years)
    address, drawn = to_drawn(many, shown, "de")
    call = build_shown_layer(drawn, script_url="s", document_url=address, language=german)
    assert len(call.encode()) < 4_000


def test_bundles_are_asked_for_or_a_must(dataset):
    index = build_indexes(dataset).links
    everything = np.ones(len(dataset.links), dtype=bool)
    single = to_shown_network(everything, index, Selection(), bundling="off")
    assert (single.bundling, single.layer) == ("off", "network")
    bundled = to_shown_network(everything, index, Selection(), by_country=True, bundling="on")
    assert (bundled.bundling, sum(bundled.counts), len(bundled.counts)) == ("on", 80, 29)
    by_country = dict(zip(index.southern.options, bundled.counts, strict=True))
    assert (by_country["NI"], by_country["ZA"], by_country["MX"]) == (8, 7, 1)


def test_too_many_must_be_bundled(many, index):
    everything = np.ones(len(many.links), dtype=bool)
    assert to_shown_network(everything, index, Selection(), bundling="off").bundling == "must"
    assert to_shown_network(everything, index, Selection()).bundling is None


def test_arcs_lead_from_the_middle_of_the_north_to_each_country_or_from_each_state_to_one(dataset, german):
    index = build_indexes(dataset).links
    ends = to_bundles(dataset, index, language=german)
    assert ends.at["MX", "name"] == "Mexiko"
    # Wolfsburg and Puebla are the only pair with Mexico: its bundle ends in Puebla itself.
    puebla = dataset.municipalities.loc[dataset.link("wolfsburg--puebla-9")["south"]].geometry
    assert ends.at["MX", "point"].distance(puebla) == pytest.approx(0, abs=1e-9)
    north = dataset.municipalities[dataset.municipalities["role"] == NORTH].geometry
    for arc in ends.geometry:
        start = arc.geoms[0].coords[0] if arc.geom_type == "MultiLineString" else arc.coords[0]
        assert start == pytest.approx((north.x.mean(), north.y.mean()), abs=0.1)
    of_states = to_bundles(dataset, index, language=german, country="MX")
    assert list(of_states.index) == list(index.states.options)
    assert of_states.at["NI", "name"] == "Niedersachsen"
    assert all(arc.coords[-1] == pytest.approx((puebla.x, puebla.y)) for arc in of_states.geometry)
    from_bavaria = to_bundles(dataset, index, language=german, state="BY")
    assert from_bavaria.geometry["MX"].coords[0] == pytest.approx(of_states.geometry["BY"].coords[0])


def test_the_middle_of_towns_on_both_sides_of_the_date_line_lies_between_them(dataset):
    points = dataset.municipalities.geometry.iloc[:0]
    assert to_middles(points, by=points).empty
    fiji = gpd.GeoSeries(gpd.points_from_xy([179.0, -179.0, 20.0], [-17.0, -17.0, 5.0]), crs="EPSG:4326")
    middles = to_middles(fiji, by=fiji.index.to_series().map({0: "FJ", 1: "FJ", 2: "CF"}))
    assert abs(middles["FJ"].x) == pytest.approx(180)
    assert middles["FJ"].y == pytest.approx(-17, abs=0.01)
    assert (middles["CF"].x, middles["CF"].y) == pytest.approx((20, 5))


def test_the_document_names_every_end_and_holds_no_counts(many, index, english):
    document = to_bundles_document(many, index, language=english)
    assert [end["id"] for end in document["ends"]] == list(index.southern.options)
    assert len(document["states"]) == 16
    assert {"name": "India", "id": "IN"}.items() <= next(end for end in document["ends"] if end["id"] == "IN").items()
    assert to_bundles_document(many, index, language=english, country="IN")["states"] == []
    # With its arcs it is loaded once; every change of a filter then costs a few numbers.
    assert len(json.dumps(document)) < 400_000


def test_a_part_of_a_large_table_is_a_document_of_its_own(many, index):
    mask = to_mask(index, Selection(country=("TN",)))
    assert 0 < mask.sum() <= MOST_ARCS
    shown = to_shown_network(mask, index, Selection())
    address, drawn = to_drawn(many, shown, "de")
    assert drawn.links == list(range(int(mask.sum())))
    assert to_drawn(many, shown, "de") == (address, drawn)
    assert to_drawn(many, shown, "en")[0] != address
    assert "links" in to_message(drawn)


def test_where_not_every_northern_end_lies_in_a_bundesland_bundles_are_by_country(dataset):
    links = dataset.links.copy()
    links.loc["wolfsburg--puebla-9", "north_region"] = "Tirol"
    changed = build_indexes(replace(dataset, links=links)).links
    selection = Selection(country=("MX",))
    mask = to_mask(changed, selection)
    shown = to_shown_network(mask, changed, selection, by_country=True)
    assert (shown.kind, sum(shown.counts), shown.states) == ("country", int(mask.sum()), [])


def test_one_country_and_one_bundesland_cannot_be_opened_any_further(many, index):
    for selection, opens in (
        (Selection(country=("IN",), state=("BY",)), False),
        (Selection(country=("IN",)), True),
        (Selection(state=("BY",)), True),
    ):
        shown = to_shown_network(to_mask(index, selection), index, selection, by_country=True)
        assert shown.opens is opens


def test_a_part_that_is_asked_for_stays_and_others_go(many, monkeypatch):
    monkeypatch.setattr(documents, "_parts", documents._Kept(most=3))
    first, _ = to_drawn(many, ShownLinks([0]), "de")
    for position in range(1, 6):
        other, _ = to_drawn(many, ShownLinks([position]), "de")
        assert to_drawn(many, ShownLinks([0]), "de")[0] == first
        assert {first, other} <= set(documents._parts.documents)
    assert len(documents._parts.documents) == 3
    gone, _ = to_drawn(many, ShownLinks([1]), "de")
    assert gone in documents._parts.documents


def test_figures_name_the_sources_of_few_links_and_those_of_all_for_many(dataset, many, index):
    own = build_indexes(dataset).links
    selection = Selection(phase=(9,))
    shown = to_shown_network(to_mask(own, selection), own, selection, by_country=True)
    assert find_sources(shown, dataset) == list(dataset.links.loc[dataset.links["phase"] == 9, "source_url"])
    assert "links" not in to_message(shown)
    everything = to_shown_network(np.ones(MANY, dtype=bool), index, Selection())
    assert len(find_sources(everything, many)) == MANY
