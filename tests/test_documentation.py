"""The texts beside the code say what the code knows: every setting, every file that a browser loads."""

import pandas as pd
import pytest

from geo.schema import TABLES
from geo.tables import to_typed, validate_table
from server.settings import FILE_SETTING, PREFIX, Settings


def test_every_setting_is_described_for_operators(root):
    names = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    assert len(names) == 9
    text = (root / "docs" / "operating.md").read_text(encoding="utf-8")
    assert {name for name in [*names, FILE_SETTING] if f"| `{name}` |" not in text} == set()
    assert all(field.description for field in Settings.model_fields.values())


def test_every_file_that_a_browser_loads_has_its_origin(root):
    table = (root / "static" / "README.md").read_text(encoding="utf-8")
    entries = [path for path in (root / "static").iterdir() if path.name not in ("README.md", "vendor")]
    entries += list((root / "static" / "vendor").iterdir())
    names = [path.relative_to(root / "static").as_posix() + ("/" if path.is_dir() else "") for path in entries]
    assert {name for name in names if f"| `{name}` |" not in table} == set()


def test_every_parameter_of_an_address_is_in_the_readme(root):
    from ui.link import NAMES

    readme = (root / "README.md").read_text(encoding="utf-8")
    assert {name for name in NAMES if f"`{name}`" not in readme} == set()


def test_every_column_is_described_with_meaning_unit_and_example(root):
    from scripts.make_data_readme import replace_columns

    readme = (root / "data" / "README.md").read_text(encoding="utf-8")
    assert replace_columns(readme) == readme
    columns = {name for table in TABLES for name in table.schema.columns}
    assert {name for name in columns if f"`{name}`" not in readme} == set()
    abouts = [table.about(name) for table in TABLES for name in table.schema.columns]
    assert all(about.title and about.meaning and about.example for about in abouts)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_example_of_every_column_is_a_value_that_it_takes(table):
    row = {name: table.about(name).example for name in table.schema.columns}
    typed, unreadable = to_typed(pd.DataFrame([row], dtype="string"), table=table)
    assert unreadable == validate_table(typed, table=table, skip=[]) == []
