"""Tables as files: the bytes of data/, and what German Excel opens without harm and hands back unchanged."""

import csv
import io
import unicodedata

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo.checking import read_table
from geo.schema import TABLE_BY_NAME, TABLES
from geo.table_files import to_plain_bytes, to_spreadsheet_bytes

MEETINGS, MUNICIPALITIES, PHASES, THEMES = (
    TABLE_BY_NAME[name] for name in ("meetings", "municipalities", "phases", "themes")
)
EVERY_TABLE = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


def read(content, table):
    text, form, findings = read_table(content, table=table)
    assert findings == []
    return text, form


def column_of(column, *cells):
    """Make a table with one column filled."""
    table = next(table for table in (MUNICIPALITIES, PHASES, MEETINGS, THEMES) if column in table.schema.columns)
    return pd.DataFrame({column: cells}, columns=list(table.schema.columns), dtype="string"), table


def written_cells(column, *cells):
    """Return the cells of a column as they stand in the file for Excel."""
    text, table = column_of(column, *cells)
    return [row[list(text.columns).index(column)] for row in written_rows(text, table)]


def written_rows(text, table):
    """Return the rows of a table as they stand in the file for Excel, below the titles."""
    content = to_spreadsheet_bytes(text, table=table).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))[1:]


@EVERY_TABLE
def test_plain_files_are_those_of_data_to_the_byte(root, table):
    content = (root / "data" / f"{table.name}.csv").read_bytes()
    assert to_plain_bytes(read(content, table)[0]) == content


@EVERY_TABLE
def test_every_real_table_comes_back_from_excel_unchanged(root, table):
    text, _ = read((root / "data" / f"{table.name}.csv").read_bytes(), table)
    copy = text.copy()
    back, form = read(to_spreadsheet_bytes(text, table=table), table)
    pd.testing.assert_frame_equal(back, text)
    pd.testing.assert_frame_equal(text, copy)
    assert (form.encoding, form.separator) == ("utf-8-sig", ";")


def test_the_form_of_files_for_excel(root):
    text, _ = read((root / "data" / "meetings.csv").read_bytes(), MEETINGS)
    content = to_spreadsheet_bytes(text, table=MEETINGS)
    assert content.startswith(b"\xef\xbb\xbfKennung;Beginn;Ende;Titel (Deutsch);Titel (Englisch);")
    assert content.count(b"\r\n") == content.count(b"\n") == len(text) + 1
    assert b"2023-09-puebla;27.09.2023;29.09.2023;" in content
    assert b";Puebla;MX;" in content


def test_the_form_of_plain_files():
    text = pd.DataFrame({"id": ["a", "b"], "label_de": ['Ä, "ö"', None]}, dtype="string")
    assert to_plain_bytes(text) == 'id,label_de\na,"Ä, ""ö"""\nb,\n'.encode()


@pytest.mark.parametrize(
    ("column", "cell", "written"),
    [
        ("latitude", "19.04778", "19,04778"),
        ("latitude", "-98.20723", "-98,20723"),
        ("latitude", "-98", "-98"),
        ("latitude", "+49.5", "+49,5"),
        ("latitude", "+49", "+49"),
        ("latitude", "-98.2.1", "'-98.2.1"),
        ("latitude", "-1+1", "'-1+1"),
        ("latitude", "47.123,5", "47.123,5"),
        ("partnerships_reported", "11", "11"),
        ("partnerships_reported", "-5", "-5"),
        ("partnerships_reported", "-5+3", "'-5+3"),
        ("start", "2023-09-27", "27.09.2023"),
        ("start", "2023-09", "'2023-09"),
        ("start", "2023", "2023"),
        ("start", "2023-02-30", "2023-02-30"),
        ("start", "=TODAY()", "'=TODAY()"),
        ("label_de", "=1+1", "'=1+1"),
        ("label_de", "+49 228 1234", "'+49 228 1234"),
        ("label_de", "-x", "'-x"),
        ("label_de", "@x", "'@x"),
        ("label_de", "2023-09", "'2023-09"),
        ("label_de", "2023-09-27", "2023-09-27"),
        ("label_de", "19.5", "19.5"),
        ("label_de", "'=1+1", "''=1+1"),
        ("label_de", "'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("label_de", "a=1", "a=1"),
        ("label_de", "a\n=1", "a\n=1"),
        ("name", "-5", "'-5"),
    ],
)
def test_cells_are_german_and_no_formulas_and_come_back(column, cell, written):
    assert written_cells(column, cell) == [written]
    text, table = column_of(column, cell)
    assert read(to_spreadsheet_bytes(text, table=table), table)[0][column].tolist() == [cell]


def test_empty_cells_are_empty():
    assert written_cells("latitude", "1", None) == ["1", ""]
    text, table = column_of("label_de", "x", None)
    assert to_spreadsheet_bytes(text, table=table).endswith(b"\r\n;;;;;\r\n")


def test_a_text_in_one_more_language_comes_back(root):
    text, _ = read((root / "data" / "themes.csv").read_bytes(), THEMES)
    more = text.assign(label_sw="neno", label_pt_BR=None).astype("string")
    back, _ = read(to_spreadsheet_bytes(more, table=THEMES), THEMES)
    pd.testing.assert_frame_equal(back, more)


def test_a_table_without_rows_is_its_titles(root):
    text, _ = read((root / "data" / "themes.csv").read_bytes(), THEMES)
    assert to_plain_bytes(text.iloc[:0]) == b"id,label_de,label_en,label_es,label_fr,label_pt\n"
    assert to_spreadsheet_bytes(text.iloc[:0], table=THEMES).count(b"\r\n") == 1


def is_kept(text):
    """Say whether a text has nothing at its ends that the reader takes away on purpose."""
    ends = text[:1] + text[-1:]
    return bool(text) and not any(char.isspace() or unicodedata.category(char) in ("Cc", "Cf") for char in ends)


# A file with zeros is no text, see `geo.sheets`.
TEXTS = st.text(
    st.sampled_from(list("ab;,\"'\n\r\t=+-@ 0129\u00a0\u2028ä"))
    | st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    min_size=1,
    max_size=12,
).filter(is_kept)


@given(st.lists(st.tuples(TEXTS, TEXTS | st.none()), min_size=1, max_size=4))
@example([("=1+1", "'=1+1"), ("''=1", '"x";\r\n=2'), ("2023-09", "2023-09\n2023-09")])
@example([("a\rb", "a\r\nb"), ("sep=,", "\t'x'".strip())])
@example([("'\t=1", None), ("'\u00a0=1", "''")])
def test_arbitrary_texts_come_back_from_excel(rows):
    text = pd.DataFrame(rows, columns=["label_de", "label_en"], dtype="string")
    text = text.reindex(columns=list(THEMES.schema.columns)).astype("string")
    back, _ = read(to_spreadsheet_bytes(text, table=THEMES), THEMES)
    pd.testing.assert_frame_equal(back, text)


@given(st.lists(st.tuples(TEXTS, TEXTS | st.none()), min_size=1, max_size=4))
@example([("a\rb", "a\r\nb"), ("=1+1", "'=1+1")])
def test_arbitrary_texts_come_back_from_plain_files(rows):
    text = pd.DataFrame(rows, columns=["label_de", "label_en"], dtype="string")
    text = text.reindex(columns=list(THEMES.schema.columns)).astype("string")
    back, form = read(to_plain_bytes(text), THEMES)
    pd.testing.assert_frame_equal(back, text)
    assert form.separator == ","


@given(st.lists(TEXTS | st.from_regex(r"[+-]?[0-9]{1,3}([.,][0-9]{1,3})?", fullmatch=True), min_size=1, max_size=4))
def test_no_cell_of_a_file_for_excel_is_a_formula(cells):
    # A column of each kind, in one file: writing one costs more than what stands in it.
    text = pd.DataFrame(dict.fromkeys(("title_de", "start", "latitude", "participants"), cells), dtype="string")
    for row in written_rows(text, MEETINGS):
        for column, cell in zip(text.columns, row, strict=True):
            number = cell.lstrip("+-").replace(",", "", 1)
            assert cell[:1] not in ("=", "@", "\t", "\r")
            assert cell[:1] not in ("+", "-") or (column in ("latitude", "participants") and number.isdigit())
