"""Reading and checking the CSV files: every fault is found, named and placed."""

import pandas as pd
import pytest

from geo import problems, schema
from geo.changes import to_changes
from geo.checking import check_files, check_texts, read_table
from geo.errors import MOST_IN_MESSAGE, TablesError
from geo.records import CONFIDENCE_LABELS
from geo.report import find_nearest
from geo.schema import TABLE_BY_NAME, TABLES
from geo.sheets import Form
from geo.tables import read_files, to_german_title, validate_references

EVERY_TABLE = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


def change(folder, table, old, new, encoding="utf-8"):
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode(encoding))


def check(folder):
    return check_files(read_files(folder))


def findings_of(folder):
    return [(f.table, f.line, f.column, f.value, f.problem) for f in check(folder).findings]


@pytest.fixture(scope="module")
def checked(root):
    return check(root / "data")


@pytest.fixture(scope="module")
def tables(checked):
    return checked.to_tables()


def test_the_real_tables_are_valid_and_complete(checked, tables):
    assert checked.findings == checked.errors == checked.warnings == ()
    assert {name: len(frame) for name, frame in tables.items()} == {
        "phases": 9,
        "themes": 13,
        "talk": 11,
        "municipalities": 152,
        "partnerships": 80,
        "meetings": 30,
        "sites": 8,
        "delegations": 119,
        "agenda": 78,
    }
    assert set(checked.forms.values()) == {Form(encoding="utf-8", separator=",")}


def test_namibia_is_a_country_and_an_empty_cell_is_not_known(tables):
    windhoek = tables["municipalities"].set_index("id").loc["na-windhoek"]
    assert windhoek["country"] == "NA"
    kumasi = tables["partnerships"].set_index("id").loc["dortmund--kumasi-1"]
    assert kumasi.isna()["twinned_since"]
    assert kumasi["themes"] == ("adaptation", "urban")


def test_columns_have_the_types_of_the_schema(tables):
    assert tables["partnerships"].dtypes.astype(str).to_dict() == {
        "id": "string",
        "north": "string",
        "south": "string",
        "phase": "Int64",
        "since": "Int64",
        "twinned_since": "Int64",
        "themes": "object",
        "source_url": "string",
        "confidence": "string",
    }


@EVERY_TABLE
def test_a_table_without_rows_has_the_types_of_the_schema(checked, tables, table):
    texts = {name: text.iloc[:0] for name, text in checked.texts.items()}
    empty = check_texts(texts)
    assert empty.findings == ()
    assert empty.typed[table.name].dtypes.equals(tables[table.name].dtypes)


@pytest.mark.parametrize(
    ("table", "old", "new", "line", "column", "value", "problem"),
    [
        ("partnerships", ",1,2011,2008,", ",1,20x1,2008,", 2, "since", "20x1", problems.NOT_AN_INTEGER),
        ("partnerships", ",1,2011,2008,", ",1,211,2008,", 2, "since", "211", problems.OUT_OF_RANGE),
        ("partnerships", ",1,2011,2008,", ",1,,2008,", 2, "since", None, problems.EMPTY),
        ("partnerships", "de-bremen,za-durban", "de-bremen,za-durbn", 3, "south", "za-durbn", problems.NOT_KNOWN),
        ("partnerships", "adaptation;urban", "adaptation;urbn", 4, "themes", "urbn", problems.NOT_KNOWN),
        ("meetings", ",other,1,Bonn,", ",other,10,Bonn,", 2, "phases", "10", problems.NOT_KNOWN),
        ("meetings", "other,1,Bonn,DE,50", "other,1,,DE,50", 2, "place", None, problems.NOT_A_WHOLE_PLACE),
        ("meetings", "other,1,Bonn,DE,50", "other,1,Bonn,,50", 2, "country", None, problems.NOT_A_WHOLE_PLACE),
        (
            "meetings",
            "2011-10-bonn,2011-10-04,",
            "2011-10-bonn,2211-10-04,",
            2,
            "start",
            "2211-10-04",
            problems.NOT_A_DATE,
        ),
        ("sites", "laguna-de-chapulco,2023-09-puebla", "laguna-de-chapulco,", 2, "meeting", None, problems.EMPTY),
        (
            "sites",
            "chapulco,2023-09-puebla",
            "chapulco,2023-09-pueblo",
            2,
            "meeting",
            "2023-09-pueblo",
            problems.NOT_KNOWN,
        ),
        ("partnerships", ",medium\n", ",sicher\n", 2, "confidence", "sicher", problems.NOT_IN_LIST),
        ("partnerships", "https://www.dortmund.de", "www.dortmund.de", 4, "source_url", None, problems.NOT_A_URL),
        (
            "partnerships",
            "https://www.dortmund.de",
            "https://a.example.org;https://www.dortmund.de",
            4,
            "source_url",
            None,
            problems.NOT_A_URL,
        ),
        ("municipalities", ",-26.81601,", ",-26°49,", 2, "latitude", "-26°49", problems.NOT_A_DECIMAL),
        ("municipalities", ",-26.81601,", ",-99.123,", 2, "latitude", "-99.123", problems.OUT_OF_RANGE),
        ("municipalities", ",-26.81601,", ",-2681601,", 2, "latitude", "-2681601", problems.SHIFTED),
        ("municipalities", ",-26.81601,", ',"47.123,5",', 2, "latitude", "47.123,5", problems.AMBIGUOUS_NUMBER),
        ("municipalities", ",1000,GeoNames", ",1.000,GeoNames", 2, "precision_m", "1.000", problems.AMBIGUOUS_INTEGER),
        ("municipalities", ",AR,Tucum", ",ARG,Tucum", 2, "country", "ARG", problems.NOT_A_COUNTRY),
        ("municipalities", "ar-tunuyan,", "Tunuyán,", 3, "id", "Tunuyán", problems.NOT_AN_ID),
        ("meetings", "2011-10-04", "2011-02-30", 2, "start", "2011-02-30", problems.NOT_A_DATE),
        ("meetings", "2011-10-04", "31.02.2011", 2, "start", "31.02.2011", problems.NOT_A_DATE),
        ("meetings", "2011-10-04", "Okt 11", 2, "start", "Okt 11", problems.SHORT_MONTH),
        ("meetings", "2011-10-05", "2011-09-05", 2, "end", "2011-09-05", problems.BEFORE_START),
        ("meetings", "50.73438,7.09549", "50.73438,", 2, "longitude", None, problems.NOT_A_WHOLE_PLACE),
        ("partnerships", ",1,2011,2008,", ",1,２０１１,2008,", 2, "since", "２０１１", problems.NOT_AN_INTEGER),
        ("partnerships", ",1,2011,2008,", ",1,99999999999999999999,2008,", 2, "since", None, problems.NOT_AN_INTEGER),
        ("municipalities", ",-26.81601,", ",-26.٨١,", 2, "latitude", "-26.٨١", problems.NOT_A_DECIMAL),
        ("municipalities", ",AR,Tucum", ",ZZ,Tucum", 2, "country", "ZZ", problems.NOT_A_COUNTRY),
        ("partnerships", "de-bonn,gh-cape-coast", "de-bonn,de-bonn", 2, "south", "de-bonn", problems.BOTH_GERMAN),
    ],
)
def test_a_wrong_cell_is_named_with_its_place(folder, table, old, new, line, column, value, problem):
    change(folder, table, old, new)
    found = [finding for finding in findings_of(folder) if finding[0] == table]
    assert (found[0][1], found[0][2], found[0][4]) == (line, column, problem)
    if value is not None:
        assert found[0][3] == value
    assert len(found) == 1


def test_that_a_country_is_none_is_told_there_and_not_in_every_partnership(folder):
    path = folder / "municipalities.csv"
    row = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("de-bonn,"))
    change(folder, "municipalities", row, row.replace(",DE,", ",DEU,"))
    assert [(table, value, problem) for table, _, _, value, problem in findings_of(folder)] == [
        ("municipalities", "DEU", problems.NOT_A_COUNTRY)
    ]


def test_all_faults_are_collected_before_one_error_is_raised(folder):
    change(folder, "partnerships", "de-bremen,za-durban", "de-bremen,za-durbn")
    change(folder, "partnerships", ",1,2011,2008,", ",eins,2011,2008,")
    change(folder, "themes", "energy,", "energie,")
    found = findings_of(folder)
    assert ("partnerships", 2, "phase", "eins", problems.NOT_AN_INTEGER) in found
    assert ("partnerships", 3, "south", "za-durbn", problems.NOT_KNOWN) in found
    # `energy` is used by 38 partnerships, which now all point to nothing.
    assert sum(finding[3] == "energy" and finding[0] == "partnerships" for finding in found) == 38
    assert found == sorted(found, key=lambda finding: (finding[0], finding[1], finding[2]))
    with pytest.raises(TablesError) as caught:
        check(folder).to_tables()
    assert len(caught.value.findings) == len(found)


def test_a_cell_that_cannot_be_converted_is_reported_once(folder):
    change(folder, "partnerships", ",1,2011,2008,", ",1,bald,2008,")
    change(folder, "meetings", "50.73438,7.09549", "oben,7.09549")
    assert findings_of(folder) == [
        ("meetings", 2, "latitude", "oben", problems.NOT_A_DECIMAL),
        ("partnerships", 2, "since", "bald", problems.NOT_AN_INTEGER),
    ]


def test_double_ids_and_double_pairs(folder):
    change(folder, "partnerships", "bremen--durban-1", "bonn--cape-coast-1")
    with (folder / "delegations.csv").open("a", encoding="utf-8") as file:
        file.write("2014-03-cape-town,DE\n")
    assert findings_of(folder) == [
        ("delegations", 121, "country", "DE", problems.DOUBLE_ROW),
        ("partnerships", 2, "id", "bonn--cape-coast-1", problems.NOT_UNIQUE),
        ("partnerships", 3, "id", "bonn--cape-coast-1", problems.NOT_UNIQUE),
    ]


def test_a_german_region_must_be_a_state(folder):
    change(folder, "municipalities", ",DE,Hessen,", ",DE,Hesse,")
    ((table, _, column, value, problem),) = findings_of(folder)
    assert (table, column, value, problem) == ("municipalities", "region", "Hesse", problems.NOT_A_STATE)


# --- what programs write


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", "\t"])
@EVERY_TABLE
def test_other_encodings_and_separators_give_the_same_table(root, checked, table, encoding, separator):
    path = root / "data" / f"{table.name}.csv"
    frame = pd.read_csv(path, dtype="string", keep_default_na=False)
    content = frame.to_csv(index=False, sep=separator, lineterminator="\r\n").encode(encoding)
    text, form, findings = read_table(content, table=table)
    assert (form, findings) == (Form(encoding=encoding, separator=separator), [])
    pd.testing.assert_frame_equal(text, checked.texts[table.name])


def test_a_table_as_german_excel_saves_it(folder):
    """Windows-1252, semicolons, decimal commas, German dates and titles, blanks, empty rows and cells."""
    rows = [
        "Längengrad;Kennung;Breitengrad;Art;Land;Name;Region;Genauigkeit;Quelle der Koordinaten;;",
        "-65,21051;ar-san-miguel-de-tucuman;\u00a0-26,81601;municipality;AR;San Miguel de Tucumán ;Tucumán;1000;x;;",
        ";;;;;;;;;;",
        '7,466;de-dortmund;51,51494;municipality;DE;"Dortmund";Nordrhein-Westfalen;1000;y',
    ]
    content = "\r\n".join(rows).encode("cp1252")
    text, form, findings = read_table(content, table=TABLE_BY_NAME["municipalities"])
    assert (form, findings) == (Form(encoding="cp1252", separator=";"), [])
    assert text.to_dict("records") == [
        {
            "id": "ar-san-miguel-de-tucuman",
            "name": "San Miguel de Tucumán",
            "kind": "municipality",
            "country": "AR",
            "region": "Tucumán",
            "latitude": "-26.81601",
            "longitude": "-65.21051",
            "precision_m": "1000",
            "coordinate_source": "x",
        },
        {
            "id": "de-dortmund",
            "name": "Dortmund",
            "kind": "municipality",
            "country": "DE",
            "region": "Nordrhein-Westfalen",
            "latitude": "51.51494",
            "longitude": "7.466",
            "precision_m": "1000",
            "coordinate_source": "y",
        },
    ]
    # The row in between counts: the second municipality stands in line 4.
    assert (text.index + 2).tolist() == [2, 4]


def test_german_dates_and_a_minus_sign_from_a_text(folder):
    change(folder, "meetings", "2011-10-04,2011-10-05", "4.10.2011,05.10.2011")
    change(folder, "meetings", "2012-la-fortuna,2012,", "2012-la-fortuna,03.2012,")
    change(folder, "municipalities", ",-26.81601,", ",\u221226.81601,")
    checked = check(folder)
    assert checked.findings == ()
    assert checked.typed["meetings"].loc[0, ["start", "end"]].tolist() == ["2011-10-04", "2011-10-05"]
    assert checked.typed["meetings"].loc[2, "start"] == "2012-03"
    assert checked.typed["municipalities"].loc[0, "latitude"] == -26.81601


def test_a_byte_order_mark_and_empty_lines_at_the_end_do_no_harm(folder):
    path = folder / "themes.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b",,,,,\r\n\r\n")
    assert len(check(folder).to_tables()["themes"]) == 13


def test_cells_that_are_missing_at_the_end_of_a_row_are_empty(folder):
    change(folder, "themes", "energy,Energie,Energy,Energía,Énergie,Energia", "energy,Energie,Energy")
    themes = check(folder).to_tables()["themes"]
    assert themes.loc[0].isna().to_dict() == {
        "id": False,
        "label_de": False,
        "label_en": False,
        "label_es": True,
        "label_fr": True,
        "label_pt": True,
    }


@pytest.mark.parametrize(("separator", "text"), [(";", "=1+1"), ("\t", "=1+1"), (",", "'=1+1")])
def test_the_guard_of_a_cell_is_taken_away_where_spreadsheets_write(separator, text):
    content = "\n".join(["id,label_de,label_en,label_es,label_fr,label_pt", "a,'=1+1,'s,,,"]).replace(",", separator)
    frame, _, _ = read_table(content.encode(), table=TABLE_BY_NAME["themes"])
    assert frame.loc[0, ["label_de", "label_en"]].tolist() == [text, "'s"]


# --- columns


def test_a_missing_file_a_missing_and_an_unknown_column(folder):
    (folder / "sites.csv").unlink()
    change(folder, "themes", "label_fr", "label_franz")
    assert findings_of(folder)[-3:] == [
        ("sites", None, None, None, problems.NO_FILE),
        ("themes", 1, None, "label_franz", problems.UNKNOWN_COLUMN),
        ("themes", 1, "label_fr", None, problems.NO_COLUMN),
    ]


@EVERY_TABLE
def test_german_titles_name_the_columns_in_any_order_and_case(checked, table):
    text = checked.texts[table.name]
    titles = [to_german_title(name, table=table) for name in text]
    assert len(set(titles)) == len(titles)
    for change_title in (str, str.upper, lambda title: f" {title.replace(' ', '_')} "):
        frame = text.set_axis(map(change_title, titles), axis=1).iloc[:, ::-1]
        read, form, findings = read_table(frame.to_csv(index=False, sep=";").encode(), table=table)
        assert (form.separator, findings) == (";", [])
        assert to_changes(text, read, table=table) == ()


def test_a_text_in_one_more_language_is_a_column_more(folder):
    path = folder / "themes.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    for title in ("label_sw", "Bezeichnung (sw)"):
        path.write_text("\n".join([f"{lines[0]},{title}", *(f"{line},neno" for line in lines[1:])]), encoding="utf-8")
        assert set(check(folder).to_tables()["themes"]["label_sw"]) == {"neno"}
    table = TABLE_BY_NAME["themes"]
    assert to_german_title("label_sw", table=table) == "Bezeichnung (sw)"
    assert to_german_title("label_pt_BR", table=table) == "Bezeichnung (pt_BR)"


def findings_of_titles(titles, table="themes", row=""):
    _, _, findings = read_table(f"{titles}\n{row}".encode(), table=TABLE_BY_NAME[table])
    return [(f.line, f.column, f.value, f.problem) for f in findings]


THEMES = "id;label_de;label_en;label_es;label_fr;label_pt"


def test_columns_that_are_unknown_or_double_are_named():
    assert findings_of_titles(f"{THEMES};Notizen") == [(1, None, "Notizen", problems.UNKNOWN_COLUMN)]
    assert findings_of_titles(f"{THEMES};Notizen;Notizen") == [(1, None, "Notizen", problems.UNKNOWN_COLUMN)] * 2
    assert findings_of_titles(f"{THEMES};id") == [(1, "id", None, problems.DOUBLE_COLUMN)]
    assert findings_of_titles(f"{THEMES};Kennung;ID") == [(1, "id", None, problems.DOUBLE_COLUMN)]
    # A column without a title goes by its letter.
    assert findings_of_titles(f"{THEMES};;", row="a;b;c;d;e;f;;x") == [
        (1, None, "G", problems.UNKNOWN_COLUMN),
        (1, None, "H", problems.UNKNOWN_COLUMN),
    ]


def test_a_double_or_one_more_language_do_not_hide_that_a_column_is_missing():
    assert findings_of_titles("id;id;label_en;label_es;label_fr;label_pt") == [
        (1, "label_de", None, problems.NO_COLUMN),
        (1, "id", None, problems.DOUBLE_COLUMN),
    ]
    assert findings_of_titles("id;label_de;label_en;label_es;label_fr;label_sw") == [
        (1, "label_pt", None, problems.NO_COLUMN)
    ]


@EVERY_TABLE
def test_the_file_of_another_table_is_recognised(root, table):
    content = (root / "data" / f"{table.name}.csv").read_bytes()
    for other in TABLES:
        if other is not table and not set(other.schema.columns) <= set(table.schema.columns):
            _, _, (finding,) = read_table(content, table=other)
            assert (finding.line, finding.problem, finding.details["other"]) == (1, problems.OTHER_TABLE, table)


@EVERY_TABLE
def test_a_table_that_lacks_a_column_is_still_that_table(checked, table):
    """Even where the rest is all of another table: excursion sites have the columns of delegations."""
    for name in table.schema.columns:
        content = checked.texts[table.name].drop(columns=name).to_csv(index=False).encode()
        _, _, findings = read_table(content, table=table)
        assert [(f.column, f.problem) for f in findings] == [(name, problems.NO_COLUMN)]


def test_a_row_with_too_many_cells_an_open_quote_and_another_encoding(folder):
    change(folder, "themes", "energy,Energie", "energy,Energie,Strom")
    path = folder / "phases.csv"
    path.write_text(path.read_text(encoding="utf-8") + '"', encoding="utf-8")
    path = folder / "agenda.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252", errors="replace"))
    path = folder / "delegations.csv"
    path.write_bytes(path.read_bytes() + b"\0")
    assert [finding[:2] + finding[4:] for finding in findings_of(folder)] == [
        ("delegations", None, problems.UNKNOWN_ENCODING),
        ("phases", 11, problems.BROKEN_QUOTES),
        ("themes", 2, problems.WRONG_CELL_COUNT),
    ]


# --- texts that are shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\u202egnilhcaM", "\u2068\u202egnilhcaM\u2069"),
        ("\u2067Abc", "\u2068Abc\u2069"),
        # It cannot end its own isolation.
        ("A\u2069\u202eB", "\u2068A\u202eB\u2069"),
        ("بنزرت", "بنزرت"),
        ("A\u200fB", "A\u200fB"),
    ],
)
def test_a_name_does_not_turn_the_words_around_it(folder, name, shown):
    change(folder, "municipalities", ",San Miguel de Tucumán,", f",{name},")
    checked = check(folder)
    assert checked.findings == ()
    assert checked.typed["municipalities"].loc[0, "name"] == shown
    assert checked.texts["municipalities"].loc[0, "name"] == name


def test_texts_of_letters_gone_wrong_are_found(folder):
    change(folder, "municipalities", ",San Miguel de Tucumán,", ",San Miguel de TucumÃ¡n,")
    change(folder, "municipalities", ",Tunuyán,", ",Tunuy\ufffdn,")
    assert findings_of(folder) == [
        ("municipalities", 2, "name", "San Miguel de TucumÃ¡n", problems.GARBLED),
        ("municipalities", 3, "name", "Tunuy\ufffdn", problems.GARBLED),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("K”ln-M„h", problems.PERHAPS_GARBLED),  # Excel's CSV (MS-DOS)
        ("MŸll und …l", problems.PERHAPS_GARBLED),  # Excel's CSV (Macintosh)
        ("M?ll", problems.PERHAPS_GARBLED),
        ("Was nun?Und dann", problems.PERHAPS_GARBLED),
        ("M?ll und Ã¶l", problems.GARBLED),
        ("www.gemeinde.de/seite?id=3", None),
        ("Siehe gemeinde.de/seite?id=3, dann weiter", None),
        ("https://gemeinde.de/?m=Ã¼", None),
        ("„Köln“ und „Mäh“ … und †", None),
        ("Was nun? Und dann …", None),
    ],
)
def test_letters_gone_wrong_are_told_from_what_looks_alike(checked, text, problem):
    texts = dict(checked.texts)
    places = texts["municipalities"].copy()
    places.loc[0, "coordinate_source"] = text
    found = check_texts({**texts, "municipalities": places}).findings
    assert [(each.column, each.problem) for each in found] == ([("coordinate_source", problem)] if problem else [])


# --- errors as exceptions


def test_the_message_names_table_line_column_value_and_what_is_wrong(folder):
    change(folder, "partnerships", ",medium\n", ",sicher\n")
    with pytest.raises(TablesError, match=r"^partnerships.csv, line 2, confidence: 'sicher' – Dieser Wert .*\.$"):
        check(folder).to_tables()


def test_the_message_names_tables_by_their_files_and_ends_somewhere(folder):
    path = folder / "municipalities.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")
    with pytest.raises(TablesError) as caught:
        check(folder).to_tables()
    lines = str(caught.value).splitlines()
    assert lines[0].endswith("line 2, north: 'de-bonn' – Diese Kennung gibt es in der Tabelle „municipalities“ nicht.")
    assert len(lines) == MOST_IN_MESSAGE + 1
    assert lines[-1] == f"and {160 - MOST_IN_MESSAGE} more"


def test_warnings_alone_are_no_error(folder):
    change(folder, "partnerships", ",1,2011,2008,", ",1,2019,2008,")
    checked = check(folder)
    assert [finding.problem for finding in checked.warnings] == [problems.OUTSIDE_PHASE]
    assert checked.errors == ()
    assert len(checked.to_tables()["partnerships"]) == 80


def test_a_file_that_cannot_be_opened_is_an_error_of_the_system(folder, monkeypatch):
    # As Windows answers while a spreadsheet holds the file.
    def refuse(path, *arguments, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(PermissionError):
        read_files(folder)


def test_checking_changes_nothing_it_is_given(root):
    files = read_files(root / "data")
    before = check_files(files)
    copies = {name: text.copy() for name, text in before.texts.items()}
    check_texts(before.texts)
    for name, copy in copies.items():
        pd.testing.assert_frame_equal(before.texts[name], copy)


def test_the_kinds_of_the_schema_all_have_a_name():
    assert set(CONFIDENCE_LABELS) == set(schema.ENTRY_CONFIDENCE_LABELS)


def test_every_table_is_described_in_the_readme(root):
    readme = (root / "data" / "README.md").read_text(encoding="utf-8")
    for table in TABLES:
        assert f"| {table.name}.csv |" in readme


def test_names_for_lost_keys_are_collected_once_for_all_columns_that_point_to_a_table(checked):
    """Collected for each row, or each column, they take half a minute with thirteen thousand municipalities."""
    texts = dict(checked.texts)
    many = pd.concat([texts["municipalities"]] * 9, ignore_index=True)
    many["id"] = many["id"] + "-" + many.index.astype("string")
    rows = pd.concat([texts["partnerships"]] * 5, ignore_index=True)
    findings = validate_references({"municipalities": many, "partnerships": rows})
    assert {finding.column for finding in findings} == {"north", "south"}
    assert len(findings) == 2 * len(rows)
    assert all(finding.names is findings[0].names for finding in findings)
    assert len({id(finding.choices) for finding in findings}) == 2
    assert find_nearest("Puebla", choices=findings[0].choices, names=findings[0].names).startswith("mx-puebla-")
