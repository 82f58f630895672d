"""What can be wrong with the tables, as data that can be told in any language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any


def mark(message: str) -> str:
    """Mark a message for the catalogues; it is translated where it is shown."""
    return message


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one place of a table.

    `line` counts as a spreadsheet does: the column titles are line 1. It is None for faults of the whole file.
    `problem` is a message marked for the catalogues, `details` fills its braces.
    """

    table: str
    line: int | None
    column: str | None
    value: str | None
    problem: str
    details: dict[str, Any] = field(default_factory=dict, hash=False)

    def describe(self, translate: Callable[[str], str]) -> str:
        """Say what is wrong and what is allowed, in the language of `translate`."""
        return translate(self.problem).format(**self.details)


class AtlasError(ValueError):
    """Base of the errors the atlas raises on purpose."""


MOST_IN_MESSAGE = 50


class TablesError(AtlasError):
    """The tables cannot be used; `faults` holds every reason found, in the order of table and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.table, fault.line or 0, fault.column or "")))
        lines = [
            f"{fault.table}.csv, line {fault.line}, {fault.column}: {fault.value!r} – {fault.describe(str)}"
            for fault in self.faults
        ]
        rest = len(lines) - MOST_IN_MESSAGE
        super().__init__("\n".join(lines[:MOST_IN_MESSAGE] + ([f"and {rest} more"] if rest > 0 else [])))
