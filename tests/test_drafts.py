"""What happens to a visitor's draft when others publish, files come back and buttons are clicked: nothing is lost."""

import pytest
import streamlit as st

from geo.changes import Conflict
from geo.schema import TABLE_BY_NAME
from geo.table_files import to_plain_bytes
from server.store import current_store
from ui.loading import open_dataset
from ui.upkeep import keeper
from ui.upkeep.draft import current_draft, current_merge, edit_table, open_draft

THEMES = TABLE_BY_NAME["themes"]


@pytest.fixture
def desk(folder, monkeypatch):
    """A visitor of an atlas with tables of its own."""
    monkeypatch.setenv("ATLAS_DATA_FOLDER", str(folder))
    desk = Desk()
    desk.come()
    yield desk
    st.session_state.clear()


class Desk:
    """One visitor after the other, or the same one who comes back."""

    def come(self):
        """Open the page as a new session does."""
        st.session_state.clear()
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

    def keep(self):
        """Return what the browser keeps of the draft."""
        return keeper._write(current_draft().to_changes(), current_draft().files)

    def come_back(self, kept):
        self.come()
        st.session_state[keeper._KEY] = {"picked": kept}
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
