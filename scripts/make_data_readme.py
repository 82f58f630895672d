"""Write the list of all columns into data/README.md, from the schema: meaning, unit, example.

    python scripts/make_data_readme.py

A test holds the file equal to what this script writes.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from geo.language import PROJECT_LANGUAGES  # noqa: E402
from geo.schema import TABLE_BY_NAME, TABLES, Table  # noqa: E402

TARGET = ROOT / "data" / "README.md"
BEGIN, END = "<!-- Spalten: geschrieben von scripts/make_data_readme.py -->", "<!-- Ende der Spalten -->"
_KINDS = {"text": "Text", "integer": "ganze Zahl", "decimal": "Zahl", "date": "Datum", "list": "Liste"}


def to_columns_text() -> str:
    """Describe every column of every table in Markdown."""
    return "\n".join([BEGIN, *(line for table in TABLES for line in to_table_lines(table)), "", END])


def to_table_lines(table: Table) -> list[str]:
    """Describe the columns of one table; those that hold one text per language share a line."""
    lines = ["", f"### {table.name}.csv – {table.title}", "", f"{table.holds}. Schlüssel: {_to_code(table.key)}.", ""]
    lines += ["| Spalte | Titel | Bedeutung | Art | Einheit | Beispiel | Pflicht |", "|---|---|---|---|---|---|---|"]
    for name, column in table.schema.columns.items():
        names: tuple[str, ...] = (str(name),)
        if table.is_translation(str(name)):
            if not str(name).endswith(f"_{PROJECT_LANGUAGES[0]}"):
                continue
            stem = str(name).rpartition("_")[0]
            names = tuple(f"{stem}_{code}" for code in PROJECT_LANGUAGES)
        about = table.about(str(name))
        required = "de, en" if len(names) > 1 else "nein" if column.nullable else "ja"
        target, key = table.references.get(str(name), ("", ""))
        meaning = (
            f"{about.meaning} (`{key}` in `{target}.csv`)" if target and target in TABLE_BY_NAME else about.meaning
        )
        kind = _KINDS[table.kind(str(name))]
        cells = [_to_code(names), about.title, meaning, kind, about.unit or "–", f"`{about.example}`", required]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _to_code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def replace_columns(text: str) -> str:
    """Put the description of the columns into a text, between the two marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{to_columns_text()}{after}"


if __name__ == "__main__":
    TARGET.write_text(replace_columns(TARGET.read_text(encoding="utf-8")), encoding="utf-8")
