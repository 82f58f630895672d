"""What office programs write is read, whatever else is refused with a reason, and nothing breaks the reader."""

import csv
import io
import warnings
import zipfile
from datetime import date, datetime, time
from functools import partial

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from geo import problems
from geo.errors import SheetError
from geo.schema import TABLE_BY_NAME
from geo.sheets import MAX_BYTES, MAX_CELL, MAX_CHARACTERS, MAX_COLUMNS, MAX_EMPTY, MAX_ROWS, Form, read_sheet
from geo.tables import count_known_titles

THEMES = TABLE_BY_NAME["themes"]
TITLES = "id;label_de;label_en"
SST = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def read(content):
    if isinstance(content, str):
        content = content.encode()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of openpyxl, about parts that do not matter here
        return read_sheet(content, count_known=partial(count_known_titles, table=THEMES))


def problem_of(content):
    with pytest.raises(SheetError) as caught:
        read(content)
    assert str(caught.value) == caught.value.problem.says.format(**caught.value.details)
    return caught.value.problem


def workbook(*rows, formats=None, **sheets):
    """Make a workbook of one sheet, and of more given by name."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cell, form in (formats or {}).items():
        book.active[cell].number_format = form
    for name, more in sheets.items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_parts(content, **changes):
    """Change the parts of a workbook whose name begins so: a function of the text, or the new content."""
    source, file = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in source.infolist():
            stem = entry.filename.rpartition("/")[2].partition(".")[0]
            change = changes.get(stem)
            old = source.read(entry).decode()
            archive.writestr(entry.filename, change(old) if callable(change) else old if change is None else change)
    return file.getvalue()


def with_shared_strings(content, shared):
    """Give a workbook a part of shared strings, as Excel has it."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    typed = with_parts(
        content,
        **{
            "[Content_Types]": lambda text: text.replace(
                "</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
            ),
            "workbook": lambda text: text.replace(
                "</Relationships>",
                f'<Relationship Id="rId99" Type="{relation}" Target="/xl/sharedStrings.xml"/></Relationships>',
            ),
            "sheet1": lambda text: text.replace(
                "</sheetData>", '<row r="9"><c r="A9" t="s"><v>0</v></c></row></sheetData>'
            ),
        },
    )
    file = io.BytesIO(typed)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", shared)
    return file.getvalue()


# --- encodings and separators


@pytest.mark.parametrize(
    ("encoding", "mark", "taken_for"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
        ("cp1252", b"", "cp1252"),
        ("utf-16-le", b"\xff\xfe", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("separator", [";", ",", "\t"], ids=["semicolon", "comma", "tab"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_encodings_separators_and_line_ends(encoding, mark, taken_for, separator, line_end):
    lines = [TITLES, "water;Wasser für „Süd“;Water – €", "waste;Abfall;"]
    text = line_end.join(lines).replace(";", separator) + line_end
    sheet = read(mark + text.encode(encoding))
    assert sheet.titles == ["id", "label_de", "label_en"]
    assert sheet.rows == [["water", "Wasser für „Süd“", "Water – €"], ["waste", "Abfall", ""]]
    assert sheet.lines == [2, 3]
    assert sheet.form == Form(encoding=taken_for, separator=separator)
    assert sheet.bad_cells == ()


def test_ascii_is_utf_8_and_the_same_bytes_are_always_taken_for_the_same():
    content = f"{TITLES}\nwater;W;W\n".encode()
    assert {read(content).form for _ in range(5)} == {Form(encoding="utf-8", separator=";")}


@pytest.mark.parametrize("hint", ["sep=;", "sep=,", "sep=\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_hint_of_excel_is_no_row(hint, line_end):
    text = line_end.join([hint, TITLES, "water;W;W"]).replace(";", hint[-1])
    sheet = read("\ufeff" + text)
    assert (sheet.titles, sheet.rows, sheet.lines) == (["id", "label_de", "label_en"], [["water", "W", "W"]], [2])
    assert sheet.form.separator == hint[-1]


def test_the_separator_with_most_known_titles_is_taken_and_no_other_in_the_cells_counts():
    assert read("id,label_de,label_en\nwater,a;b;c;d;e,W").rows == [["water", "a;b;c;d;e", "W"]]
    assert read("id;label_de;label_en\nwater;a, b, c, d, e;W").rows == [["water", "a, b, c, d, e", "W"]]
    # No title is known: the separator with most cells.
    assert read("one,two;three,four\n1,2;3,4").titles == ["one", "two;three", "four"]
    assert read("one").form.separator == ";"


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_titles_may_stand_in_quotes(separator):
    sheet = read(separator.join(['"id"', '"label_de"', '"label_en"']) + "\n" + separator.join(['"a"', '"b"', '"c"']))
    assert (sheet.titles, sheet.rows) == (["id", "label_de", "label_en"], [["a", "b", "c"]])


def test_titles_are_german_or_those_of_the_schema_in_any_order():
    sheet = read("Bezeichnung (Englisch);Kennung;label_de\nWater;water;Wasser")
    assert sheet.form.separator == ";"
    assert sheet.titles == ["Bezeichnung (Englisch)", "Kennung", "label_de"]


# --- rows, cells and what surrounds them


def test_quoted_line_breaks_are_part_of_the_cell_and_lines_count_as_in_excel():
    sheet = read('id;label_de\na;"one\ntwo\r\nthree"\nb;"with ""quotes"" and ;"\n')
    assert sheet.rows == [["a", "one\ntwo\r\nthree"], ["b", 'with "quotes" and ;']]
    assert sheet.lines == [2, 3]


def test_blanks_of_every_kind_around_cells_and_titles_are_no_content():
    blanks = " \u00a0\t\u2009\u202f\u3000\u200b\ufeff\u2060"
    sheet = read(f"id ;{blanks}label_de;label_en\n{blanks}a{blanks};b\u00a0c;\u200b {blanks}\n")
    assert sheet.titles == ["id", "label_de", "label_en"]
    assert sheet.rows == [["a", "b\u00a0c", ""]]


def test_empty_rows_are_left_out_and_counted():
    sheet = read(f"{TITLES}\n\na;b;c\n;;\n \u00a0 ; ;\n\nd;e;f\n;;\n\n\n")
    assert sheet.rows == [["a", "b", "c"], ["d", "e", "f"]]
    assert sheet.lines == [3, 7]


def test_empty_columns_at_the_end_are_left_out_and_missing_cells_filled():
    sheet = read(f"{TITLES};;;\na;b;c;;;;;\nd\ne;;g")
    assert sheet.titles == ["id", "label_de", "label_en"]
    assert sheet.rows == [["a", "b", "c"], ["d", "", ""], ["e", "", "g"]]


def test_what_stands_beyond_the_titles_is_kept_for_the_one_who_checks():
    assert read("id;label_de\na;b;c").rows == [["a", "b", "c"]]
    assert read("id;label_de;\na;b\nc;d;e").titles == ["id", "label_de", ""]
    assert read("id;;label_de\na;;c").titles == ["id", "", "label_de"]


def test_titles_alone_are_a_table_without_rows():
    sheet = read(TITLES)
    assert (sheet.rows, sheet.lines) == ([], [])


# --- workbooks


def test_a_workbook_is_read_as_text():
    content = workbook(
        ["id", "label_de", "label_en", "since", "latitude"],
        ["water", "Wasser", " Water\u00a0", 2023, 47.12],
        ["waste", "007", True, 2011.0, -0.5],
        [None, None, None, None, None],
        ["energy", "=ok"[1:], None, 1e-7, 0.1 + 0.2],
        ["x", 123456789012, 1e15, 19.047780000000003, -98.0],
    )
    sheet = read(content)
    assert sheet.titles == ["id", "label_de", "label_en", "since", "latitude"]
    assert sheet.rows == [
        ["water", "Wasser", "Water", "2023", "47.12"],
        ["waste", "007", "True", "2011", "-0.5"],
        ["energy", "ok", "", "0.0000001", "0.3"],
        ["x", "123456789012", "1000000000000000", "19.04778", "-98"],
    ]
    assert sheet.lines == [2, 3, 5, 6]
    assert sheet.form == Form(sheet="Sheet")
    assert sheet.bad_cells == ()


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (date(2023, 9, 27), "dd.mm.yyyy", "2023-09-27"),
        (date(2023, 9, 7), "d/m/yy", "2023-09-07"),
        (datetime(2023, 9, 27, 0, 0), "[$-407]d. mmmm yyyy;@", "2023-09-27"),
        (datetime(2023, 9, 27, 13, 30), "dd.mm.yyyy hh:mm", "2023-09-27"),
        (date(2023, 9, 1), "mmm yy", "2023-09"),
        (date(2023, 9, 1), "mm\\.yyyy", "2023-09"),
        (date(2023, 9, 1), '[$-407]mmmm" des Jahres "yyyy', "2023-09"),
        (date(2023, 1, 1), "yyyy", "2023"),
        (date(2023, 9, 27), "TT.MM.JJJJ", "2023-09-27"),
        (time(9, 30), "hh:mm", "09:30:00"),
    ],
)
def test_dates_of_a_workbook_are_as_precise_as_their_number_format(value, form, text):
    sheet = read(workbook(["id", "label_de"], ["a", value], formats={"B2": form}))
    assert sheet.rows == [["a", text]]


def test_formulas_and_error_values_are_named_with_their_place():
    content = workbook(["id", "label_de", "label_en"], ["a", "=A2", "b"], ["#N/A", "c", "d"], ["e"])
    book = with_parts(
        content,
        sheet1=lambda text: text.replace(
            "</sheetData>", '<row r="7"><c r="B7"><f t="array" ref="B7">SUM(A1:A2)</f><v>3</v></c></row></sheetData>'
        ),
    )
    found = [(bad.line, bad.column, bad.value, bad.problem) for bad in read(book).bad_cells]
    assert found == [
        (2, 1, "=A2", problems.FORMULA),
        (3, 0, "#N/A", problems.SPREADSHEET_ERROR),
        (7, 1, "=SUM(A1:A2)", problems.FORMULA),
    ]


def test_an_array_formula_is_told_as_it_was_written():
    content = workbook(["id", "label_de"], ["a", ArrayFormula("B2", "=SUM(1,2)")])
    assert [bad.value for bad in read(content).bad_cells] == ["=SUM(1,2)"]


def test_a_text_that_looks_like_a_formula_is_a_text():
    book = Workbook()
    book.active.append(["id", "label_de"])
    book.active.append(["a", "=1+1"])
    book.active["B2"].data_type = "s"
    file = io.BytesIO()
    book.save(file)
    sheet = read(file.getvalue())
    assert (sheet.rows, sheet.bad_cells) == ([["a", "=1+1"]], ())


def test_the_sheet_with_most_known_titles_is_taken():
    rows = [["id", "label_de", "label_en"], ["a", "b", "c"]]
    sheet = read(workbook(["Anmerkungen", "label_de"], ["x"], Themen=rows, Leer=[]))
    assert (sheet.form.sheet, sheet.rows) == ("Themen", [["a", "b", "c"]])
    assert read(workbook(*rows, Kopie=rows)).form.sheet == "Sheet"


def test_what_stands_beyond_the_last_column_is_not_dropped():
    titles = [f"title {n}" for n in range(MAX_COLUMNS)]
    assert read(workbook(titles, ["a"] * MAX_COLUMNS)).titles == titles
    assert problem_of(workbook([*titles, "one more"])) is problems.TOO_MANY_COLUMNS
    assert problem_of(";".join([*titles, "", "one more"])) is problems.TOO_MANY_COLUMNS
    far = '<row r="7"><c r="XFD7" t="inlineStr"><is><t>{}</t></is></c></row></sheetData>'
    content = with_parts(GOOD, sheet1=lambda text: text.replace("</sheetData>", far.format("note")))
    with pytest.raises(SheetError) as caught:
        read(content)
    assert (caught.value.problem, caught.value.line) == (problems.TOO_MANY_COLUMNS, 7)
    assert read(with_parts(GOOD, sheet1=lambda text: text.replace("</sheetData>", far.format(" ")))).rows == [
        ["a", "b"]
    ]


def test_empty_cells_far_out_in_every_row_are_too_many_columns():
    """They would be looked through for minutes."""
    rows = "".join(f'<row r="{n}"><c r="XFD{n}"/></row>' for n in range(3, 10_003))
    assert MAX_EMPTY < 10_000 * 16_384
    content = with_parts(GOOD, sheet1=lambda text: text.replace("</sheetData>", f"{rows}</sheetData>"))
    assert problem_of(content) is problems.TOO_MANY_COLUMNS


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Zeile 1_x000D_\nZeile 2", "Zeile 1\r\nZeile 2"),
        ("_x005F_x000D_", "_x000D_"),
        ("_x00e4_x", "äx"),
        ("half_xD83D_", "half_xD83D_"),
        ("_x0000_ and _xFFFF_", "_x0000_ and _xFFFF_"),
        ("_x12_", "_x12_"),
    ],
)
def test_letters_that_excel_writes_as_numbers_are_read(written, text):
    assert read(workbook(["id", "label_de"], ["a", written])).rows == [["a", text]]


@pytest.mark.parametrize("claim", ["A1", "A1:XFD1048576", "A1:B2", "C3:D4", "A1:ZZZ9"])
def test_what_a_workbook_claims_about_its_size_does_not_count(claim):
    content = workbook(["id", "label_de", "label_en"], ["a", "b", "c"], ["d", "e", "f"])
    book = with_parts(content, sheet1=lambda text: text.replace('ref="A1:C3"', f'ref="{claim}"'))
    assert book != content
    assert read(book).rows == [["a", "b", "c"], ["d", "e", "f"]]


def test_rows_after_a_million_empty_ones_are_not_lost():
    content = workbook(["id", "label_de"], ["a", "b"])
    last = '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>z</t></is></c></row></sheetData>'
    sheet = read(with_parts(content, sheet1=lambda text: text.replace("</sheetData>", last)))
    assert (sheet.rows, sheet.lines) == ([["a", "b"], ["z", ""]], [2, 1048576])


def test_shared_strings_are_read():
    content = with_shared_strings(workbook(["id"], ["a"]), f"{SST}<si><t>geteilt</t></si></sst>")
    assert read(content).rows == [["a"], ["geteilt"]]


def test_the_german_titles_of_a_workbook_are_found_on_the_right_sheet():
    sheet = read(workbook(["x"], Themen=[["Kennung", "Bezeichnung (Deutsch)"], ["a", "b"]]))
    assert sheet.titles == ["Kennung", "Bezeichnung (Deutsch)"]


# --- what is refused


def archive_of(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


GOOD = workbook(["id", "label_de"], ["a", "b"])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", problems.EMPTY_FILE),
        (b"\xef\xbb\xbf", problems.EMPTY_FILE),
        (b"\xff\xfe", problems.EMPTY_FILE),
        (b"\r\n;;;\r\n", problems.EMPTY_FILE),
        (b";;;\na;b", problems.NO_FIRST_LINE),
        (workbook(), problems.EMPTY_FILE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), problems.OLD_WORKBOOK),
        # A workbook with a password is such a file as well, with the encrypted workbook in it.
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"),
            problems.OLD_WORKBOOK,
        ),
        (GOOD[: len(GOOD) // 2], problems.NOT_A_WORKBOOK),
        (GOOD[:4], problems.NOT_A_WORKBOOK),
        (archive_of(mimetype="application/vnd.oasis.opendocument.spreadsheet"), problems.NOT_A_WORKBOOK),
        (archive_of(**{"readme.txt": "hello"}), problems.NOT_A_WORKBOOK),
        (archive_of(**{"xl/vbaProject.bin": "x", "[Content_Types].xml": "<x/>"}), problems.MACROS),
        (archive_of(**{"XL/VBAPROJECT.BIN": "x"}), problems.MACROS),
        (archive_of(**{"xl/macrosheets/sheet1.xml": "<x/>"}), problems.MACROS),
        (with_parts(GOOD, sheet1="<worksheet"), problems.NOT_A_WORKBOOK),
        (with_parts(GOOD, workbook="<a/>"), problems.NOT_A_WORKBOOK),
        (
            with_parts(GOOD, sheet1=lambda text: text.replace("</sheetData>", '<row r="x"/></sheetData>')),
            problems.NOT_A_WORKBOOK,
        ),
        (
            with_parts(
                GOOD,
                sheet1=lambda text: text.replace(
                    "</sheetData>", '<row r="3"><c r="A3" t="s"><v>77</v></c></row></sheetData>'
                ),
            ),
            problems.NOT_A_WORKBOOK,
        ),
        (b"id;label_de\na;\x00\n", problems.UNKNOWN_ENCODING),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", problems.UNKNOWN_ENCODING),
        (b"\xff\xfea", problems.UNKNOWN_ENCODING),
        (b"\xff\xfe\x00\xd8a\x00", problems.UNKNOWN_ENCODING),
        ("id;label_de\n".encode("utf-32"), problems.UNKNOWN_ENCODING),
        (b"\xef\xbb\xbfid;label_de\na;\xfc\n", problems.UNKNOWN_ENCODING),
        (b"id;label_de\na;\x81\n", problems.UNKNOWN_ENCODING),
        (b'id;label_de\na;b\nc;"d\ne;f\n', problems.BROKEN_QUOTES),
        (b'id;label_de\na;"b"c\n', problems.BROKEN_QUOTES),
        (b"id;label_de\na;" + b"x" * 200_000, problems.CELL_TOO_LONG),
        (b"a" * (MAX_BYTES + 1), problems.TOO_LARGE),
        (b"id\n" + b"a\n" * (MAX_ROWS + 1), problems.TOO_MANY_ROWS),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(content, problem):
    assert problem_of(content) is problem


def test_a_long_cell_is_refused_whatever_limit_another_library_has_set():
    before = csv.field_size_limit(10 * MAX_CELL)
    try:
        assert problem_of(b"id;label_de\na;" + b"x" * (MAX_CELL + 1)) is problems.CELL_TOO_LONG
        assert read(b"id;label_de\na;" + b"x" * MAX_CELL).rows == [["a", "x" * MAX_CELL]]
    finally:
        csv.field_size_limit(before)


def test_the_line_of_an_open_quote_and_of_a_long_cell_is_told():
    for broken in ('c;"d\ne;f\n', "c;" + "x" * (MAX_CELL + 1)):
        with pytest.raises(SheetError) as caught:
            read("id;label_de\n\na;b\n" + broken)
        assert caught.value.line == 4


def test_as_many_rows_as_are_allowed_and_empty_ones_beside():
    sheet = read(b"id;label_de\n" + b"a;b\n;\n" * MAX_ROWS)
    assert (len(sheet.rows), sheet.lines[-1]) == (MAX_ROWS, 2 * MAX_ROWS)


def test_a_file_of_ten_megabytes_is_read():
    row = b"a;" + b"x" * 997 + b"\n"
    content = b"id;label_de\n" + row * ((MAX_BYTES - 12) // len(row))
    assert MAX_BYTES - len(row) < len(content) <= MAX_BYTES
    assert len(read(content).rows) == 9999


def test_millions_of_columns_and_few_rows_do_no_harm():
    """Filled up to the width of their titles, such rows would not fit into any memory."""
    assert problem_of(b"a;" * 2_000_000 + b"\n" + b"b\n" * 90_000) is problems.TOO_MANY_COLUMNS
    assert len(read(b"a;" * MAX_COLUMNS + b"\n" + b"b\n" * 90_000).titles) == MAX_COLUMNS
    assert read(b"id" + b";" * 2_000_000 + b"\nx\n").titles == ["id"]


def test_a_zip_bomb_is_not_opened():
    bomb = with_parts(GOOD, app=b"\0" * 150_000_000)
    assert len(bomb) < 200_000
    assert problem_of(bomb) is problems.SWELLING


def test_a_bomb_of_small_parts_is_not_opened():
    """Half a megabyte of empty strings, which would take gigabytes and minutes."""
    bomb = with_shared_strings(GOOD, SST + "<si/>" * 5_000_000 + "</sst>")
    assert len(bomb) < 200_000
    assert problem_of(bomb) is problems.SWELLING


def repeated(text, *, rows):
    """A workbook with one text that every row shows in three cells: some kilobytes, whatever its length."""
    cells = '<c t="s"><v>0</v></c>' * 3
    content = with_shared_strings(workbook(["id", "label_de"]), f"{SST}<si><t>{text}</t></si></sst>")
    return with_parts(
        content, sheet1=lambda sheet: sheet.replace("</sheetData>", f"<row>{cells}</row>" * rows + "</sheetData>")
    )


def test_a_text_kept_once_and_shown_in_many_cells_is_counted_as_often():
    """Six kilobytes that would take gigabytes, and a minute, on their way to a table."""
    bomb = repeated("x" * 1_000_000, rows=200)
    assert len(bomb) < 20_000
    assert problem_of(bomb) is problems.CELL_TOO_LONG
    assert problem_of(repeated("x" * MAX_CELL, rows=200)) is problems.SWELLING
    fitting = MAX_CHARACTERS // (3 * MAX_CELL)
    assert len(read(repeated("x" * MAX_CELL, rows=fitting - 1)).rows) == fitting


def test_long_titles_of_other_sheets_are_not_compared():
    """Each costs time, and one text may stand in the titles of a thousand sheets."""
    shared = f"{SST}<si><t>{'x' * 100_000}</t></si></sst>"
    content = with_shared_strings(workbook(["id"], Notizen=[["Anmerkung"]]), shared)
    titles = '<row r="1">' + '<c t="s"><v>0</v></c>' * 200 + "</row>"
    content = with_parts(content, sheet2=lambda text: text.replace("<sheetData>", f"<sheetData>{titles}"))
    compared = []
    read_sheet(content, count_known=lambda found: compared.extend(found) or 0)
    assert compared == ["id"]


def test_a_formula_shared_by_very_many_cells_is_not_worked_out_for_all():
    formula = "+".join(["A1"] * 10_000)
    shared = f'<c r="A3"><f t="shared" ref="A3:A300" si="0">{formula}</f></c>'
    more = "".join(f'<row r="{n}"><c r="A{n}"><f t="shared" si="0"/></c></row>' for n in range(4, 301))
    content = with_parts(
        GOOD, sheet1=lambda text: text.replace("</sheetData>", f'<row r="3">{shared}</row>{more}</sheetData>')
    )
    assert 0 < len(read(content).bad_cells) < 20


def test_an_archive_that_lies_about_its_size_is_no_workbook():
    bomb = bytearray(with_parts(GOOD, app=b"\0" * 50_000_000))
    size = (50_000_000).to_bytes(4, "little")
    assert bomb.count(size) == 2
    assert problem_of(bytes(bomb.replace(size, (1000).to_bytes(4, "little")))) is problems.NOT_A_WORKBOOK


@pytest.mark.parametrize(
    "shared",
    [
        '<!DOCTYPE sst [<!ENTITY a "ha">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        + f"]>{SST}<si><t>&j;</t></si></sst>",
        f'<!DOCTYPE sst [<!ENTITY file SYSTEM "file:///etc/passwd">]>{SST}<si><t>&file;</t></si></sst>',
    ],
    ids=["billion laughs", "a file of the server"],
)
def test_entities_are_not_resolved(shared):
    assert problem_of(with_shared_strings(GOOD, shared)) is problems.NOT_A_WORKBOOK


@pytest.mark.parametrize(
    ("number", "text"), [("inf", None), ("nan", None), ("9" * 5000, None), ("1,5", None), ("x", None), ("1e999", "inf")]
)
def test_numbers_that_are_none_break_nothing(number, text):
    cell = f'<row r="3"><c r="A3"><v>{number}</v></c></row></sheetData>'
    content = with_parts(GOOD, sheet1=lambda sheet: sheet.replace("</sheetData>", cell))
    if text is None:
        assert problem_of(content) is problems.NOT_A_WORKBOOK
    else:
        assert read(content).rows == [["a", "b"], [text, ""]]


def test_an_archive_with_a_password_is_no_workbook():
    marked = bytearray(GOOD)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = marked.find(signature)
        while at >= 0:
            marked[at + offset] |= 1
            at = marked.find(signature, at + 4)
    assert problem_of(bytes(marked)) is problems.NOT_A_WORKBOOK


# --- whatever the bytes are

PLAIN = f'{TITLES}\nwater;Wasser für alle;Water\nwaste;"Ab\nfall";\'=x\n'
REAL = [PLAIN.encode(), PLAIN.encode("cp1252"), PLAIN.encode("utf-16"), GOOD]


@st.composite
def mutated(draw):
    content = bytearray(draw(st.sampled_from(REAL)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(content)))
        kind = draw(st.sampled_from(["set", "cut", "insert", "swap"]))
        if kind == "set" and at < len(content):
            content[at] = draw(st.integers(0, 255))
        elif kind == "cut":
            del content[at : at + draw(st.integers(1, 50))]
        elif kind == "insert":
            content[at:at] = draw(st.binary(min_size=1, max_size=8))
        else:
            content[at : at + 2] = content[at : at + 2][::-1]
    return bytes(content)


@st.composite
def mutated_workbook(draw):
    """Damage below the compression: the parts of a workbook as text, packed again."""
    part = draw(st.sampled_from(["sheet1", "workbook", "styles", "[Content_Types]"]))

    def change(text):
        at = draw(st.integers(0, len(text) - 1))
        end = at + draw(st.integers(0, 30))
        return text[:at] + draw(st.text("<>/=\"'rtsc019.&; éx", max_size=6)) + text[end:]

    return with_parts(GOOD, **{part: change})


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=300), mutated(), mutated_workbook(), st.binary(max_size=60).map(b"PK\3\4".__add__)))
@example(b'"')
@example(b"\0")
@example(b"sep=;\r\n")
def test_no_bytes_break_the_reader(content):
    try:
        sheet = read(content)
    except SheetError:
        return
    assert sheet.titles
    assert len(sheet.rows) == len(sheet.lines)
    assert all(len(row) >= len(sheet.titles) and any(row) for row in sheet.rows)
    assert all(cell == cell.strip() for row in [sheet.titles, *sheet.rows] for cell in row)


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@settings(max_examples=80)
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=4),
    st.sampled_from([";", ",", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_whatever_stands_in_quotes_is_read_as_it_is(rows, separator, encoding):
    quoted = [separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    text = "\r\n".join([TITLES.replace(";", separator), *quoted]) + "\r\n"
    sheet = read(text.encode(encoding))
    blanks = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u2060\ufeff"
    stripped = [[cell.strip(blanks) for cell in row] for row in rows]
    assert sheet.rows == [row for row in stripped if any(row)]
    assert sheet.lines == [line for line, row in enumerate(stripped, start=2) if any(row)]
