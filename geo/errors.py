"""What can be wrong with the tables, as data that can be told in any language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning"]


def mark(message: str) -> str:
    """Mark a message for the catalogues; it is translated where it is shown."""
    return message


@dataclass(frozen=True)
class Problem:
    """One kind of thing that can be wrong: what is wrong (`says`), and how to put it right (`mend`).

    Both are messages marked for the catalogues, whose braces a finding fills. An error keeps tables from being shown
    and published, a warning does not. `name` is what a program that reads reports goes by.
    """

    name: str
    says: str
    mend: str
    severity: Severity = "error"


@dataclass(frozen=True)
class Finding:
    """One thing found in one place of a table.

    `line` counts as a spreadsheet does: the column titles are line 1. It is None for what concerns the whole file.
    `details` fills the braces of the problem's messages; `choices` are the values that would have been right, of which
    the nearest is worth a proposal; `names` are what people call them. `proposal` holds better values of this row by
    column. `file_line` is the line of an uploaded file that the same was found in, where `line` counts other rows.
    """

    table: str
    line: int | None
    column: str | None
    value: str | None
    problem: Problem
    details: Mapping[str, Any] = field(default_factory=dict, hash=False)
    choices: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    proposal: Mapping[str, str] = field(default_factory=dict, hash=False)
    file_line: int | None = None

    @property
    def is_error(self) -> bool:
        """Say whether this keeps the tables from being shown and published."""
        return self.problem.severity == "error"


class AtlasError(ValueError):
    """Base of the errors the atlas raises on purpose."""


class SheetError(AtlasError):
    """A file cannot be read as a table at all; `problem` says why, at `line` where that is known."""

    def __init__(self, problem: Problem, *, line: int | None = None, **details: Any) -> None:
        self.problem, self.line, self.details = problem, line, details
        super().__init__(problem.says.format(**details))


MOST_IN_MESSAGE = 50


class TablesError(AtlasError):
    """The tables cannot be used; `findings` holds everything found, in the order of table and line."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = to_sorted(findings)
        lines = [_to_line(finding) for finding in self.findings if finding.is_error]
        rest = len(lines) - MOST_IN_MESSAGE
        super().__init__("\n".join(lines[:MOST_IN_MESSAGE] + ([f"and {rest} more"] if rest > 0 else [])))


def _to_line(finding: Finding) -> str:
    place = f"{finding.table}.csv"
    place += f", line {finding.line}" if finding.line else ""
    place += f", {finding.column}" if finding.column else ""
    value = "" if finding.value is None else f"{finding.value!r} – "
    details = {key: getattr(value, "name", value) for key, value in finding.details.items()}
    return f"{place}: {value}{finding.problem.says.format(**details)}"


def to_sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Put findings into the order of table, line and column."""
    return tuple(sorted(findings, key=lambda finding: (finding.table, finding.line or 0, finding.column or "")))
