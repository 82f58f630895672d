"""What changed between two states of a table, cell by cell, and the same changes made to a third state.

States are frames of text (see `Checked.texts`); a row is found by the table's key, wherever it stands.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd

from geo.schema import Table

Key = tuple[str, ...]
RowKind = Literal["added", "changed", "removed"]


@dataclass(frozen=True)
class CellChange:
    """A cell before and after; None is an empty cell."""

    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class RowChange:
    """A row that was added, changed or removed. Of an added or removed row every cell with content is listed.

    `kept` holds (column, text) of a changed row's other cells, for the case that somebody has removed it meanwhile.
    """

    kind: RowKind
    key: Key
    cells: tuple[CellChange, ...]
    kept: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Conflict:
    """A cell that has been changed here and there: mine is kept, theirs is told.

    `column` is None where they have removed a row that was changed here: it is there again.
    """

    key: Key
    column: str | None
    mine: str | None
    theirs: str | None


def to_changes(before: pd.DataFrame, after: pd.DataFrame, *, table: Table) -> tuple[RowChange, ...]:
    """Compare two states of a table, in the order of `after`, removed rows last.

    Numbers are compared as numbers: `11.5870` and `11.587` are the same. The order of rows and columns does not count.
    """
    columns = [*before.columns, *(name for name in after.columns if name not in before.columns)]
    old, new = (_to_rows(frame.reindex(columns=columns), table=table) for frame in (before, after))
    changes = []
    for key, row in new.items():
        known = old.get(key)
        if known is None:
            changes.append(RowChange("added", key, _to_cells(dict.fromkeys(row), row)))
            continue
        if known == row:
            continue
        cells = tuple(cell for cell in _to_cells(known, row) if not _is_same(cell, table=table))
        if cells:
            written = {cell.column for cell in cells}
            kept = tuple((name, text) for name, text in row.items() if text is not None and name not in written)
            changes.append(RowChange("changed", key, cells, kept))
    changes += [
        RowChange("removed", key, _to_cells(row, dict.fromkeys(row))) for key, row in old.items() if key not in new
    ]
    return tuple(changes)


def apply_changes(
    current: pd.DataFrame, changes: tuple[RowChange, ...], *, table: Table
) -> tuple[pd.DataFrame, tuple[Conflict, ...]]:
    """Make changes to a state of a table, which may be a later one than that they were made from.

    Rows keep their place, added ones follow at the end; cells that were not changed keep their text as it is. Returns
    the new state, with the index 0, 1, 2 …, and where both sides changed the same: there the changes given here win.
    """
    rows = _to_rows(current, table=table)
    conflicts = []
    columns = list(current.columns)
    for change in changes:
        columns += [cell.column for cell in change.cells if cell.column not in columns]
        row = rows.get(change.key)
        if change.kind == "removed":
            if row is not None:
                known = {cell.column: cell.before for cell in change.cells}
                cells = (CellChange(name, known.get(name), text) for name, text in row.items() if text is not None)
                lost = [cell for cell in cells if not _is_same(cell, table=table)]
                conflicts += [Conflict(change.key, cell.column, None, cell.after) for cell in lost]
                del rows[change.key]
            continue
        if row is None:
            if change.kind == "changed":
                conflicts.append(Conflict(change.key, None, None, None))
            cells_of_key = dict(zip(table.key, (part or None for part in change.key), strict=False))
            rows[change.key] = cells_of_key | dict(change.kept) | {cell.column: cell.after for cell in change.cells}
            continue
        for cell in change.cells:
            theirs = row.get(cell.column)
            seen = (CellChange(cell.column, text, theirs) for text in (cell.before, cell.after))
            if not any(_is_same(each, table=table) for each in seen):
                conflicts.append(Conflict(change.key, cell.column, cell.after, theirs))
            row[cell.column] = cell.after
    frame = pd.DataFrame(list(rows.values()), columns=columns, dtype="string")
    return frame, tuple(conflicts)


def to_keys(frame: pd.DataFrame, *, table: Table) -> list[Key]:
    """Return the key of each row as changes name it, in the order of the rows."""
    return list(_to_rows(frame, table=table))


def keep_fitting(changes: tuple[RowChange, ...], *, table: Table) -> tuple[RowChange, ...]:
    """Leave out what the table has no column or key for: changes may have been kept from before the schema changed."""

    def fits(column: str) -> bool:
        return column in table.schema.columns or table.is_translation(column)

    return tuple(
        replace(
            change,
            cells=tuple(cell for cell in change.cells if fits(cell.column)),
            kept=tuple(cell for cell in change.kept if fits(cell[0])),
        )
        for change in changes
        if len(change.key) in (len(table.key), len(table.key) + 1)
    )


def to_json_value(changes: tuple[RowChange, ...]) -> list[Any]:
    """Write changes as plain lists, to be kept outside of the program."""
    return [
        [
            change.kind,
            list(change.key),
            [[cell.column, cell.before, cell.after] for cell in change.cells],
            [list(cell) for cell in change.kept],
        ]
        for change in changes
    ]


def from_json_value(value: Any) -> tuple[RowChange, ...]:
    """Read what `to_json_value` wrote. Raises ValueError when it is something else."""
    changes = []
    for kind, key, cells, kept in map(_to_list, _to_list(value)):
        if kind not in ("added", "changed", "removed"):
            raise ValueError("this is no kind of change")
        parts = tuple(_to_name(part) for part in _to_list(key))
        written = tuple(CellChange(_to_name(c), _to_cell(b), _to_cell(a)) for c, b, a in map(_to_list, _to_list(cells)))
        others = tuple((_to_name(c), _to_name(text)) for c, text in map(_to_list, _to_list(kept)))
        changes.append(RowChange(kind, parts, written, others))
    return tuple(changes)


def _to_list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("this is no list")
    return value


def _to_name(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("this is no text")
    return value


def _to_cell(value: Any) -> str | None:
    return None if value is None else _to_name(value)


def _to_rows(frame: pd.DataFrame, *, table: Table) -> dict[Key, dict[str, str | None]]:
    """Return the rows by key. Rows with the same key, which a check will name, are told apart by a number."""
    names = [str(name) for name in frame.columns]
    columns = [frame[name].to_numpy(dtype=object, na_value=None) for name in names]  # type: ignore[call-overload]
    seen: Counter[Key] = Counter()
    rows: dict[Key, dict[str, str | None]] = {}
    for cells in zip(*columns, strict=True):
        row = dict(zip(names, cells, strict=True))
        key = tuple(_to_part(row.get(name), table=table, column=name) for name in table.key)
        seen[key] += 1
        rows[key if seen[key] == 1 else (*key, str(seen[key]))] = row
    return rows


def _to_part(cell: str | None, *, table: Table, column: str) -> str:
    return _to_shortest(cell or "") if table.kind(column) == "integer" else cell or ""


def _to_cells(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> tuple[CellChange, ...]:
    return tuple(CellChange(name, before[name], after[name]) for name in after if before[name] != after[name])


def _is_same(cell: CellChange, *, table: Table) -> bool:
    if cell.before == cell.after:
        return True
    if cell.before is None or cell.after is None or table.kind(cell.column) not in ("integer", "decimal"):
        return False
    return _to_shortest(cell.before) == _to_shortest(cell.after)


def _to_shortest(number: str) -> str:
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", number):
        return number
    whole, _, decimals = number.removeprefix("+").partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = f"{whole.removeprefix('-').lstrip('0') or '0'}.{decimals.rstrip('0')}".rstrip(".")
    return digits if digits == "0" else sign + digits
