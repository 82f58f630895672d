"""A table as a grid to edit in the page. Cells are text, read exactly as those of an uploaded file are."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo.cells import LIST_SEPARATOR
from geo.checking import Texts
from geo.language import Language
from geo.schema import Table
from geo.tables import FIRST_LINE, to_canonical_table
from ui.language import current_language
from ui.session import has_value
from ui.upkeep.draft import Draft, current_draft, edit_table, number_lines
from ui.upkeep.labels import to_local_cells, to_value_labels

_START = "grid_start"
_HALF = re.compile("[\ud800-\udfff]")


def show_grid(table: Table, draft: Draft) -> Draft:
    """Draw a table as a grid; return the draft with what has been edited in it."""
    language = current_language()
    begun = (table.name, draft.generation, language.code)
    if st.session_state.get(_START, (None, None))[0] != begun:
        # The grid keeps its edits as differences from the rows it began with: those must stay the same meanwhile.
        number_lines()
        draft = current_draft()
        st.session_state[_START] = (begun, to_grid(draft.after[table.name], table=table, language=language))
    start = st.session_state[_START][1]
    key = "grid_" + "_".join(map(str, begun))
    st.data_editor(
        start,
        key=key,
        on_change=_take_edits,
        args=(table, key, start),
        num_rows="dynamic",
        width="stretch",
        height=420,
        hide_index=False,
        column_config={
            "_index": st.column_config.NumberColumn(language.gettext("Zeile"), width=55),
            **to_column_config(table, draft.after, start, language=language),
        },
        placeholder="",
        alt=language.gettext("Tabelle „{table}“ zum Bearbeiten").format(table=language.gettext(table.title)),
    )
    # What Streamlit returns numbers added rows anew once others are deleted.
    _take_edits(table, key, start)
    return current_draft()


def _take_edits(table: Table, key: str, start: pd.DataFrame) -> None:
    if not has_value(key):
        return
    # Before the page is drawn: it may show another table then, or this one anew because others have published.
    edited = apply_edits(start, st.session_state[key])
    edit_table(table.name, from_grid(edited, table=table), by_grid=True)


def apply_edits(start: pd.DataFrame, edits: Mapping[str, Any]) -> pd.DataFrame:
    """Return a grid's rows with the edits made that Streamlit keeps of it.

    A row keeps its number in the index, whatever is deleted; added ones follow the last that the grid began with.
    """
    frame = start.copy()
    for row, cells in edits["edited_rows"].items():
        for column in frame.columns.intersection(list(cells)):
            frame.at[frame.index[int(row)], column] = _to_whole(cells[column])
    left = frame.drop(frame.index[edits["deleted_rows"]]).astype(object)
    added = pd.DataFrame(edits["added_rows"], dtype=object).reindex(columns=left.columns).map(_to_whole)
    edited: pd.DataFrame = pd.concat([left, added.set_axis(added.index + FIRST_LINE + len(start))])
    return edited


def _to_whole(cell: Any) -> Any:
    # Half an emoji, which a cut or a paste leaves behind, is no text that can be kept.
    return _HALF.sub("\ufffd", cell) if isinstance(cell, str) else cell


def to_grid(text: pd.DataFrame, *, table: Table, language: Language) -> pd.DataFrame:
    """Write a table of text as the grid shows it: lists as lists, numbers and dates as the language writes them.

    The index counts lines as a spreadsheet does.
    """
    columns: dict[str, Any] = {}
    for name, cells in text.items():
        kind = table.kind(str(name))
        if kind == "list":
            parts = cells.fillna("").str.split(LIST_SEPARATOR)
            columns[str(name)] = parts.map(lambda items: [item for item in items if item]).astype(object)
        else:
            columns[str(name)] = to_local_cells(cells, kind=kind, language=language)
    frame = pd.DataFrame(columns)
    return frame.set_axis(pd.RangeIndex(FIRST_LINE, FIRST_LINE + len(frame)))


def from_grid(grid: pd.DataFrame, *, table: Table) -> pd.DataFrame:
    """Read a grid as a table of text, cells as the tables keep them; rows without any content are left out.

    The index is that of the grid less 2, with gaps where rows are left out: what is found in a row is told with the
    number that the grid shows.
    """
    lists = [str(name) for name in grid.columns if table.kind(str(name)) == "list"]
    joined = {name: grid[name].map(_join).astype("string") for name in lists}
    text = grid.assign(**joined).astype("string")
    canonical = to_canonical_table(text, table=table)
    return canonical.set_axis(grid.index - FIRST_LINE).dropna(how="all")


def _join(items: Any) -> str:
    return LIST_SEPARATOR.join(map(str, items)) if isinstance(items, list | tuple) or hasattr(items, "tolist") else ""


def to_column_config(table: Table, texts: Texts, grid: pd.DataFrame, *, language: Language) -> dict[str, Any]:
    """Describe the grid's columns: titles, explanations, and what to choose from."""
    return {
        str(column): _to_config(table, str(column), texts, grid[column], language=language) for column in grid.columns
    }


def _to_config(table: Table, column: str, texts: Texts, cells: pd.Series, *, language: Language) -> Any:
    about, title = table.about(column), table.to_title(column, language)
    unit = f" [{language.gettext(about.unit)}]" if about.unit else ""
    example = language.gettext("Beispiel: {example}").format(example=about.example)
    explanation = f"{language.gettext(about.meaning)}{unit}. {example}"
    labels = to_value_labels(table, column, texts, language=language)
    if column == "north" or column == "south":
        labels = _keep_side(labels, texts["municipalities"], north=column == "north")
    if not labels:
        return st.column_config.TextColumn(title, help=explanation)
    # What stands in the table and is not allowed stays to be seen, and to be mended.
    values = cells.explode().dropna() if table.kind(column) == "list" else cells.dropna()
    options = [*labels, *(value for value in dict.fromkeys(values) if value not in labels)]

    def name(value: Any) -> str:
        return labels.get(value, str(value))

    if table.kind(column) == "list":
        return st.column_config.MultiselectColumn(title, help=explanation, options=options, format_func=name)
    # The grid measures what the cells hold, not what it writes in their place.
    longest = max((len(name(value)) for value in {*values}), default=0)
    width = min(180, max(90, 30 + 7 * longest))
    return st.column_config.SelectboxColumn(title, help=explanation, options=options, format_func=name, width=width)


def _keep_side(labels: dict[str, str], municipalities: pd.DataFrame, *, north: bool) -> dict[str, str]:
    """Keep the municipalities that may stand on a side: German ones in the north, the others in the south."""
    german = set(municipalities.loc[municipalities["country"].eq("DE").fillna(False), "id"])
    return {identifier: label for identifier, label in labels.items() if (identifier in german) == north}
