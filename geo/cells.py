"""The text of a cell, as people and office programs write it and as the tables keep it.

Tables keep numbers with a decimal point, dates in ISO 8601 and lists with `;`. People write 47,12 and 27.09.2023.
"""

import re
from collections.abc import Iterable

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo import problems
from geo.errors import Problem
from geo.schema import Kind, is_date

LIST_SEPARATOR = ";"
MINUS = "\u2212"
INTEGER = r"[+-]?[0-9]{1,9}"
DECIMAL = r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?"
_GROUPED = r"[+-]?[0-9]{1,3}(?:[.,' \u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?"
_TWO_MARKS = r"[+-]?[0-9]*[.,][0-9.,]*[.,][0-9]*"
# LibreOffice saves 27.09.2023 as 27.09.23. The project began in 2011, so 00 to 49 are years of this century; 50 to 99
# could be of either and are not read.
_DAY = r"([0-3]?[0-9])\.([01]?[0-9])\.([0-9]{4}|[0-4][0-9])"
_MONTH = r"([01]?[0-9])[./]([0-9]{4})"
_MONTHS = ("jan", "feb", "mär|mrz|mar", "apr", "mai|may", "jun", "jul", "aug", "sep", "okt|oct", "nov", "dez|dec")
# What a spreadsheet would take for a formula, or turn from a month into the first day of it.
_GUARDED = r"'*(?:[=+\-@\t\r]|[0-9]{4}-[0-9]{2}$)"


def to_canonical(cells: pd.Series, *, kind: Kind) -> pd.Series:
    """Rewrite the cells of a column as the tables keep them; what is not understood stays as it is.

    `47,12` becomes `47.12`, `27.09.2023` becomes `2023-09-27`, `09.2023` becomes `2023-09`. Empty cells are missing.
    """
    cells = _to_trimmed(cells)
    if kind in ("integer", "decimal"):
        cells = cells.str.replace(MINUS, "-", regex=False)
    if kind == "decimal":
        return cells.str.replace(r"^([+-]?[0-9]+),([0-9]+)$", r"\1.\2", regex=True)
    if kind == "date":
        return cells.map(_to_iso_date, na_action="ignore").astype("string")
    if kind == "list":
        cells = cells.str.replace(rf"\s*{LIST_SEPARATOR}\s*", LIST_SEPARATOR, regex=True)
        return _to_trimmed(cells.str.strip(LIST_SEPARATOR))
    return cells


def _to_trimmed(cells: pd.Series) -> pd.Series:
    # Without blanks at the ends, and missing where nothing is left. pandas' own way (`strip`, `replace`) takes four
    # times as long, and there are a hundred columns.
    trimmed = pc.utf8_trim_whitespace(pa.array(cells.array))
    kept = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, trimmed.type), trimmed)
    return pd.Series(pd.array(kept, dtype="string"), index=cells.index)


def has_match(columns: Iterable[pd.Series], pattern: str) -> bool:
    """Say whether a regular expression (RE2) is found in any cell of some `string` columns.

    All columns are searched at once: one by one, a hundred of them take three times as long.
    """
    cells = pa.chunked_array([pa.array(column.array) for column in columns], type=pa.large_string())
    return bool(pc.any(pc.match_substring_regex(cells, pattern)).as_py())


def is_true(answers: pd.Series) -> pd.Series:
    """Take what is missing for no: answers about cells of which some are missing, as plain `bool`."""
    return answers.fillna(False).astype(bool)


def is_among(cells: pd.Series, known: Iterable[str]) -> pd.Series:
    """Say of each cell of a `string` column whether it is one of the known texts; what is missing is none of them.

    The same as `cells.isin`, which in pandas 3 takes a hundred times as long where many are known.
    """
    found = pc.is_in(pa.array(cells), value_set=pa.array(known, type=pa.large_string()))
    return pd.Series(found.to_numpy(zero_copy_only=False), index=cells.index)


def _to_iso_date(text: str) -> str:
    iso = re.sub(r"[T ]00:00(:00)?$", "", text)
    if day := re.fullmatch(_DAY, iso):
        year = day[3] if len(day[3]) == 4 else f"20{day[3]}"
        iso = f"{year}-{int(day[2]):02}-{int(day[1]):02}"
    elif month := re.fullmatch(_MONTH, iso):
        iso = f"{month[2]}-{int(month[1]):02}"
    return iso if is_date(iso) else text


def find_cause(text: str, *, kind: Kind) -> tuple[Problem, dict[str, str]]:
    """Say why a cell is no number or no date: the problem, and what fills the braces of its messages."""
    if kind == "date":
        short = re.fullmatch(r"([a-zä]{3})[a-zä]*\.?[ -]([0-4][0-9])", text.lower())
        number = next((n for n, name in enumerate(_MONTHS, start=1) if short and re.match(name, short[1])), None)
        if short and number:
            return problems.SHORT_MONTH, {"month": f"{number:02}.20{short[2]}"}
        return problems.NOT_A_DATE, {}
    if re.fullmatch(_GROUPED, text) or (kind == "decimal" and re.fullmatch(_TWO_MARKS, text)):
        return (problems.AMBIGUOUS_INTEGER if kind == "integer" else problems.AMBIGUOUS_NUMBER), {}
    return problems.NOT_AN_INTEGER if kind == "integer" else problems.NOT_A_DECIMAL, {}


def to_guarded(cells: pd.Series) -> pd.Series:
    """Put an apostrophe before what a spreadsheet would run as a formula or turn into another date."""
    return cells.mask(is_true(cells.str.match(_GUARDED)), "'" + cells)


def to_unguarded(cells: pd.Series) -> pd.Series:
    """Take away the apostrophe of `to_guarded`."""
    return cells.str.replace(f"^'({_GUARDED})", r"\1", regex=True)


def to_local_text(cells: pd.Series, *, kind: Kind) -> pd.Series:
    """Write the cells of a column as German offices do: `47,12`, `27.09.2023`. `to_canonical` leads back."""
    if kind == "decimal":
        return cells.mask(is_true(cells.str.fullmatch(DECIMAL)), cells.str.replace(".", ",", regex=False))
    if kind == "date":
        days = cells.map(lambda text: is_date(text) and len(str(text)) == 10).astype(bool)
        return cells.mask(days, cells.str.replace(r"^(\d{4})-(\d{2})-(\d{2})$", r"\3.\2.\1", regex=True))
    return cells
