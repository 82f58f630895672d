"""What each filter keeps and what it says, the empty result included."""

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from geo.filters import Selection, count_options, is_empty, keep_known, to_mask, to_reset
from geo.indexes import build_indexes
from geo.sentences import describe_links, describe_meetings, describe_selection, describe_sites


@pytest.fixture(scope="module")
def indexes(dataset):
    return build_indexes(dataset)


@pytest.fixture(scope="module")
def index(indexes):
    return indexes.links


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
    sentence = describe_links(mask, index, dataset, selection, language=german)
    assert mask.sum() == count
    assert ", ".join(describe_selection(selection, dataset, index=index, language=german)) == words
    assert words in sentence
    assert sentence.startswith(f"{count} von 80" if count else "Keine der 80 Partnerschaften")


def test_every_filter_applies_to_some_table(indexes):
    applied = {*indexes.links.names, *indexes.meetings.names, *indexes.sites.names}
    assert applied == {field.name for field in fields(Selection)}


# Selection, how many of the 30 meetings remain (counted in the tables by hand), and the whole sentence.
MEETING_CASES = [
    (Selection(), 30, "30 von 30 Treffen – an 25 Orten in 9 Ländern, 3 online"),
    (Selection(phase=(9,)), 4, "4 von 30 Treffen – Phase 9, an 4 Orten in 2 Ländern"),
    (Selection(phase=(2, 4)), 6, "6 von 30 Treffen – Phasen 2 und 4, an 6 Orten in 3 Ländern"),
    (
        Selection(kind=("southern_network_meeting",)),
        3,
        "3 von 30 Treffen – Netzwerktreffen der Südpartner, an 3 Orten in 3 Ländern",
    ),
    (Selection(q="puebla"), 1, "1 von 30 Treffen – Suche nach „puebla“, an 1 Ort in 1 Land"),
    (Selection(q="réunion"), 0, "Keines der 30 Treffen passt zu dieser Auswahl: Suche nach „réunion“."),
    # Held there: Windhoek; came: Münster, Jeffreys Bay, Pforzheim.
    (Selection(country=("NA",)), 4, "4 von 30 Treffen – Land Namibia, an 4 Orten in 3 Ländern"),
    (
        Selection(year_from=2020, year_to=2021),
        5,
        "5 von 30 Treffen – von 2020 bis 2021, an 2 Orten in 1 Land, 3 online",
    ),
    (Selection(year_from=2023), 2, "2 von 30 Treffen – ab 2023, an 2 Orten in 2 Ländern"),
    (Selection(year_to=2012), 3, "3 von 30 Treffen – bis 2012, an 3 Orten in 3 Ländern"),
    (
        Selection(phase=(9,), kind=("anniversary",)),
        0,
        "Keines der 30 Treffen passt zu dieser Auswahl: Phase 9, Jubiläum.",
    ),
    # What does not apply to meetings changes nothing.
    (
        Selection(theme=("water",), state=("BY",), until=2011),
        30,
        "30 von 30 Treffen – an 25 Orten in 9 Ländern, 3 online",
    ),
]


@pytest.mark.parametrize(("selection", "count", "sentence"), MEETING_CASES)
def test_meetings_are_filtered_and_told(dataset, indexes, german, selection, count, sentence):
    mask = to_mask(indexes.meetings, selection)
    assert mask.sum() == count
    assert describe_meetings(mask, indexes.meetings, dataset, selection, language=german) == sentence


SITE_CASES = [
    (Selection(), 8, "8 von 8 Exkursionsorten – besucht bei 5 Treffen"),
    (Selection(theme=("water",)), 5, "5 von 8 Exkursionsorten – Thema Wasser, besucht bei 3 Treffen"),
    (Selection(country=("MX",)), 3, "3 von 8 Exkursionsorten – Land Mexiko, besucht bei 1 Treffen"),
    (
        Selection(meeting=("2022-10-pforzheim",)),
        2,
        "2 von 8 Exkursionsorten – Pforzheim, Oktober 2022, besucht bei 1 Treffen",
    ),
    (Selection(country=("GH",)), 0, "Keiner der 8 Exkursionsorte passt zu dieser Auswahl: Land Ghana."),
]


@pytest.mark.parametrize(("selection", "count", "sentence"), SITE_CASES)
def test_sites_are_filtered_and_told(dataset, indexes, german, selection, count, sentence):
    mask = to_mask(indexes.sites, selection)
    assert mask.sum() == count
    assert describe_sites(mask, indexes.sites, dataset, selection, language=german) == sentence


def test_germany_is_understood_among_partnerships_but_not_offered(index):
    country = index.facets["country"]
    assert country.unoffered == {"DE"}
    assert to_mask(index, Selection(country=("DE",))).all()


def test_the_whole_sentence(dataset, index, german, english):
    selection = Selection(phase=(3,))
    mask = to_mask(index, selection)
    assert describe_links(mask, index, dataset, selection, language=german) == (
        "8 von 80 Partnerschaften – Phase 3, zwischen 8 deutschen und 8 Kommunen im Globalen Süden in 6 Ländern"
    )
    assert describe_links(mask, index, dataset, selection, language=english) == (
        "8 of 80 partnerships – phase 3, "
        "between 8 German and 8 partner municipalities in the Global South in 6 countries"
    )
    assert describe_links(np.ones(80, dtype=bool), index, dataset, Selection(), language=german) == (
        "80 von 80 Partnerschaften zwischen 72 deutschen und 80 Kommunen im Globalen Süden in 29 Ländern"
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
    assert len(counts["country"]) == 30
    assert len(counts["state"]) == 16
    assert counts["theme"]["education"] == 44


def test_unknown_values_are_dropped_and_named(indexes):
    selection = Selection(phase=(3, 99), country=("MX", "SE"), theme=("x",), state=("BY",), kind=("party",))
    kept, dropped = keep_known(selection, indexes.known)
    assert kept == Selection(phase=(3,), country=("MX",), state=("BY",))
    assert dropped == (("phase", "99"), ("country", "SE"), ("theme", "x"), ("kind", "party"))


def test_what_one_table_knows_is_known_to_all(indexes):
    # Lesotho sent a delegation, but no partnership is recorded.
    assert "LS" not in indexes.links.facets["country"].options
    assert keep_known(Selection(country=("LS",)), indexes.known) == (Selection(country=("LS",)), ())


def test_an_empty_selection_keeps_everything(index):
    assert is_empty(Selection(), index.names)
    assert is_empty(Selection(year_to=2012, kind=("other",)), index.names)
    assert not is_empty(Selection(until=2012), index.names)
    assert np.all(to_mask(index, Selection()))


def test_a_new_phase_is_an_option_before_it_has_partnerships(dataset):
    phases = dataset.tables["phases"]
    tenth = phases.iloc[[-1]].assign(phase=10)
    grown = replace(dataset, tables=dataset.tables | {"phases": pd.concat([phases, tenth], ignore_index=True)})
    indexes = build_indexes(grown)
    assert count_options(indexes.links, Selection())["phase"][10] == 0
    assert keep_known(Selection(phase=(10,)), indexes.known) == (Selection(phase=(10,)), ())


def test_an_empty_table_has_words_too(dataset, german):
    empty = replace(dataset, links=dataset.links.iloc[:0])
    index = build_indexes(empty).links
    mask = to_mask(index, Selection())
    assert describe_links(mask, index, empty, Selection(), language=german) == (
        "In den Tabellen steht noch keine Partnerschaft."
    )


def test_empty_tables_of_meetings_and_sites_have_words_too(dataset, german):
    tables = dataset.tables | {"delegations": dataset.tables["delegations"].iloc[:0]}
    empty = replace(dataset, meetings=dataset.meetings.iloc[:0], sites=dataset.sites.iloc[:0], tables=tables)
    indexes = build_indexes(empty)
    none = Selection()
    assert indexes.meetings.years == (0, 0)
    assert indexes.links.years == (2011, 2022)
    assert describe_meetings(to_mask(indexes.meetings, none), indexes.meetings, empty, none, language=german) == (
        "In den Tabellen steht noch kein Treffen."
    )
    assert describe_sites(to_mask(indexes.sites, none), indexes.sites, empty, none, language=german) == (
        "In den Tabellen steht noch kein Exkursionsort."
    )


def test_a_reset_leaves_the_filters_of_other_pages(indexes):
    selection = Selection(phase=(9,), theme=("water",), year_from=2015)
    assert to_reset(selection, indexes.meetings.names) == Selection(theme=("water",))
