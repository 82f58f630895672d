"""Check the tables of a folder on the command line: `python -m geo.check [FOLDER] [--format text|json|html]`.

Exit status: 0 when nothing was found, 1 when there are only warnings, 2 when errors keep the tables from being shown
(or when the folder or an option cannot be used).
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from geo.checking import Checked, check_files
from geo.language import SOURCE_LANGUAGE, Language, read_languages
from geo.report import to_html, to_json, to_report, to_text
from geo.tables import read_files

ROOT = Path(__file__).resolve().parent.parent
NOTHING, WARNINGS, ERRORS = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a folder, write the report to the standard output, return the exit status."""
    languages = read_languages(ROOT / "locales")
    parser = argparse.ArgumentParser(prog="python -m geo.check", description="Prüft die Tabellen des Atlas.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "data", help="Ordner der Tabellen")
    parser.add_argument("--format", choices=("text", "json", "html"), default="text", help="Form des Berichts")
    parser.add_argument("--language", choices=sorted(languages), default=SOURCE_LANGUAGE, help="Sprache des Berichts")
    options = parser.parse_args(arguments)
    if not options.folder.is_dir():
        parser.error(f"{options.folder}: kein Ordner")
    try:
        checked = check_files(read_files(options.folder))
    except OSError as error:
        parser.error(f"{error.filename or options.folder}: {error.strerror or error}")
    report = write_report(
        checked, form=options.format, language=languages[options.language], source=options.folder.name
    )
    # Whatever the terminal's encoding: the report is UTF-8.
    sys.stdout.buffer.write(report.encode())
    return ERRORS if checked.errors else WARNINGS if checked.warnings else NOTHING


def write_report(checked: Checked, *, form: str, language: Language, source: str) -> str:
    """Write what was found as `text`, `json` or `html`."""
    if form == "json":
        return to_json(checked, language=language)
    report = to_report(checked.findings, language=language, forms=checked.forms)
    if form == "html":
        return to_html(report, language=language, source=source, checked_at=datetime.now().astimezone())
    return to_text(report, language=language)


if __name__ == "__main__":
    sys.exit(main())
