"""What each filter keeps and what it says, the empty result included."""

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from geo.filters import (
    MASKS,
    Selection,
    build_index,
    count_options,
    describe_selection,
    describe_shown,
    is_empty,
    keep_known,
    to_mask,
)


@pytest.fixture(scope="module")
def index(dataset):
    return build_index(dataset)


# Selection, how many of the 80 remain (counted in the tables by hand), and the words for it.
CASES = [
    (Selection(phase=(3,)), 8, "Phase 3"),
    (Selection(phase=(9, 3)), 19, "Phasen 3 und 9"),
    (Selection(country=("NA",)), 4, "Land Namibia"),
    (Selection(country=("MX", "BO")), 4, "Länder Mexiko und Bolivien"),
    (Selection(theme=("health",)), 1, "Thema Gesundheit"),
    (Selection(theme=("health", "economy")), 6, "Themen Gesundheit und Nachhaltiges Wirtschaften"),
    (Selection(state=("BE",)), 2, "Kommunen aus Berlin"),
    (Selection(q="thies"), 1, "Suche nach „thies“"),
    (Selection(until=2012), 19, "begonnen bis 2012"),
    (Selection(phase=(3,), country=("MX",)), 0, "Phase 3, Land Mexiko"),
]


@pytest.mark.parametrize(("selection", "count", "words"), CASES)
def test_each_filter_keeps_its_links_and_says_so(dataset, index, german, selection, count, words):
    mask = to_mask(index, selection)
    sentence = describe_shown(mask, index, dataset, selection, language=german)
    assert mask.sum() == count
    assert ", ".join(describe_selection(selection, dataset, language=german)) == words
    assert words in sentence
    assert sentence.startswith(f"{count} von 80" if count else "Keine der 80 Partnerschaften")


def test_every_field_of_a_selection_has_a_mask():
    assert list(MASKS) == [field.name for field in fields(Selection)]


def test_the_whole_sentence(dataset, index, german, english):
    selection = Selection(phase=(3,))
    mask = to_mask(index, selection)
    assert describe_shown(mask, index, dataset, selection, language=german) == (
        "8 von 80 Partnerschaften – Phase 3, zwischen 8 deutschen und 8 südlichen Kommunen in 6 Ländern"
    )
    assert describe_shown(mask, index, dataset, selection, language=english) == (
        "8 of 80 partnerships – phase 3, between 8 German and 8 southern municipalities in 6 countries"
    )
    assert describe_shown(np.ones(80, dtype=bool), index, dataset, Selection(), language=german) == (
        "80 von 80 Partnerschaften zwischen 72 deutschen und 80 südlichen Kommunen in 29 Ländern"
    )


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("thies", ["solingen--thies-3"]),
        ("THIÈS", ["solingen--thies-3"]),
        ("hoi an", ["wernigerode--hoi-an-5"]),
        ("mexique", ["wolfsburg--puebla-9"]),
        ("México", ["wolfsburg--puebla-9"]),
        ("niedersachsen mexiko", ["wolfsburg--puebla-9"]),
    ],
)
def test_search_ignores_accents_and_knows_countries_in_every_language(dataset, index, query, ids):
    found = list(dataset.links.index[to_mask(index, Selection(q=query))])
    assert found == ids


@pytest.mark.parametrize("query", ["münchen", "muenchen", "munchen", "MÜNCHEN"])
def test_munich_is_found_however_it_is_typed(dataset, index, query):
    assert set(dataset.links[to_mask(index, Selection(q=query))]["north_name"]) == {"München"}


def test_search_text_is_no_pattern(index):
    assert not to_mask(index, Selection(q=".*")).any()
    assert not to_mask(index, Selection(q="[a-z]")).any()


def test_counts_are_what_choosing_the_option_would_show(index):
    selection = Selection(phase=(9,), theme=("water",))
    counts = count_options(index, selection)
    for name, options in counts.items():
        for code, count in options.items():
            values = {"phase": (9,), "theme": ("water",), name: (code,)}
            assert to_mask(index, Selection(**values)).sum() == count


def test_counts_without_filters_are_those_of_the_table(index):
    counts = count_options(index, Selection())
    assert counts["phase"] == {1: 9, 2: 12, 3: 8, 4: 7, 5: 5, 6: 10, 7: 11, 8: 7, 9: 11}
    assert counts["country"]["TZ"] == 9
    assert len(counts["country"]) == 29
    assert len(counts["state"]) == 16
    assert counts["theme"]["education"] == 44


def test_unknown_values_are_dropped_and_named(index):
    kept, dropped = keep_known(Selection(phase=(3, 99), country=("MX", "DE"), theme=("x",), state=("BY",)), index)
    assert kept == Selection(phase=(3,), country=("MX",), state=("BY",))
    assert dropped == (("phase", "99"), ("country", "DE"), ("theme", "x"))


def test_an_empty_selection_keeps_everything(index):
    assert is_empty(Selection())
    assert not is_empty(Selection(until=2012))
    assert np.all(to_mask(index, Selection()))


def test_a_new_phase_is_an_option_before_it_has_partnerships(dataset):
    phases = dataset.tables["phases"]
    tenth = phases.iloc[[-1]].assign(phase=10)
    grown = replace(dataset, tables=dataset.tables | {"phases": pd.concat([phases, tenth], ignore_index=True)})
    index = build_index(grown)
    assert count_options(index, Selection())["phase"][10] == 0
    assert keep_known(Selection(phase=(10,)), index) == (Selection(phase=(10,)), ())


def test_an_empty_table_has_words_too(dataset, german):
    empty = replace(dataset, links=dataset.links.iloc[:0])
    index = build_index(empty)
    mask = to_mask(index, Selection())
    assert describe_shown(mask, index, empty, Selection(), language=german) == (
        "In den Tabellen steht noch keine Partnerschaft."
    )
