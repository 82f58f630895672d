"""What office programs write, read as rows of text: CSV in their encodings and separators, and Excel workbooks.

Nothing is guessed by chance: the same bytes are always taken for the same, and `Form` says for what.
"""

import csv
import io
import re
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from lzma import LZMAError
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile, ZipInfo

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL

from geo import problems
from geo.errors import Problem, SheetError

MEGABYTE = 1_000_000
MAX_BYTES = 10 * MEGABYTE
MAX_ROWS = 100_000
# A workbook of 2 MB that holds a table of 100,000 rows unpacks to twenty times its size and has four marks per cell.
MAX_UNPACKED = 100 * MEGABYTE
MAX_MARKS = 5_000_000
MAX_CELL = 131_072
# A workbook keeps a text once, however many cells show it: here every cell becomes a text of its own.
MAX_CHARACTERS = 30_000_000
# Formulas are worked out cell by cell, which takes time; a table with one is refused anyway.
MAX_FORMULAS = 200_000
# A file may have a million empty columns, and so in every row; no table has more than thirty, and no title is longer
# than this.
MAX_COLUMNS = 200
MAX_EMPTY = 10_000_000
_LONGEST_TITLE = 200
LAST_LINE_OF_EXCEL = 1_048_576
SEMICOLON, COMMA, TAB = ";", ",", "\t"
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
# What str.strip leaves in place are zero-width space, word joiner and a stray byte order mark.
_BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u2060\ufeff"
# What XML cannot hold, Excel writes as a number: the first half of a line break as `_x000D_`.
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
# What openpyxl raises, and what it is made of, when a workbook is not what it says.
_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BadZipFile,
    DefusedXmlException,
    EOFError,
    LookupError,
    LZMAError,
    OSError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True)
class Form:
    """What a file was taken for: encoding and separator of a CSV file, or a sheet of a workbook."""

    encoding: str = ""
    separator: str = ""
    sheet: str = ""

    @property
    def is_for_spreadsheets(self) -> bool:
        """Say whether a spreadsheet wrote this: comma-separated files are the ones for programs and people."""
        return bool(self.sheet) or self.separator in (SEMICOLON, TAB)


@dataclass(frozen=True)
class BadCell:
    """A cell whose content is no value, such as a formula; `column` counts from 0, `line` as a spreadsheet does."""

    line: int
    column: int
    value: str
    problem: Problem


@dataclass(frozen=True)
class Sheet:
    """The rows of a file as text, without blanks around the cells; `lines` are their numbers in a spreadsheet.

    Rows without any content are left out, columns without any at the end as well.
    """

    titles: list[str]
    rows: list[list[str]]
    lines: list[int]
    form: Form
    bad_cells: tuple[BadCell, ...] = ()


def read_sheet(content: bytes, *, count_known: Callable[[Iterable[str]], int]) -> Sheet:
    """Read the bytes of a CSV file or of an Excel workbook (.xlsx).

    `count_known` says how many of the given column titles are known; the separator, or the sheet of a workbook, with
    most of them is taken. Encodings are tried in this order: byte order mark, UTF-16 without mark, UTF-8, Windows-1252.

    Raises SheetError when the file is no table that can be read.
    """
    if len(content) > MAX_BYTES:
        raise SheetError(problems.TOO_LARGE, megabytes=MAX_BYTES // MEGABYTE)
    if content.startswith(_OLE):
        raise SheetError(problems.OLD_WORKBOOK)
    if content.startswith(_ZIP):
        return _read_workbook(content, count_known=count_known)
    text, encoding = _decode(content)
    if "\0" in text:
        raise SheetError(problems.UNKNOWN_ENCODING)
    return _read_csv(text, encoding=encoding, count_known=count_known)


def _decode(content: bytes) -> tuple[str, str]:
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return _decode_as(content, encoding), encoding
    # Text in Latin letters as UTF-16 is half zeros: those stand after the letters, or before them.
    if content.count(0) > len(content) // 4:
        encoding = "utf-16-le" if content[1::2].count(0) >= content[::2].count(0) else "utf-16-be"
        return _decode_as(content, encoding), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode_as(content, "cp1252"), "cp1252"


def _decode_as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetError(problems.UNKNOWN_ENCODING) from error


def _read_csv(text: str, *, encoding: str, count_known: Callable[[Iterable[str]], int]) -> Sheet:
    # Excel's own hint, a first line `sep=;`, is no row of the table.
    hint = re.match(r"sep=([;,\t])(\r\n|\r|\n)", text)
    text = text[hint.end() :] if hint else text
    separators = [hint.group(1)] if hint else [SEMICOLON, COMMA, TAB]
    first = {separator: _to_first_row(text, separator) for separator in separators}
    separator = max(separators, key=lambda each: (count_known(first[each]), len(first[each])))
    return _to_sheet(_to_rows(text, separator), form=Form(encoding=encoding, separator=separator))


def _to_first_row(text: str, separator: str) -> list[str]:
    # With the wrong separator, quotes stand where none may be.
    try:
        return [_clean(cell) for cell in next(_to_rows(text, separator), [])[:MAX_COLUMNS]]
    except SheetError:
        return []


def _to_rows(text: str, separator: str) -> Iterator[list[str]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 0
    while True:
        line += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger" in str(error):
                raise SheetError(problems.CELL_TOO_LONG, line=line, characters=MAX_CELL) from error
            raise SheetError(problems.BROKEN_QUOTES, line=line) from error
        # The reader's own limit holds for the whole process, and another library may have changed it.
        if row and max(map(len, row)) > MAX_CELL:
            raise SheetError(problems.CELL_TOO_LONG, line=line, characters=MAX_CELL)
        yield row


def _read_workbook(content: bytes, *, count_known: Callable[[Iterable[str]], int]) -> Sheet:
    try:
        _check_unpacked(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            sheets = {sheet.title: sheet for sheet in book.worksheets}
            if not sheets:
                raise SheetError(problems.NOT_A_WORKBOOK)
            name = max(sheets, key=lambda title: count_known(_first_cells(sheets[title])))
            return _read_worksheet(sheets[name], name)
        finally:
            book.close()
    except SheetError:
        raise
    except _BROKEN as error:
        raise SheetError(problems.NOT_A_WORKBOOK) from error


def _check_unpacked(content: bytes) -> None:
    """Raise SheetError when a workbook has macros, or would take the memory and the time of a thousand others."""
    with ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        names = [entry.filename.lower() for entry in entries]
        if any("vbaproject" in name or "macrosheets/" in name for name in names):
            raise SheetError(problems.MACROS)
        too_much = sum(entry.file_size for entry in entries) > MAX_UNPACKED
        if too_much or sum(_count_marks(archive, entry) for entry in entries) > MAX_MARKS:
            raise SheetError(problems.SWELLING, megabytes=MAX_UNPACKED // MEGABYTE)


def _count_marks(archive: ZipFile, entry: ZipInfo) -> int:
    with archive.open(entry) as part:
        return sum(block.count(b"<") for block in iter(lambda: part.read(MEGABYTE), b""))


def _first_cells(sheet: Any) -> list[str]:
    rows = sheet.iter_rows(max_row=1, max_col=MAX_COLUMNS, values_only=True)
    texts = (str(value) for value in next(iter(rows), ()) if value is not None)
    return [_clean(text) for text in texts if len(text) <= _LONGEST_TITLE]


def _read_worksheet(sheet: Any, name: str) -> Sheet:
    bad: list[BadCell] = []

    def to_rows() -> Iterator[list[str]]:
        gap: tuple[Any, ...] = ()
        formulas = wide = 0
        for line, cells in enumerate(sheet.iter_rows(max_row=LAST_LINE_OF_EXCEL), start=1):
            if len(cells) > MAX_COLUMNS:
                wide += len(cells)
                beyond = [cell.value for cell in cells[MAX_COLUMNS:] if cell is not EMPTY_CELL]
                if wide > MAX_EMPTY or any(value is not None and _clean(str(value)) for value in beyond):
                    raise SheetError(problems.TOO_MANY_COLUMNS, line=line, most=MAX_COLUMNS)
                cells = cells[:MAX_COLUMNS]
            # A gap of a million rows is the same row a million times.
            filled = [] if cells is gap else [n for n, cell in enumerate(cells) if cell is not EMPTY_CELL]
            if not filled:
                gap = cells
                yield []
                continue
            row = [""] * (filled[-1] + 1)
            for column in filled:
                cell = cells[column]
                text = _to_text(cell)
                if len(text) > MAX_CELL:
                    raise SheetError(problems.CELL_TOO_LONG, line=line, characters=MAX_CELL)
                row[column] = _ESCAPED.sub(_unescape, text)
                problem = {"f": problems.FORMULA, "e": problems.SPREADSHEET_ERROR}.get(cell.data_type)
                if problem and row[column]:
                    bad.append(BadCell(line, column, row[column], problem))
                    formulas += len(row[column])
            yield row
            if formulas > MAX_FORMULAS:
                return

    sheet.reset_dimensions()  # what the file claims about its size may be anything
    return _to_sheet(to_rows(), form=Form(sheet=name), bad_cells=bad)


def _to_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        # Fifteen digits are what a spreadsheet shows; of 0.3 it keeps 0.30000000000000004.
        return format(round(Decimal(f"{value:.15g}"), 15).normalize(), "f") if abs(value) < 1e12 else repr(value)
    if isinstance(value, datetime | date):
        # Excel keeps a month as its first day; only the number format tells that no day was meant.
        form = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", str(cell.number_format)).lower()
        has_day, has_month = bool(re.search("[dt]", form)), "m" in form
        return value.strftime("%Y-%m-%d" if has_day else "%Y-%m" if has_month else "%Y")
    return str(getattr(value, "text", value))  # of a formula for several cells


def _unescape(found: re.Match[str]) -> str:
    letter = chr(int(found[1], 16))
    # Control characters and halves of an emoji are no text in any encoding.
    return letter if letter in "\t\n\r" or unicodedata.category(letter) not in ("Cc", "Cs", "Cn") else found[0]


def _to_sheet(rows: Iterator[list[str]], *, form: Form, bad_cells: Iterable[BadCell] = ()) -> Sheet:
    first = [_clean(cell) for cell in next(rows, [])]
    if any(first[MAX_COLUMNS:]):
        raise SheetError(problems.TOO_MANY_COLUMNS, line=1, most=MAX_COLUMNS)
    titles = first[:MAX_COLUMNS]
    kept: list[list[str]] = []
    lines: list[int] = []
    characters = 0
    for line, row in enumerate(rows, start=2):
        # As `_clean` does; there may be millions of cells, and a call of each takes longer than the work.
        cells = [cell.strip(_BLANKS) for cell in row]
        if not any(cells):
            continue
        characters += sum(map(len, cells))
        if characters > MAX_CHARACTERS:
            raise SheetError(problems.SWELLING, megabytes=MAX_CHARACTERS // MEGABYTE)
        if len(kept) == MAX_ROWS:
            raise SheetError(problems.TOO_MANY_ROWS, rows=MAX_ROWS)
        kept.append(cells)
        lines.append(line)
    if not any(titles):
        raise SheetError(problems.NO_FIRST_LINE, line=1) if kept else SheetError(problems.EMPTY_FILE)
    while titles and not titles[-1] and all(len(row) < len(titles) or not row[len(titles) - 1] for row in kept):
        titles.pop()
    width = len(titles)
    # Excel leaves out empty cells at the end of a row, or adds some.
    fitted = [row if len(row) == width else _to_fitted(row, width=width) for row in kept]
    return Sheet(titles, fitted, lines, form, tuple(bad_cells))


def _to_fitted(row: list[str], *, width: int) -> list[str]:
    return row + [""] * (width - len(row)) if len(row) < width else row[:width] + _without_empty_end(row[width:])


def _without_empty_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _clean(cell: str) -> str:
    return cell.strip(_BLANKS)
