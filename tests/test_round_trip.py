"""Downloaded for Excel, opened and saved in a real spreadsheet, uploaded again: nothing has changed."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from geo.changes import to_changes
from geo.checking import check_files, read_table
from geo.schema import TABLES
from geo.table_files import to_spreadsheet_bytes
from geo.tables import read_files
from tests.office import convert, find_office

CSV_FILTER = "Text - txt - csv (StarCalc)"
# Opened as a German user does, with dates and numbers recognised; saved as they are shown.
OPEN = f"{CSV_FILTER}:59,34,76,1,,1031,false,true"
SAVE = {"csv": f"csv:{CSV_FILTER}:59,34,76,1,,0,false,true,true", "xlsx": "xlsx"}

pytestmark = pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")


@pytest.mark.parametrize("kind", SAVE)
def test_every_table_survives_a_spreadsheet(root, tmp_path, kind):
    texts = check_files(read_files(root / "data")).texts

    def save(table):
        path = tmp_path / f"{table.name}.csv"
        path.write_bytes(to_spreadsheet_bytes(texts[table.name], table=table))
        return convert(path, to=SAVE[kind], folder=tmp_path / "saved", infilter=OPEN)

    with ThreadPoolExecutor(max_workers=2) as pool:
        saved = list(pool.map(save, TABLES))
    for table, path in zip(TABLES, saved, strict=True):
        after, _, findings = read_table(path.read_bytes(), table=table)
        assert findings == []
        assert to_changes(texts[table.name], after, table=table) == ()
