"""Publishing: all files or none, every version kept, whatever fails and whenever the process dies."""

import errno
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count, zip_longest
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import pytest

from benchmarks.publish_kill import (
    NAMES,
    ROOT,
    Witness,
    find_generations,
    make_archive,
    make_files,
    publish_next,
    publishing,
    read_report,
)
from geo import folder_archive as module
from geo.archive import ArchiveError, ChangedMeanwhile
from geo.folder_archive import FolderArchive

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process that is killed half-way is forked here")
# What is killed is forked from a small process: to copy the one that runs all the tests takes long.
FORKING = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else None)
if hasattr(os, "fork"):
    FORKING.set_forkserver_preload([__name__])
CHANGES = ("open", "write", "fsync", "replace", "unlink", "mkdir", "chmod", "truncate")


@pytest.fixture
def folder(tmp_path):
    make_archive(tmp_path)
    return tmp_path


@pytest.fixture
def quick_path(tmp_path):
    """A folder in memory where there is one, for tests of hundreds of publications: theirs are no power cuts."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.fixture
def archive(folder):
    return FolderArchive(folder, names=NAMES)


def on_disk(folder):
    return {name: (folder / f"{name}.csv").read_bytes() for name in NAMES}


def generation_in(folder):
    """The one generation that a reader is given; the archive behind it is whole."""
    archive = FolderArchive(folder, names=NAMES)
    (generation,) = find_generations(archive.read_files())
    assert generation is not None
    assert_whole(archive)
    return generation


def assert_whole(archive):
    versions = archive.versions()
    assert [version.number for version in versions] == list(range(1, len(versions) + 1))
    assert archive.damaged_lines() == ()
    for version in versions:
        assert find_generations(archive.read_version(version)) == {int(version.why or 0)}


def leftovers(folder):
    return [path.name for path in folder.rglob("*") if path.name.endswith(".tmp") or path.name == "pending.json"]


class Saboteur:
    """Counts what changes the disk and lets the chosen one fail, or kills the process there."""

    def __init__(self, monkeypatch, *, at=0, error=None, lasting=False, match=lambda kind, path: True):
        self.at, self.error, self.lasting, self.match, self.seen = at, error, lasting, match, 0
        self.real = {kind: getattr(os, kind) for kind in CHANGES}
        for kind in CHANGES:
            monkeypatch.setattr(os, kind, self.wrap(kind))

    def wrap(self, kind):
        def call(*arguments, **options):
            if self.match(kind, str(arguments[-1] if kind == "replace" else arguments[0])):
                self.seen += 1
                if self.seen == self.at or (self.lasting and self.seen > self.at):
                    self.strike(kind, arguments)
            return self.real[kind](*arguments, **options)

        return call

    def strike(self, kind, arguments):
        if kind == "write":
            self.real["write"](arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
        if self.error is None:
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(self.error, os.strerror(self.error))


def killed_at(at, work, folder, **options):
    """Work on a folder in a process that is killed at its n-th change of the disk; False when it came to its end."""
    child = FORKING.Process(target=work_until, args=(at, work, folder), kwargs=options)
    # A process that is started runs the main module first, which other tests make a page of the atlas.
    with patch.dict(sys.modules, {"__main__": ModuleType("__main__")}):
        child.start()
    child.join()
    assert child.exitcode in (0, -signal.SIGKILL)
    return child.exitcode == -signal.SIGKILL


def work_until(at, work, folder, **options):
    Saboteur(pytest.MonkeyPatch(), at=at, **options)
    work(folder)


def publish_in(folder):
    publish_next(FolderArchive(folder, names=NAMES))


def publish_beside_a_lock(folder):
    """Publish while the last file is locked, in a process of its own."""
    real = module._replace

    def replace(source, target):
        if target.name == f"{NAMES[-1]}.csv":
            raise PermissionError(errno.EACCES, "locked")
        real(source, target)

    module._replace = replace
    with suppress(ArchiveError):
        publish_in(folder)


def read_in(folder):
    FolderArchive(folder, names=NAMES).read_files()


def test_a_publication_is_read_back_and_recorded(archive, folder):
    before = archive.read_files()
    files = before | {"themes": b"new\n", "sites": "späte Änderung\n".encode()}
    version = archive.publish(files, expected=before, who="Ada", why="Zwei Zeilen\nund „mehr“")
    assert archive.read_files() == on_disk(folder) == files
    first, second = archive.versions()
    assert second == version
    assert (second.number, second.who, second.why) == (2, "Ada", "Zwei Zeilen\nund „mehr“")
    assert second.changed == ("themes", "sites")
    assert second.at.utcoffset().total_seconds() == 0
    assert (first.number, first.who, first.why, first.changed) == (1, None, None, NAMES)
    assert archive.read_version(first) == before
    assert archive.read_version(second) == files
    assert not leftovers(folder)


def test_an_earlier_version_is_published_again(archive, folder):
    for _ in range(3):
        publish_next(archive)
    old = archive.read_version(archive.versions()[1])
    archive.publish(old, expected=archive.read_files(), who="Ada", why="1")
    assert generation_in(folder) == 1
    assert [version.why for version in archive.versions()] == [None, "1", "2", "3", "1"]


def test_reading_needs_no_archive_and_makes_none(archive, folder):
    assert find_generations(archive.read_files()) == {0}
    assert archive.versions() == ()
    assert not (folder / ".archive").exists()


def test_who_edited_an_older_state_is_told_and_given_the_new_one(archive, folder):
    before = archive.read_files()
    (folder / "themes.csv").write_bytes(b"by hand\n")
    with pytest.raises(ChangedMeanwhile, match="inzwischen") as caught:
        archive.publish(make_files(1), expected=before, who="Ada", why="1")
    assert caught.value.files == on_disk(folder)
    assert archive.versions() == ()
    archive.publish(make_files(1), expected=caught.value.files, who="Ada", why="1")
    assert [version.who for version in archive.versions()] == [None, "Ada"]
    assert archive.read_version(archive.versions()[0])["themes"] == b"by hand\n"


def test_a_change_by_hand_in_the_moment_of_replacing_is_not_overwritten(archive, folder, monkeypatch):
    before = archive.read_files()
    append = module._replace

    def replace(source, target):
        append(source, target)
        if target.name == "themes.csv":
            (folder / "sites.csv").write_bytes(b"by hand\n")

    monkeypatch.setattr(module, "_replace", replace)
    with pytest.raises(ChangedMeanwhile) as caught:
        archive.publish(make_files(1), expected=before, who="Ada", why="1")
    assert caught.value.files == on_disk(folder) == before | {"sites": b"by hand\n"}
    assert [version.who for version in archive.versions()] == [None]
    assert not leftovers(folder)


def test_changes_by_hand_are_noted_once_and_only_while_they_last(archive, folder):
    old = archive.read_files()
    assert archive.note(old).who is None
    assert archive.note(old) is None
    (folder / "themes.csv").write_bytes(b"by hand\n")
    assert archive.note(old) is None
    version = archive.note(archive.read_files())
    assert (version.number, version.changed, version.why) == (2, ("themes",), None)
    (folder / "themes.csv").unlink()
    version = archive.note(archive.read_files())
    assert version.changed == ("themes",)
    assert "themes" not in version.tables
    assert archive.read_version(version) == archive.read_files()


def save_at(folder, *moments):
    """Date the files one after the other; the last moment is that of all the others."""
    for name, moment in zip_longest(NAMES, moments, fillvalue=moments[-1]):
        os.utime(folder / f"{name}.csv", (moment.timestamp(), moment.timestamp()))


def test_a_version_says_when_its_youngest_file_was_saved(archive, folder):
    old, young = datetime(2026, 1, 15, 9, 30, tzinfo=UTC), datetime(2026, 2, 3, 17, 45, 12, 5000, tzinfo=UTC)
    save_at(folder, old, young, old)
    version = archive.note(archive.read_files())
    assert (version.saved, version.saved.utcoffset()) == (young, timedelta(0))
    (folder / "themes.csv").write_bytes(b"by hand\n")
    save_at(folder, old)
    before = datetime.now(UTC)
    publish_next(archive)
    assert [version.saved for version in archive.versions()[:2]] == [young, old]
    assert before <= archive.versions()[2].saved <= datetime.now(UTC)


def test_a_version_of_files_from_the_future_was_saved_by_now(archive, folder):
    save_at(folder, datetime(2120, 1, 1, tzinfo=UTC))
    version = archive.note(archive.read_files())
    assert version.at - timedelta(seconds=60) < version.saved <= version.at


def test_a_line_that_does_not_say_when_files_were_saved_counts_as_saved_when_written(archive, folder):
    publish_next(archive)
    journal = folder / ".archive" / "journal.jsonl"
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    without = [{key: value for key, value in line.items() if key != "saved"} for line in lines]
    journal.write_text("".join(json.dumps(line) + "\n" for line in without), encoding="utf-8")
    versions = archive.versions()
    assert [version.number for version in versions] == [1, 2]
    assert all(version.saved == version.at for version in versions)


def test_publishing_what_is_there_makes_no_version(archive):
    files = archive.read_files()
    assert archive.publish(files, expected=files, who="Ada", why="nothing").who is None
    assert len(archive.versions()) == 1


def test_a_set_must_be_complete(archive):
    files = archive.read_files()
    with pytest.raises(ValueError, match="tables"):
        archive.publish({"themes": b""}, expected=files, who="Ada", why="1")


def test_a_missing_file_is_written_and_only_changed_files_are_replaced(archive, folder):
    (folder / "themes.csv").unlink()
    (folder / "sites.csv").chmod(0o640)
    before = archive.read_files()
    assert "themes" not in before
    untouched = (folder / "agenda.csv").stat().st_ino
    files = make_files(0) | {"sites": b"new\n"}
    assert archive.publish(files, expected=before, who="Ada", why="1").changed == ("themes", "sites")
    assert on_disk(folder) == files
    assert (folder / "sites.csv").stat().st_mode & 0o777 == 0o640
    assert (folder / "agenda.csv").stat().st_ino == untouched


def test_a_torn_line_in_the_journal_is_passed_over_and_harms_no_later_one(archive, folder):
    publish_next(archive)
    with (folder / ".archive" / "journal.jsonl").open("ab") as file:
        file.write(b'{"number": 3, "at": "2026-')
    assert len(archive.versions()) == 2
    publish_next(archive)
    assert [version.number for version in archive.versions()] == [1, 2, 3]
    assert archive.damaged_lines() == ()
    assert_whole(archive)


def test_a_line_that_lacks_only_its_end_counts_once(archive, folder):
    publish_next(archive)
    journal = folder / ".archive" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().removesuffix(b"\n"))
    publish_next(archive)
    assert [version.number for version in archive.versions()] == [1, 2, 3]


def damage_journal(folder, change):
    """Change the lines of the journal; returns what it holds then."""
    journal = folder / ".archive" / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    change(lines)
    journal.write_bytes(b"".join(lines))
    return journal.read_bytes()


def test_a_damaged_line_is_told_kept_and_its_number_not_given_again(archive, folder, caplog):
    for _ in range(3):
        publish_next(archive)
    harmed = damage_journal(folder, lambda lines: lines.append(lines.pop().replace(b'"number"', b'"numb')))
    assert [version.number for version in archive.versions()] == [1, 2, 3]
    assert archive.damaged_lines() == (4,)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert caplog.records[0].getMessage().endswith("journal.jsonl that cannot be read: 4")
    # What was published there is in the folder still, and noted, so that a restart finds it.
    publish_next(archive)
    assert [(version.number, version.why) for version in archive.versions()][2:] == [(3, "2"), (5, None), (6, "4")]
    assert find_generations(archive.read_version(archive.versions()[3])) == {3}
    assert archive.damaged_lines() == (4,)
    assert len(caplog.records) == 1
    assert (folder / ".archive" / "journal.jsonl").read_bytes().startswith(harmed)


def test_a_publication_that_lost_the_end_of_its_line_is_told(archive, folder):
    """A kill cannot have done it: the publication was finished, and nothing is pending."""
    publish_next(archive)
    harmed = damage_journal(folder, lambda lines: lines.append(lines.pop()[:-5]))
    assert archive.damaged_lines() == (2,)
    publish_next(archive)
    assert [version.number for version in archive.versions()] == [1, 3, 4]
    assert archive.damaged_lines() == (2,)
    assert (folder / ".archive" / "journal.jsonl").read_bytes().startswith(harmed + b"\n")


def test_a_wholly_damaged_journal_is_told_and_its_numbers_go_on(archive, folder):
    for _ in range(3):
        publish_next(archive)
    damage_journal(folder, lambda lines: lines.__setitem__(slice(None), [b"kaputt\n"] * 4))
    assert archive.versions() == ()
    assert archive.damaged_lines() == (1, 2, 3, 4)
    publish_next(archive)
    assert [version.number for version in archive.versions()] == [5, 6]


def test_a_line_that_is_being_written_is_no_damage(archive, folder, monkeypatch, caplog):
    """A reader comes when half of a line is in the file, and looks for a publication when there is none any more."""
    publish_next(archive)
    publish_next(archive)
    journal = folder / ".archive" / "journal.jsonl"
    whole = journal.read_bytes()
    reads = [whole[:-20], whole]
    monkeypatch.setattr(archive, "_read_journal_file", lambda: reads.pop(0))
    assert len(archive.versions()) == 3
    assert reads == []
    assert not caplog.records


def test_a_damaged_or_lost_object_is_told_and_healed_when_the_content_comes_back(archive, folder):
    publish_next(archive)
    first = archive.versions()[0]
    path = folder / ".archive" / "objects" / f"{first.tables['themes']}.csv"
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.raises(ArchiveError, match=r"themes\.csv ist im Archiv beschädigt") as caught:
        archive.read_version(first)
    assert caught.value.problem.format(**caught.value.details) == str(caught.value)
    path.unlink()
    with pytest.raises(ArchiveError, match=r"themes\.csv fehlt im Archiv"):
        archive.read_version(first)
    archive.publish(make_files(0), expected=archive.read_files(), who="Ada", why="0")
    assert path.read_bytes() == content


def test_half_a_character_in_a_reason_does_no_harm(archive):
    version = archive.publish(make_files(1), expected=archive.read_files(), who="Ada", why="\udc80 \u2028 \x00")
    assert archive.versions()[-1] == version


def try_to_publish(archive):
    """None when the next generation was published, else the error."""
    try:
        publish_next(archive)
    except ArchiveError as error:
        return error
    return None


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize(
    ("code", "kinds", "words"),
    # A full disk still lets files be moved and removed.
    [(errno.ENOSPC, ("open", "write", "mkdir", "fsync"), "Speicherplatz"), (errno.EIO, CHANGES, "Fehler")],
    ids=["full", "broken"],
)
def test_whatever_fails_the_files_are_of_one_generation(quick_path, code, kinds, words, lasting):
    reached = set()
    for at in count(1):
        folder = quick_path / str(at)
        folder.mkdir()
        archive = make_archive(folder)
        with pytest.MonkeyPatch.context() as patch:
            saboteur = Saboteur(patch, at=at, error=code, lasting=lasting, match=lambda kind, _: kind in kinds)
            error = try_to_publish(archive)
            # Read while the disk still fails, then with a disk that works again.
            now = find_generations(archive.read_files())
        interrupted = error is not None and error.problem == module.INTERRUPTED
        assert error is None or interrupted or (words in str(error) and "nichts geändert" in str(error))
        assert now == ({0} if error and not interrupted else {1})
        assert {generation_in(folder)} == now
        assert find_generations(on_disk(folder)) == now
        publish_next(archive)
        assert_whole(archive)
        assert not leftovers(folder)
        reached.add("interrupted" if interrupted else "failed" if error else "published")
        shutil.rmtree(folder)
        if saboteur.seen < at:
            break
    assert at > 50
    # The way back itself fails only where nothing can be moved any more.
    assert reached - {"interrupted"} == {"failed", "published"}
    assert ("interrupted" in reached) == (lasting and "replace" in kinds)


def fill_disk(disk):
    """Publish on a small disk with less and more room left; run by the test below."""
    failed = 0
    for free in range(0, 400_000, 3 * 4096):
        folder = disk / str(free)
        folder.mkdir()
        archive = make_archive(folder)
        publish_next(archive)
        stat = os.statvfs(disk)
        filler = disk / "filler"
        filler.write_bytes(bytes(stat.f_bavail * stat.f_bsize - free))
        error = try_to_publish(archive)
        assert error is None or error.problem == module.DISK_FULL, error
        failed += error is not None
        assert find_generations(on_disk(folder)) == {1 if error else 2}
        assert find_generations(archive.read_files()) == {1 if error else 2}
        assert not leftovers(folder)
        filler.unlink()
        publish_next(archive)
        assert generation_in(folder) == (2 if error else 3)
        shutil.rmtree(folder)
    print("failed", failed)


def test_a_disk_that_is_really_full(tmp_path):
    mount = ["unshare", "--map-root-user", "--mount", "sh", "-c", 'mount -t tmpfs -o size=1500k none "$0" && exec "$@"']
    try:
        subprocess.run([*mount, str(tmp_path), "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small disk of one's own cannot be mounted here")
    code = "import sys, pathlib; from tests.test_archive import fill_disk; fill_disk(pathlib.Path(sys.argv[1]))"
    command = [*mount, str(tmp_path), sys.executable, "-c", code, str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert run.returncode == 0, run.stderr
    assert 5 < int(run.stdout.split()[-1]) < 33


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("published", [0, 2])
def test_a_folder_that_may_only_be_read(archive, folder, monkeypatch, code, published):
    for _ in range(published):
        publish_next(archive)
    versions = archive.versions()
    before = archive.read_files()
    real = os.open

    def refuse(path, flags, *rest, **options):
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise OSError(code, os.strerror(code), str(path))
        return real(path, flags, *rest, **options)

    def refuse_any(*arguments, **options):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "open", refuse)
    for kind in ("mkdir", "replace", "unlink"):
        monkeypatch.setattr(os, kind, refuse_any)
    assert archive.read_files() == before
    assert archive.versions() == versions
    for work in (
        lambda: archive.publish(make_files(9), expected=before, who="Ada", why="9"),
        lambda: archive.note(before),
    ):
        with pytest.raises(ArchiveError, match="Schreibrecht") as caught:
            work()
        assert str(folder) in str(caught.value)
    assert on_disk(folder) == before


@needs_fork
def test_an_interrupted_publication_is_read_whole_where_nothing_may_be_written(archive, folder, monkeypatch):
    assert killed_at(4, publish_in, folder, match=is_table_replaced)
    assert find_generations(on_disk(folder)) == {0, 1}
    Saboteur(monkeypatch, error=errno.EROFS, lasting=True)
    assert find_generations(archive.read_files()) == {1}
    assert find_generations(on_disk(folder)) == {0, 1}


def is_table_replaced(kind, path):
    return kind == "replace" and path.endswith(".csv") and "objects" not in path


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EBUSY])
@pytest.mark.parametrize("at", range(1, len(NAMES) + 1))
def test_one_locked_file_and_all_stay_as_they_were(archive, folder, monkeypatch, at, code):
    publish_next(archive)
    locked = f"{NAMES[at - 1]}.csv"
    with monkeypatch.context() as patch:
        Saboteur(patch, error=code, lasting=True, match=lambda kind, path: kind == "replace" and path.endswith(locked))
        with pytest.raises(ArchiveError, match=f"{locked} lässt sich nicht ersetzen: .*nichts geändert"):
            publish_next(archive)
    assert find_generations(on_disk(folder)) == {1}
    assert not leftovers(folder)
    assert len(archive.versions()) == 2
    assert publish_next(archive) == 2
    assert generation_in(folder) == 2


def test_a_file_that_is_held_for_a_moment_is_waited_for(archive, folder, monkeypatch):
    monkeypatch.setattr(module, "REPLACE_SECONDS", 5.0)
    Saboteur(monkeypatch, at=1, error=errno.EACCES, match=is_table_replaced)
    publish_next(archive)
    assert generation_in(folder) == 1


@pytest.mark.parametrize("moment", ["replace", "write"])
def test_a_file_that_is_deleted_while_publishing_is_there_afterwards(archive, folder, monkeypatch, moment):
    real = getattr(os, moment)

    def delete_first(*arguments, **options):
        if (folder / ".archive" / "pending.json").exists():
            monkeypatch.setattr(os, moment, real)
            (folder / "agenda.csv").unlink()
        return real(*arguments, **options)

    monkeypatch.setattr(os, moment, delete_first)
    publish_next(archive)
    monkeypatch.undo()
    if moment == "replace":
        assert generation_in(folder) == 1
    else:
        # Deleted after it had been replaced: that is a change by hand like any other.
        files = archive.read_files()
        assert sorted(files) == sorted(set(NAMES) - {"agenda"})
        archive.publish(make_files(2), expected=files, who="Ada", why="2")
        assert [len(version.tables) for version in archive.versions()] == [8, 8, 7, 8]


def test_a_file_that_cannot_be_read_is_named(archive, folder):
    (folder / "sites.csv").unlink()
    (folder / "sites.csv").mkdir()
    with pytest.raises(ArchiveError, match=r"sites\.csv lässt sich nicht lesen"):
        archive.read_files()


def test_waiting_for_the_lock_has_an_end(archive, folder, monkeypatch):
    files = archive.read_files()
    monkeypatch.setattr(module, "LOCK_SECONDS", 0.05)
    raised = []

    def publish():
        with pytest.raises(ArchiveError, match="jemand anderes") as caught:
            archive.publish(make_files(1), expected=files, who="Ada", why="1")
        raised.append(caught.value)

    with archive._locked():
        thread = threading.Thread(target=publish)
        thread.start()
        thread.join()
    assert len(raised) == 1
    assert publish_next(archive) == 1


def test_threads_publish_one_after_the_other_and_lose_nothing(folder):
    failures = []

    def work():
        archive = FolderArchive(folder, names=NAMES)
        left = 5
        while left:
            try:
                publish_next(archive)
                left -= 1
            except ChangedMeanwhile as changed:
                if len(find_generations(changed.files)) != 1:
                    failures.append(changed.files)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert generation_in(folder) == 15
    assert [version.why for version in FolderArchive(folder, names=NAMES).versions()] == [None, *map(str, range(1, 16))]


def test_a_reader_never_sees_a_mix_while_another_process_publishes(archive, folder):
    seen = set()
    with publishing(folder) as process:
        read_report(process)
        while len(seen) < 6:
            found = find_generations(archive.read_files())
            assert len(found) == 1
            seen |= found
    assert None not in seen


@needs_fork
def test_a_kill_at_any_change_of_the_disk_leaves_one_generation(quick_path):
    finished = set()
    for at in count(1):
        folder = quick_path / str(at)
        folder.mkdir()
        archive = make_archive(folder)
        killed = killed_at(at, publish_in, folder)
        assert None not in find_generations(on_disk(folder))
        generation = generation_in(folder)
        assert find_generations(on_disk(folder)) == {generation}
        versions = [version.why for version in archive.versions()]
        assert versions == ([None, "1"] if generation else [None][: len(versions)])
        assert publish_next(archive) == generation + 1
        assert not leftovers(folder)
        assert_whole(archive)
        finished.add((generation, killed))
        shutil.rmtree(folder)
        if not killed:
            break
    assert at > 80
    assert finished == {(0, True), (1, True), (1, False)}


@needs_fork
@pytest.mark.parametrize("replaced", [1, 4, 8])
@pytest.mark.parametrize("back", [False, True], ids=["finishing", "taking back"])
def test_a_kill_while_an_interrupted_publication_is_settled(quick_path, replaced, back):
    crashed = quick_path / "crashed"
    crashed.mkdir()
    make_archive(crashed)
    if back:
        # Going back begins, and is killed at once.
        at = len(NAMES) - 1 + replaced
        assert killed_at(at, publish_beside_a_lock, crashed, match=is_table_replaced) == (replaced < len(NAMES))
    else:
        assert killed_at(replaced, publish_in, crashed, match=is_table_replaced)
    for at in count(1):
        folder = quick_path / str(at)
        shutil.copytree(crashed, folder)
        killed = killed_at(at, read_in, folder)
        assert generation_in(folder) == (0 if back else 1)
        assert find_generations(on_disk(folder)) == {0 if back else 1}
        assert len(FolderArchive(folder, names=NAMES).versions()) == (1 if back else 2)
        assert FolderArchive(folder, names=NAMES).damaged_lines() == ()
        shutil.rmtree(folder)
        if not killed:
            break


@needs_fork
def test_a_change_by_hand_after_a_crash_is_kept_and_becomes_a_version(archive, folder):
    assert killed_at(4, publish_in, folder, match=is_table_replaced)
    (folder / "agenda.csv").write_bytes(b"by hand\n")
    (folder / "sites.csv").unlink()
    files = archive.read_files()
    assert files == on_disk(folder) == make_files(1) | {"agenda": b"by hand\n"}
    archive.note(files)
    assert [version.changed for version in archive.versions()] == [NAMES, NAMES, ("agenda",)]


def test_a_marker_that_says_nothing_is_removed(archive, folder):
    publish_next(archive)
    (folder / ".archive" / "pending.json").write_bytes(b"")
    assert generation_in(folder) == 1
    assert not leftovers(folder)


def test_the_journal_is_one_line_of_json_per_version(archive, folder):
    publish_next(archive)
    lines = (folder / ".archive" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert [sorted(json.loads(line)) for line in lines] == [
        ["at", "changed", "number", "saved", "tables", "who", "why"]
    ] * 2


def test_kill_9_at_random_moments(tmp_path):
    seed = random.randrange(10**6)
    luck = random.Random(seed)
    witness = Witness(Path(tmp_path))
    for turn in range(12):
        witness.kill_once(luck, spread=0.02, replacing=turn % 2 == 1)
    witness.look_back()
    assert not any(witness.wrong.values()), (seed, witness.counts)
    assert witness.counts["killed"] == 12


# --- copying everything into an empty folder


def hold_two_versions(folder):
    """Return what an archive with two versions holds."""
    archive = FolderArchive(folder, names=NAMES)
    publish_next(archive)
    return archive.read_holdings()


def take_over_in(folder):
    source = FolderArchive(folder.with_name("source"), names=NAMES)
    FolderArchive(folder, names=NAMES).take_over(source.read_holdings())


@pytest.fixture
def holdings(tmp_path):
    """What lies in the folder `source`, beside the one that is to take it over."""
    (tmp_path / "source").mkdir()
    make_archive(tmp_path / "source")
    return hold_two_versions(tmp_path / "source")


def test_what_is_taken_over_is_all_there(holdings, tmp_path):
    target = FolderArchive(tmp_path / "target", names=NAMES)
    target.take_over(holdings)
    found = target.read_holdings()
    assert (found.files, found.versions, found.contents) == (holdings.files, holdings.versions, holdings.contents)
    assert abs(found.saved - holdings.saved).total_seconds() < 0.001
    assert leftovers(tmp_path / "target") == []
    with pytest.raises(ArchiveError, match="liegen schon Tabellen"):
        target.take_over(holdings)
    assert target.read_holdings() == found


@needs_fork
def test_a_copy_that_is_killed_is_finished_by_the_next_reader_or_left_no_table(holdings, tmp_path):
    finished = 0
    for at in count(1):
        folder = tmp_path / "target"
        killed = killed_at(at, take_over_in, folder)
        files = FolderArchive(folder, names=NAMES).read_files()
        assert files in ({}, holdings.files)
        if files:
            finished += 1
            assert FolderArchive(folder, names=NAMES).versions() == holdings.versions
        shutil.rmtree(folder, ignore_errors=True)
        if not killed:
            break
    assert finished > 1
    assert at > finished


def test_a_copy_for_which_there_is_no_room_leaves_nothing(holdings, tmp_path):
    failed, at, ended = 0, 0, False
    while not ended:
        at += 1
        folder = tmp_path / "target"
        with pytest.MonkeyPatch.context() as patch:
            saboteur = Saboteur(patch, at=at, error=errno.ENOSPC)
            try:
                take_over_in(folder)
                expected = (holdings.files, holdings.versions)
            except ArchiveError:
                failed += 1
                expected = ({}, ())
        archive = FolderArchive(folder, names=NAMES)
        assert (archive.read_files(), archive.versions()) == expected
        ended = saboteur.seen < at
        shutil.rmtree(folder, ignore_errors=True)
    assert failed > 10
