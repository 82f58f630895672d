"""Findings in words: few of a kind, the nearest right value, and nothing that a value could do to its reader."""

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import product

import pytest

from geo import problems
from geo.checking import Checked, check_files
from geo.errors import Finding
from geo.report import (
    LONGEST_VALUE,
    MOST_OF_A_KIND,
    SEPARATOR_NAMES,
    describe_counts,
    describe_form,
    describe_rest,
    find_nearest,
    to_html,
    to_json,
    to_report,
    to_row,
    to_text,
)
from geo.schema import COUNTRIES, TABLE_BY_NAME
from geo.sheets import Form

THEMES = TABLE_BY_NAME["themes"]
NOW = datetime(2023, 11, 24, 1, 30, tzinfo=UTC)


def find(problem=problems.EMPTY, line=2, column="label_de", value=None, table="themes", **options):
    return Finding(table, line, column, value, problem, **options)


def html_of(findings, language, **options):
    report = to_report(findings, language=language, **options)
    return to_html(report, language=language, source="data", checked_at=NOW)


# --- how many


def test_ten_of_a_kind_are_listed_and_the_rest_is_counted(german):
    findings = [find(line=line) for line in range(2, 27)]
    findings += [find(line=line, column="label_en") for line in range(2, 12)]
    findings += [find(problems.NOT_AN_ID, line=line, column="id", value="A B") for line in range(2, 13)]
    report = to_report(findings, language=german)
    assert MOST_OF_A_KIND == 10
    assert (report.errors, report.warnings, len(report.rows)) == (46, 0, 30)
    assert [(row.line, row.name) for row in report.rows if row.name == "label_de"] == [
        (line, "label_de") for line in range(2, 12)
    ]
    assert [(rest.count, rest.table, rest.column) for rest in report.rest] == [
        (15, "Themen", "Bezeichnung (Deutsch)"),
        (1, "Themen", "Kennung"),
    ]
    assert [describe_rest(rest, language=german) for rest in report.rest] == [
        "Und 15 weitere Stellen in Themen, Bezeichnung (Deutsch): Die Zelle ist leer, muss aber ausgefüllt sein.",
        "Und 1 weitere Stelle in Themen, Kennung: Das ist keine Kennung.",
    ]
    assert "Und 15 weitere Stellen in Themen" in to_text(report, language=german)
    assert "Und 15 weitere Stellen in Themen" in html_of(findings, german)


def test_errors_come_before_warnings_each_by_table_and_line(german):
    near = {"name": "Bonn", "other_line": 2}
    findings = [
        find(problems.SAME_PLACE, 3, "name", "Bonn", "municipalities", details=near),
        find(line=9),
        find(line=4, column="label_en"),
        find(line=7, table="agenda", column="title_de"),
        find(problems.NO_FILE, None, None, table="sites"),
    ]
    report = to_report(findings, language=german)
    assert [(row.severity, row.file, row.line) for row in report.rows] == [
        ("error", "agenda.csv", 7),
        ("error", "sites.csv", None),
        ("error", "themes.csv", 4),
        ("error", "themes.csv", 9),
        ("warning", "municipalities.csv", 3),
    ]
    assert (report.errors, report.warnings) == (4, 1)


@pytest.mark.parametrize(
    ("errors", "warnings", "said"),
    [
        (0, 0, "Alle Tabellen sind in Ordnung."),
        (1, 0, "1 Fehler."),
        (2, 1, "2 Fehler und 1 Hinweis."),
        (0, 2, "2 Hinweise."),
        (1200, 0, "1.200 Fehler."),
    ],
)
def test_the_counts_are_one_sentence(german, errors, warnings, said):
    outside = {"phase": "9", "begin": "2022", "end": "2024"}
    findings = [find(line=line) for line in range(2, 2 + errors)]
    findings += [
        find(problems.OUTSIDE_PHASE, line, "start", "1990", "meetings", details=outside) for line in range(warnings)
    ]
    assert describe_counts(to_report(findings, language=german), language=german) == said


def test_an_empty_report_says_so(german):
    report = to_report([], language=german)
    assert to_text(report, language=german) == "Alle Tabellen sind in Ordnung.\n"
    assert "<table" not in html_of([], german)


# --- the nearest right value


@pytest.mark.parametrize(
    ("value", "nearest"),
    [
        ("urbn", "urban"),
        ("Urban", "urban"),
        ("bio-diversity", "biodiversity"),
        ("adaption", "adaptation"),
        ("a", None),
        ("xyz", None),
        ("", None),
        (None, None),
        ("!?", None),
        ("<b>", None),
        ("urban" * 1000, None),
    ],
)
def test_the_nearest_theme_is_proposed(value, nearest):
    assert find_nearest(value, choices=("energy", "urban", "biodiversity", "adaptation")) == nearest


@pytest.mark.parametrize(
    ("value", "nearest"),
    [
        ("Mexiko", "MX"),
        ("Mexico", "MX"),
        ("México", "MX"),
        ("Mexique", "MX"),
        ("mexiko", "MX"),
        ("Mexioc", "MX"),
        ("Deutschland", "DE"),
        ("Südafrika", "ZA"),
        ("South Africa", "ZA"),
        ("Afrique du Sud", "ZA"),
        ("Namibia", "NA"),
        ("de", "DE"),
        ("Mx ", "MX"),
        ("Tschechei", "CZ"),
        ("Atlantis", None),
        ("USA", None),
        ("X", None),
    ],
)
def test_a_country_is_found_by_its_name_in_the_languages_of_the_project(value, nearest):
    assert find_nearest(value, choices=COUNTRIES) == nearest


@pytest.mark.parametrize(
    ("titles", "proposal"),
    [
        ("id;label_de;label_en;label_es;label_fr;labelpt", "label_pt"),
        ("Kennung;Bezeichnung (Deutsch);label_en;label_es;label_fr;Bezeichnung (Portugisisch)", "(Portugiesisch)"),
        ("kenung;label_de;label_en;label_es;label_fr;label_pt", "Kennung"),
        ("id;label_de;label_en;label_es;label_fr;label_pt;Anmerkung", None),
        ("id;label_de;label_en;label_es;label_fr;label_pt;labelpt", None),
    ],
)
def test_the_nearest_missing_column_is_proposed(german, titles, proposal):
    findings = check_files({"themes": titles.encode()}).findings
    (row,) = [to_row(f, language=german) for f in findings if f.problem is problems.UNKNOWN_COLUMN]
    assert ("Meinten Sie" in row.mend) == (proposal is not None)
    assert proposal is None or f"{proposal}“?" in row.mend
    assert "Bezeichnung (Französisch)" in row.mend


# --- in words, in both languages


# Whatever fills the braces of any message; that findings bring it along is seen in test_faults.py.
DETAILS = {
    "allowed_values": "a, b",
    "begin": "2022",
    "characters": 131072,
    "columns": (THEMES, "id", "label_de"),
    "country": "MX",
    "distance_km": 77,
    "end": "2024",
    "expected": 6,
    "found": 7,
    "latitude": 19.04778,
    "longitude": -98.20723,
    "max_value": 90,
    "megabytes": 10,
    "min_value": -90,
    "month": "09.2023",
    "most": 200,
    "name": "Bonn",
    "north": ("column", TABLE_BY_NAME["partnerships"], "north"),
    "other": "GT",
    "other_line": 3,
    "phase": "9",
    "reason": "Permission denied",
    "rows": 100_000,
    "south": ("column", TABLE_BY_NAME["partnerships"], "south"),
    "target": THEMES,
}


def test_the_line_of_an_uploaded_file_is_told_beside_the_row(german, english):
    findings = [find(line=154, file_line=13)]
    assert "Themen, Zeile 154<br>Zeile 13 Ihrer Datei<br>" in html_of(findings, german)
    assert "Topics, row 154<br>Row 13 of your file<br>" in html_of(findings, english)
    assert "Ihrer Datei" not in html_of([find(line=154)], german)


def test_every_kind_of_finding_can_be_told_in_every_language(languages):
    findings = [find(problem, value="x", details=DETAILS) for problem in problems.BY_NAME.values()]
    for language, finding in product(languages.values(), findings):
        row = to_row(finding, language=language)
        assert row.says
        assert row.mend
        assert not re.search(r"[{}]|Table\(", row.says + row.mend)
    for language in languages.values():
        report = to_report(findings, language=language)
        text, html = to_text(report, language=language), html_of(findings, language)
        assert all(row.says in text and row.mend in text for row in report.rows)
        assert f'<html lang="{language.code}">' in html


def test_a_row_tells_table_line_column_value_what_is_wrong_and_how_to_mend_it(german):
    options = {"choices": ("high", "medium", "low"), "details": {"allowed_values": "high, medium, low"}}
    row = to_row(find(problems.NOT_IN_LIST, 4, "confidence", "hihg", "partnerships", **options), language=german)
    assert (row.severity, row.problem, row.table, row.file) == (
        "error",
        "not_in_list",
        "Partnerschaften",
        "partnerships.csv",
    )
    assert (row.line, row.column, row.name, row.value) == (4, "Sicherheit", "confidence", "hihg")
    assert row.says == "Dieser Wert ist nicht vorgesehen."
    assert row.mend == "Meinten Sie „high“? Erlaubt sind: high, medium, low."
    text = to_text(to_report([find(problems.NOT_IN_LIST, 4, "id", "x", **options)], language=german), language=german)
    assert text.splitlines()[2:4] == [
        "Fehler: themes.csv, Zeile 4, Kennung (id): „x“",
        "    Dieser Wert ist nicht vorgesehen.",
    ]


def test_large_numbers_have_separators_and_years_and_lines_have_none(german, english):
    rows = find(problems.TOO_MANY_ROWS, details={"rows": 100_000})
    assert "100.000 Zeilen" in to_row(rows, language=german).says
    assert "100,000" in to_row(rows, language=english).says
    years = find(
        problems.OUT_OF_RANGE, 2, "since", "20111", "partnerships", details={"min_value": 1900, "max_value": 2100}
    )
    assert "zwischen 1900 und 2100" in to_row(years, language=german).says
    assert "eine Ziffer zu viel" in to_row(years, language=german).mend
    double = find(problems.DOUBLE_ROW, 70_000, details={"other_line": 12_345, "columns": (THEMES, "id", "label_de")})
    assert "Zeile 12345" in to_row(double, language=german).says


def test_numbers_and_countries_are_told_in_the_language(german, english):
    details = {"country": "MX", "latitude": 19.04778, "longitude": -98.20723}
    finding = find(problems.SWAPPED, 2, "latitude", "-98.20723", "municipalities", details=details)
    assert "Mexiko" in to_row(finding, language=german).says
    assert "19,04778" in to_row(finding, language=german).mend
    # The English catalogue may lack the sentence, never the names and numbers in it.
    assert "Mexico" in to_row(finding, language=english).says
    assert "19.04778" in to_row(finding, language=english).mend


@pytest.mark.parametrize(
    ("form", "described"),
    [
        (Form(encoding="cp1252", separator=";"), "Windows-1252, Semikolon"),
        (Form(encoding="utf-8", separator=","), "UTF-8, Komma"),
        (Form(encoding="utf-8-sig", separator="\t"), "UTF-8 (BOM), Tabulator"),
        (Form(encoding="utf-16-le", separator="\t"), "UTF-16, Tabulator"),
        (Form(sheet="Tabelle1"), "Excel-Arbeitsmappe, Blatt „Tabelle1“"),
        (Form(sheet="a\u202e\x1b"), "Excel-Arbeitsmappe, Blatt „a\ufffd\ufffd“"),
    ],
)
def test_what_a_file_was_taken_for_is_told(german, form, described):
    assert describe_form(form, language=german) == described
    report = to_report([], language=german, forms={"themes": form})
    assert report.forms == (("Themen", described),)
    assert f"    Themen: {described}\n" in to_text(report, language=german)


def test_every_form_can_be_told(german):
    encodings = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")
    for encoding, separator in product(encodings, SEPARATOR_NAMES):
        assert describe_form(Form(encoding=encoding, separator=separator), language=german)


# --- values that mean harm

HARM = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"' onmouseover=alert(1) x='",
    "</bdi></td><td>",
    "\x1b[31mred\x1b]0;title\x07",
    "\x9b31m",
    "a\x00b\rc\nd\te",
    "\u202egnp.exe",
    "\u2067\u2066\u2068\u2069\u200f\u200e\u061c",
    "a\u2028b\u2029c",
    "\ud800",
    "x" * 10_000,
    "{0} {name} %s %(x)s {{ 7*7 }}",
    "&lt;b&gt;",
]
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Reading(HTMLParser):
    """Collects what a browser would see in a page: elements, attributes and text."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def read_html(text):
    reading = Reading()
    reading.feed(text)
    reading.close()
    return reading


def harmful(value):
    """Make findings that hold a value wherever a table can put one."""
    details = {"name": value, "other_line": 2}
    return [
        find(problems.NOT_AN_ID, 2, "id", value),
        find(problems.UNKNOWN_COLUMN, 1, None, value, details={"columns": (THEMES, "id")}, choices=("id", value)),
        find(problems.NOT_KNOWN, 3, "id", value, details={"target": THEMES}, choices=(value, "id")),
        find(problems.SAME_PLACE, 4, "name", value, "municipalities", details=details),
    ]


@pytest.mark.parametrize("value", HARM, ids=lambda value: ascii(value)[:20])
def test_values_are_text_and_nothing_else(languages, value):
    for language in languages.values():
        report = to_report(harmful(value), language=language, forms={"themes": Form(sheet=value)})
        text = to_text(report, language=language)
        html = to_html(report, language=language, source="data", checked_at=NOW)
        assert not UNSAFE.search(text)
        assert not UNSAFE.search(html)
        assert text.encode()
        assert html.encode()
        seen, usual = read_html(html), read_html(html_of(harmful("x"), language, forms={"themes": Form(sheet="x")}))
        assert (seen.tags, seen.attributes) == (usual.tags, usual.attributes)
        if not UNSAFE.search(value) and "\n" not in value and len(value) <= LONGEST_VALUE:
            assert seen.text.count(value) >= 5
            assert text.count(value) >= 5


def test_long_values_are_cut(german):
    assert to_row(find(value="x" * 10_000), language=german).value == "x" * LONGEST_VALUE + "…"
    assert to_row(find(value="x" * LONGEST_VALUE), language=german).value == "x" * LONGEST_VALUE
    text = to_text(to_report(harmful("x" * 10_000), language=german), language=german)
    assert len(text) < 10_000


# --- JSON and HTML


@pytest.fixture
def checked():
    findings = tuple(find(line=line) for line in range(2, 15)) + tuple(harmful("<b>\u202e\x1b"))
    return Checked(findings, {}, {}, {"themes": Form(encoding="cp1252", separator=";")})


def test_json_holds_every_listed_finding_and_the_counts(languages, checked):
    for language in languages.values():
        report = to_report(checked.findings, language=language)
        value = json.loads(to_json(checked, language=language))
        assert (value["errors"], value["warnings"]) == (report.errors, report.warnings) == (16, 1)
        assert [(row["problem"], row["file"], row["line"], row["name"], row["value"]) for row in value["rows"]] == [
            (row.problem, row.file, row.line, row.name, row.value) for row in report.rows
        ]
        assert [rest["count"] for rest in value["rest"]] == [3]
        assert value["forms"] == {"themes": {"encoding": "cp1252", "separator": ";", "sheet": ""}}


def test_html_needs_nothing_else(languages, checked):
    for language in languages.values():
        html = html_of(checked.findings, language, forms=checked.forms)
        seen = read_html(html)
        assert not {"script", "link", "img", "iframe", "object", "base"} & set(seen.tags)
        assert not {"src", "href", "srcset", "style", "data"} & {name for name, _ in seen.attributes}
        assert not any(name.startswith("on") for name, _ in seen.attributes)
        assert not re.search(r"url\(|@import|https?:", html.replace("https:// ", "").replace("http://.", ""))
        assert '<meta charset="utf-8">' in html
        assert seen.tags.count("tr") == 1 + len(to_report(checked.findings, language=language).rows)


def test_the_html_names_its_source_and_the_time(german):
    report = to_report([], language=german)
    html = to_html(report, language=german, source="<data>", checked_at=NOW)
    assert f"&lt;data&gt; · {german.describe_moment(NOW)}" in html
