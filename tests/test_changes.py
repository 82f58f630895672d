"""Differences cell by cell, and the same changes made to a state that somebody else has changed meanwhile."""

import json

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo.changes import CellChange, Conflict, RowChange, apply_changes, from_json_value, to_changes, to_json_value
from geo.checking import read_table
from geo.schema import TABLE_BY_NAME, TABLES

THEMES, DELEGATIONS, AGENDA = (TABLE_BY_NAME[name] for name in ("themes", "delegations", "agenda"))
MUNICIPALITIES = TABLE_BY_NAME["municipalities"]
GREEN = "water,Wasser,Water\nwaste,Abfall,Waste\nforests,Wald,"


def frame_of(rows, columns="id,label_de,label_en"):
    cells = [[cell or None for cell in row.split(",")] for row in rows.splitlines()]
    return pd.DataFrame(cells, columns=columns.split(","), dtype="string")


def rows_of(frame):
    return [",".join(row) for row in frame.fillna("").to_numpy()]


def changed(key, *cells):
    return RowChange("changed", (key,), tuple(CellChange(*cell) for cell in cells))


def without_kept(changes):
    return [(change.kind, change.key, [(c.column, c.before, c.after) for c in change.cells]) for change in changes]


def merge(before, mine, theirs, *, table=THEMES):
    """Both begin with `before`; they have published `theirs` when I come with mine."""
    return apply_changes(theirs, to_changes(before, mine, table=table), table=table)


def test_an_added_row_lists_its_cells_with_content():
    changes = to_changes(frame_of(GREEN), frame_of(f"{GREEN}\nsoil,Boden,"), table=THEMES)
    assert changes == (
        RowChange("added", ("soil",), (CellChange("id", None, "soil"), CellChange("label_de", None, "Boden"))),
    )


def test_a_changed_row_lists_the_changed_cells_and_keeps_the_others():
    after = frame_of(GREEN.replace("Abfall,Waste", "Müll,").replace("Wald,", "Wald,Forests"))
    changes = to_changes(frame_of(GREEN), after, table=THEMES)
    assert without_kept(changes) == [
        ("changed", ("waste",), [("label_de", "Abfall", "Müll"), ("label_en", "Waste", None)]),
        ("changed", ("forests",), [("label_en", None, "Forests")]),
    ]
    assert [change.kept for change in changes] == [(("id", "waste"),), (("id", "forests"), ("label_de", "Wald"))]


def test_removed_rows_come_last_with_what_they_held():
    after = frame_of("forests,Forst,\nwater,Wasser,Water")
    assert without_kept(to_changes(frame_of(GREEN), after, table=THEMES)) == [
        ("changed", ("forests",), [("label_de", "Wald", "Forst")]),
        ("removed", ("waste",), [("id", "waste", None), ("label_de", "Abfall", None), ("label_en", "Waste", None)]),
    ]


def test_the_order_of_rows_and_columns_and_the_index_do_not_count():
    after = frame_of(GREEN).iloc[[2, 0, 1]][["label_en", "id", "label_de"]]
    assert to_changes(frame_of(GREEN), after, table=THEMES) == ()


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("11.5870", "11.587", True),
        ("011.587", "11.587", True),
        ("+11.0", "11", True),
        ("-0.0", "0", True),
        ("-00.50", "-0.5", True),
        ("-11.587", "11.587", False),
        ("110", "11", False),
        ("1.1", "11", False),
        ("11,5", "11.5", False),
        ("11.", "11", False),
    ],
)
def test_numbers_are_compared_as_numbers(before, after, same):
    first, second = (frame_of(f"mx-puebla,{n}".replace("11,5", "11;5"), "id,latitude") for n in (before, after))
    assert (to_changes(first, second, table=MUNICIPALITIES) == ()) is same


def test_texts_are_compared_as_texts():
    assert to_changes(frame_of("a,1.0,x"), frame_of("a,1,x"), table=THEMES) == (
        RowChange("changed", ("a",), (CellChange("label_de", "1.0", "1"),), (("id", "a"), ("label_en", "x"))),
    )


def test_rows_with_the_same_key_and_rows_without_one_are_told_apart():
    before = frame_of("a,1,\na,2,\n,3,\n,4,")
    after = frame_of("a,1,\na,9,\n,3,\n,4,\n,5,")
    changes = to_changes(before, after, table=THEMES)
    assert without_kept(changes) == [
        ("changed", ("a", "2"), [("label_de", "2", "9")]),
        ("added", ("", "3"), [("label_de", None, "5")]),
    ]
    assert rows_of(apply_changes(before, changes, table=THEMES)[0]) == rows_of(after)


def test_a_column_more_is_a_change_of_its_cells_and_stays_when_it_is_emptied():
    before = frame_of("water,Wasser,Water\nwaste,Abfall,Waste")
    after = before.assign(label_sw=pd.Series(["maji", None], dtype="string"))
    changes = to_changes(before, after, table=THEMES)
    assert without_kept(changes) == [("changed", ("water",), [("label_sw", None, "maji")])]
    wide = apply_changes(before, changes, table=THEMES)[0]
    pd.testing.assert_frame_equal(wide, after)
    back = apply_changes(wide, to_changes(after, before, table=THEMES), table=THEMES)[0]
    assert rows_of(back) == ["water,Wasser,Water,", "waste,Abfall,Waste,"]


def test_a_delegation_is_known_by_meeting_and_country():
    before = frame_of("2023-09-puebla,MX\n2023-09-puebla,NA", "meeting,country")
    after = frame_of("2023-09-puebla,MX\n2023-09-puebla,DE", "meeting,country")
    changes = to_changes(before, after, table=DELEGATIONS)
    assert [(change.kind, change.key) for change in changes] == [
        ("added", ("2023-09-puebla", "DE")),
        ("removed", ("2023-09-puebla", "NA")),
    ]
    assert rows_of(apply_changes(before, changes, table=DELEGATIONS)[0]) == rows_of(after)


def test_a_number_in_a_key_is_a_number():
    before = frame_of("puebla,1,welcome\npuebla,2,workshop", "meeting,position,kind")
    after = frame_of("puebla,01,welcome\npuebla,2,other", "meeting,position,kind")
    changes = to_changes(before, after, table=AGENDA)
    assert without_kept(changes) == [("changed", ("puebla", "2"), [("kind", "workshop", "other")])]
    # The cell that did not change keeps its text.
    assert rows_of(apply_changes(after, changes, table=AGENDA)[0]) == rows_of(after)


def test_rows_keep_their_place_and_new_ones_follow():
    before = frame_of(GREEN)
    mine = frame_of("soil,Boden,\nforests,Forst,\nwater,Wasser,Water")
    merged, conflicts = merge(before, mine, frame_of(f"air,Luft,\n{GREEN}"))
    assert rows_of(merged) == ["air,Luft,", "water,Wasser,Water", "forests,Forst,", "soil,Boden,"]
    assert list(merged.index) == [0, 1, 2, 3]
    assert set(merged.dtypes.astype(str)) == {"string"}
    assert conflicts == ()


def test_both_change_different_cells_of_a_row():
    mine = frame_of(GREEN.replace("Abfall", "Müll"))
    theirs = frame_of(GREEN.replace("Waste", "Rubbish"))
    merged, conflicts = merge(frame_of(GREEN), mine, theirs)
    assert rows_of(merged)[1] == "waste,Müll,Rubbish"
    assert conflicts == ()


def test_both_change_a_cell_alike():
    mine = theirs = frame_of(GREEN.replace("Abfall", "Müll"))
    merged, conflicts = merge(frame_of(GREEN), mine, theirs)
    assert rows_of(merged) == rows_of(mine)
    assert conflicts == ()
    moved = [frame_of(f"mx-puebla,{degrees}", "id,latitude") for degrees in ("1", "19.05", "19.050")]
    assert merge(*moved, table=MUNICIPALITIES)[1] == ()


def test_both_change_a_cell_differently_mine_wins_and_theirs_is_told():
    mine = frame_of(GREEN.replace("Abfall", "Müll"))
    theirs = frame_of(GREEN.replace("Abfall", "Abfälle"))
    merged, conflicts = merge(frame_of(GREEN), mine, theirs)
    assert rows_of(merged)[1] == "waste,Müll,Waste"
    assert conflicts == (Conflict(("waste",), "label_de", "Müll", "Abfälle"),)


def test_they_emptied_the_cell_that_i_changed():
    merged, conflicts = merge(frame_of("a,1,x"), frame_of("a,2,x"), frame_of("a,,x"))
    assert rows_of(merged) == ["a,2,x"]
    assert conflicts == (Conflict(("a",), "label_de", "2", None),)


def test_they_removed_a_row_that_i_changed_it_is_whole_again():
    mine = frame_of(GREEN.replace("Abfall", "Müll"))
    merged, conflicts = merge(frame_of(GREEN), mine, frame_of("water,Wasser,Water\nforests,Wald,"))
    assert rows_of(merged) == ["water,Wasser,Water", "forests,Wald,", "waste,Müll,Waste"]
    assert conflicts == (Conflict(("waste",), None, None, None),)


def test_they_changed_a_row_that_i_removed_it_goes_and_theirs_is_told():
    mine = frame_of("water,Wasser,Water")
    theirs = frame_of(GREEN.replace("Abfall", "Müll").replace("Wald,", "Wald,Forests"))
    merged, conflicts = merge(frame_of(GREEN), mine, theirs)
    assert rows_of(merged) == ["water,Wasser,Water"]
    # A cell that had been empty when I removed the row is theirs as well.
    assert conflicts == (
        Conflict(("waste",), "label_de", None, "Müll"),
        Conflict(("forests",), "label_en", None, "Forests"),
    )


def test_both_remove_a_row():
    mine = theirs = frame_of("water,Wasser,Water")
    merged, conflicts = merge(frame_of(GREEN), mine, theirs)
    assert rows_of(merged) == rows_of(mine)
    assert conflicts == ()


def test_both_add_the_same_key():
    mine, theirs = frame_of(f"{GREEN}\nsoil,Boden,"), frame_of(f"{GREEN}\nsoil,Erde,Soil")
    merged, conflicts = merge(frame_of(GREEN), mine, theirs)
    assert rows_of(merged)[3:] == ["soil,Boden,Soil"]
    assert conflicts == (Conflict(("soil",), "label_de", "Boden", "Erde"),)


def test_a_table_without_rows():
    nothing = frame_of(GREEN).iloc[:0]
    changes = to_changes(nothing, frame_of(GREEN), table=THEMES)
    assert rows_of(apply_changes(nothing, changes, table=THEMES)[0]) == rows_of(frame_of(GREEN))
    emptied = apply_changes(frame_of(GREEN), to_changes(frame_of(GREEN), nothing, table=THEMES), table=THEMES)[0]
    assert len(emptied) == 0
    assert list(emptied.columns) == ["id", "label_de", "label_en"]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_real_table_can_be_emptied_and_made_again(root, table):
    text, _, _ = read_table((root / "data" / f"{table.name}.csv").read_bytes(), table=table)
    there = to_changes(text.iloc[:0], text, table=table)
    assert len(there) == len(text)
    assert {change.kind for change in there} == {"added"}
    pd.testing.assert_frame_equal(
        apply_changes(text.iloc[:0], there, table=table)[0], text.reset_index(drop=True), check_column_type=False
    )
    assert to_changes(text, text, table=table) == ()


CELLS = st.none() | st.sampled_from(["a", "b", "ä;\n\"'", "1", "01", "1.0", "-0"]) | st.text(min_size=1, max_size=3)
NAMES = {
    "themes": ["label_de", "label_en", "label_sw"],
    "municipalities": ["name", "latitude", "precision_m"],
    "delegations": [],
    "agenda": ["kind", "title_de"],
}


@st.composite
def states(draw, count):
    """Draw a table and some states of it; few keys, so that states share some and hold some twice."""
    table = TABLE_BY_NAME[draw(st.sampled_from(sorted(NAMES)))]
    keys = [st.sampled_from(["a", "b", "1", "01", None])] * len(table.key)
    frames = []
    for _ in range(count):
        names = [
            *table.key,
            *draw(st.lists(st.sampled_from(NAMES[table.name]), unique=True) if NAMES[table.name] else st.just([])),
        ]
        width = len(names) - len(keys)
        rows = draw(st.lists(st.tuples(*keys, *[CELLS] * width), max_size=4))
        frames.append(pd.DataFrame(rows, columns=names, dtype="string"))
    return table, *frames


@given(states(2))
def test_changes_lead_from_before_to_after(drawn):
    table, before, after = drawn
    changes = to_changes(before, after, table=table)
    made, conflicts = apply_changes(before, changes, table=table)
    assert to_changes(made, after, table=table) == ()
    assert to_changes(after, made, table=table) == ()
    assert conflicts == ()


@given(states(1))
def test_nothing_changed_is_no_change(drawn):
    table, state = drawn
    assert to_changes(state, state.copy(), table=table) == ()
    same, conflicts = apply_changes(state, (), table=table)
    pd.testing.assert_frame_equal(same, state)
    assert conflicts == ()


LABELS = st.sampled_from([None, "1", "2", "3"])
ROWS = st.dictionaries(st.sampled_from("abc"), st.fixed_dictionaries({"label_de": LABELS, "label_en": LABELS}))


@given(ROWS, ROWS, ROWS)
def test_merging_follows_the_rule_of_three_states_cell_by_cell(before, mine, theirs):
    frames = [
        pd.DataFrame([{"id": key, **row} for key, row in rows.items()], columns=["id", "label_de", "label_en"])
        for rows in (before, mine, theirs)
    ]
    frames = [frame.astype("string") for frame in frames]
    copies = [frame.copy() for frame in frames]
    merged, conflicts = merge(*frames)
    for frame, copy in zip(frames, copies, strict=True):
        pd.testing.assert_frame_equal(frame, copy)
    expected, told, nothing = {}, set(), {"label_de": None, "label_en": None}
    for key in "abc":
        was, my, their = (rows.get(key) for rows in (before, mine, theirs))
        if my == was:
            expected[key] = their
            continue
        if my is not None and was is not None and their is None:
            told.add((key, None, None, None))
            expected[key] = my
            continue
        expected[key] = None if my is None else {}
        for name in nothing:
            a, b, c = ((row or nothing)[name] for row in (was, my, their))
            if my is not None:
                expected[key][name] = b if b != a else c
            if their is not None and c not in (a, b) and (b != a or my is None):
                told.add((key, name, b, c))
    rows = merged.astype(object).where(merged.notna(), None).to_dict("records")
    assert {row.pop("id"): row for row in rows} == {key: row for key, row in expected.items() if row is not None}
    cells = {(*conflict.key, conflict.column, conflict.mine, conflict.theirs) for conflict in conflicts}
    assert cells == told


@given(states(2))
def test_changes_survive_as_json(drawn):
    table, before, after = drawn
    changes = to_changes(before, after, table=table)
    assert from_json_value(json.loads(json.dumps(to_json_value(changes)))) == changes


GARBAGE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["added", "changed", "removed", "id"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(GARBAGE)
@example([["added", ["a"], [["id", None, 5]], []]])
@example([["added", "a", [], []]])
@example([["added", ["a"], {}, []]])
@example([["added", ["a"], ["abc"], []]])
@example([[["added"], ["a"], [], []]])
@example([["added", ["a"], []]])
@example({"abc": 1})
@example("")
def test_garbage_is_refused_as_such(value):
    try:
        changes = from_json_value(value)
    except ValueError:
        return
    assert to_json_value(changes) == value
