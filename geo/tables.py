"""Rows of text become checked tables: every fault is collected, none stops the search for the others.

Cells are read as text first, because a parser that guesses takes the country code of Namibia, `NA`, for "missing".
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pandas as pd
from openpyxl.utils import get_column_letter
from pandera.errors import SchemaError, SchemaErrors
from pandera.pandas import DataFrameSchema

from geo import problems
from geo.cells import (
    DECIMAL,
    INTEGER,
    LIST_SEPARATOR,
    find_cause,
    has_match,
    is_among,
    is_true,
    to_canonical,
    to_unguarded,
)
from geo.errors import Finding, Problem
from geo.language import PROJECT_LANGUAGES, to_date_span
from geo.schema import COUNTRIES, GERMAN_STATES, TABLE_BY_NAME, TABLES, Table, is_date
from geo.sheets import Sheet

# A spreadsheet counts the column titles as line 1, so the first row of data is line 2.
FIRST_LINE = 2
# What a scene of the talk may be about; without any of them it is about what its filters leave.
SCENE_TARGETS = ("partnership", "meeting", "site")
PLACE_COLUMNS = ("place", "country", "latitude", "longitude")
# Embedding, override and isolate marks of the bidirectional algorithm reach beyond the text that holds them.
_REACHING = "[\u202a-\u202e\u2066-\u2069]"
_ISOLATES = r"[\u2066-\u2069]"
_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
# UTF-8 read as Windows-1252 (`Ã¼` for `ü`), and what programs write for a letter that their encoding lacks.
_GARBLED = "\ufffd|[\u00c3\u00c2][\u0080-\u00bf\u0152-\u0178\u2013-\u2122]|\u00e2\u20ac"
# A question mark in place of a letter, or what the encodings of DOS and of the old Macintosh make of umlauts (`K”ln`,
# `MŸll`). A blank left out looks the same: `Was nun?Und dann`.
_LETTER = "[a-zA-Z\u00c0-\u024f]"
_PERHAPS_GARBLED = f"{_LETTER}[?\u201e\u201d\u0178\u2026\u2020\u2021]{_LETTER}"
# Words of addresses, in which any sign may stand.
_ADDRESS = r"\S*(?:/|www\.)\S*"

Files = Mapping[str, bytes]
Tables = dict[str, pd.DataFrame]


def read_files(folder: Path) -> dict[str, bytes]:
    """Read the tables' files of a folder as they are: table name -> content; a missing file is left out.

    Raises OSError when one of them cannot be read.
    """
    paths = {table.name: folder / f"{table.name}.csv" for table in TABLES}
    return {name: path.read_bytes() for name, path in paths.items() if path.is_file()}


def count_known_titles(titles: Iterable[str], *, table: Table) -> int:
    """Count how many column titles belong to a table."""
    return sum(_to_name(title, table=table) is not None for title in titles)


def to_text(sheet: Sheet, *, table: Table) -> tuple[pd.DataFrame, list[Finding]]:
    """Give the rows of a file the columns of the schema, with cells as the tables keep them (see `to_canonical`).

    Column titles may be the schema's names or their German titles, in any order. Returns a frame of `string` columns
    and what keeps its rows from being read; the index is the spreadsheet's line less FIRST_LINE.
    """

    def find(problem: Problem, line: int | None = None, column: str | None = None, **details: object) -> Finding:
        return Finding(table.name, line, column, None, problem, details)

    names = [_to_name(title, table=table) or title for title in sheet.titles]
    expected = list(table.schema.columns)
    more = [name for name in names if name not in expected and table.is_translation(name)]
    missing = [name for name in expected if name not in names]
    other = _find_table(sheet.titles)
    if other is not None and other is not table and len(other.schema.columns) >= len(expected) - len(missing):
        return pd.DataFrame(), [find(problems.OTHER_TABLE, 1, other=other)]
    known = {*expected, *more}
    if known.isdisjoint(names):
        return pd.DataFrame(), [find(problems.NO_TITLES, 1, columns=(table, *expected))]
    findings = [find(problems.NO_COLUMN, 1, name) for name in missing]
    choices = (*missing, *(to_german_title(name, table=table) for name in missing))
    findings += [
        Finding(
            table.name,
            1,
            None,
            name or get_column_letter(number),
            problems.UNKNOWN_COLUMN,
            {"columns": (table, *expected)},
            choices,
        )
        for number, name in enumerate(names, start=1)
        if name not in known
    ]
    findings += [find(problems.DOUBLE_COLUMN, 1, name) for name in sorted(known) if names.count(name) > 1]
    findings += [
        find(problems.WRONG_CELL_COUNT, line, found=len(row), expected=len(names))
        for line, row in zip(sheet.lines, sheet.rows, strict=True)
        if len(row) != len(names)
    ]
    findings += [
        Finding(table.name, cell.line, names[cell.column], cell.value, cell.problem)
        for cell in sheet.bad_cells
        if cell.column < len(names) and names[cell.column] in known
    ]
    if findings:
        return pd.DataFrame(), findings
    index = pd.Index(sheet.lines, dtype="int64") - FIRST_LINE
    frame = pd.DataFrame(sheet.rows, columns=names, index=index, dtype="string")
    cells = frame[[*expected, *more]]
    # German titles are those of files made for spreadsheets, however they were saved again.
    if sheet.form.is_for_spreadsheets or sheet.titles != names:
        cells = cells.apply(to_unguarded)
    return to_canonical_table(cells, table=table), []


def to_canonical_table(text: pd.DataFrame, *, table: Table) -> pd.DataFrame:
    """Rewrite every cell as the tables keep it; see `to_canonical`."""
    columns = {str(name): to_canonical(cells, kind=table.kind(str(name))) for name, cells in text.items()}
    return pd.DataFrame(columns, index=text.index)


def _find_table(titles: Iterable[str]) -> Table | None:
    """Find the table all of whose columns are named; of several the one with the most columns."""
    whole = [
        table for table in TABLES if set(table.schema.columns) <= {_to_name(title, table=table) for title in titles}
    ]
    return max(whole, key=lambda table: len(table.schema.columns), default=None)


def _to_name(title: str, *, table: Table) -> str | None:
    """Find the column that a title names: by the schema's name, or by its German title."""
    if title in table.schema.columns or table.is_translation(title):
        return title
    aliases = _to_aliases(table)
    if more := re.fullmatch(r"(.+) \((\w+)\)", title):
        # `Bezeichnung (sw)`: a text in a language that the schema does not have.
        german = aliases.get(_fold(f"{more[1]} (Deutsch)"), "")
        name = f"{german.removesuffix('_de')}_{more[2]}"
        if table.is_translation(name):
            return name
    return aliases.get(_fold(title))


@cache
def _to_aliases(table: Table) -> dict[str, str]:
    aliases = {}
    for name in table.schema.columns:
        aliases[_fold(name)] = aliases[_fold(to_german_title(name, table=table))] = name
    return aliases


def to_german_title(column: str, *, table: Table) -> str:
    """Return the German title of a column, as files for Excel have it: `Titel (Spanisch)`."""
    code = column.partition("_")[2] if table.is_translation(column) else ""
    title = table.about(column).title
    return f"{title} ({_GERMAN_LANGUAGES.get(code, code)})" if code else title


_GERMAN_LANGUAGES = dict(
    zip(PROJECT_LANGUAGES, ("Deutsch", "Englisch", "Spanisch", "Französisch", "Portugiesisch"), strict=True)
)


def _fold(title: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", title.casefold()).split())


def to_typed(text: pd.DataFrame, *, table: Table) -> tuple[pd.DataFrame, list[Finding]]:
    """Convert text columns to the schema's types; a cell that cannot be converted is missing and becomes a finding.

    Returns `string`, `Int64` and `Float64` columns, and tuples of texts for lists (`()` where the cell is empty).
    """
    columns = {}
    findings: list[Finding] = []
    is_reaching = has_match((cells for _, cells in text.items()), _REACHING)
    for name, cells in text.items():
        column = str(name)
        kind = table.kind(column)
        if kind == "list":
            parts = cells.fillna("").str.split(LIST_SEPARATOR)
            columns[column] = parts.map(lambda items: tuple(item for item in items if item)).astype(object)
        elif kind in ("integer", "decimal"):
            readable = is_true(cells.str.fullmatch(INTEGER if kind == "integer" else DECIMAL))
            unreadable = ~readable & cells.notna()
            if unreadable.any():
                for row, value in cells[unreadable].items():
                    problem, details = find_cause(value, kind=kind)
                    findings.append(Finding(table.name, to_line(row), column, value, problem, details))
                cells = cells.where(readable)
            numbers = pd.to_numeric(cells)
            columns[column] = numbers.astype("Int64") if kind == "integer" else numbers.astype("Float64")
        else:
            columns[column] = _isolate(cells) if is_reaching else cells
    return pd.DataFrame(columns, index=text.index), findings


def _isolate(cells: pd.Series) -> pd.Series:
    # Shown within a sentence, a name must not turn the words around it, nor end its own isolation.
    reaching = is_true(cells.str.contains(_REACHING))
    return cells.mask(reaching, _ISOLATE + cells.str.replace(_ISOLATES, "", regex=True) + _POP_ISOLATE)


def validate_table(frame: pd.DataFrame, *, table: Table, skip: Iterable[Finding]) -> list[Finding]:
    """Check values, required cells and uniqueness; cells already reported in `skip` are not reported again."""
    findings: list[Finding] = []
    try:
        _to_checks(table).validate(frame, lazy=True)
    except SchemaErrors as errors:
        for error in errors.schema_errors:
            findings += _to_schema_findings(error, table=table)
    if len(table.key) > 1:
        findings += _find_double_rows(frame, table=table)
    findings += _find_garbled(frame, table=table)
    reported = {(finding.line, finding.column) for finding in skip}
    return [finding for finding in findings if (finding.line, finding.column) not in reported]


@cache
def _to_checks(table: Table) -> DataFrameSchema:
    # The types are those that `to_typed` has made; pandera would look at every cell for them again. A column in which
    # everything may stand takes as long as one with checks.
    columns = table.schema.columns.items()
    free = [name for name, column in columns if column.nullable and not column.unique and not column.checks]
    checked = table.schema.remove_columns(free)
    return checked.update_columns({name: {"dtype": None} for name in checked.columns})


def _find_garbled(frame: pd.DataFrame, *, table: Table) -> Iterator[Finding]:
    for name, texts in frame.items():
        column = str(name)
        # There are many columns, and hardly any holds such a sign.
        if table.kind(column) != "text" or not has_match([texts], f"{_GARBLED}|{_PERHAPS_GARBLED}"):
            continue
        cells = texts.dropna()
        words = cells.str.replace(_ADDRESS, "", regex=True)
        garbled = words.str.contains(_GARBLED).astype(bool)
        perhaps = words.str.contains(_PERHAPS_GARBLED).astype(bool) & ~garbled
        for problem, found in ((problems.GARBLED, garbled), (problems.PERHAPS_GARBLED, perhaps)):
            yield from to_findings(cells[found], table=table, column=column, problem=problem)


def _find_double_rows(frame: pd.DataFrame, *, table: Table) -> Iterator[Finding]:
    keys = frame[list(table.key)].dropna()
    firsts = keys.groupby(list(table.key), sort=False).ngroup()
    line_of = {number: to_line(row) for row, number in reversed(list(firsts.items()))}
    column = table.key[-1]
    for row, number in firsts[firsts.duplicated()].items():
        details = {"other_line": line_of[number], "columns": (table, *table.key)}
        yield Finding(table.name, to_line(row), column, str(keys.at[row, column]), problems.DOUBLE_ROW, details)


def validate_references(tables: Tables) -> list[Finding]:
    """Check that every pointer finds its row; tables that could not be read are passed over.

    In an extra table a pointer that finds nothing is a warning: its row is passed over.
    """
    findings: list[Finding] = []
    names: dict[tuple[str, str], dict[str, str]] = {}
    for table in TABLES:
        for column, (target, key) in table.references.items():
            if table.name not in tables or target not in tables:
                continue
            values = tables[table.name][column].explode().dropna().astype("string")
            known = tables[target][key].dropna().astype("string")
            lost = values[~is_among(values, known)]
            if len(lost):
                if (target, key) not in names:
                    names[target, key] = _to_names(tables[target], key=key)
                findings += to_findings(
                    lost,
                    table=table,
                    column=column,
                    problem=problems.SCENE_NOT_KNOWN if table.extra else problems.NOT_KNOWN,
                    choices=tuple(known),
                    names=names[target, key],
                    target=TABLE_BY_NAME[target],
                )
    return findings


def _to_names(target: pd.DataFrame, *, key: str) -> dict[str, str]:
    """Return what the rows of a table are called in any language, and their keys."""
    columns = [name for name in target.columns if re.fullmatch("name|(name|label|title)_[a-z]{2}", name)]
    named = target.dropna(subset=[key])
    keys = named[key].astype("string")
    return {
        name: code for column in columns for name, code in zip(named[column], keys, strict=True) if not pd.isna(name)
    }


def validate_rows(tables: Tables) -> list[Finding]:
    """Check what only several cells of a row, or several rows, can tell.

    A German region is a Bundesland; the north of a partnership is German, and its south is not; an end is not before
    its start; a place that may be missing is there with all its parts or with none; a scene shows one thing. Tables
    that could not be read are passed over.
    """
    findings: list[Finding] = []
    places = tables.get("municipalities", pd.DataFrame(columns=["id", "country"], dtype="string"))
    german_ids = places.loc[is_true(places["country"].eq("DE")), "id"].dropna()
    # A code that is no country is told where it stands.
    foreign_ids = places.loc[is_among(places["country"], [code for code in COUNTRIES if code != "DE"]), "id"].dropna()
    for table in TABLES:
        frame = tables.get(table.name, pd.DataFrame())
        if {"country", "region"} <= set(frame):
            german = frame.loc[is_true(frame["country"].eq("DE")), "region"].dropna()
            states = tuple(GERMAN_STATES.values())
            wrong = german[~is_among(german, states)]
            findings += to_findings(
                wrong,
                table=table,
                column="region",
                problem=problems.NOT_A_STATE,
                choices=states,
                allowed_values=", ".join(states),
            )
        if {"north", "south"} <= set(frame):
            both_german = is_among(frame["north"], german_ids) & is_among(frame["south"], german_ids)
            findings += to_findings(
                frame.loc[both_german, "south"],
                table=table,
                column="south",
                problem=problems.BOTH_GERMAN,
                south=("column", table, "south"),
            )
            findings += to_findings(
                frame.loc[is_among(frame["north"], foreign_ids), "north"],
                table=table,
                column="north",
                problem=problems.NOT_GERMAN,
                north=("column", table, "north"),
                south=("column", table, "south"),
            )
        if {"start", "end"} <= set(frame):
            known = frame[frame["start"].map(is_date).astype(bool) & frame["end"].map(is_date).astype(bool)]
            spans = zip(known["start"], known["end"], strict=True)
            late = [to_date_span(end)[1] < to_date_span(start)[0] for start, end in spans]
            findings += to_findings(known.loc[late, "end"], table=table, column="end", problem=problems.BEFORE_START)
        if set(SCENE_TARGETS) <= set(frame):
            several = frame[list(SCENE_TARGETS)].notna().sum(axis=1) > 1
            for name in SCENE_TARGETS:
                doubled = frame.loc[several & frame[name].notna(), name]
                findings += to_findings(doubled, table=table, column=name, problem=problems.SCENE_OF_SEVERAL)
        parts = [name for name in PLACE_COLUMNS if name in frame and table.schema.columns[name].nullable]
        started = frame[parts].notna().any(axis=1)
        for name in parts:
            lost = frame.loc[started & frame[name].isna(), name]
            findings += to_findings(lost, table=table, column=name, problem=problems.NOT_A_WHOLE_PLACE)
    return findings


def to_findings(
    cells: pd.Series,
    *,
    table: Table,
    column: str,
    problem: Problem,
    choices: tuple[str, ...] = (),
    names: Mapping[str, str] | None = None,
    **details: object,
) -> Iterator[Finding]:
    """Make a finding of every cell of a column; the index tells the line."""
    for row, value in cells.items():
        # A number is told as it would be written, without `.0`.
        whole = isinstance(value, float) and value.is_integer()
        text = None if pd.isna(value) else str(int(value) if whole else value)
        yield Finding(table.name, to_line(row), column, text, problem, details, choices, names or {})


def to_line(row: object) -> int:
    """Return the line as a spreadsheet counts it, of a row by its index."""
    return int(str(row)) + FIRST_LINE


def _to_schema_findings(error: SchemaError, *, table: Table) -> Iterator[Finding]:
    column = str(error.schema.name)
    cells = error.failure_cases.set_index("index")["failure_case"]
    reason = error.reason_code.name
    if reason == "SERIES_CONTAINS_NULLS":
        yield from to_findings(cells, table=table, column=column, problem=problems.EMPTY)
        return
    if reason == "SERIES_CONTAINS_DUPLICATES":
        yield from to_findings(cells, table=table, column=column, problem=problems.NOT_UNIQUE)
        return
    problem = problems.BY_NAME[error.check.error]
    if problem is problems.NOT_A_DATE:
        for row, value in cells.items():
            cause, details = find_cause(str(value), kind="date")
            yield Finding(table.name, to_line(row), column, str(value), cause, details)
        return
    details = dict(error.check.statistics or {})
    choices = tuple(details.pop("allowed_values", ()))
    if problem is problems.NOT_IN_LIST:
        details["allowed_values"] = ", ".join(choices)
    names = {label: value for value, label in table.labels(column).items()}
    yield from to_findings(cells, table=table, column=column, problem=problem, choices=choices, names=names, **details)
