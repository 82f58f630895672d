"""Texts of the tables that are kept per language and lack one of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from geo.language import PROJECT_LANGUAGES
from geo.schema import TABLES
from geo.tables import to_line


@dataclass(frozen=True)
class Gap:
    """A text that is there in some languages and lacks others. `line` as a spreadsheet counts; `missing`: codes."""

    table: str
    line: int
    name: str
    text: str
    missing: tuple[str, ...]


def find_gaps(texts: Mapping[str, pd.DataFrame]) -> list[Gap]:
    """Return the texts that lack a language, in the order of tables, columns and lines.

    `texts` are the tables as text by name, missing cells NA; `text` is the German one or the first there is.
    """
    return [gap for table in TABLES if table.name in texts for gap in _find_in(table.name, texts[table.name])]


def _find_in(table: str, text: pd.DataFrame) -> Iterator[Gap]:
    names = dict.fromkeys(
        column.removesuffix(f"_{code}")
        for column in text.columns
        for code in PROJECT_LANGUAGES
        if column.endswith(f"_{code}")
    )
    for name in names:
        columns = [f"{name}_{code}" for code in PROJECT_LANGUAGES]
        cells = text.reindex(columns=columns)
        lacks = cells.isna()
        for row, texts in cells[lacks.any(axis=1) & ~lacks.all(axis=1)].iterrows():
            missing = tuple(
                code for code, column in zip(PROJECT_LANGUAGES, columns, strict=True) if pd.isna(texts[column])
            )
            yield Gap(table, to_line(row), name, str(texts.dropna().iloc[0]), missing)
