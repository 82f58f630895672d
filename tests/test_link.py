"""The address of a view: read, written, and read again."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.filters import Selection
from geo.indexes import build_indexes
from ui.link import NAMES, Ignored, View, read_view, to_parameters


@pytest.fixture(scope="module")
def read(dataset):
    indexes = build_indexes(dataset)
    return lambda parameters: read_view(parameters, dataset=dataset, indexes=indexes, languages=["de", "en"])


def test_codes_become_a_view(read):
    view, ignored = read(
        {
            "lang": ["en"],
            "phase": ["9", "3"],
            "country": ["MX"],
            "theme": ["water"],
            "state": ["NI"],
            "q": ["  puebla "],
            "until": ["2015"],
            "partnership": ["wolfsburg--puebla-9"],
            "utm_source": ["mail"],
        }
    )
    assert view == View(
        lang="en",
        selection=Selection(phase=(9, 3), country=("MX",), theme=("water",), state=("NI",), q="puebla", until=2015),
        partnership="wolfsburg--puebla-9",
    )
    assert ignored == ()


@pytest.mark.parametrize(
    ("parameters", "name", "value"),
    [
        ({"phase": ["99"]}, "phase", "99"),
        ({"phase": ["neun"]}, "phase", "neun"),
        ({"phase": ["-1"]}, "phase", "-1"),
        ({"phase": ["٣"]}, "phase", "٣"),
        ({"country": ["Mexiko"]}, "country", "Mexiko"),
        ({"until": ["1066"]}, "until", "1066"),
        ({"year_from": ["2025"]}, "year_from", "2025"),
        ({"kind": ["party"]}, "kind", "party"),
        ({"lang": ["tlh"]}, "lang", "tlh"),
        ({"partnership": ["nobody"]}, "partnership", "nobody"),
        ({"municipality": ["<script>"]}, "municipality", "<script>"),
        ({"scene": ["0"]}, "scene", "0"),
        ({"scene": ["12"]}, "scene", "12"),
        ({"auto": ["2"]}, "auto", "2"),
    ],
)
def test_what_means_nothing_is_left_out_and_named(read, parameters, name, value):
    view, ignored = read(parameters)
    assert view == View()
    assert ignored == (Ignored(name, value),)


def test_the_first_and_the_last_year_may_be_named(read):
    view = View(selection=Selection(until=2022, year_from=2011, year_to=2024))
    assert read({"until": ["2022"], "year_from": ["2011"], "year_to": ["2024"]}) == (view, ())


def test_years_the_wrong_way_round_are_no_span(read):
    view, ignored = read({"year_from": ["2020"], "year_to": ["2014"]})
    assert view == View(selection=Selection(year_to=2014))
    assert ignored == (Ignored("year_from", "2020"),)


def test_writing_and_reading_again_gives_the_same_view(read):
    view = View("en", Selection((3, 9), ("MX", "NA"), ("water",), ("BY",), ("other",), (), "a b&c=ü", 2012, 2013, 2015))
    assert read(to_parameters(view)) == (view, ())
    assert read(to_parameters(View(scene=11, auto=20))) == (View(scene=11, auto=20), ())
    assert to_parameters(View()) == {}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.text(max_size=12), max_size=3)))
def test_no_link_breaks_anything_and_what_was_read_is_stable(read, parameters):
    view, _ = read(parameters)
    assert read(to_parameters(view)) == (view, ())
