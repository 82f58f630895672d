"""One file per fault, put in the place of the real one: exactly the fault is found, and told to the reader."""

import io
import zipfile
from itertools import pairwise

import pytest
from openpyxl import Workbook

from geo import problems
from geo.checking import check_files
from geo.report import to_report
from geo.schema import TABLE_BY_NAME, TABLES
from geo.sheets import MAX_BYTES, MAX_CELL, MAX_ROWS
from geo.tables import read_files

# File -> every finding: line, column, and what a reader finds in the report besides the problem.
FILES = {
    "themes.empty_file": [(None, None, "Spaltentiteln")],
    "themes.no_first_line": [(1, None, "Löschen Sie die leeren Zeilen")],
    "themes.unknown_encoding": [(None, None, "CSV UTF-8")],
    "themes.broken_quotes": [(3, None, "Anführungszeichen")],
    "themes.other_table": [(1, None, "„Phasen“")],
    "themes.no_column": [(1, "label_pt", "fehlt")],
    "themes.unknown_column": [(1, None, "Bezeichnung (Spanisch)")],
    "themes.unknown_column-misspelt": [
        (1, None, "Meinten Sie „label_es“?"),
        (1, "label_es", "fehlt"),
    ],
    "themes.double_column": [(1, "label_de", "mehrfach")],
    "themes.wrong_cell_count": [(2, None, "7 Zellen, die Titelzeile aber 6")],
    "themes.empty": [(3, "label_en", "ausgefüllt")],
    "themes.garbled": [(2, "label_es", "CSV UTF-8")],
    "themes.perhaps_garbled": [(2, "label_de", "„CSV UTF-8“"), (3, "label_es", "Fehlt nur ein Leerzeichen")],
    "themes.not_unique": [(2, "id", "eindeutig"), (3, "id", "eindeutig")],
    "themes.not_an_id": [(3, "id", "mx-puebla")],
    "delegations.double_row": [(4, "country", "Diese Angaben stehen schon in Zeile 2.")],
    "phases.not_a_date": [(3, "end", "09.2023")],
    "municipalities.not_a_decimal": [(3, "latitude", "47,12")],
    "municipalities.ambiguous_number": [(3, "latitude", "47123,5")],
    "municipalities.ambiguous_integer": [(4, "precision_m", "nur Ziffern, zum Beispiel 1000")],
    "municipalities.not_in_list": [(2, "kind", "municipality, district")],
    "municipalities.not_a_country": [(3, "country", "Meinten Sie „MX“?")],
    "municipalities.not_a_state": [(2, "region", "Nordrhein-Westfalen")],
    "municipalities.out_of_range": [(3, "latitude", "zwischen -90 und 90")],
    "municipalities.swapped": [(3, "latitude", "Breitengrad 19,04778, Längengrad -98,20723")],
    "municipalities.wrong_sign": [(4, "latitude", "Breitengrad -22,55941, Längengrad 17,08323")],
    "municipalities.shifted": [(3, "latitude", "nicht im angegebenen Land (Mexiko): Das Komma ist verrutscht")],
    "municipalities.in_other_country": [
        (3, "latitude", "außerhalb des angegebenen Landes (Guatemala), in einem anderen (Mexiko)")
    ],
    "municipalities.other_or_shifted": [(3, "latitude", "in einem anderen (Argentinien)")],
    "municipalities.far_away": [(3, "latitude", "mitten im Meer")],
    "themes.no_titles": [(1, None, "Vorgesehen sind: Kennung, Bezeichnung (Deutsch)")],
    "municipalities.at_sea": [(3, "latitude", "außerhalb des angegebenen Landes (Mexiko)")],
    "municipalities.perhaps_slipped": [(3, "latitude", "Breitengrad 1,14, Längengrad -66,3 läge der Punkt im Land")],
    "municipalities.same_place": [(5, "name", "„Puebla“ (Zeile 3)")],
    "municipalities.alike": [(5, "name", "„Dortmund“ (Zeile 2)")],
    "sites.shifted": [(2, "longitude", "Längengrad -98,2244")],
    "sites.not_known": [(3, "meeting", "Meinten Sie „2023-09-puebla“?")],
    "partnerships.empty": [(3, "since", "ausgefüllt")],
    "partnerships.not_an_integer": [(2, "since", "nur Ziffern")],
    "partnerships.not_in_list": [(4, "confidence", "high, medium, low")],
    "partnerships.not_a_url": [(2, "source_url", "https://")],
    "partnerships.out_of_range": [(2, "since", "zwischen 1900 und 2100")],
    "partnerships.not_known": [(3, "south", "Meinten Sie „za-durban“?")],
    "partnerships.not_known-theme": [(4, "themes", "Meinten Sie „urban“?")],
    "partnerships.not_german": [(4, "north", "in die Spalte „Partnerkommune im Globalen Süden“ die andere")],
    "partnerships.not_german-swapped": [(4, "north", "vertauscht")],
    "partnerships.both_german": [(3, "south", "„Partnerkommune im Globalen Süden“")],
    "partnerships.outside_phase": [(2, "since", "Phase 1, die von 2011 bis 2013")],
    "meetings.not_a_date": [(4, "end", "27.09.2023")],
    "meetings.short_month": [(4, "start", "Vorschlag: 09.2023")],
    "meetings.not_a_whole_place": [(2, "longitude", "gehören zusammen")],
    "meetings.before_start": [(4, "end", "vor dem Beginn")],
    "meetings.outside_phase": [(4, "start", "Phase 9")],
    "talk.scene_not_known": [(3, "meeting", "Meinten Sie „2023-09-puebla“?")],
    "talk.scene_empty": [(3, "title_de", "oder nicht die der Szene")],
    "talk.scene_of_several": [(2, "meeting", "nur eines"), (2, "partnership", "nur eines")],
}


def workbook_with(row):
    book, file = Workbook(), io.BytesIO()
    book.active.append([*TABLE_BY_NAME["themes"].schema.columns])
    book.active.append(["energy", "Energie", "Energy"])
    book.active.append(row)
    book.save(file)
    return file.getvalue()


def archive_with(name, content=b""):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def large(row, count):
    return b"id,label_de,label_en,label_es,label_fr,label_pt\n" + row * count


# What needs no file to be kept: themes made by programs, or too large.
MADE = {
    "formula": (lambda: workbook_with(["water", "=A2", "Water"]), [(3, "label_de", "Inhalte einfügen")]),
    "spreadsheet_error": (lambda: workbook_with(["#REF!", "Wasser", "Water"]), [(3, "id", "Fehlerwert")]),
    "not_a_workbook": (lambda: workbook_with(["water", "Wasser", "Water"])[:3000], [(None, None, ".xlsx")]),
    "old_workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), [(None, None, "Kennwort")]),
    "macros": (lambda: archive_with("xl/vbaProject.bin"), [(None, None, "ohne Makros")]),
    "swelling": (lambda: archive_with("xl/a.xml", bytes(101_000_000)), [(None, None, "100 Megabyte")]),
    "too_large": (lambda: bytes(MAX_BYTES + 1), [(None, None, "10 Megabyte")]),
    "too_many_rows": (lambda: large(b"a\n", MAX_ROWS + 1), [(None, None, "100.000 Zeilen")]),
    "too_many_columns": (lambda: large(b"a\n", 1).replace(b"\n", b"," * 200 + b"x\n", 1), [(1, None, "200 Spalten")]),
    "cell_too_long": (lambda: large(b"a," + b"x" * (MAX_CELL + 1), 1), [(2, None, "131.072 Zeichen")]),
}
ELSEWHERE = {
    "no_file": "a file that is not there: test_a_file_that_is_missing, below",
    "no_extra_file": "the same of a table that the atlas does without",
    "unsettled": "a file that is always being written is told by the store, see test_store.py",
    "no_database": "a database that is away is told by the store, see test_database.py",
    "check_failed": "a mistake in a check is told by the store, see test_store.py",
    "not_readable": "a file that the system does not hand over is an OSError, told by those who read folders",
}


def empty_those_that_point_to(table, folder):
    """Leave no row that could lose what it points to."""
    for other in TABLES:
        if any(target == table for target, _ in other.references.values()):
            path = folder / f"{other.name}.csv"
            path.write_text(path.read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")
            empty_those_that_point_to(other.name, folder)


def expect(folder, table, problem, expected, german):
    findings = check_files(read_files(folder)).findings
    assert [(f.table, f.line, f.column) for f in findings] == [(table, line, column) for line, column, _ in expected]
    # What a misspelt title names is missing as well.
    assert {finding.problem.name for finding in findings} - {"no_column"} == {problem} - {"no_column"}
    assert {finding.problem.severity for finding in findings} == {problems.BY_NAME[problem].severity}
    for row, (_, _, told) in zip(to_report(findings, language=german).rows, expected, strict=True):
        assert told in f"{row.says} {row.mend}"


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_one_fault(root, folder, german, name):
    table, _, fault = name.partition(".")
    empty_those_that_point_to(table, folder)
    content = (root / "tests" / "files" / "faults" / f"{name}.csv").read_bytes()
    (folder / f"{table}.csv").write_bytes(content)
    expect(folder, table, fault.partition("-")[0], FILES[name], german)


@pytest.mark.parametrize("problem", MADE)
def test_a_made_file_with_one_fault(folder, german, problem):
    empty_those_that_point_to("themes", folder)
    make, expected = MADE[problem]
    (folder / "themes.csv").write_bytes(make())
    expect(folder, "themes", problem, expected, german)


@pytest.mark.parametrize(("table", "problem"), [("agenda", "no_file"), ("talk", "no_extra_file")])
def test_a_file_that_is_missing(folder, german, table, problem):
    (folder / f"{table}.csv").unlink()
    expect(folder, table, problem, [(None, None, "Die Datei fehlt.")], german)


def test_every_problem_has_a_file_and_every_file_is_tested(root):
    tested = {name.partition(".")[2].partition("-")[0] for name in FILES}
    parts = [tested, set(MADE), set(ELSEWHERE)]
    assert set.union(*parts) == set(problems.BY_NAME)
    assert not any(one & other for one, other in pairwise([*parts, tested]))
    assert {path.stem for path in (root / "tests" / "files" / "faults").iterdir()} == set(FILES)


def test_problems_have_names_of_their_own_and_messages_that_end_as_sentences():
    made = [value for value in vars(problems).values() if isinstance(value, problems.Problem)]
    assert len({problem.name for problem in made}) == len(made)
    for constant, problem in vars(problems).items():
        if isinstance(problem, problems.Problem):
            assert constant.lower() == problem.name
            assert problem.says.endswith(".")
            assert problem.mend.endswith(".")
