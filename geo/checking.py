"""Files or rows of text in, everything found in them and the checked tables out: the one way to check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial

import pandas as pd

from geo import problems
from geo.errors import Finding, SheetError, TablesError, to_sorted
from geo.plausibility import find_implausible_between, find_implausible_in
from geo.schema import TABLES, Table
from geo.sheets import Form, read_sheet
from geo.tables import (
    Files,
    Tables,
    count_known_titles,
    to_text,
    to_typed,
    validate_references,
    validate_rows,
    validate_table,
)

Texts = dict[str, pd.DataFrame]
# Mostly one table of a set has changed. Remembered of each are as many as are in use at once: what is shown, the newest
# files and two drafts. Of the largest tables each takes some ten megabytes.
_REMEMBERED = 4


@dataclass(frozen=True, eq=False)
class Checked:
    """All tables after the check.

    `findings`: everything found, in the order of table and line. `forms`: what each file was taken for. `texts`: the
    cells as text, a frame per table that could be read, indexed by the spreadsheet's line less 2. `typed`: the same as
    `to_typed` returns it.
    """

    findings: tuple[Finding, ...]
    texts: Texts
    typed: Tables
    forms: Mapping[str, Form] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps the tables from being shown and published."""
        return tuple(finding for finding in self.findings if finding.is_error)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What should be looked at and may be right."""
        return tuple(finding for finding in self.findings if not finding.is_error)

    def to_tables(self) -> Tables:
        """Return the checked tables, each with the index 0, 1, 2 … Raises TablesError when there are errors."""
        if self.errors:
            raise TablesError(self.findings)
        return {name: frame.reset_index(drop=True) for name, frame in self.typed.items()}


@dataclass(frozen=True)
class Same:
    """A frame that is looked up by identity: it is never changed in place."""

    frame: pd.DataFrame

    def __hash__(self) -> int:
        return id(self.frame)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.frame is other.frame


def read_table(content: bytes, *, table: Table) -> tuple[pd.DataFrame | None, Form | None, list[Finding]]:
    """Read the file of one table as text, as the tables keep it; None and the findings when that is not possible."""
    try:
        sheet = read_sheet(content, count_known=partial(count_known_titles, table=table))
    except SheetError as error:
        return None, None, [Finding(table.name, error.line, None, None, error.problem, error.details)]
    text, findings = to_text(sheet, table=table)
    return (None if findings else text), sheet.form, findings


@dataclass(frozen=True, eq=False)
class CheckedTable:
    """One table with its types (see `to_typed`), and what was found in it without looking at another."""

    typed: pd.DataFrame
    findings: tuple[Finding, ...]
    implausible: tuple[Finding, ...]


def check_table(text: Same, *, table: Table) -> CheckedTable:
    """Give one table its types and check what needs no other table."""
    typed, unreadable = to_typed(text.frame, table=table)
    findings = (*unreadable, *validate_table(typed, table=table, skip=unreadable))
    return CheckedTable(typed, findings, tuple(find_implausible_in(typed, table=table)))


_READERS = {table.name: lru_cache(maxsize=_REMEMBERED)(partial(read_table, table=table)) for table in TABLES}
_CHECKERS = {table.name: lru_cache(maxsize=_REMEMBERED)(partial(check_table, table=table)) for table in TABLES}


def check_files(files: Files) -> Checked:
    """Check the files of all tables: name -> content; a name that is missing is a missing file."""
    texts: Texts = {}
    forms: dict[str, Form] = {}
    findings: list[Finding] = []
    for table in TABLES:
        if table.name not in files:
            problem = problems.NO_EXTRA_FILE if table.extra else problems.NO_FILE
            findings.append(Finding(table.name, None, None, None, problem))
            if table.extra:
                texts[table.name] = pd.DataFrame(columns=list(table.schema.columns), dtype="string")
            continue
        text, form, found = _READERS[table.name](files[table.name])
        findings += found
        if text is not None:
            texts[table.name] = text
        if form is not None:
            forms[table.name] = form
    return check_texts(texts, found=findings, forms=forms)


def check_texts(
    texts: Texts, *, found: list[Finding] | None = None, forms: Mapping[str, Form] | None = None
) -> Checked:
    """Check rows of text (see `Checked.texts`). `found` is what reading the files has shown already.

    A frame that was checked before is not checked again, so none may be changed in place.
    """
    findings = list(found or [])
    typed: Tables = {}
    implausible: list[Finding] = []
    for table in TABLES:
        if table.name in texts:
            checked = _CHECKERS[table.name](Same(texts[table.name]))
            typed[table.name] = checked.typed
            findings += checked.findings
            implausible += checked.implausible
    findings += validate_references(typed)
    # Once told is enough: a cell that could not be read is missing afterwards, a year out of range outside its phase.
    findings += _without_told(validate_rows(typed), told=findings)
    implausible += find_implausible_between(typed)
    # A likely cause with a better value says more than "out of range".
    explained = {(each.table, each.line, column) for each in implausible for column in each.proposal}
    findings = [
        each
        for each in findings
        if each.problem is not problems.OUT_OF_RANGE or (each.table, each.line, each.column) not in explained
    ]
    findings += _without_told(implausible, told=findings)
    return Checked(to_sorted(findings), texts, typed, dict(forms or {}))


def _without_told(findings: list[Finding], *, told: list[Finding]) -> list[Finding]:
    cells = {(each.table, each.line, each.column) for each in told}
    return [each for each in findings if (each.table, each.line, each.column) not in cells]
