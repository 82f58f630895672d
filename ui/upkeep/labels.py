"""What the values of the tables are called in the reader's language: kinds, countries, and the rows pointed to."""

from collections.abc import Callable

import pandas as pd

from geo.cells import to_local_text
from geo.checking import Texts
from geo.language import SOURCE_LANGUAGE, Language
from geo.records import CONFIDENCE_LABELS
from geo.schema import Kind, Table


def to_value_labels(table: Table, column: str, texts: Texts, *, language: Language) -> dict[str, str]:
    """Return the values that a column is chosen from, in the order to offer them, and what each is called.

    Empty for a column that is written freely.
    """
    if column == "country":
        names = {code: f"{language.country(code)} ({code})" for code in table.choices(column)}
        return dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))
    if table.choices(column):
        # Of a partnership, a source may state the pair without the phase.
        meanings = CONFIDENCE_LABELS if (table.name, column) == ("partnerships", "confidence") else table.labels(column)
        return {value: language.gettext(meanings[value]) for value in table.choices(column)}
    if column in table.references:
        target, key = table.references[column]
        rows = to_row_labels(target, texts[target], language=language)
        keys = texts[target][key]
        labels = {str(value): label for value, label in zip(keys, rows, strict=True) if pd.notna(value)}
        return labels if target == "phases" else dict(sorted(labels.items(), key=lambda pair: pair[1].casefold()))
    return {}


def to_local_cells(cells: pd.Series, *, kind: Kind, language: Language) -> pd.Series:
    """Write cells as the language does: numbers and dates in German as German offices write them."""
    return to_local_text(cells, kind=kind) if language.code == SOURCE_LANGUAGE else cells


def to_row_labels(name: str, text: pd.DataFrame, *, language: Language) -> pd.Series:
    """Say of each row of a table what it is about, by its index."""
    title: Callable[[str], str] = lambda column: language.column(column, text.columns)  # noqa: E731
    parts = {
        "phases": ["phase"],
        "themes": [title("label")] if name == "themes" else [],
        "municipalities": ["name", "country"],
        "partnerships": ["id"],
        "meetings": ["start", "place", title("title")] if name == "meetings" else [],
        "sites": [title("name")] if name == "sites" else [],
    }[name]
    named = text[parts].copy()
    if name == "municipalities":
        named["country"] = named["country"].map(language.country, na_action="ignore")
    return named.apply(lambda row: ", ".join(str(cell) for cell in row if pd.notna(cell)), axis=1)
