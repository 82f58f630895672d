"""Read the CSV files and check them against the schema: every fault is collected before one error is raised.

Cells are read as text first, because a parser that guesses takes the country code of Namibia, `NA`, for "missing".
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from pandera.errors import SchemaError, SchemaErrors

from geo import schema
from geo.errors import Fault, TablesError
from geo.language import to_date_span
from geo.schema import GERMAN_STATES, TABLES, Table, is_date

LIST_SEPARATOR = ";"
# A spreadsheet counts the column titles as line 1, so the first row of data is line 2.
FIRST_LINE = 2
PLACE_COLUMNS = ("place", "country", "latitude", "longitude")

Tables = dict[str, pd.DataFrame]


def read_tables(folder: Path) -> Tables:
    """Read and check every table of the schema.

    Returns a frame per table with the schema's columns: `string`, `Int64`, `Float64`, and tuples of texts for
    lists (`()` where the cell is empty). Rows keep the order of the file; the index is 0, 1, 2 …

    Raises TablesError with all faults of all tables.
    """
    tables: Tables = {}
    faults: list[Fault] = []
    for table in TABLES:
        text, problems = read_text(folder / f"{table.name}.csv", table=table)
        if not problems:
            tables[table.name], problems = to_typed(text, table=table)
            problems += validate_table(tables[table.name], table=table, skip=problems)
        faults += problems
    faults += validate_references(tables)
    faults += validate_rows(tables)
    if faults:
        raise TablesError(faults)
    return tables


def read_text(path: Path, *, table: Table) -> tuple[pd.DataFrame, list[Fault]]:
    """Read a CSV file (UTF-8 with or without byte order mark) as text; an empty cell is missing, nothing else is.

    Returns a frame of `string` columns, and the faults that keep its rows from being read at all.
    """

    def fault(problem: str, line: int | None = None, column: str | None = None, **details: object) -> Fault:
        return Fault(table.name, line, column, None, problem, details)

    if not path.is_file():
        return pd.DataFrame(), [fault(schema.NO_FILE)]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            titles, *rows = list(csv.reader(file, strict=True)) or [[]]
    except OSError as error:
        return pd.DataFrame(), [fault(schema.NOT_READABLE, reason=error.strerror)]
    except UnicodeDecodeError:
        return pd.DataFrame(), [fault(schema.NOT_UTF8)]
    except csv.Error:
        return pd.DataFrame(), [fault(schema.BROKEN_QUOTES)]

    while rows and not any(rows[-1]):
        rows.pop()
    expected = list(table.schema.columns)
    allowed = ", ".join(expected)
    more = [name for name in titles if name not in expected and table.is_translation(name)]
    faults = [fault(schema.NO_COLUMN, 1, name) for name in expected if name not in titles]
    faults += [
        fault(schema.UNKNOWN_COLUMN, 1, name, allowed_values=allowed)
        for name in titles
        if name not in [*expected, *more]
    ]
    faults += [
        fault(schema.NOT_UNIQUE, 1, name) for name in sorted({name for name in titles if titles.count(name) > 1})
    ]
    faults += [
        fault(schema.WRONG_CELL_COUNT, line, found=len(row), expected=len(titles))
        for line, row in enumerate(rows, start=FIRST_LINE)
        if len(row) != len(titles)
    ]
    if faults:
        return pd.DataFrame(), faults
    frame = pd.DataFrame(rows, columns=titles, dtype="string")
    return frame[[*expected, *more]].replace("", pd.NA), []


def to_typed(text: pd.DataFrame, *, table: Table) -> tuple[pd.DataFrame, list[Fault]]:
    """Convert text columns to the schema's types; a cell that cannot be converted is missing and becomes a fault."""
    columns = {}
    faults: list[Fault] = []
    for name, cells in text.items():
        kind = table.kind(str(name))
        if kind == "list":
            parts = cells.fillna("").str.split(LIST_SEPARATOR)
            columns[name] = parts.map(lambda items: tuple(item for item in items if item)).astype(object)
        elif kind in ("integer", "decimal"):
            pattern = r"[+-]?[0-9]{1,9}" if kind == "integer" else r"[+-]?[0-9]{1,9}(\.[0-9]{1,15})?"
            readable = cells.str.fullmatch(pattern).fillna(False)
            problem = schema.NOT_AN_INTEGER if kind == "integer" else schema.NOT_A_DECIMAL
            faults += list(_to_faults(cells[~readable & cells.notna()], table=table, column=str(name), problem=problem))
            numbers = pd.to_numeric(cells.where(readable))
            columns[name] = numbers.astype("Int64") if kind == "integer" else numbers.astype("Float64")
        else:
            columns[name] = cells
    return pd.DataFrame(columns, index=text.index), faults


def validate_table(frame: pd.DataFrame, *, table: Table, skip: list[Fault]) -> list[Fault]:
    """Check values, required cells and uniqueness; cells already reported in `skip` are not reported again."""
    faults: list[Fault] = []
    try:
        table.schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        for error in errors.schema_errors:
            faults += _to_schema_faults(error, table=table)
    if table.unique:
        first, second = (frame[name].astype("string") for name in table.unique)
        keys = first.str.cat(second, sep=" / ")
        doubled = keys[keys.duplicated() & keys.notna()]
        column = " / ".join(table.unique)
        faults += list(_to_faults(doubled, table=table, column=column, problem=schema.NOT_UNIQUE))
    reported = {(fault.line, fault.column) for fault in skip}
    return [fault for fault in faults if (fault.line, fault.column) not in reported]


def validate_references(tables: Tables) -> list[Fault]:
    """Check that every pointer finds its row; tables that could not be read are passed over."""
    faults: list[Fault] = []
    for table in TABLES:
        for column, (target, key) in table.references().items():
            if table.name not in tables or target not in tables:
                continue
            values = tables[table.name][column].explode().dropna().astype("string")
            lost = values[~values.isin(tables[target][key].astype("string"))]
            details = {"target": f"{target}.csv"}
            faults += _to_faults(lost, table=table, column=column, problem=schema.NOT_KNOWN, **details)
    return faults


def validate_rows(tables: Tables) -> list[Fault]:
    """Check what only several cells of a row, or several rows, can tell.

    A German region is a Bundesland; the ends of a partnership differ and nobody is north here and south there; an
    end is not before its start; a place that may be missing is there with all its parts or with none. Tables that could
    not be read are passed over.
    """
    faults: list[Fault] = []
    for table in TABLES:
        frame = tables.get(table.name, pd.DataFrame())
        if {"country", "region"} <= set(frame):
            german = frame.loc[frame["country"].eq("DE").fillna(False), "region"].dropna()
            wrong = german[~german.isin(list(GERMAN_STATES.values()))]
            allowed = ", ".join(GERMAN_STATES.values())
            faults += _to_faults(
                wrong, table=table, column="region", problem=schema.NOT_A_STATE, allowed_values=allowed
            )
        if {"north", "south"} <= set(frame):
            both = frame.loc[frame["south"].isin(frame["north"].dropna()), "south"]
            faults += _to_faults(both, table=table, column="south", problem=schema.IN_BOTH_ROLES)
        if {"start", "end"} <= set(frame):
            known = frame[frame["start"].map(is_date).astype(bool) & frame["end"].map(is_date).astype(bool)]
            spans = zip(known["start"], known["end"], strict=True)
            late = [to_date_span(end)[1] < to_date_span(start)[0] for start, end in spans]
            faults += _to_faults(known.loc[late, "end"], table=table, column="end", problem=schema.BEFORE_START)
        parts = [name for name in PLACE_COLUMNS if name in frame and table.schema.columns[name].nullable]
        started = frame[parts].notna().any(axis=1)
        for name in parts:
            lost = frame.loc[started & frame[name].isna(), name]
            faults += _to_faults(lost, table=table, column=name, problem=schema.NOT_A_WHOLE_PLACE)
    return faults


def _to_schema_faults(error: SchemaError, *, table: Table) -> Iterator[Fault]:
    column = str(error.schema.name)
    reason = error.reason_code.name
    details: dict[str, Any] = {}
    if reason == "SERIES_CONTAINS_NULLS":
        problem = schema.EMPTY
    elif reason == "SERIES_CONTAINS_DUPLICATES":
        problem = schema.NOT_UNIQUE
    else:
        problem, details = error.check.error, dict(error.check.statistics or {})
    if "allowed_values" in details:
        details["allowed_values"] = ", ".join(details["allowed_values"])
    cells = error.failure_cases.set_index("index")["failure_case"]
    yield from _to_faults(cells, table=table, column=column, problem=problem, **details)


def _to_faults(cells: pd.Series, *, table: Table, column: str, problem: str, **details: object) -> Iterator[Fault]:
    for row, value in cells.items():
        text = None if pd.isna(value) else str(value)
        yield Fault(table.name, int(str(row)) + FIRST_LINE, column, text, problem, details)
