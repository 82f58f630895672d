"""What a draft changes, row by row and cell by cell, and on the map."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from geo.changes import Conflict, RowChange
from geo.language import Language
from geo.layers import to_shown_changes
from geo.moves import to_moves
from geo.schema import TABLE_BY_NAME, Table
from ui.language import current_language
from ui.map_view import show_map
from ui.templating import show_template
from ui.upkeep.draft import Changes, Draft
from ui.upkeep.labels import to_local_cells, to_value_labels

MOST_ROWS = 100
MOST_MOVES = 300
LONGEST_CELL = 300


def show_differences(changes: Changes, draft: Draft) -> None:
    """List every row that was added, changed or removed; nothing where none was."""
    if not changes:
        return
    language = current_language()
    tables = [to_table_view(TABLE_BY_NAME[name], rows, draft, language=language) for name, rows in changes.items()]
    show_template("differences.html", tables=tables)


def show_moves(draft: Draft) -> None:
    """Draw the places that lie elsewhere after the change, before and after; nothing where none does."""
    moves = to_moves(draft.before, draft.after)
    if not moves:
        return
    language = current_language()
    st.subheader(language.gettext("Was sich auf der Karte verschiebt"), anchor=False)
    with st.container(key="small_map"):
        show_map(to_shown_changes(moves[:MOST_MOVES]))
    rest = len(moves) - MOST_MOVES
    if rest > 0:
        message = language.ngettext("Und {count} weiterer Ort.", "Und {count} weitere Orte.", rest)
        st.text(message.format(count=language.number(rest)))


def describe_counts(rows: Sequence[RowChange], *, language: Language) -> str:
    """Say how many rows were added, changed and removed: `1 neu, 2 geändert`."""
    _ = language.gettext
    messages = {"added": _("{count} neu"), "changed": _("{count} geändert"), "removed": _("{count} entfernt")}
    counts = {kind: sum(row.kind == kind for row in rows) for kind in messages}
    return ", ".join(messages[kind].format(count=language.number(n)) for kind, n in counts.items() if n)


def to_table_view(
    table: Table, rows: tuple[RowChange, ...], draft: Draft, *, language: Language
) -> Mapping[str, object]:
    """Put the changes of a table into words for the template."""
    columns = {cell.column for row in rows[:MOST_ROWS] for cell in row.cells}
    labels = {
        column: to_value_labels(table, column, draft.before, language=language)
        | to_value_labels(table, column, draft.after, language=language)
        for column in columns
    }

    def say(column: str, value: str | None) -> str:
        if value is None:
            return ""
        cell = pd.Series([value], dtype="string")
        text = labels[column].get(value) or str(to_local_cells(cell, kind=table.kind(column), language=language)[0])
        return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"

    return {
        "title": language.gettext(table.title),
        "counts": describe_counts(rows, language=language),
        "rest": len(rows) - MOST_ROWS,
        "rows": [
            {
                "kind": row.kind,
                "key": " / ".join(row.key),
                "cells": [
                    (table.to_title(cell.column, language), say(cell.column, cell.before), say(cell.column, cell.after))
                    for cell in row.cells
                ],
            }
            for row in rows[:MOST_ROWS]
        ],
    }


def show_conflicts(conflicts: Mapping[str, tuple[Conflict, ...]]) -> None:
    """List the cells that were changed here and by others: the own value stays, the other is told."""
    _ = current_language().gettext
    _show_both_values(
        conflicts,
        sentence=_(
            "Diese Zellen haben Sie und andere verschieden geändert. Ihr Wert bleibt im Entwurf stehen; vergleichen "
            "Sie ihn bitte:"
        ),
        mine=_("Ihr Wert"),
        theirs=_("Wert der anderen"),
    )


def show_overwritten(conflicts: Mapping[str, tuple[Conflict, ...]]) -> None:
    """List the cells that were changed here and then otherwise in a file: the file's value stays, the other is told."""
    _ = current_language().gettext
    _show_both_values(
        conflicts,
        sentence=_(
            "Diese Zellen hatten Sie hier schon anders geändert. Jetzt gilt die Datei; Ihr früherer Wert steht daneben:"
        ),
        mine=_("Wert der Datei"),
        theirs=_("Ihr früherer Wert"),
        with_table=False,
    )


def show_apart(conflicts: Mapping[str, tuple[Conflict, ...]]) -> None:
    """List the cells that the visitor changed in several tabs: the one value is in the draft, the other is told."""
    _ = current_language().gettext
    _show_both_values(
        conflicts,
        sentence=_(
            "Diese Zellen haben Sie in mehreren Fenstern verschieden geändert. Im Entwurf steht einer der Werte; "
            "vergleichen Sie ihn bitte mit dem anderen:"
        ),
        mine=_("Wert im Entwurf"),
        theirs=_("Wert aus dem anderen Fenster"),
    )


def _show_both_values(
    conflicts: Mapping[str, tuple[Conflict, ...]], *, sentence: str, mine: str, theirs: str, with_table: bool = True
) -> None:
    rows = _to_conflict_rows(conflicts, language=current_language())
    if rows:
        show_template("conflicts.html", rows=rows, sentence=sentence, mine=mine, theirs=theirs, with_table=with_table)


def _to_conflict_rows(conflicts: Mapping[str, tuple[Conflict, ...]], *, language: Language) -> list[dict[str, object]]:
    return [
        {
            "table": language.gettext(TABLE_BY_NAME[name].title),
            "key": " / ".join(conflict.key),
            "column": TABLE_BY_NAME[name].to_title(conflict.column, language) if conflict.column else "",
            "mine": conflict.mine,
            "theirs": conflict.theirs,
        }
        for name, found in conflicts.items()
        for conflict in found
    ]
