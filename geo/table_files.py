"""Tables become files: plain ones as data/ keeps them, and ones that German Excel opens without harm."""

import csv
from collections.abc import Iterable

import pandas as pd

from geo.cells import DECIMAL, INTEGER, is_true, to_guarded, to_local_text
from geo.schema import Kind, Table
from geo.tables import to_german_title


def to_plain_bytes(text: pd.DataFrame) -> bytes:
    """Write a table of text as data/ keeps it: UTF-8, commas, lines ending in LF, the schema's column names."""
    return _to_csv(text.columns, text.fillna("").to_numpy(), separator=",", line_end="\n").encode()


def to_spreadsheet_bytes(text: pd.DataFrame, *, table: Table) -> bytes:
    """Write a table of text for German Excel: UTF-8 with byte order mark, `;`, CRLF, `47,12`, `27.09.2023`.

    Column titles are German. Cells that a spreadsheet would run as a formula, and months that it would turn into days,
    get an apostrophe before them, which reading the file takes away again.
    """
    columns = {name: _to_spreadsheet_cells(text[name], kind=table.kind(name)) for name in map(str, text.columns)}
    # A text in one more language has no title that reading would know.
    titles = [to_german_title(name, table=table) if name in table.schema.columns else name for name in columns]
    rows = pd.DataFrame(columns).fillna("").to_numpy()
    return _to_csv(titles, rows, separator=";", line_end="\r\n").encode("utf-8-sig")


def _to_spreadsheet_cells(cells: pd.Series, *, kind: Kind) -> pd.Series:
    written = to_local_text(cells, kind=kind)
    if kind not in ("integer", "decimal"):
        return to_guarded(written)
    # A number is no formula, whatever its sign.
    numbers = is_true(cells.str.fullmatch(INTEGER if kind == "integer" else DECIMAL))
    return written.where(numbers, to_guarded(written))


class _Lines(list[str]):
    """A file that keeps what is written to it, which for a CSV writer is a row at a time."""

    write = list.append


def _to_csv(titles: Iterable[object], rows: Iterable[Iterable[object]], *, separator: str, line_end: str) -> str:
    lines = _Lines()
    # Before Python 3.13 only characters of the line end are quoted, and a lone `\r` would break the row.
    writer = csv.writer(lines, delimiter=separator, lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows(rows)
    return "".join(line.removesuffix("\r\n") + line_end for line in lines)
