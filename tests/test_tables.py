"""Reading and checking the CSV files: every fault is found, named and placed."""

import shutil

import pytest

from geo import schema
from geo.errors import TablesError
from geo.records import AGENDA_KIND_LABELS, CONFIDENCE_LABELS, ENTRY_CONFIDENCE_LABELS, MEETING_KIND_LABELS
from geo.schema import TABLES
from geo.tables import read_tables


@pytest.fixture
def folder(root, tmp_path):
    copy = tmp_path / "data"
    shutil.copytree(root / "data", copy)
    return copy


def change(folder, table, old, new):
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults_of(folder):
    with pytest.raises(TablesError) as caught:
        read_tables(folder)
    return [(f.table, f.line, f.column, f.value, f.problem) for f in caught.value.faults]


def test_the_real_tables_are_valid_and_complete(root):
    tables = read_tables(root / "data")
    assert {name: len(frame) for name, frame in tables.items()} == {
        "phases": 9,
        "themes": 13,
        "municipalities": 152,
        "partnerships": 80,
        "meetings": 30,
        "sites": 8,
        "delegations": 119,
        "agenda": 78,
    }


def test_namibia_is_a_country_and_an_empty_cell_is_not_known(root):
    tables = read_tables(root / "data")
    windhoek = tables["municipalities"].set_index("id").loc["na-windhoek"]
    assert windhoek["country"] == "NA"
    kumasi = tables["partnerships"].set_index("id").loc["dortmund--kumasi-1"]
    assert kumasi.isna()["twinned_since"]
    assert kumasi["themes"] == ("adaptation", "urban")


def test_columns_have_the_types_of_the_schema(root):
    partnerships = read_tables(root / "data")["partnerships"]
    assert partnerships.dtypes.astype(str).to_dict() == {
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


@pytest.mark.parametrize(
    ("table", "old", "new", "line", "column", "value", "problem"),
    [
        ("partnerships", ",1,2011,2008,", ",1,20x1,2008,", 2, "since", "20x1", schema.NOT_AN_INTEGER),
        ("partnerships", ",1,2011,2008,", ",1,211,2008,", 2, "since", "211", schema.OUT_OF_RANGE),
        ("partnerships", ",1,2011,2008,", ",1,,2008,", 2, "since", None, schema.EMPTY),
        ("partnerships", "de-bremen,za-durban", "de-bremen,za-durbn", 3, "south", "za-durbn", schema.NOT_KNOWN),
        ("partnerships", "adaptation;urban", "adaptation;urbn", 4, "themes", "urbn", schema.NOT_KNOWN),
        ("meetings", ",other,1,Bonn,", ",other,10,Bonn,", 2, "phases", "10", schema.NOT_KNOWN),
        ("meetings", "other,1,Bonn,DE,50", "other,1,,DE,50", 2, "place", None, schema.NOT_A_WHOLE_PLACE),
        ("meetings", "other,1,Bonn,DE,50", "other,1,Bonn,,50", 2, "country", None, schema.NOT_A_WHOLE_PLACE),
        (
            "meetings",
            "2011-10-bonn,2011-10-04,",
            "2011-10-bonn,2211-10-04,",
            2,
            "start",
            "2211-10-04",
            schema.NOT_A_DATE,
        ),
        ("sites", "laguna-de-chapulco,2023-09-puebla", "laguna-de-chapulco,", 2, "meeting", None, schema.EMPTY),
        (
            "sites",
            "chapulco,2023-09-puebla",
            "chapulco,2023-09-pueblo",
            2,
            "meeting",
            "2023-09-pueblo",
            schema.NOT_KNOWN,
        ),
        ("partnerships", ",medium\n", ",sicher\n", 2, "confidence", "sicher", schema.NOT_IN_LIST),
        ("partnerships", "https://www.dortmund.de", "www.dortmund.de", 4, "source_url", None, schema.NOT_A_URL),
        ("municipalities", ",-26.81601,", ",-26°49,", 2, "latitude", "-26°49", schema.NOT_A_DECIMAL),
        ("municipalities", ",-26.81601,", ",-126.81601,", 2, "latitude", "-126.81601", schema.OUT_OF_RANGE),
        ("municipalities", ",AR,Tucum", ",ARG,Tucum", 2, "country", "ARG", schema.NOT_A_COUNTRY),
        ("municipalities", "ar-tunuyan,", "Tunuyán,", 3, "id", "Tunuyán", schema.NOT_AN_ID),
        ("meetings", "2011-10-04", "2011-02-30", 2, "start", "2011-02-30", schema.NOT_A_DATE),
        ("meetings", "2011-10-04", "04.10.2011", 2, "start", "04.10.2011", schema.NOT_A_DATE),
        ("meetings", "2011-10-05", "2011-09-05", 2, "end", "2011-09-05", schema.BEFORE_START),
        ("meetings", "50.73438,7.09549", "50.73438,", 2, "longitude", None, schema.NOT_A_WHOLE_PLACE),
        ("partnerships", ",1,2011,2008,", ",1,２０１１,2008,", 2, "since", "２０１１", schema.NOT_AN_INTEGER),
        ("partnerships", ",1,2011,2008,", ",1,99999999999999999999,2008,", 2, "since", None, schema.NOT_AN_INTEGER),
        ("municipalities", ",-26.81601,", ",-26.٨١,", 2, "latitude", "-26.٨١", schema.NOT_A_DECIMAL),
        ("municipalities", ",AR,Tucum", ",ZZ,Tucum", 2, "country", "ZZ", schema.NOT_A_COUNTRY),
        ("partnerships", "de-bonn,gh-cape-coast", "de-bonn,de-bonn", 2, "south", "de-bonn", schema.IN_BOTH_ROLES),
    ],
)
def test_a_wrong_cell_is_named_with_its_place(folder, table, old, new, line, column, value, problem):
    change(folder, table, old, new)
    found = [fault for fault in faults_of(folder) if fault[0] == table]
    assert (found[0][1], found[0][2], found[0][4]) == (line, column, problem)
    if value is not None:
        assert found[0][3] == value


def test_all_faults_are_collected_before_one_error_is_raised(folder):
    change(folder, "partnerships", "de-bremen,za-durban", "de-bremen,za-durbn")
    change(folder, "partnerships", ",1,2011,2008,", ",eins,2011,2008,")
    change(folder, "themes", "energy,", "energie,")
    faults = faults_of(folder)
    assert ("partnerships", 2, "phase", "eins", schema.NOT_AN_INTEGER) in faults
    assert ("partnerships", 3, "south", "za-durbn", schema.NOT_KNOWN) in faults
    # `energy` is used by 38 partnerships, which now all point to nothing.
    assert sum(fault[3] == "energy" and fault[0] == "partnerships" for fault in faults) == 38
    assert faults == sorted(faults, key=lambda fault: (fault[0], fault[1], fault[2]))


def test_a_cell_that_cannot_be_converted_is_reported_once(folder):
    change(folder, "partnerships", ",1,2011,2008,", ",1,bald,2008,")
    assert [fault[:3] for fault in faults_of(folder)] == [("partnerships", 2, "since")]


def test_double_ids_and_double_pairs(folder):
    change(folder, "partnerships", "bremen--durban-1", "bonn--cape-coast-1")
    with (folder / "delegations.csv").open("a", encoding="utf-8") as file:
        file.write("2014-03-cape-town,DE\n")
    assert faults_of(folder) == [
        ("delegations", 121, "meeting / country", "2014-03-cape-town / DE", schema.NOT_UNIQUE),
        ("partnerships", 2, "id", "bonn--cape-coast-1", schema.NOT_UNIQUE),
        ("partnerships", 3, "id", "bonn--cape-coast-1", schema.NOT_UNIQUE),
    ]


def test_a_german_region_must_be_a_state(folder):
    change(folder, "municipalities", ",DE,Hessen,", ",DE,Hesse,")
    ((table, _, column, value, problem),) = faults_of(folder)
    assert (table, column, value, problem) == ("municipalities", "region", "Hesse", schema.NOT_A_STATE)


def test_a_missing_file_a_missing_and_an_unknown_column(folder):
    (folder / "sites.csv").unlink()
    change(folder, "themes", "label_fr", "label_franz")
    assert [fault[:3] + fault[4:] for fault in faults_of(folder)] == [
        ("sites", None, None, schema.NO_FILE),
        ("themes", 1, "label_fr", schema.NO_COLUMN),
        ("themes", 1, "label_franz", schema.UNKNOWN_COLUMN),
    ]


def test_a_row_with_too_many_cells_an_open_quote_and_another_encoding(folder):
    change(folder, "themes", "energy,Energie", "energy,Energie,Strom")
    path = folder / "phases.csv"
    path.write_text(path.read_text(encoding="utf-8") + '"', encoding="utf-8")
    path = folder / "agenda.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252", errors="replace"))
    assert [fault[:2] + fault[4:] for fault in faults_of(folder)] == [
        ("agenda", None, schema.NOT_UTF8),
        ("phases", None, schema.BROKEN_QUOTES),
        ("themes", 2, schema.WRONG_CELL_COUNT),
    ]


def test_a_byte_order_mark_and_empty_lines_at_the_end_do_no_harm(folder):
    path = folder / "themes.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b",,,,,\r\n\r\n")
    assert len(read_tables(folder)["themes"]) == 13


def test_the_message_names_table_line_column_value_and_what_is_allowed(folder):
    change(folder, "partnerships", ",medium\n", ",sicher\n")
    with pytest.raises(TablesError, match=r"partnerships.csv, line 2, confidence: 'sicher' .* high, medium, low"):
        read_tables(folder)


def test_every_fault_can_be_said_in_every_language(folder, languages):
    change(folder, "partnerships", ",medium\n", ",sicher\n")
    with pytest.raises(TablesError) as caught:
        read_tables(folder)
    said = {code: caught.value.faults[0].describe(language.gettext) for code, language in languages.items()}
    assert "high, medium, low" in said["de"]
    assert "high, medium, low" in said["en"]
    assert said["de"] != said["en"]


def test_a_text_in_one_more_language_is_a_column_more(folder):
    path = folder / "themes.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0] + ",label_sw", *(line + ",neno" for line in lines[1:])]), encoding="utf-8")
    assert set(read_tables(folder)["themes"]["label_sw"]) == {"neno"}


def test_a_file_that_cannot_be_opened_is_a_fault(folder, monkeypatch):
    # As Windows answers while a spreadsheet holds the file.
    def refuse(path, *arguments, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    assert {fault[4] for fault in faults_of(folder)} == {schema.NOT_READABLE}


def test_the_kinds_of_the_schema_all_have_a_name():
    assert set(MEETING_KIND_LABELS) == set(schema.MEETING_KINDS)
    assert set(AGENDA_KIND_LABELS) == set(schema.AGENDA_KINDS)
    assert set(CONFIDENCE_LABELS) == set(ENTRY_CONFIDENCE_LABELS) == set(schema.CONFIDENCES)


def test_every_table_is_described_in_the_readme(root):
    readme = (root / "data" / "README.md").read_text(encoding="utf-8")
    for table in TABLES:
        assert f"| {table.name}.csv |" in readme
