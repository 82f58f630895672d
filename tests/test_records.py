"""Partnerships in the reader's words, and the CSV file to take along."""

import csv
import io

import pandas as pd

from geo.records import COLUMN_TITLES, to_csv_bytes, to_records


def test_a_record_is_in_the_readers_language(dataset, german, english):
    one = dataset.links.loc[["wolfsburg--puebla-9"]]
    assert to_records(one, dataset, language=german).iloc[0].to_dict() == {
        "north": "Wolfsburg",
        "state": "Niedersachsen",
        "south": "Puebla",
        "region": "Puebla",
        "country": "Mexiko",
        "phase": 9,
        "since": 2022,
        "twinned_since": 2011,
        "distance_km": 9569,
        "themes": "Wald und Aufforstung, Klimaanpassung, Stadtentwicklung",
        "confidence": "belegt",
        "source": "https://www.lag21.de/aktuelles/details/kommunale-klimapartnerschaften-phase-neun/",
    }
    english_record = to_records(one, dataset, language=english).iloc[0]
    assert (english_record["state"], english_record["country"]) == ("Lower Saxony", "Mexico")


def test_records_keep_rows_order_and_input(dataset, german):
    links = dataset.links.iloc[[5, 2]]
    before = links.copy()
    records = to_records(links, dataset, language=german)
    assert list(records.index) == list(links.index)
    assert list(records.columns) == list(COLUMN_TITLES)
    assert links.equals(before)


def test_the_csv_file_opens_in_the_spreadsheet_of_the_reader(dataset, german, english):
    records = to_records(dataset.links.iloc[:3], dataset, language=german)
    for language, separator, title in ((german, ";", "Deutsche Kommune"), (english, ",", "German municipality")):
        text = to_csv_bytes(records, language=language).decode("utf-8")
        assert text.startswith("\ufeff" + title)
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=separator))
        assert len(rows) == 4
        assert {len(row) for row in rows} == {len(COLUMN_TITLES)}


def test_a_cell_that_a_spreadsheet_would_run_is_written_as_text(dataset, german):
    records = to_records(dataset.links.iloc[:1], dataset, language=german).assign(north="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in to_csv_bytes(records, language=german).decode("utf-8")


def test_a_download_is_guarded_as_the_tables_files_are(german):
    """What a spreadsheet would run, and what it would run once the first apostrophe is gone."""
    written = to_csv_bytes(
        pd.DataFrame({"south": ["=1+1", "'=1+1", "Puebla", None], "phase": [1, 2, 3, 4]}), language=german
    )
    assert written.decode("utf-8-sig").splitlines()[1:] == ["'=1+1;1", "''=1+1;2", "Puebla;3", ";4"]
