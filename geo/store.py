"""Where the tables are kept: a folder of files, or a database. `python -m geo.store copy FROM TO` copies them.

Everything that can be read goes along: the tables as they are now, and all versions with who published them, when and
why. The place that they come from is left as it is.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from geo.archive import Archive, ArchiveError, Holdings
from geo.database_archive import DatabaseArchive, read_address
from geo.errors import TablesError
from geo.folder_archive import FolderArchive
from geo.language import SOURCE_LANGUAGE, read_languages
from geo.report import to_report, to_text
from geo.schema import TABLES

ROOT = Path(__file__).resolve().parent.parent
NAMES = [table.name for table in TABLES]


def is_database(place: str) -> bool:
    """Say whether a place is the address of a database, and not the path of a folder."""
    return "://" in place


def check_place(place: str) -> None:
    """Raise ValueError, in German, when a place is neither a folder that is there nor the address of a database."""
    if is_database(place):
        read_address(place)
    elif not Path(place).is_dir():
        raise ValueError(f"den Ordner „{place}“ gibt es nicht")


def open_archive(place: str) -> Archive:
    """Open the archive of a folder or a database; nothing is read yet. Raises ValueError for an address of no use."""
    return DatabaseArchive(place) if is_database(place) else FolderArchive(Path(place), names=NAMES)


def copy(source: Archive, target: Archive) -> Holdings:
    """Copy everything that one archive holds into another, which must be empty. Returns what was copied.

    Raises ArchiveError when something cannot be read or written, or when `target` is not empty; TablesError when the
    tables are to go into a database and cannot be read as rows. The target is empty then as before.
    """
    holdings = source.read_holdings()
    target.take_over(holdings)
    return holdings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, 1 when nothing was copied, or 2 when something was lost in the source before.

    A command that cannot be understood ends with 2 as well, as argparse has it.
    """
    parser = argparse.ArgumentParser(prog="python -m geo.store", description="Die Tabellen des Atlas kopieren.")
    commands = parser.add_subparsers(required=True, metavar="BEFEHL")
    copying = commands.add_parser("copy", help="Tabellen und alle früheren Stände an einen anderen Ort kopieren")
    for name, meaning in (("source", "woher"), ("target", "wohin; dort darf noch nichts liegen")):
        place = "ein Ordner oder postgresql://name@server/atlas"
        copying.add_argument(name, metavar=name.upper(), help=f"{meaning}: {place}")
    chosen = parser.parse_args(arguments)
    try:
        check_place(chosen.source)
        source, target = open_archive(chosen.source), open_archive(chosen.target)
        damaged, holdings = source.damaged_lines(), copy(source, target)
    except TablesError as error:
        print("Es wurde nichts kopiert. In eine Datenbank passen nur Tabellen, die sich lesen lassen:", file=sys.stderr)
        language = read_languages(ROOT / "locales")[SOURCE_LANGUAGE]
        print(to_text(to_report(error.findings, language=language), language=language), file=sys.stderr)
        return 1
    except (ArchiveError, ValueError) as error:
        print(f"Es wurde nichts kopiert: {error}", file=sys.stderr)
        return 1
    print(f"Kopiert: {len(holdings.files)} Tabellen mit ihren früheren Ständen.")
    if damaged:
        lines = ", ".join(map(str, damaged))
        print(f"Nicht kopiert: Zeilen des Journals, die sich nicht lesen lassen: {lines}", file=sys.stderr)
    if holdings.lost:
        numbers = ", ".join(str(version.number) for version in holdings.lost)
        print(f"Nicht ganz kopiert: Stände, von denen schon in der Quelle etwas fehlt: {numbers}", file=sys.stderr)
    return 2 if damaged or holdings.lost else 0


if __name__ == "__main__":
    sys.exit(main())
