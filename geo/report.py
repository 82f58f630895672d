"""What was found in the tables, told in a reader's language: as rows, as text, as JSON and as one HTML file."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rapidfuzz import fuzz, process, utils

from geo.cells import DECIMAL
from geo.checking import Checked
from geo.errors import Finding, mark
from geo.language import PROJECT_LANGUAGES, Language
from geo.schema import COUNTRIES, TABLE_BY_NAME, Table
from geo.sheets import COMMA, SEMICOLON, TAB, Form

TEMPLATES = Path(__file__).parent / "templates"
MOST_OF_A_KIND = 10
LONGEST_VALUE = 80
# Less alike than this, a proposal would be a guess.
NEAR_PERCENT, NEAR_COUNTRY_PERCENT = 75, 80
ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (BOM)",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}
SEPARATOR_NAMES = {SEMICOLON: mark("Semikolon"), COMMA: mark("Komma"), TAB: mark("Tabulator")}
# Terminals obey control characters, and marks of writing direction reach beyond the value.
_UNSAFE = re.compile("[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Row:
    """One finding in words. `table` and `column` are titles, `file` and `name` what the file calls them.

    `file_line`: see `Finding`.
    """

    severity: str
    problem: str
    table: str
    file: str
    line: int | None
    column: str
    name: str
    value: str
    says: str
    mend: str
    file_line: int | None = None


@dataclass(frozen=True)
class Rest:
    """How many more findings there are of a kind of which the first ones are listed."""

    count: int
    table: str
    column: str
    says: str


@dataclass(frozen=True)
class Report:
    """Everything found, in words: errors before warnings, at most MOST_OF_A_KIND of a kind, and how many more."""

    errors: int
    warnings: int
    rows: tuple[Row, ...]
    rest: tuple[Rest, ...]
    forms: tuple[tuple[str, str], ...]


def to_report(findings: Sequence[Finding], *, language: Language, forms: Mapping[str, Form] | None = None) -> Report:
    """Tell findings in a language. `forms` is what each file was taken for; see `Checked`."""
    kinds: dict[tuple[str, str | None, str], list[Finding]] = {}
    for finding in sorted(findings, key=lambda finding: not finding.is_error):
        kinds.setdefault((finding.table, finding.column, finding.problem.name), []).append(finding)
    listed = [finding for same in kinds.values() for finding in same[:MOST_OF_A_KIND]]
    rows = [to_row(finding, language=language) for finding in sorted(listed, key=_to_place)]
    rest = [
        Rest(len(same) - MOST_OF_A_KIND, first.table, first.column, first.says)
        for same in kinds.values()
        if len(same) > MOST_OF_A_KIND
        for first in [to_row(same[0], language=language)]
    ]
    errors = sum(finding.is_error for finding in findings)
    taken = tuple(
        (language.gettext(TABLE_BY_NAME[name].title), describe_form(form, language=language))
        for name, form in (forms or {}).items()
    )
    return Report(errors, len(findings) - errors, tuple(rows), tuple(rest), taken)


def _to_place(finding: Finding) -> tuple[bool, str, int]:
    return not finding.is_error, finding.table, finding.line or 0


def to_row(finding: Finding, *, language: Language) -> Row:
    """Tell one finding in a language."""
    table = TABLE_BY_NAME[finding.table]
    details = {
        # Lines are written as a spreadsheet writes them.
        name: str(value) if name == "other_line" else _fill(value, language=language)
        for name, value in finding.details.items()
    }
    if "columns" in finding.details:
        owner, *columns = finding.details["columns"]
        details["allowed_values"] = ", ".join(owner.to_title(column, language) for column in columns)
    mend = language.gettext(finding.problem.mend).format(**details)
    nearest = find_nearest(finding.value, choices=finding.choices, names=finding.names)
    if nearest is not None:
        mend = language.gettext("Meinten Sie „{nearest}“?").format(nearest=_shorten(nearest)) + " " + mend
    return Row(
        severity=finding.problem.severity,
        problem=finding.problem.name,
        table=language.gettext(table.title),
        file=f"{table.name}.csv",
        line=finding.line,
        column=table.to_title(finding.column, language) if finding.column else "",
        name=finding.column or "",
        value=_to_value(finding, table=table, language=language),
        says=language.gettext(finding.problem.says).format(**details),
        mend=mend,
        file_line=finding.file_line,
    )


def _to_value(finding: Finding, *, table: Table, language: Language) -> str:
    value = finding.value or ""
    is_number = finding.column is not None and table.kind(finding.column) == "decimal" and re.fullmatch(DECIMAL, value)
    return language.degrees(Decimal(value)) if is_number else _shorten(value)


def _fill(value: Any, *, language: Language) -> str:
    match value:
        case Table():
            return language.gettext(value.title)
        case ("column", Table() as table, str(column)):
            return table.to_title(column, language)
        case int():
            # Years and other numbers of four digits are written without a separator.
            return language.number(value) if abs(value) >= 10_000 else str(value)
        case float():
            return language.degrees(value)
        case str() if value in COUNTRIES:
            return language.country(value)
    return _shorten(str(value), longest=1000)


def _shorten(text: str, *, longest: int = LONGEST_VALUE) -> str:
    text = _UNSAFE.sub("\ufffd", text)
    return text if len(text) <= longest else f"{text[:longest]}…"


def find_nearest(value: str | None, *, choices: Sequence[str], names: Mapping[str, str] | None = None) -> str | None:
    """Return the choice that a value was probably meant to be, None where nothing comes near.

    Choices are found by their `names` as well, countries by those in the project's languages.
    """
    if not value or not choices or len(value) > LONGEST_VALUE:
        return None
    if tuple(choices) == COUNTRIES:
        if value.strip().upper() in COUNTRIES:
            return value.strip().upper()
        named = process.extractOne(
            value,
            _country_names(),
            scorer=fuzz.ratio,
            processor=utils.default_process,
            score_cutoff=NEAR_COUNTRY_PERCENT,
        )
        return str(named[2]).partition(" ")[0] if named else None
    known = {**(names or {}), **{choice: choice for choice in choices}}
    found = process.extractOne(
        value, list(known), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=NEAR_PERCENT
    )
    return known[found[0]] if found else None


@cache
def _country_names() -> dict[str, str]:
    return {
        f"{code} {language}": str(Locale(language).territories[code])
        for language in PROJECT_LANGUAGES
        for code in COUNTRIES
        if code in Locale(language).territories
    }


def describe_form(form: Form, *, language: Language) -> str:
    """Say what a file was taken for: `Windows-1252, Semikolon`."""
    _ = language.gettext
    if form.sheet:
        return _("Excel-Arbeitsmappe, Blatt „{sheet}“").format(sheet=_shorten(form.sheet))
    return f"{ENCODING_NAMES[form.encoding]}, {_(SEPARATOR_NAMES[form.separator])}"


def describe_counts(report: Report, *, language: Language) -> str:
    """Say in one sentence how many errors and warnings there are."""
    _, ngettext = language.gettext, language.ngettext
    errors = ngettext("{count} Fehler", "{count} Fehler", report.errors).format(count=language.number(report.errors))
    warnings = ngettext("{count} Hinweis", "{count} Hinweise", report.warnings).format(
        count=language.number(report.warnings)
    )
    if not report.errors and not report.warnings:
        return _("Alle Tabellen sind in Ordnung.")
    return f"{language.join([part for part, n in ((errors, report.errors), (warnings, report.warnings)) if n])}."


def to_text(report: Report, *, language: Language) -> str:
    """Write a report for a terminal or a text file."""
    _ = language.gettext
    lines = [describe_counts(report, language=language), *([""] if report.rows else [])]
    names = {"error": _("Fehler"), "warning": _("Hinweis")}
    for row in report.rows:
        place = [row.file]
        place += [_("Zeile {line}").format(line=row.line)] if row.line else []
        place += [f"{row.column} ({row.name})"] if row.column else []
        value = _("„{value}“").format(value=row.value) if row.value else ""
        head = language.label(language.label(names[row.severity], ", ".join(place)), value).rstrip()
        lines += [head, f"    {row.says}", f"    → {row.mend}"]
    for rest in report.rest:
        lines.append(describe_rest(rest, language=language))
    if report.forms:
        lines += ["", _("Gelesen als:"), *("    " + language.label(table, form) for table, form in report.forms)]
    return "\n".join(lines) + "\n"


def describe_rest(rest: Rest, *, language: Language) -> str:
    """Say how many findings of a kind are not listed."""
    message = language.ngettext(
        "Und {count} weitere Stelle in {place}: {says}", "Und {count} weitere Stellen in {place}: {says}", rest.count
    )
    place = f"{rest.table}, {rest.column}" if rest.column else rest.table
    return message.format(count=language.number(rest.count), place=place, says=rest.says)


def to_json(checked: Checked, *, language: Language) -> str:
    """Write a report for programs: every finding that `to_report` lists, and the counts."""
    report = to_report(checked.findings, language=language, forms=checked.forms)
    forms = {name: asdict(form) for name, form in checked.forms.items()}
    return json.dumps(asdict(report) | {"forms": forms}, ensure_ascii=False, indent=2) + "\n"


def to_html(report: Report, *, language: Language, source: str, checked_at: datetime) -> str:
    """Write a report as one HTML file that needs nothing else. `source` says where the tables come from."""
    template = open_templates().get_template("report.html")
    return template.render(
        _=language.gettext,
        ngettext=language.ngettext,
        language=language,
        report=report,
        counts=describe_counts(report, language=language),
        describe_rest=describe_rest,
        source=source,
        checked_at=language.describe_moment(checked_at),
    )


@cache
def open_templates() -> Environment:
    """Return the templates of the files that the atlas writes; every value is escaped."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
