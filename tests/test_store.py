"""Live reload: what is saved is seen, what is broken or cut short never, and nobody waits for somebody else."""

import os
import threading
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pytest

from geo import problems
from geo.archive import ArchiveError
from geo.checking import check_files
from geo.errors import TablesError
from geo.folder_archive import NEVER_STILL, FolderArchive
from geo.schema import TABLES
from geo.tables import read_files
from server import sources
from server import store as module
from server.store import Store, current_dataset

NAMES = [table.name for table in TABLES]
SETTLED_SECONDS = sources.SETTLED_SECONDS
PARTNERSHIPS = 80
# Longer than anything here takes on a busy machine.
DEADLINE = 30


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    """Nobody is in the middle of saving, where a test does not say so, and the same files are checked once only."""
    monkeypatch.setattr(sources, "SETTLED_SECONDS", 0)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0)
    monkeypatch.setattr(module, "check_files", lambda files: check_once(tuple(files.items())))


@lru_cache(maxsize=16)
def check_once(files):
    return check_files(dict(files))


@pytest.fixture
def store(folder):
    return Store(folder)


class Naps:
    """In place of waiting: notes for how long, and runs what the test lets happen meanwhile."""

    def __init__(self, monkeypatch, *events):
        self.seconds, self.events = [], list(events)
        monkeypatch.setattr(sources, "SETTLED_SECONDS", SETTLED_SECONDS)
        monkeypatch.setattr(sources, "sleep", self.sleep)

    def sleep(self, seconds):
        self.seconds.append(seconds)
        if self.events:
            self.events.pop(0)()


def edit(folder, name, change):
    path = folder / f"{name}.csv"
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, encoding="utf-8")


def rename_puebla(folder, name="Puebla de los Ángeles"):
    edit(folder, "municipalities", lambda text: text.replace("mx-puebla,Puebla,", f"mx-puebla,{name},"))


def break_partnerships(folder, word="zweitausend"):
    edit(folder, "partnerships", lambda text: text.replace("za-durban,1,2011", f"za-durban,1,{word}"))


def break_off(folder, name, *, lines=3):
    """Leave the first lines of a file, which is a good one as well; returns the whole."""
    path = folder / f"{name}.csv"
    whole = path.read_bytes()
    path.write_bytes(b"".join(whole.splitlines(keepends=True)[:lines]))
    return whole


def name_of_puebla(state):
    return state.dataset.municipalities.loc["mx-puebla", "name"]


def found_in(state):
    return {finding.problem for finding in state.checked.errors}


def hold_check(monkeypatch):
    """Let a check begin and not end; returns how to know that it has begun, to let it end, and what was checked."""
    begun, go_on, calls = threading.Event(), threading.Event(), []

    def check_slowly(files):
        calls.append(files)
        begun.set()
        assert go_on.wait(DEADLINE)
        return check_files(files)

    monkeypatch.setattr(module, "check_files", check_slowly)
    return begun, go_on, calls


def run(*works):
    """Start a thread per work; returns the threads and the results as they come."""
    results = []
    threads = [threading.Thread(target=lambda work=work: results.append(work()), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    return threads, results


def join(threads):
    for thread in threads:
        thread.join(DEADLINE)
        assert not thread.is_alive()


# --- what is saved is seen


def test_the_first_state_stays_the_same_while_nothing_changes(store, folder, monkeypatch):
    state = store.state()
    assert len(state.dataset.links) == PARTNERSHIPS
    assert state.files == read_files(folder)
    assert (state.failed_since, state.checked.errors) == (None, ())
    assert state.to_dataset() is state.dataset
    youngest = max(path.stat().st_mtime for path in folder.glob("*.csv"))
    assert state.dataset.saved.timestamp() == pytest.approx(youngest, abs=0.01)
    monkeypatch.setattr(module, "check_files", None)
    assert store.state() is state


def test_a_good_change_is_taken_and_kept_for_a_restart(store, folder):
    first = store.state()
    rename_puebla(folder)
    second = store.state()
    assert (name_of_puebla(first), name_of_puebla(second)) == ("Puebla", "Puebla de los Ángeles")
    assert second.files == read_files(folder)
    assert second.dataset.saved > first.dataset.saved
    assert [version.changed for version in store.archive.versions()] == [tuple(NAMES), ("municipalities",)]
    assert store.archive.read_version(store.archive.versions()[-1]) == second.files


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no time of the last change of a file's dates")
def test_a_change_of_equal_length_and_date_is_seen(store, folder):
    store.state()
    path = folder / "municipalities.csv"
    before = path.stat()
    rename_puebla(folder, "Pueblo")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert name_of_puebla(store.state()) == "Pueblo"


def test_a_file_put_in_the_place_of_another_with_its_old_date_is_seen(store, folder):
    store.state()
    new = folder / "new.tmp"
    new.write_bytes((folder / "municipalities.csv").read_bytes().replace(b"mx-puebla,Puebla,", b"mx-puebla,Pueblo,"))
    os.utime(new, (1, 1))
    new.replace(folder / "municipalities.csv")
    assert name_of_puebla(store.state()) == "Pueblo"


def test_what_is_published_is_seen_at_once(store, folder):
    before = store.state()
    table = before.files["municipalities"].replace(b"mx-puebla,Puebla,", b"mx-puebla,Heroica Puebla,")
    files = {**before.files, "municipalities": table}
    version = FolderArchive(folder, names=NAMES).publish(files, expected=before.files, who="Ada", why="Name")
    after = store.state()
    assert (after.files, name_of_puebla(after)) == (files, "Heroica Puebla")
    assert store.archive.versions()[-1] == version
    assert store.state() is after


@pytest.mark.parametrize("moment", [4_000_000_000, -1_000_000_000], ids=["future", "before 1970"])
def test_files_with_an_odd_date_are_shown_and_followed(store, folder, monkeypatch, moment):
    naps = Naps(monkeypatch)
    for path in folder.glob("*.csv"):
        os.utime(path, (moment, moment))
    state = store.state()
    assert datetime.fromtimestamp(0, UTC) <= state.dataset.saved <= datetime.now(UTC)
    assert len(naps.seconds) == 1
    assert 0 < naps.seconds[0] <= SETTLED_SECONDS
    rename_puebla(folder)
    assert name_of_puebla(store.state()) == "Puebla de los Ángeles"


# --- never by halves


def test_files_that_were_just_saved_are_waited_for(store, folder, monkeypatch):
    naps = Naps(monkeypatch)
    store.state()
    naps.seconds.clear()
    rename_puebla(folder)
    assert name_of_puebla(store.state()) == "Puebla de los Ángeles"
    (nap,) = naps.seconds
    assert 0 < nap <= SETTLED_SECONDS
    store.state()
    assert len(naps.seconds) == 1


@pytest.mark.parametrize("started", [True, False], ids=["running", "starting"])
def test_a_file_saved_in_two_steps_is_taken_whole(store, folder, monkeypatch, started):
    if started:
        store.state()
    rename_puebla(folder)
    whole = break_off(folder, "partnerships")
    assert not check_files(read_files(folder)).errors
    naps = Naps(monkeypatch, lambda: (folder / "partnerships.csv").write_bytes(whole))
    assert len(store.state().dataset.links) == PARTNERSHIPS
    assert len(naps.seconds) == 2
    assert len(store.archive.versions()) == (2 if started else 1)


def test_a_file_that_is_saved_while_it_is_read_is_read_again(store, folder, monkeypatch):
    store.state()
    rename_puebla(folder)
    real, whole = store.archive.read_files, {}

    def read_beside_a_writer():
        if whole:
            (folder / "partnerships.csv").write_bytes(whole.pop("partnerships"))
        elif name_of_puebla(store._known[0]) == "Puebla" and not finished:
            finished.append(True)
            whole["partnerships"] = break_off(folder, "partnerships")
        return real()

    finished = []
    monkeypatch.setattr(store.archive, "read_files", read_beside_a_writer)
    state = store.state()
    assert (len(state.dataset.links), name_of_puebla(state)) == (PARTNERSHIPS, "Puebla de los Ángeles")
    assert finished
    assert not whole


def test_files_that_are_changed_together_are_taken_together(store, folder, monkeypatch):
    """The same code in several files: with one of them saved and the others not yet, nothing fits together."""
    store.state()
    paths = sorted(path for path in folder.glob("*.csv") if "2023-09-puebla" in path.read_text(encoding="utf-8"))
    assert len(paths) > 2

    def save(path):
        edit(folder, path.stem, lambda text: text.replace("2023-09-puebla", "2023-09-heroica"))

    save(paths[0])
    assert check_files(read_files(folder)).errors
    naps = Naps(monkeypatch, *(lambda path=path: save(path) for path in paths[1:]))
    state = store.state()
    assert state.failed_since is None
    assert "2023-09-heroica" in state.dataset.meetings.index
    assert len(naps.seconds) == len(paths)


def test_files_that_never_settle_change_nothing_and_are_tried_again(store, folder, monkeypatch, caplog):
    before = store.state()
    rename_puebla(folder)
    saves = [
        lambda moment=moment: os.utime(folder / "themes.csv", (1, moment)) for moment in range(sources.READS_AT_MOST)
    ]
    naps = Naps(monkeypatch, *saves)
    state = store.state()
    assert len(naps.seconds) == sources.READS_AT_MOST
    assert state.dataset is before.dataset
    assert state.failed_since
    assert NEVER_STILL in caplog.text
    after = store.state()
    assert (name_of_puebla(after), after.failed_since) == ("Puebla de los Ángeles", None)


def test_readers_beside_a_writer_never_see_a_half(store, folder, monkeypatch):
    # A writer that a busy machine stops for so long would look like one that has finished.
    monkeypatch.setattr(sources, "SETTLED_SECONDS", 1.0)
    store.state()
    path = folder / "partnerships.csv"
    whole = path.read_bytes()
    final = whole.replace(b"za-durban,1,2011", b"za-durban,1,2012")
    assert final != whole
    saves, asked, seen, done = 20, threading.Semaphore(0), [], threading.Event()

    def write():
        for number in range(1, saves + 1):
            content = final if number == saves else whole
            with path.open("wb") as file:
                half = b"".join(content.splitlines(keepends=True)[:40])
                file.write(half)
                file.flush()
                for _ in range(5):
                    assert asked.acquire(timeout=DEADLINE)
                file.write(content[len(half) :])

    def read():
        while not done.is_set():
            state = store.state()
            asked.release()
            seen.append(state)
            if state.files["partnerships"] == final:
                done.set()

    threads, _ = run(write, read, read, read)
    join(threads)
    states = set(seen)
    assert {len(state.dataset.links) for state in states} == {PARTNERSHIPS}
    assert {state.files["partnerships"] for state in states} == {whole, final}
    kept = [store.archive.read_version(version)["partnerships"] for version in store.archive.versions()]
    assert set(kept) == {whole, final}


# --- what is broken is not shown


def test_a_broken_set_keeps_the_last_good_one_until_it_is_mended(store, folder):
    good = store.state()
    begun = datetime.now(UTC)
    break_partnerships(folder)
    first = store.state()
    assert first.dataset is good.dataset
    assert first.texts is good.texts is good.checked.texts
    assert begun <= first.failed_since <= datetime.now(UTC)
    assert found_in(first) == {problems.NOT_AN_INTEGER}
    assert first.files == read_files(folder)
    assert store.state() is first

    edit(folder, "partnerships", lambda text: text.replace("zweitausend", "zweitausendelf"))
    second = store.state()
    assert second is not first
    assert second.dataset is good.dataset
    assert second.failed_since == first.failed_since
    assert [finding.value for finding in second.checked.errors] == ["zweitausendelf"]

    edit(folder, "partnerships", lambda text: text.replace("zweitausendelf", "2012"))
    mended = store.state()
    assert (mended.failed_since, mended.checked.errors) == (None, ())
    assert mended.dataset is not good.dataset
    assert len(store.archive.versions()) == 2

    edit(folder, "partnerships", lambda text: text.replace("za-durban,1,2012", "za-durban,1,x"))
    again = store.state()
    assert again.dataset is mended.dataset
    assert again.failed_since > first.failed_since


def test_a_missing_file_keeps_the_last_good_set(store, folder):
    good = store.state()
    content = (folder / "themes.csv").read_bytes()
    (folder / "themes.csv").unlink()
    state = store.state()
    assert state.dataset is good.dataset
    assert problems.NO_FILE in found_in(state)
    assert set(state.files) == set(NAMES) - {"themes"}
    (folder / "themes.csv").write_bytes(content)
    assert store.state().failed_since is None


def test_a_missing_folder_keeps_the_last_good_set(store, folder):
    good = store.state()
    folder.rename(folder.with_name("away"))
    state = store.state()
    assert state.dataset is good.dataset
    assert found_in(state) == {problems.NO_FILE}
    folder.with_name("away").rename(folder)
    assert store.state().failed_since is None


def lock_file(patch, name):
    """Refuse to open a file, as Windows does while another program holds it."""
    real = Path.open

    def open_unless_locked(path, *arguments, **options):
        if path.name == name:
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **options)

    patch.setattr(Path, "open", open_unless_locked)


def test_an_unreadable_file_keeps_the_last_good_set_and_is_tried_again(store, folder, caplog):
    good = store.state()
    rename_puebla(folder)
    with pytest.MonkeyPatch.context() as patch:
        lock_file(patch, "municipalities.csv")
        state = store.state()
        assert state.dataset is good.dataset
        assert state.failed_since
        (finding,) = state.checked.errors
        assert (finding.table, finding.problem) == ("municipalities", problems.NOT_READABLE)
        assert finding.details == {"reason": "Permission denied"}
        assert state.files == good.files
        assert store.state() is state
        assert caplog.text.count("municipalities.csv lässt sich nicht lesen") == 1
    # Letting a file go changes nothing about it.
    mended = store.state()
    assert (name_of_puebla(mended), mended.failed_since) == ("Puebla de los Ángeles", None)


def test_an_unreadable_file_at_the_start_is_tried_again(store, folder):
    with pytest.MonkeyPatch.context() as patch:
        lock_file(patch, "themes.csv")
        state = store.state()
        assert (state.dataset, state.texts) == (None, {})
        assert [(each.table, each.problem) for each in state.checked.errors] == [("themes", problems.NOT_READABLE)]
        with pytest.raises(TablesError, match=r"themes\.csv"):
            state.to_dataset()
    assert len(store.state().to_dataset().links) == PARTNERSHIPS


@pytest.mark.parametrize(
    ("work", "error"),
    [
        ("check_files", ZeroDivisionError()),
        ("check_files", OSError("x")),
        ("check_files", UnicodeError("x")),
        ("check_files", MemoryError()),
        ("build_dataset", KeyError("x")),
    ],
)
def test_a_mistake_in_a_check_takes_nothing_down(store, folder, caplog, work, error):
    good = store.state()
    calls = []

    def fail(*arguments, **options):
        calls.append(arguments)
        raise error

    rename_puebla(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, work, fail)
        state = store.state()
        assert state.dataset is good.dataset
        assert state.failed_since
        assert (state.files, state.checked.texts) == (good.files, good.checked.texts)
        expected = problems.NOT_READABLE if isinstance(error, OSError) else problems.CHECK_FAILED
        assert found_in(state) == {expected}
        assert store.state() is state
    assert len(calls) == 1
    assert type(error).__name__ in caplog.text
    assert len(store.archive.versions()) == 1
    edit(folder, "municipalities", lambda text: text.replace("Puebla de los Ángeles", "Cuetlaxcoapan"))
    assert name_of_puebla(store.state()) == "Cuetlaxcoapan"


@pytest.mark.parametrize("work", ["read_files", "note"])
def test_a_mistake_in_the_archive_takes_nothing_down(store, folder, monkeypatch, work):
    """A file system without locks, for one, is no OSError."""
    store.state()
    rename_puebla(folder)

    def fail(*arguments):
        raise NotImplementedError("no locks")

    monkeypatch.setattr(store.archive, work, fail)
    assert name_of_puebla(store.state()) == ("Puebla" if work == "read_files" else "Puebla de los Ángeles")


def test_a_mistake_in_a_check_at_the_start_leaves_a_server_that_says_so(store, folder, monkeypatch):
    def fail(files):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(module, "check_files", fail)
        with pytest.raises(TablesError, match="ZeroDivisionError"):
            store.state().to_dataset()
    rename_puebla(folder)
    assert len(store.state().to_dataset().links) == PARTNERSHIPS


# --- a start on broken tables


@pytest.fixture
def served(folder, monkeypatch):
    """The folder is the one that the server serves."""
    monkeypatch.setenv("ATLAS_DATA", str(folder))
    return folder


def test_a_start_on_broken_tables_shows_the_last_good_ones(served):
    archive = Store(served).archive
    rename_puebla(served)
    Store(served).state()
    (version,) = archive.versions()
    break_partnerships(served)
    state = Store(served).state()
    assert name_of_puebla(state) == "Puebla de los Ángeles"
    assert state.dataset.saved == version.saved
    assert set(state.texts) == set(NAMES)
    assert state.failed_since
    assert found_in(state) == {problems.NOT_AN_INTEGER}
    assert len(current_dataset().links) == PARTNERSHIPS


def test_a_start_on_broken_tables_says_when_those_shown_were_saved(folder):
    """They were noted by a server that had never seen them before, long after."""
    moment = datetime(2026, 1, 15, tzinfo=UTC)
    for path in folder.glob("*.csv"):
        os.utime(path, (moment.timestamp(), moment.timestamp()))
    assert Store(folder).state().dataset.saved == moment
    break_partnerships(folder)
    state = Store(folder).state()
    assert state.dataset.saved == moment
    assert state.dataset.saved.utcoffset() == moment.astimezone().utcoffset()
    assert state.failed_since > moment


def test_a_start_on_broken_tables_without_an_archive_shows_what_to_mend(served):
    break_partnerships(served)
    with pytest.raises(TablesError, match="zweitausend"):
        current_dataset()
    edit(served, "partnerships", lambda text: text.replace("zweitausend", "2011"))
    assert len(current_dataset().links) == PARTNERSHIPS


def test_an_archive_that_comes_later_is_found(store, folder):
    good = read_files(folder)
    break_partnerships(folder)
    broken = read_files(folder)
    assert store.state().dataset is None
    for name, content in good.items():
        (folder / f"{name}.csv").write_bytes(content)
    Store(folder).state()
    for name, content in broken.items():
        (folder / f"{name}.csv").write_bytes(content)
    assert store.state().dataset


def damage(archive, version):
    path = archive._objects / f"{version.tables['municipalities']}.csv"
    path.write_bytes(b"")


def lose(archive, version):
    (archive._objects / f"{version.tables['municipalities']}.csv").unlink()


@pytest.mark.parametrize("harm", [damage, lose])
def test_a_harmed_version_is_passed_over(store, folder, harm, caplog):
    store.state()
    rename_puebla(folder)
    store.state()
    harm(store.archive, store.archive.versions()[-1])
    break_partnerships(folder)
    state = Store(folder).state()
    assert name_of_puebla(state) == "Puebla"
    assert "Version 2 of the tables cannot be shown" in caplog.text


def test_a_version_with_errors_is_passed_over(store, folder):
    """A publication that mends a broken set notes that set first, so that nothing is lost."""
    store.state()
    break_partnerships(folder)
    assert store.archive.note(read_files(folder)).number == 2
    edit(folder, "partnerships", lambda text: text.replace("zweitausend", "x"))
    assert Store(folder).state().dataset.saved == store.archive.versions()[0].saved


@pytest.mark.parametrize("tried", [2, 3])
def test_not_all_of_a_long_history_is_tried(store, folder, monkeypatch, tried):
    store.state()
    for word in ("x", "xx"):
        break_partnerships(folder, word)
        store.archive.note(read_files(folder))
        edit(folder, "partnerships", lambda text, word=word: text.replace(f"za-durban,1,{word}", "za-durban,1,2011"))
    break_partnerships(folder)
    assert len(store.archive.versions()) == 3
    monkeypatch.setattr(module, "VERSIONS_AT_MOST", tried)
    assert (Store(folder).state().dataset is None) == (tried == 2)


# --- an archive that cannot be written


def test_without_an_archive_the_tables_are_shown_all_the_same(store, folder, caplog):
    (folder / ".archive").write_text("a file where a folder belongs", encoding="utf-8")
    assert len(store.state().dataset.links) == PARTNERSHIPS
    assert "cannot be kept for a restart" in caplog.text
    rename_puebla(folder)
    assert name_of_puebla(store.state()) == "Puebla de los Ángeles"
    break_partnerships(folder)
    assert name_of_puebla(store.state()) == "Puebla de los Ángeles"
    assert Store(folder).state().dataset is None
    assert "The last good tables cannot be read" in caplog.text


def test_with_an_archive_of_someone_else_the_tables_are_shown_all_the_same(store, folder, monkeypatch):
    store.state()
    real = os.open, Path.open

    def refuse(path, *rest):
        if ".archive" in str(path):
            raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", lambda path, *rest, **more: refuse(path) or real[0](path, *rest, **more))
    monkeypatch.setattr(Path, "open", lambda path, *rest, **more: refuse(path) or real[1](path, *rest, **more))
    other = Store(folder)
    assert len(other.state().dataset.links) == PARTNERSHIPS
    rename_puebla(folder)
    assert name_of_puebla(other.state()) == "Puebla de los Ángeles"


def test_a_folder_that_may_only_be_read_is_shown_and_followed(store, folder, monkeypatch, caplog):
    real = os.open

    def refuse(path, flags, *rest, **options):
        if flags & (os.O_WRONLY | os.O_RDWR) and "archive" in str(path):
            raise OSError(30, "Read-only file system", str(path))
        return real(path, flags, *rest, **options)

    monkeypatch.setattr(os, "open", refuse)
    store.state()
    assert "Schreibrecht" in caplog.text
    rename_puebla(folder)
    assert name_of_puebla(store.state()) == "Puebla de los Ángeles"
    assert store.archive.versions() == ()


# --- many visitors


def test_one_reads_and_the_others_keep_what_they_have(store, folder, monkeypatch):
    old = store.state()
    begun, go_on, calls = hold_check(monkeypatch)
    rename_puebla(folder)
    threads, results = run(store.state)
    assert begun.wait(DEADLINE)
    assert store.state() is old
    assert store.state() is old
    go_on.set()
    join(threads)
    assert name_of_puebla(results[0]) == "Puebla de los Ángeles"
    assert store.state() is results[0]
    assert len(calls) == 1


def test_at_the_start_all_wait_for_the_one_who_reads(store, monkeypatch):
    begun, go_on, calls = hold_check(monkeypatch)
    threads, results = run(*[store.state] * 4)
    assert begun.wait(DEADLINE)
    assert results == []
    go_on.set()
    join(threads)
    assert len(set(results)) == 1
    assert len(calls) == 1


def test_a_change_while_the_tables_are_checked_is_seen_next(store, folder, monkeypatch):
    store.state()
    begun, go_on, _ = hold_check(monkeypatch)
    rename_puebla(folder)
    threads, results = run(store.state)
    assert begun.wait(DEADLINE)
    edit(folder, "municipalities", lambda text: text.replace("Puebla de los Ángeles", "Cuetlaxcoapan"))
    go_on.set()
    join(threads)
    assert name_of_puebla(results[0]) == "Puebla de los Ángeles"
    assert name_of_puebla(store.state()) == "Cuetlaxcoapan"


def test_a_visitor_who_was_overtaken_gets_what_the_other_has_read(store, folder, monkeypatch):
    """Two have seen that the files changed; the second comes to it when the first has finished."""
    store.state()
    rename_puebla(folder)
    source, results = store._source, []
    real = source.stamp

    def read_after_the_other():
        monkeypatch.setattr(source, "stamp", real)
        stamps = real()
        results.append(store.state())
        monkeypatch.setattr(module, "check_files", None)
        return stamps

    monkeypatch.setattr(source, "stamp", read_after_the_other)
    assert store.state() is results[0]


def test_the_lock_is_free_after_whatever_happened(store, folder, monkeypatch):
    store.state()
    rename_puebla(folder)
    with monkeypatch.context() as patch:
        patch.setattr(store, "_refresh", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            store.state()
    assert name_of_puebla(store.state()) == "Puebla de los Ángeles"


def test_a_read_error_is_told_in_the_words_of_the_archive(store, monkeypatch):
    def fail():
        raise ArchiveError(NEVER_STILL)

    monkeypatch.setattr(store.archive, "read_files", fail)
    state = store.state()
    assert {finding.table for finding in state.checked.errors} == set(NAMES)
    assert {finding.details["reason"] for finding in state.checked.errors} == {NEVER_STILL}
