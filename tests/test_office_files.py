"""The tables as LibreOffice on a German computer saves them; see tests/files/office/README.md."""

from pathlib import Path

import pytest

from geo.changes import to_changes
from geo.checking import read_table
from geo.schema import TABLE_BY_NAME
from geo.sheets import Form

FOLDER = Path(__file__).resolve().parent / "files" / "office"
FILES = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".csv", ".txt", ".xlsx"))
FORMS = {
    "comma-utf8.csv": ("utf-8", ","),
    "semicolon-utf8.csv": ("utf-8", ";"),
    "semicolon-windows-1252.csv": ("cp1252", ";"),
    "tab-utf16.txt": ("utf-16", "\t"),
}
# Windows-1252 lacks letters of these names, so they are not in its file.
LACKING = {"municipalities.semicolon-windows-1252.csv": ["vn-ha-noi-hoan-kiem", "vn-hoi-an"]}


def test_there_are_files_of_every_form_and_of_several_tables():
    assert {name.partition(".")[0] for name in FILES} >= {"meetings", "municipalities", "partnerships"}
    assert all(any(name.endswith(form) for name in FILES) for form in [*FORMS, ".xlsx"])


@pytest.mark.parametrize("name", FILES)
def test_what_an_office_program_saved_is_the_same_table(name):
    table = TABLE_BY_NAME[name.partition(".")[0]]
    content = (FOLDER / name).read_bytes()
    before, _, _ = read_table((FOLDER / "tables" / f"{table.name}.csv").read_bytes(), table=table)
    after, form, findings = read_table(content, table=table)
    assert findings == []
    changes = to_changes(before, after, table=table)
    assert [(change.kind, *change.key) for change in changes] == [("removed", key) for key in LACKING.get(name, [])]
    if name.endswith(".xlsx"):
        assert form.sheet
    else:
        encoding, separator = next(FORMS[end] for end in FORMS if name.endswith(end))
        # Nothing tells the encodings of plain letters apart.
        assert form == Form(encoding="utf-8" if content.isascii() else encoding, separator=separator)
