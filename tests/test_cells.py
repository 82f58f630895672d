"""Cells as people and office programs write them, and as the tables keep them."""

import re
from calendar import monthrange

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo import problems
from geo.cells import DECIMAL, INTEGER, find_cause, to_canonical, to_guarded, to_local_text, to_unguarded
from geo.schema import is_date

KINDS = ("text", "integer", "decimal", "date", "list")


def texts(*cells):
    return pd.Series(list(cells), dtype="string")


def apply(function, cell, **options):
    cells = texts(cell, None)
    result = function(cells, **options)
    assert cells.tolist() == [cell, pd.NA]
    assert result.dtype == "string"
    assert result[1] is pd.NA
    return None if result[0] is pd.NA else result[0]


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        ("decimal", "47,12", "47.12"),
        ("decimal", "-47,12", "-47.12"),
        ("decimal", "\u221247,12", "-47.12"),
        ("decimal", "\u221247.12", "-47.12"),
        ("decimal", "+3,50", "+3.50"),
        ("decimal", "47.12", "47.12"),
        ("decimal", "47.123", "47.123"),
        ("decimal", "47,123", "47.123"),
        ("decimal", "47", "47"),
        ("decimal", "\u00a047,12 ", "47.12"),
        ("decimal", "47.123,5", "47.123,5"),
        ("decimal", "1.234,5", "1.234,5"),
        ("decimal", ",5", ",5"),
        ("decimal", "47,12°", "47,12°"),
        ("integer", "2023", "2023"),
        ("integer", "\u22125", "-5"),
        ("integer", "1.000", "1.000"),
        ("integer", "47,12", "47,12"),
        ("date", "27.09.2023", "2023-09-27"),
        ("date", "7.9.2023", "2023-09-07"),
        ("date", "07.09.2023", "2023-09-07"),
        ("date", "27.09.23", "2023-09-27"),
        ("date", "1.2.11", "2011-02-01"),
        ("date", "09.2023", "2023-09"),
        ("date", "9.2023", "2023-09"),
        ("date", "09/2023", "2023-09"),
        ("date", "2023", "2023"),
        ("date", "2023-09", "2023-09"),
        ("date", "2023-09-27", "2023-09-27"),
        ("date", "2023-09-27 00:00:00", "2023-09-27"),
        ("date", "2023-09-27T00:00", "2023-09-27"),
        ("date", "27.09.2023 00:00", "2023-09-27"),
        # What is no date stays as it was written, so that it is found again in the file.
        ("date", "31.02.2023", "31.02.2023"),
        ("date", "13.2023", "13.2023"),
        ("date", "31.02.23", "31.02.23"),
        ("date", "09.23", "09.23"),
        ("date", "27.09.2211", "27.09.2211"),
        ("date", "Sep 23", "Sep 23"),
        ("list", "water;waste", "water;waste"),
        ("list", " water ; waste ;", "water;waste"),
        ("list", ";;", None),
        ("list", "water, waste", "water, waste"),
        ("text", "  47,12 ", "47,12"),
        ("text", "27.09.2023", "27.09.2023"),
        *((kind, blank, None) for kind in KINDS for blank in ("", "  ")),
    ],
)
def test_the_form_that_the_tables_keep(kind, written, kept):
    assert apply(to_canonical, written, kind=kind) == kept


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_without_content_keeps_its_type(kind):
    for function in (to_canonical, to_local_text):
        for cells in (texts(), texts(None, None)):
            result = function(cells, kind=kind)
            assert (result.tolist(), result.dtype) == (cells.tolist(), "string")


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        ("decimal", "47.123,5", problems.AMBIGUOUS_NUMBER),
        ("decimal", "1.234.567", problems.AMBIGUOUS_NUMBER),
        ("decimal", "47,123.5", problems.AMBIGUOUS_NUMBER),
        ("decimal", "47.12.3", problems.AMBIGUOUS_NUMBER),
        ("decimal", "1 000", problems.AMBIGUOUS_NUMBER),
        ("decimal", "1\u00a0000,5", problems.AMBIGUOUS_NUMBER),
        ("decimal", "1'000", problems.AMBIGUOUS_NUMBER),
        ("decimal", ",5", problems.NOT_A_DECIMAL),
        ("decimal", "47,12 Grad", problems.NOT_A_DECIMAL),
        ("decimal", "47°12'", problems.NOT_A_DECIMAL),
        ("decimal", "4٧", problems.NOT_A_DECIMAL),
        ("integer", "1.000", problems.AMBIGUOUS_INTEGER),
        ("integer", "-1.000", problems.AMBIGUOUS_INTEGER),
        ("integer", "1,000", problems.AMBIGUOUS_INTEGER),
        ("integer", "12 500", problems.AMBIGUOUS_INTEGER),
        ("integer", "47,12", problems.NOT_AN_INTEGER),
        ("integer", "2023.5", problems.NOT_AN_INTEGER),
        ("integer", "neun", problems.NOT_AN_INTEGER),
        ("date", "27/09/2023", problems.NOT_A_DATE),
        ("date", "Sommer 23", problems.NOT_A_DATE),
        ("date", "September 2023", problems.NOT_A_DATE),
    ],
)
def test_the_cause_is_told(kind, text, problem):
    assert find_cause(text, kind=kind) == (problem, {})


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("Sep 23", "09.2023"),
        ("Mrz 15", "03.2015"),
        ("Mär 15", "03.2015"),
        ("Mar 15", "03.2015"),
        ("Mai 07", "05.2007"),
        ("May 07", "05.2007"),
        ("Okt-22", "10.2022"),
        ("Oct-22", "10.2022"),
        ("Dez. 19", "12.2019"),
        ("Dec 19", "12.2019"),
        ("Juli 11", "07.2011"),
    ],
)
def test_a_month_cut_short_is_told_with_a_proposal(text, month):
    assert find_cause(text, kind="date") == (problems.SHORT_MONTH, {"month": month})


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("=1+1", "'=1+1"),
        ("+49 231", "'+49 231"),
        ("-5", "'-5"),
        ("@name", "'@name"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("2023-09", "'2023-09"),
        ("'=1", "''=1"),
        ("''2023-09", "'''2023-09"),
        ("'s-Gravenhage", "'s-Gravenhage"),
        ("2023-09-27", "2023-09-27"),
        ("2023", "2023"),
        ("Puebla", "Puebla"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_an_apostrophe_guards_what_a_spreadsheet_would_run_or_change(text, guarded):
    assert apply(to_guarded, text) == guarded
    assert apply(to_unguarded, guarded) == text


RISKY = st.text(st.sampled_from(list("'=+-@\t\r\n2023-09a")), max_size=12)


@settings(max_examples=150)
@given(st.lists(st.one_of(st.text(max_size=15), RISKY), min_size=1, max_size=20))
@example(["2023-09\n", "'2023-09\n", "٢٠٢٣-٠٩", "'", "''", "\n=1"])
def test_guarded_texts_come_back_and_are_no_formulas(cells):
    guarded = to_guarded(texts(*cells))
    assert to_unguarded(guarded).tolist() == cells
    assert not any(text[:1] in tuple("=+-@\t\r") and text for text in guarded)
    assert not any(re.fullmatch("[0-9]{4}-[0-9]{2}", text) for text in guarded)


@pytest.mark.parametrize(
    ("kind", "kept", "local"),
    [
        ("decimal", "47.12", "47,12"),
        ("decimal", "-47.12", "-47,12"),
        ("decimal", "47", "47"),
        ("decimal", "4.7.1", "4.7.1"),
        ("integer", "2023", "2023"),
        ("date", "2023-09-27", "27.09.2023"),
        ("date", "2023-09", "2023-09"),
        ("date", "2023", "2023"),
        ("date", "2023-02-31", "2023-02-31"),
        ("text", "47.12", "47.12"),
        ("list", "a;b", "a;b"),
    ],
)
def test_cells_for_german_offices(kind, kept, local):
    assert apply(to_local_text, kept, kind=kind) == local


YEARS = st.integers(1900, 2100)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters=";"), min_size=1, max_size=8)
KEPT = {
    "integer": st.from_regex(INTEGER, fullmatch=True),
    "decimal": st.from_regex(DECIMAL, fullmatch=True),
    "date": st.one_of(
        YEARS.map(str),
        st.builds("{}-{:02}".format, YEARS, st.integers(1, 12)),
        st.tuples(YEARS, st.integers(1, 12)).flatmap(
            lambda month: st.builds(
                "{}-{:02}-{:02}".format, *map(st.just, month), st.integers(1, monthrange(*month)[1])
            )
        ),
    ),
    "list": st.lists(WORDS, min_size=1, max_size=4).map(";".join),
    "text": WORDS,
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_for_an_office_leads_back(kind):
    @settings(max_examples=40)
    @given(st.lists(KEPT[kind], min_size=1, max_size=20))
    def check(cells):
        kept = texts(*cells)
        assert to_canonical(kept, kind=kind).tolist() == cells
        assert to_canonical(to_local_text(kept, kind=kind), kind=kind).tolist() == cells

    check()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_kept_stays_as_it_is(kind):
    @settings(max_examples=40)
    @given(st.lists(st.one_of(st.text(max_size=10), st.from_regex(r"[-+0-9.,;/T: ]*", fullmatch=True)), max_size=20))
    def check(cells):
        once = to_canonical(texts(*cells), kind=kind)
        assert to_canonical(once, kind=kind).equals(once)
        if kind == "date":
            changed = once[(once != texts(*cells).str.strip()).fillna(False)]
            assert all(is_date(cell) for cell in changed)

    check()
