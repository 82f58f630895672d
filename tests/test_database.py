"""The tables in a database: nothing is lost on the way, everyone sees a change, and no half of one.

All of it against a real PostgreSQL with PostGIS, which is started for these tests.
"""

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

import geopandas as gpd
import pandas as pd
import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from geo import database_archive, problems
from geo.archive import ArchiveError, ChangedMeanwhile
from geo.checking import check_files, read_table
from geo.database_archive import DatabaseArchive, read_address
from geo.dataset import read_dataset
from geo.folder_archive import FolderArchive
from geo.schema import TABLE_BY_NAME, TABLES
from geo.store import NAMES, copy, open_archive
from geo.table_files import to_plain_bytes
from geo.tables import read_files
from server import store as module
from server.store import Store
from tests.postgres import find_programs, run_postgres
from tests.serving import ROOT, start_server

PROGRAMS = find_programs()
pytestmark = pytest.mark.skipif(
    PROGRAMS is None, reason="no PostgreSQL with PostGIS here: please install postgresql and postgresql-postgis"
)
# Longer than anything here takes on a busy machine.
DEADLINE = 60


@pytest.fixture(autouse=True)
def told_or_never(monkeypatch):
    """Whatever is noticed was told: nobody looks for it. Servers of their own process look all the same."""
    monkeypatch.setattr(database_archive, "SILENCE_SECONDS", 3600)


@pytest.fixture(scope="module")
def postgres():
    with run_postgres(PROGRAMS) as server:
        yield server


@pytest.fixture
def address(postgres):
    """The address of a database with PostGIS and nothing else."""
    return postgres.make_database()


@pytest.fixture
def archive(address, folder):
    """The archive of a database that holds the real tables."""
    archive = DatabaseArchive(address)
    copy(FolderArchive(folder, names=NAMES), archive)
    yield archive
    archive.close()


@pytest.fixture
def open_store():
    """Open stores that are closed after the test."""
    opened = []

    def open_one(place):
        opened.append(Store(place))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def sql(archive, address):
    """Somebody who changes the tables past the atlas."""
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection.execute


def wait_until(condition, seconds=DEADLINE):
    """Wait until something is so."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() < begun + seconds, "it did not happen in time"
        time.sleep(0.02)


def run(*works):
    """Do several things at once; raises what one of them raises."""
    with ThreadPoolExecutor(len(works)) as threads:
        return [each.result(DEADLINE) for each in [threads.submit(work) for work in works]]


def rename(files, name):
    """Return the files with another name for Puebla, whatever it has now."""
    lines = [
        f"mx-puebla,{name},{line.split(',', 2)[2]}" if line.startswith("mx-puebla,") else line
        for line in files["municipalities"].decode().splitlines(keepends=True)
    ]
    return {**files, "municipalities": "".join(lines).encode()}


def name_of_puebla(state):
    return state.dataset.municipalities.loc["mx-puebla", "name"]


# --- nothing is lost


def test_the_real_tables_with_all_versions_go_there_and_back(folder, address, tmp_path):
    moment = datetime(2026, 1, 15, 12, 30, tzinfo=UTC).timestamp()
    for path in folder.glob("*.csv"):
        os.utime(path, (moment, moment))
    source = FolderArchive(folder, names=NAMES)
    first = read_files(folder)
    source.note(first)
    source.publish(rename(first, "Heroica Puebla"), expected=first, who="ada@example.org", why="Der volle Name")
    second = read_files(folder)
    source.publish(rename(second, "Puebla"), expected=second, who="bert@example.org", why="Zurück")

    database, back = DatabaseArchive(address), FolderArchive(tmp_path / "back", names=NAMES)
    copy(source, database)
    copy(database, back)
    for archive in (database, back):
        assert archive.read_files() == source.read_files() == first
        assert archive.versions() == source.versions()
        assert [archive.read_version(version) for version in archive.versions()] == [first, second, first]
    assert database.read_files_with_date()[1] == source.versions()[-1].saved
    youngest = max((tmp_path / "back" / f"{name}.csv").stat().st_mtime for name in NAMES)
    assert youngest == pytest.approx(source.versions()[-1].saved.timestamp(), abs=0.001)
    # The next version follows the last, wherever it is published.
    for archive in (database, back):
        version = archive.publish(second, expected=first, who="ada@example.org", why="Noch einmal")
        assert (version.number, version.changed) == (4, ("municipalities",))


def test_tables_that_nobody_has_noted_get_their_first_version(folder, address):
    moment = datetime(2026, 1, 15, 12, 30, tzinfo=UTC)
    for path in folder.glob("*.csv"):
        os.utime(path, (moment.timestamp(), moment.timestamp()))
    archive = DatabaseArchive(address)
    copy(FolderArchive(folder, names=NAMES), archive)
    (version,) = archive.versions()
    assert (version.number, version.who, version.why, version.saved) == (1, None, None, moment)
    assert not (folder / ".archive").exists()


def test_files_as_a_spreadsheet_saves_them_keep_every_cell(folder, address):
    path = folder / "municipalities.csv"
    text = path.read_text(encoding="utf-8")
    rows = [line.split(",") for line in text.splitlines()]
    assert '"' not in text
    path.write_bytes("\r\n".join(";".join(row) for row in rows).encode("cp1252", "replace"))
    archive = DatabaseArchive(address)
    copy(FolderArchive(folder, names=NAMES), archive)
    expected = check_files(read_files(folder)).texts["municipalities"]
    found = check_files(archive.read_files()).texts["municipalities"]
    pd.testing.assert_frame_equal(found.reset_index(drop=True), expected.reset_index(drop=True))


# A cell of text may hold any character but those that no file and no database may hold.
CELLS = st.one_of(
    st.sampled_from(
        ["\\N", "\\.", "\n\\.\n", '"', '""', ",", "\t", "a\nb", "\\", "'; DROP TABLE x; --", "NULL", "NA", ""]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00")),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4))
def test_any_cell_comes_back_as_it_was(archive, cells):
    table = TABLE_BY_NAME["themes"]
    before = archive.read_files()
    frame = pd.DataFrame(index=range(len(cells)), columns=list(table.schema.columns), dtype="string")
    frame["id"] = [f"t{number}" for number in range(len(cells))]
    frame["label_de"], frame["label_en"] = ([pair[side] for pair in cells] for side in (0, 1))
    # What a file can hold of these cells; the rest is none of the database's making.
    text, _, found = read_table(to_plain_bytes(frame), table=table)
    assume(not found)
    content = to_plain_bytes(text)
    archive.publish({**before, "themes": content}, expected=before, who="ada@example.org", why="x")
    assert archive.read_files()["themes"] == content
    assert archive.read_version(archive.versions()[-1])["themes"] == content


def test_a_language_more_comes_and_goes_and_columns_of_others_stay(archive, sql):
    sql("ALTER TABLE atlas.themes ADD COLUMN remark text NOT NULL DEFAULT ''")
    sql("UPDATE atlas.themes SET remark = upper(id)")
    marks = "SELECT id, remark, row_id FROM atlas.themes ORDER BY row_id"
    before = sql(marks).fetchall()
    first = archive.read_files()
    assert "remark" not in first["themes"].decode().splitlines()[0]
    lines = first["themes"].decode().splitlines()
    more = "\n".join([f"{lines[0]},label_sw", *(f"{line},neno" for line in lines[1:])]) + "\n"
    archive.publish({**first, "themes": more.encode()}, expected=first, who="ada@example.org", why="Suaheli")
    second = archive.read_files()
    assert second["themes"].decode() == more
    archive.publish(first, expected=second, who="ada@example.org", why="Ohne Suaheli")
    assert archive.read_files() == first
    assert sql(marks).fetchall() == before
    # A row that goes takes its own along, one that comes has none, and the others keep theirs in any order.
    head, first_row, *rows = first["themes"].decode().splitlines(keepends=True)
    gone = first_row.split(",")[0]
    new = first_row.replace(gone, "new", 1)
    changed = {**first, "themes": "".join([head, *reversed(rows), new]).encode()}
    archive.publish(changed, expected=first, who="ada@example.org", why="Reihenfolge")
    assert archive.read_files() == changed
    assert sql(marks).fetchall()[:-1] == [row for row in before if row[0] != gone]
    assert sql("SELECT remark FROM atlas.themes WHERE id = 'new'").fetchone() == ("",)


def test_rows_that_sql_adds_come_last(archive, sql):
    before = archive.read_files()["themes"].decode()
    label = ", ".join(f"label_{code}" for code in ("de", "en", "es", "fr", "pt"))
    sql(f"INSERT INTO atlas.themes (id, {label}) VALUES ('zoo', 'Zoo', 'Zoo', 'Zoo', 'Zoo', 'Zoo')")
    assert archive.read_files()["themes"].decode().startswith(before)
    assert archive.read_files()["themes"].decode().splitlines()[-1].startswith("zoo,")


@pytest.mark.parametrize(
    "made_by_others",
    [
        "ALTER TABLE atlas.partnerships ALTER COLUMN since TYPE integer USING since::integer",
        "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.source_url = upper(NEW.source_url); RETURN NEW; END $$; "
        "CREATE TRIGGER shout BEFORE UPDATE ON atlas.partnerships FOR EACH ROW EXECUTE FUNCTION shout()",
    ],
    ids=["another type", "a trigger"],
)
def test_a_database_that_keeps_other_cells_than_it_was_given_takes_nothing(archive, sql, made_by_others):
    sql(made_by_others)
    before, versions = archive.read_files(), archive.versions()
    changed = before["partnerships"].replace(b"za-durban,1,2011", b"za-durban,1,2012")
    assert changed != before["partnerships"]
    with pytest.raises(ArchiveError, match="andere Zellen"):
        archive.publish({**before, "partnerships": changed}, expected=before, who="ada@example.org", why="x")
    assert (archive.read_files(), archive.versions()) == (before, versions)


def test_a_gis_finds_the_points_where_the_atlas_shows_them(archive, address, folder):
    engine = sa.create_engine(read_address(address))
    for name in ("municipalities", "meetings", "sites"):
        points = gpd.read_postgis(f"SELECT id, geom FROM atlas.{name}", engine, index_col="id", crs="EPSG:4326")
        shown = getattr(read_dataset(folder), name).geometry
        assert set(points.index) == set(shown.index)
        located = shown.reindex(points.index)
        assert points.geometry.isna().equals(located.isna())
        assert points.geometry.dropna().geom_equals_exact(located.dropna(), 1e-12).all()
        assert located.notna().any()
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE atlas.municipalities SET latitude = '19,04' WHERE id = 'mx-puebla'"))
        query = sa.text("SELECT geom IS NULL FROM atlas.municipalities WHERE id = 'mx-puebla'")
        assert connection.scalar(query)
    engine.dispose()


def test_no_column_of_the_tables_has_a_name_that_the_database_needs():
    assert not {"row_id", "row_order", "geom"} & {column for table in TABLES for column in table.schema.columns}
    assert not {"versions", "contents"} & set(NAMES)


# --- publishing


def test_publishing_is_one_version_by_one_person(archive):
    before = archive.read_files()
    after = rename(before, "Heroica Puebla")
    begun = datetime.now(UTC)
    version = archive.publish(after, expected=before, who="ada@example.org", why="Der volle Name")
    assert archive.read_files() == after
    assert archive.versions()[-1] == version
    assert (version.number, version.who, version.why) == (2, "ada@example.org", "Der volle Name")
    assert version.changed == ("municipalities",)
    assert begun <= version.at <= datetime.now(UTC)
    assert archive.read_files_with_date() == (after, version.saved)
    assert archive.publish(after, expected=after, who="bert@example.org", why="Nichts Neues") == version
    assert len(archive.versions()) == 2


def test_who_was_overtaken_gets_the_new_tables_and_publishes_nothing(archive):
    before = archive.read_files()
    first = rename(before, "Heroica Puebla")
    archive.publish(first, expected=before, who="ada@example.org", why="x")
    with pytest.raises(ChangedMeanwhile) as caught:
        archive.publish(rename(before, "Angelópolis"), expected=before, who="bert@example.org", why="y")
    assert caught.value.files == archive.read_files() == first
    assert len(archive.versions()) == 2
    with pytest.raises(ValueError, match="are needed"):
        archive.publish({"themes": b""}, expected=first, who="bert@example.org", why="y")


def test_of_many_who_publish_at_once_each_builds_on_the_one_before(archive, address, monkeypatch):
    """Every one adds a letter to the same name, and tries again when someone else was faster."""
    monkeypatch.setattr(database_archive, "LOCK_SECONDS", DEADLINE)
    letters, others = "ABCDEF", [DatabaseArchive(address) for _ in range(6)]

    def add(archive, letter):
        while True:
            before = archive.read_files()
            name = read_table(before["municipalities"], table=TABLE_BY_NAME["municipalities"])[0]
            old = name.set_index("id").at["mx-puebla", "name"]
            try:
                archive.publish(rename(before, old + letter), expected=before, who=letter, why=letter)
            except ChangedMeanwhile:
                continue
            return

    run(*(partial(add, *pair) for pair in zip(others, letters, strict=True)))
    versions = archive.versions()
    assert [version.number for version in versions] == list(range(1, 8))
    order = "".join(version.who for version in versions[1:])
    assert sorted(order) == list(letters)
    assert f"mx-puebla,Puebla{order},".encode() in archive.read_files()["municipalities"]
    for other in others:
        other.close()


@pytest.mark.parametrize("work", ["write_table", "_keep"])
def test_a_publication_that_breaks_off_has_never_been(archive, monkeypatch, work):
    before, versions = archive.read_files(), archive.versions()
    real = getattr(database_archive, work)

    def break_off(connection, *arguments, **options):
        real(connection, *arguments, **options)
        connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with monkeypatch.context() as patch:
        patch.setattr(database_archive, work, break_off)
        with pytest.raises(ArchiveError, match="nicht zu erreichen") as caught:
            archive.publish(rename(before, "X"), expected=before, who="ada@example.org", why="x")
    assert caught.value.problem == database_archive.UNREACHABLE
    assert (archive.read_files(), archive.versions()) == (before, versions)
    archive.publish(rename(before, "X"), expected=before, who="ada@example.org", why="x")
    assert len(archive.versions()) == 2


def test_who_holds_the_tables_for_too_long_is_not_waited_for(archive, address, monkeypatch):
    before = archive.read_files()
    monkeypatch.setattr(database_archive, "LOCK_SECONDS", 1)
    with psycopg.connect(address) as other:
        other.execute("UPDATE atlas.themes SET label_de = label_de")
        # Whoever only looks sees what was there before.
        assert archive.read_files() == before
        with pytest.raises(ArchiveError, match="jemand anderes"):
            archive.publish(rename(before, "X"), expected=before, who="ada@example.org", why="x")
        other.execute("LOCK TABLE atlas.themes")
        with pytest.raises(ArchiveError, match="jemand anderes"):
            archive.read_files()
    archive.publish(rename(before, "X"), expected=before, who="ada@example.org", why="x")


def test_who_may_only_read_sees_all_and_is_told_what_is_missing(archive, postgres, address, sql, open_store, caplog):
    role = f"reader_{address.rpartition('_')[2]}"
    sql(f"CREATE ROLE {role} LOGIN")
    sql(f"GRANT USAGE ON SCHEMA atlas TO {role}")
    sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA atlas TO {role}")
    place = postgres.to_address(address.rpartition("/")[2], user=role)
    store = open_store(place)
    state = store.state()
    assert name_of_puebla(state) == "Puebla"
    sql("UPDATE atlas.municipalities SET name = 'Pueblo' WHERE id = 'mx-puebla'")
    wait_until(lambda: name_of_puebla(store.state()) == "Pueblo")
    assert "fehlen Rechte im Schema" in caplog.text
    with pytest.raises(ArchiveError, match="fehlen Rechte im Schema"):
        store.archive.publish(state.files, expected=store.state().files, who="ada@example.org", why="x")


# --- changes are noticed, faults shown


def test_a_change_with_sql_is_seen_and_becomes_a_version(archive, address, sql, open_store):
    store = open_store(address)
    first = store.state()
    assert (name_of_puebla(first), first.failed_since) == ("Puebla", None)
    assert first.dataset.saved == archive.versions()[0].saved
    assert store.state() is first
    assert store.unchanged() is first
    sql("UPDATE atlas.municipalities SET name = 'Heroica Puebla' WHERE id = 'mx-puebla'")
    wait_until(lambda: name_of_puebla(store.state()) == "Heroica Puebla")
    version = archive.versions()[-1]
    assert (version.number, version.who, version.changed) == (2, None, ("municipalities",))
    assert archive.read_version(version) == store.state().files
    sql("TRUNCATE atlas.agenda")
    wait_until(lambda: store.state().files["agenda"].count(b"\n") == 1)


def test_a_wrong_cell_leaves_the_last_good_tables_also_over_a_restart(archive, address, sql, open_store):
    store = open_store(address)
    good = store.state()
    sql("UPDATE atlas.partnerships SET since = 'zweitausend' WHERE south = 'za-durban'")
    wait_until(lambda: store.state().failed_since is not None)
    assert store.state().dataset is good.dataset
    assert {finding.problem for finding in store.state().checked.errors} == {problems.NOT_AN_INTEGER}
    restarted = open_store(address)
    assert restarted.state().failed_since is not None
    assert restarted.state().dataset.saved == good.dataset.saved
    sql("UPDATE atlas.partnerships SET since = '2012' WHERE south = 'za-durban'")
    for each in (store, restarted):
        wait_until(lambda each=each: each.state().failed_since is None)


def test_a_lost_connection_is_made_anew_and_nothing_is_missed(archive, address, sql, open_store):
    store = open_store(address)
    before = store.state()
    lost = sql(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query NOT LIKE '%terminate%' "
        "AND datname = current_database() AND application_name = 'atlas' AND state = 'idle'"
    ).fetchone()
    assert lost[0] >= 2  # one listens, one was used to read
    wait_until(lambda: store.lost_since is not None)
    sql("UPDATE atlas.municipalities SET name = 'Pueblo' WHERE id = 'mx-puebla'")
    wait_until(lambda: name_of_puebla(store.state()) == "Pueblo")
    assert before.failed_since is store.state().failed_since is None


def test_while_the_database_is_away_everyone_sees_what_was_there(postgres, archive, address, open_store, monkeypatch):
    monkeypatch.setattr(module, "RETRY_SECONDS", 0)
    store = open_store(address)
    good = store.state()
    postgres.stop()
    try:
        assert store.state() is good
        # Whoever has to read it again, keeps what was there as well.
        wait_until(lambda: store.lost_since is not None)
        store.archive.writes += 1
        failed = store.state()
        assert failed.dataset is good.dataset
        assert failed.failed_since is not None
        assert {finding.problem for finding in failed.checked.errors} == {problems.NO_DATABASE}
        with pytest.raises(ArchiveError, match="nicht zu erreichen"):
            archive.versions()
        with pytest.raises(ArchiveError, match="nicht zu erreichen"):
            archive.publish(rename(good.files, "X"), expected=good.files, who="ada@example.org", why="x")
        late = open_store(address)
        assert late.state().dataset is None
        assert {finding.problem for finding in late.state().checked.errors} == {problems.NO_DATABASE}
    finally:
        postgres.start()
    archive.publish(rename(good.files, "Pueblo"), expected=good.files, who="ada@example.org", why="x")
    for each in (store, late):
        wait_until(lambda each=each: each.state().dataset is not None and name_of_puebla(each.state()) == "Pueblo")


def test_two_processes_see_within_seconds_what_was_published(archive, address):
    environment = {"ATLAS_DATA": address}

    def read_table_of(url):
        with urllib.request.urlopen(f"{url}/open-data/municipalities.csv", timeout=30) as answer:
            return answer.read()

    with start_server(environment=environment) as one, start_server(environment=environment) as two:
        urls = (one.url, two.url)
        before = archive.read_files()
        assert [read_table_of(url).count(b"Heroica") for url in urls] == [0, 0]
        archive.publish(rename(before, "Heroica Puebla"), expected=before, who="ada@example.org", why="x")
        for url in urls:
            wait_until(lambda url=url: b"Heroica Puebla" in read_table_of(url))
            with urllib.request.urlopen(f"{url}/readyz", timeout=30) as answer:
                ready = json.loads(answer.read())
            assert (ready["state"], ready["errors"]) == ("current", 0)


def test_tables_that_nobody_tells_of_are_seen_all_the_same(archive, address, sql, open_store, monkeypatch):
    """As when a backup is restored, which loads rows before there are triggers."""
    monkeypatch.setattr(database_archive, "SILENCE_SECONDS", 0.2)
    store = open_store(address)
    store.state()
    sql("ALTER TABLE atlas.municipalities DISABLE TRIGGER tell_change")
    sql("UPDATE atlas.municipalities SET name = 'Pueblo' WHERE id = 'mx-puebla'")
    wait_until(lambda: name_of_puebla(store.state()) == "Pueblo")


def test_what_this_process_publishes_is_seen_at_once(archive, address, open_store):
    store = open_store(address)
    files = store.state().files
    store.archive.publish(rename(files, "Heroica Puebla"), expected=files, who="ada@example.org", why="x")
    assert name_of_puebla(store.state()) == "Heroica Puebla"


def test_a_reader_never_takes_a_table_for_empty_that_is_being_replaced(archive, address):
    before = archive.read_files()
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE "
    waiting += "datname = current_database())"

    def replace():
        with psycopg.connect(address) as other, psycopg.connect(address, autocommit=True) as watcher:
            rows = other.execute("SELECT id, label_de FROM atlas.themes").fetchall()
            other.execute("TRUNCATE atlas.themes")
            emptied.set()
            wait_until(lambda: watcher.execute(waiting).fetchone()[0] > 0)
            for position, row in enumerate(rows, start=1):
                other.execute(
                    "INSERT INTO atlas.themes (row_order, id, label_de) VALUES (%s, %s, %s)", (position, *row)
                )

    def read():
        assert emptied.wait(DEADLINE)
        return archive.read_files()

    emptied = threading.Event()
    _, found = run(replace, read)
    assert found["themes"].count(b"\n") == before["themes"].count(b"\n")


def test_it_is_said_since_when_changes_cannot_be_noticed(postgres, archive, address, open_store):
    store = open_store(address)
    store.state()
    assert store.lost_since is None
    begun = datetime.now(UTC)
    postgres.stop()
    try:
        wait_until(lambda: store.lost_since is not None)
        assert begun <= store.lost_since <= datetime.now(UTC)
    finally:
        postgres.start()
    wait_until(lambda: store.lost_since is None)


# --- the command


def run_store(*arguments):
    command = [sys.executable, "-m", "geo.store", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ | {"LC_ALL": "C"}
    )


def test_the_command_copies_and_says_what(folder, address, tmp_path):
    there = run_store("copy", folder, address)
    assert (there.returncode, there.stdout) == (0, f"Kopiert: {len(TABLES)} Tabellen mit ihren früheren Ständen.\n"), (
        there.stderr
    )
    back = run_store("copy", address, tmp_path / "new" / "data")
    assert (back.returncode, back.stdout) == (0, f"Kopiert: {len(TABLES)} Tabellen mit ihren früheren Ständen.\n"), (
        back.stderr
    )
    assert read_files(tmp_path / "new" / "data") == read_files(folder)
    # What is there already is never written over.
    for target in (address, folder):
        again = run_store("copy", tmp_path / "new" / "data", target)
        assert again.returncode == 1
        assert "liegen schon Tabellen" in again.stderr
        assert read_files(folder) == open_archive(address).read_files()


def test_the_command_says_what_was_lost_before(folder, address):
    source = FolderArchive(folder, names=NAMES)
    first = read_files(folder)
    source.note(first)
    source.publish(rename(first, "X"), expected=first, who="ada@example.org", why="x")
    second = read_files(folder)
    digest = source.versions()[0].tables["municipalities"]
    (folder / ".archive" / "objects" / f"{digest}.csv").unlink()
    with (folder / ".archive" / "journal.jsonl").open("a", encoding="utf-8") as journal:
        journal.write("{broken}\n")
    answer = run_store("copy", folder, address)
    assert answer.returncode == 2
    assert "Zeilen des Journals, die sich nicht lesen lassen: 3" in answer.stderr
    assert "Stände, von denen schon in der Quelle etwas fehlt: 1" in answer.stderr
    archive = DatabaseArchive(address)
    assert archive.versions() == source.versions()
    assert archive.read_version(archive.versions()[1]) == second
    with pytest.raises(ArchiveError, match=r"municipalities\.csv fehlt im Archiv"):
        archive.read_version(archive.versions()[0])


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("/nowhere", "den Ordner „/nowhere“ gibt es nicht"),
        ("mysql://root@127.0.0.1/atlas", "keine wie postgresql://"),
        ("postgresql://127.0.0.1:1/atlas", "nicht zu erreichen"),
        ("postgresql://ada:geheim@127.0.0.1:1", "keine wie postgresql://"),
        ("postgresql://ada:ge@ge:geheim@127.0.0.1/atlas", "keine wie postgresql://"),
        ("postgresql://ada:ge@geheim@127.0.0.1/atlas", "keine wie postgresql://"),
    ],
)
def test_the_command_refuses_what_is_no_place(tmp_path, source, says):
    answer = run_store("copy", source, tmp_path / "new")
    assert answer.returncode == 1
    assert says in answer.stderr
    assert "geheim" not in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (tmp_path / "new").exists()


def test_tables_that_cannot_be_read_as_rows_stay_where_they_are(folder, address):
    path = folder / "themes.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("label_de", "nonsense", 1), encoding="utf-8")
    answer = run_store("copy", folder, address)
    assert answer.returncode == 1
    assert "Es wurde nichts kopiert" in answer.stderr
    assert "themes.csv" in answer.stderr
    assert "Traceback" not in answer.stderr
    archive = DatabaseArchive(address)
    assert (archive.read_files(), archive.versions()) == ({}, ())
