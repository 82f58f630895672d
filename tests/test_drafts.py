"""What happens to a visitor's draft when others publish, files come back and buttons are clicked: nothing is lost."""

import tomllib
from dataclasses import replace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geo.changes import Conflict
from geo.schema import TABLE_BY_NAME, TABLES
from geo.table_files import to_plain_bytes, to_spreadsheet_bytes
from server.store import current_store
from ui.loading import load_languages, open_dataset
from ui.navigation import ABOUT, UPKEEP
from ui.session import LANGUAGE
from ui.upkeep import actions, keeper, publishing
from ui.upkeep import files as uploads
from ui.upkeep.draft import (
    check_draft,
    current_draft,
    current_merge,
    discard_draft,
    edit_table,
    follow_files,
    number_lines,
    open_draft,
    take_proposals,
)
from ui.upkeep.file_lines import add_file_lines
from ui.upkeep.files import to_version_number
from ui.upkeep.finder import _NEW_ROW, _take_place
from ui.upkeep.grid import apply_edits, from_grid, to_grid
from ui.upkeep.history import _take_version

THEMES = TABLE_BY_NAME["themes"]


@pytest.fixture
def desk(folder, monkeypatch):
    """A visitor of an atlas with tables of its own."""
    monkeypatch.setenv("ATLAS_DATA", str(folder))
    desk = Desk()
    desk.come()
    yield desk
    st.session_state.clear()


class Desk:
    """One visitor after the other, or the same one who comes back."""

    def come(self):
        """Open the page as a new session does."""
        st.session_state.clear()
        st.session_state[LANGUAGE] = "de"
        open_dataset()
        open_draft()

    def write(self, row, column, cell, *, table="themes"):
        """Change a cell of the draft as the grid does."""
        text = current_draft().after[table].copy()
        text.loc[row, column] = cell
        edit_table(table, text, by_grid=True)

    def publish(self, *cells, table="themes"):
        """Have somebody else publish these cells (row, column, cell)."""
        store = current_store()
        files = store.state().files
        text = store.state().checked.texts[table].copy()
        for row, column, cell in cells:
            text.loc[row, column] = cell
        version = store.archive.publish(
            {**files, table: to_plain_bytes(text)}, expected=files, who="bert@example.org", why="Anderes"
        )
        store.state()
        return version.number

    def cell(self, row, column, *, table="themes"):
        return current_draft().after[table].loc[row, column]

    def edit(self, table=THEMES, **edits):
        """Do in the grid what Streamlit tells of it."""
        start = to_grid(current_draft().before[table.name], table=table, language=load_languages()["de"])
        edits = {"edited_rows": {}, "deleted_rows": [], "added_rows": []} | edits
        edit_table(table.name, from_grid(apply_edits(start, edits), table=table), by_grid=True)

    def keep(self):
        """Return what the browser keeps of the draft."""
        return keeper._write(current_draft().to_changes(), current_draft().files)

    def download(self, *cells):
        """Return the themes as Excel gives them back with these cells (row, column, cell) changed."""
        text = current_draft().after["themes"].copy()
        for row, column, cell in cells:
            text.loc[row, column] = cell
        return to_spreadsheet_bytes(text, table=THEMES)

    def upload(self, name, content, language):
        """Hand in a file of the themes; returns what is told."""
        uploads._read_upload(THEMES, name, content, language)
        return st.session_state[uploads._TAKEN].message

    def come_back(self, kept, *others):
        """Come with what the browser has kept of this tab, and of others that are closed."""
        self.come()
        st.session_state[keeper._KEY] = {"picked": [kept, *others]}
        keeper._take_kept()


def cells_of(changes):
    return [(row.key, cell.column, cell.before, cell.after) for row in changes for cell in row.cells]


# A draft that comes back


def test_a_draft_that_comes_back_tells_what_others_published_since(desk):
    first, second = desk.cell(0, "label_de"), desk.cell(1, "label_de")
    keys = list(current_draft().after["themes"]["id"])
    desk.write(0, "label_de", "Meins")
    kept = desk.keep()
    desk.publish((0, "label_de", "Ihres"), (1, "label_de", "Auch ihres"))
    desk.come_back(kept)
    assert (desk.cell(0, "label_de"), desk.cell(1, "label_de")) == ("Meins", "Auch ihres")
    merge = current_merge()
    assert cells_of(merge.theirs["themes"]) == [
        ((keys[0],), "label_de", first, "Ihres"),
        ((keys[1],), "label_de", second, "Auch ihres"),
    ]
    assert merge.conflicts == {"themes": (Conflict((keys[0],), "label_de", "Meins", "Ihres"),)}


def test_a_draft_that_comes_back_to_the_same_tables_tells_nothing(desk):
    desk.write(0, "label_de", "Meins")
    desk.come_back(desk.keep())
    assert desk.cell(0, "label_de") == "Meins"
    assert current_merge() is None


def test_of_a_draft_made_from_unknown_tables_the_conflicts_are_told(desk):
    desk.write(0, "label_de", "Meins")
    kept = desk.keep().replace('"made_from": {', '"made_from": {"x": "y", ')
    desk.publish((0, "label_de", "Ihres"))
    desk.come_back(kept)
    assert current_merge().theirs == {}
    assert [conflict.theirs for conflict in current_merge().conflicts["themes"]] == ["Ihres"]


def test_drafts_of_closed_tabs_come_back_together_and_what_they_changed_differently_is_told(desk):
    key = desk.cell(0, "id")
    older = []
    for row, cell in ((1, "Eins"), (2, "Zwei")):
        desk.write(0, "label_de", cell)
        desk.write(row, "label_de", cell)
        older.append(desk.keep().replace('{"at": "2', '{"at": "1'))
        desk.come()
    desk.write(0, "label_de", "Drei")
    newest = desk.keep()
    desk.publish((3, "label_de", "Ihres"))
    desk.come_back(None, older[0], newest, "unlesbar", older[1])
    assert [desk.cell(row, "label_de") for row in range(4)] == ["Drei", "Eins", "Zwei", "Ihres"]
    merge = current_merge()
    assert len(merge.theirs["themes"]) == 1
    assert merge.conflicts == {}
    assert merge.apart == {"themes": tuple(Conflict((key,), "label_de", "Drei", each) for each in ("Eins", "Zwei"))}
    assert len(st.session_state[keeper._RESTORED]) == 3


def test_the_draft_of_this_tab_comes_before_later_ones_of_others(desk):
    desk.write(0, "label_de", "Hier")
    kept = desk.keep().replace('{"at": "2', '{"at": "1')
    desk.come()
    desk.write(0, "label_de", "Dort")
    desk.come_back(kept, desk.keep())
    assert desk.cell(0, "label_de") == "Hier"
    assert [each.theirs for each in current_merge().apart["themes"]] == ["Dort"]


# A file that comes back


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("themen-stand-3.csv", 3),
        ("themes-stand-12.csv", 12),
        ("Themen-Stand-3.CSV", 3),
        ("themen-stand-3 (1).csv", 3),
        ("themen-stand-3(2).xlsx", 3),
        ("themen.csv", None),
        ("Themen Stand 01.12.2024.csv", None),
        ("themen-stand-01.12.2024.csv", None),
        ("themen-stand-3.12.2024.csv", None),
        ("themen-stand-3-neu.csv", None),
        ("themen-stand-2024-12-01.csv", None),
        ("phasen-stand-3.csv", None),
        ("bestand-3.csv", None),
        ("verstand3.csv", None),
        ("stand-3.csv", None),
        ("themen-stand-0.csv", None),
        ("themen-stand-1234567.csv", None),
    ],
)
def test_only_names_that_the_atlas_gives_state_a_version(name, number):
    assert to_version_number(name, table=THEMES) == number


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_name_that_the_atlas_gives_states_its_version(table, languages):
    for language in languages.values():
        assert to_version_number(f"{language.gettext(table.title).lower()}-stand-7.csv", table=table) == 7


def test_decomposed_umlauts_are_umlauts():
    assert to_version_number("u\u0308ber-stand-3.csv", table=replace(THEMES, title="Über")) == 3


def test_a_file_named_after_a_day_is_compared_with_what_is_published_now(desk, german):
    desk.publish((0, "label_de", "Ihres"))
    desk.come()
    number = current_store().archive.versions()[-1].number
    before = desk.cell(1, "label_de")
    told = desk.upload("Themen Stand 01.12.2024.csv", desk.download((1, "label_de", "Meins")), german)
    assert "Verglichen ist sie mit dem jetzigen Stand." in told
    expected = [((desk.cell(1, "id"),), "label_de", before, "Meins")]
    assert cells_of(current_draft().to_changes()["themes"]) == expected
    told = desk.upload(f"themen-stand-{number}.csv", desk.download(), german)
    assert f"Verglichen ist sie mit Stand {number}, aus dem sie stammt." in told
    assert cells_of(current_draft().to_changes()["themes"]) == expected


def test_a_file_is_taken_over_the_draft_and_no_edit_is_lost(desk, german):
    first, second, third = (desk.cell(row, "label_de") for row in range(3))
    content = desk.download((1, "label_de", "Aus der Datei"), (2, "label_de", "Auch aus der Datei"))
    desk.write(0, "label_de", "Meins")
    desk.write(1, "label_de", "Hier geändert")
    desk.upload("themen.csv", content, german)
    assert [desk.cell(row, "label_de") for row in range(3)] == ["Meins", "Aus der Datei", "Auch aus der Datei"]
    taken = st.session_state[uploads._TAKEN]
    assert taken.has_others
    assert taken.overwritten == (Conflict((desk.cell(1, "id"),), "label_de", "Aus der Datei", "Hier geändert"),)
    assert current_merge() is None
    # Whoever means the file alone says so; what others publish until then stays.
    desk.publish((3, "label_de", "Ihres"))
    open_dataset()
    follow_files()
    uploads._keep_file_alone(taken)
    assert [desk.cell(row, "label_de") for row in range(4)] == [first, "Aus der Datei", "Auch aus der Datei", "Ihres"]
    assert (second, third) != ("Aus der Datei", "Auch aus der Datei")
    assert not st.session_state[uploads._TAKEN].has_others


def test_a_file_with_what_was_changed_here_before_has_nothing_to_tell(desk, german):
    desk.write(0, "label_de", "Meins")
    desk.upload("themen.csv", desk.download((1, "label_de", "Aus der Datei")), german)
    taken = st.session_state[uploads._TAKEN]
    assert (taken.has_others, taken.overwritten) == (False, ())


def test_what_others_published_is_told_as_theirs_and_what_was_changed_here_as_own(desk, german):
    number = len(current_store().archive.versions())
    content = desk.download((0, "label_de", "Aus der Datei"), (1, "label_de", "Aus der Datei"))
    desk.publish((0, "label_de", "Ihres"))
    open_dataset()
    follow_files()
    desk.write(1, "label_de", "Meins")
    desk.upload(f"themen-stand-{number}.csv", content, german)
    assert [conflict.theirs for conflict in current_merge().conflicts["themes"]] == ["Ihres"]
    assert [conflict.theirs for conflict in st.session_state[uploads._TAKEN].overwritten] == ["Meins"]


# What is found in a file that was taken


def found_in(table="themes"):
    """Return the places of what was found: column, number in the grid, line of the file."""
    findings = add_file_lines(check_draft(current_draft()))
    return [(each.column, each.line, each.file_line) for each in findings if each.is_error and each.table == table]


def test_of_a_new_row_at_the_top_of_a_file_the_line_is_told(desk, german):
    count = len(current_draft().after["themes"])
    first, *lines = desk.download().decode("utf-8-sig").splitlines()
    empty = ";" * first.count(";")
    desk.upload("themen.csv", "\n".join([first, f"neu{empty}", *lines]).encode(), german)
    assert found_in() == [("label_de", count + 2, 2), ("label_en", count + 2, 2)]


def test_of_a_file_in_another_order_the_line_is_told(desk, german):
    count = len(current_draft().after["themes"])
    first, *lines = desk.download((0, "label_de", None)).decode("utf-8-sig").splitlines()
    desk.upload("themen.csv", "\n".join([first, *reversed(lines)]).encode(), german)
    assert found_in() == [("label_de", 2, count + 1)]


def test_empty_lines_of_a_file_count(desk, german):
    first, *lines = desk.download((2, "label_de", None)).decode("utf-8-sig").splitlines()
    desk.upload("themen.csv", "\n".join([first, "", "", *lines]).encode(), german)
    assert found_in() == [("label_de", 4, 6)]
    # Whoever starts anew has no file any more.
    discard_draft()
    desk.write(2, "label_de", None)
    assert found_in() == [("label_de", 4, None)]


def test_of_two_rows_with_one_key_each_has_its_line(desk, german):
    first, *lines = desk.download().decode("utf-8-sig").splitlines()
    desk.upload("themen.csv", "\n".join([first, lines[1], *lines]).encode(), german)
    assert found_in() == [("id", 3, 2), ("id", len(lines) + 2, 4)]


def test_what_was_written_here_is_in_no_line_of_the_file(desk, german):
    desk.upload("themen.csv", desk.download((1, "label_de", None)), german)
    desk.write(1, "label_de", "Von Hand behoben")
    desk.write(0, "label_de", None)
    assert found_in() == [("label_de", 2, None)]
    desk.write(0, "id", "umbenannt")
    assert ("label_de", 2, None) in found_in()


# Buttons


def test_the_reason_is_that_of_the_click(desk):
    st.session_state[publishing._REASON] = "Ein Name"
    publishing._begin()
    del st.session_state[publishing._REASON]
    (publish,) = st.session_state[actions._ACTIONS]
    assert "Ein Name" in publish.args


@pytest.mark.usefixtures("components_found_once")
def test_what_was_clicked_on_a_page_that_is_left_is_not_done_on_coming_back(root):
    done = []
    app = AppTest.from_file(str(root / "ui/shell.py"), default_timeout=120).run()
    app.session_state[actions._ACTIONS] = [lambda: done.append("published")]
    app.switch_page(f"../{ABOUT.file}").run()
    assert [warning.value[:45] for warning in app.warning] == ["Sie haben die Seite mit den Tabellen verlasse"]
    app.switch_page(f"../{UPKEEP.file}").run()
    assert not app.warning
    assert not app.exception
    assert done == []


# The grid


def test_what_is_found_in_a_row_is_told_with_the_number_that_the_grid_shows(desk):
    count = len(current_draft().after["themes"])
    desk.edit(edited_rows={4: {"label_de": ""}}, deleted_rows=[1], added_rows=[{}, {"label_de": "Neu"}])
    text = current_draft().after["themes"]
    assert list(text.index) == [0, *range(2, count), count + 1]
    found = {(each.line, each.column) for each in check_draft(current_draft()).errors if each.table == "themes"}
    # Line 6 is the emptied cell; of the two added rows the first is empty and the second without an id.
    assert {(6, "label_de"), (count + 3, "id")} <= found
    assert list(to_plain_bytes(text).decode().splitlines())[2].startswith(text.loc[2, "id"])
    number_lines()
    assert list(current_draft().after["themes"].index) == list(range(count))


def test_a_row_emptied_in_the_grid_is_left_out_and_the_others_keep_their_numbers(desk):
    columns = current_draft().after["themes"].columns
    desk.edit(edited_rows={0: dict.fromkeys(columns)})
    assert list(current_draft().after["themes"].index)[:2] == [1, 2]


def test_half_an_emoji_is_shown_as_what_cannot_be_read(desk):
    desk.edit(edited_rows={0: {"label_de": "Wald \ud83c"}}, added_rows=[{"id": "x\udf33", "label_de": "\U0001f333"}])
    text = current_draft().after["themes"]
    assert text.loc[0, "label_de"] == "Wald \ufffd"
    assert list(text.iloc[-1][["id", "label_de"]]) == ["x\ufffd", "\U0001f333"]
    assert "\ufffd" in desk.keep()


def test_proposals_and_places_go_into_the_row_they_were_made_for(desk):
    municipalities = TABLE_BY_NAME["municipalities"]
    first, second = (desk.cell(row, "longitude", table="municipalities") for row in (0, 1))
    third = current_draft().after["municipalities"].loc[2]
    desk.edit(municipalities, edited_rows={0: {"longitude": first.removeprefix("-")}})
    checked = check_draft(current_draft())
    proposed = [finding for finding in checked.findings if finding.proposal]
    assert [finding.line for finding in proposed] == [2]
    # The grid tells late that the row is deleted.
    desk.edit(municipalities, deleted_rows=[0])
    take_proposals(proposed, checked.texts)
    assert 0 not in current_draft().after["municipalities"].index
    assert desk.cell(1, "longitude", table="municipalities") == second
    place = {"name": "X", "country": "MX", "latitude": 1.5, "longitude": 2.5, "source": "GeoNames 1"}
    _take_place(municipalities, place, 0, ("ar-san-miguel-de-tucuman",))
    _take_place(municipalities, place, 1, ("ar-san-miguel-de-tucuman",))
    assert desk.cell(1, "longitude", table="municipalities") == second
    _take_place(municipalities, place, 2, (third["id"],))
    assert desk.cell(2, "longitude", table="municipalities") == "2.5"
    _take_place(municipalities, place, _NEW_ROW, None)
    assert current_draft().after["municipalities"].iloc[-1]["id"] == "mx-x"
    assert len(current_draft().after["municipalities"]) == len(current_draft().before["municipalities"])


# Going back


def test_tables_of_an_earlier_version_that_cannot_be_read_are_named(desk, folder, german):
    store = current_store()
    good = store.state().files
    # Edited by hand and broken: a column has another title.
    (folder / "themes.csv").write_bytes(good["themes"].replace(b"label_de", b"label_x1", 1))
    (folder / "phases.csv").write_bytes(good["phases"].replace(b"Lateinamerika", b"Amerika", 1))
    store.archive.note(store.archive.read_files())
    broken = store.archive.versions()[-1]
    for name in ("themes", "phases"):
        (folder / f"{name}.csv").write_bytes(good[name])
    desk.come()
    _take_version(broken, german)
    assert set(current_draft().to_changes()) == {"phases"}
    kind, message, _ = st.session_state[publishing._MESSAGE]
    assert kind == "warning"
    assert message.startswith(f"Aus Stand {broken.number} lässt sich eine Tabelle nicht lesen: Themen.")


def test_the_server_takes_no_larger_files_than_the_page_does(root):
    settings = tomllib.loads((root / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["maxUploadSize"] == uploads.WIDGET_MEGABYTES
