"""Make tests/files/office: our tables as a real office program writes them, on a German computer.

Made with LibreOffice Calc 7.4.7.2 (Debian 12: `apt-get install libreoffice-calc libreoffice-l10n-de`).

    python scripts/make_office_files.py

Each table is opened as its user would open it (UTF-8, comma, English numbers, "detect special numbers"), so that
coordinates become numbers and full dates become dates, and is saved with "cell contents as shown" in every format.

- Windows-1252 lacks some letters of Vietnamese, for which Calc would write "?" without a word. That file leaves out the
  rows that need them: `vn-ha-noi-hoan-kiem` and `vn-hoi-an` of municipalities.csv. The other tables are complete.
- This version of Calc never writes a byte order mark in UTF-8, and ends lines with LF on Linux.
- `meetings.german-dates.*` were opened from a German CSV (27.09.2023): Calc shows and saves those dates as 27.09.23.
"""

import csv
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.office import convert  # noqa: E402

TABLES = ("municipalities", "meetings", "partnerships")
TARGET = ROOT / "tests" / "files" / "office"

# Options of the filter: separator, quote, character set (76 UTF-8, 1 Windows-1252, 65535 UTF-16), first line, formats
# of columns, language (1033 English, 1031 German), then when opening: quoted fields are text, detect special numbers;
# when saving: quote all text, numbers as numbers, as shown.
CSV_FILTER = "Text - txt - csv (StarCalc)"
OPEN_ENGLISH = f"{CSV_FILTER}:44,34,76,1,,1033,false,true"
OPEN_GERMAN = f"{CSV_FILTER}:59,34,76,1,,1031,false,true"
SAVE = {
    "semicolon-utf8": f"csv:{CSV_FILTER}:59,34,76,1,,0,false,true,true",
    "semicolon-windows-1252": f"csv:{CSV_FILTER}:59,34,1,1,,0,false,true,true",
    "tab-utf16": f"txt:{CSV_FILTER}:9,34,65535,1,,0,false,true,true",
    "comma-utf8": f"csv:{CSV_FILTER}:44,34,76,1,,0,false,true,true",
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
}

Rows = list[list[str]]


def read_rows(path: Path) -> Rows:
    """Read a table of data/ with its heading."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_rows(path: Path, rows: Rows, delimiter: str = ",") -> Path:
    """Write a table for Calc to open."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return path


def is_western(row: list[str]) -> bool:
    """Say whether Windows-1252 has every character of a row."""
    try:
        "".join(row).encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def to_german(cell: str) -> str:
    """Write a full date or a coordinate the German way; any other text stays."""
    if date := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", cell):
        return ".".join(reversed(date.groups()))
    return cell.replace(".", ",") if re.fullmatch(r"-?\d+\.\d+", cell) else cell


def save_as(sheet: Path, table: str, kind: str, folder: Path) -> None:
    """Save a sheet that Calc has opened as one of the kinds."""
    made = convert(sheet, to=SAVE[kind], folder=folder)
    name = f"{table}.xlsx" if kind == "xlsx" else f"{table}.{kind}{made.suffix}"
    made.replace(TARGET / name)
    print(name)


def make(table: str, rows: Rows, folder: Path, keep: Callable[[list[str]], bool] = bool) -> Path:
    """Open the rows that are kept in Calc, as a German user opens our own CSV."""
    kept = [row for row in rows if keep(row)]
    for row in rows:
        if row not in kept:
            print(f"{table}: without {row[0]}")
    return convert(write_rows(folder / f"{table}.csv", kept), to="ods", folder=folder, infilter=OPEN_ENGLISH)


def main() -> None:
    """Write every file anew."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (TARGET / "tables").mkdir(exist_ok=True)
        for table in TABLES:
            shutil.copyfile(ROOT / "data" / f"{table}.csv", TARGET / "tables" / f"{table}.csv")
            rows = read_rows(ROOT / "data" / f"{table}.csv")
            sheet = make(table, rows, folder)
            western = make(f"{table}-western", rows, folder, is_western)
            for kind in SAVE:
                save_as(western if kind == "semicolon-windows-1252" else sheet, table, kind, folder / "saved")
        rows = [[to_german(cell) for cell in row] for row in read_rows(ROOT / "data" / "meetings.csv")]
        german = write_rows(folder / "german.csv", rows, ";")
        sheet = convert(german, to="ods", folder=folder, infilter=OPEN_GERMAN)
        for kind in ("semicolon-utf8", "xlsx"):
            save_as(sheet, "meetings.german-dates", kind, folder / "saved")


if __name__ == "__main__":
    main()
