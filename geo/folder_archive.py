"""An archive in a folder: the tables as files with all their versions, and how several files are replaced as one.

Beside the tables lies `.archive/`: `objects/` holds every content a table ever had, named by its hash; `journal.jsonl`
one line per version; `pending.json` what a publication is about to do, so that after a crash at any moment it can be
finished; `lock` is held while any of this changes, and let go by the system when the process dies.

The tables themselves stay plain files that people edit by hand or with git. Readers need no lock and no right to write.
"""

import errno
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from geo.archive import (
    NOT_EMPTY,
    NOT_READABLE,
    OBJECT_DAMAGED,
    OBJECT_LOST,
    OTHERS_PUBLISH,
    ArchiveError,
    ChangedMeanwhile,
    Holdings,
    build_version,
    check_all_there,
    to_digest,
    to_digests,
)
from geo.errors import mark
from geo.journal import Journal, Version, parse, read_journal, to_document, to_json, to_line, to_version
from geo.tables import Files

PENDING = "pending.json"
# Next to the tables: the content that is to come, and the one to go back to.
NEW, BACK = "new", "back"
LOCK_SECONDS = 10.0
# On Windows a file cannot be replaced while anyone reads it, and reading takes moments only.
REPLACE_SECONDS = 2.0 if os.name == "nt" else 0.0
READS_WITHOUT_LOCK = 3
READS_AT_MOST = 200
PAUSE_SECONDS = 0.01

FULL = (errno.ENOSPC, errno.EDQUOT)
REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
HELD = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY)
NO_FOLDER_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS)

DISK_FULL = mark(
    "Auf dem Server ist kein Speicherplatz mehr frei; {file} konnte nicht geschrieben werden. An den Tabellen wurde "
    "nichts geändert. Bitte auf dem Server Platz schaffen lassen und dann noch einmal veröffentlichen."
)
READ_ONLY = mark(
    "Der Atlas darf im Ordner {folder} nichts ändern ({file}). An den Tabellen wurde nichts geändert. Bitte die "
    "Person, die den Server betreut, um das Schreibrecht für diesen Ordner bitten und dann noch einmal veröffentlichen."
)
FILE_HELD = mark(
    "{file} lässt sich nicht ersetzen: Die Datei ist in einem anderen Programm geöffnet oder gesperrt. An den Tabellen "
    "wurde nichts geändert. Bitte die Datei dort schließen und dann noch einmal veröffentlichen."
)
NOT_WRITTEN = mark(
    "{file} konnte nicht geschrieben werden ({reason}). An den Tabellen wurde nichts geändert. Bitte noch einmal "
    "veröffentlichen; bleibt der Fehler, die Person fragen, die den Server betreut."
)
INTERRUPTED = mark(
    "Beim Veröffentlichen fiel der Speicher des Servers aus ({file}: {reason}). Die Änderung ist vorgemerkt und wird "
    "vollendet, sobald der Ordner {folder} wieder beschreibbar ist. Bitte der Person Bescheid geben, die den Server "
    "betreut."
)
NO_LOCK = mark(
    "Der Ordner {folder} liegt auf einem Speicher, der keine Sperren kennt. Dort lässt sich nichts veröffentlichen. "
    "Bitte die Person fragen, die den Server betreut."
)
NEVER_STILL = mark(
    "Die Tabellen werden gerade ununterbrochen von einem anderen Programm geändert und lassen sich deshalb nicht "
    "lesen. Bitte in einer Minute noch einmal versuchen."
)

_log = logging.getLogger("atlas")


class _Interfered(Exception):  # noqa: N818 - told to the caller as ChangedMeanwhile or NOT_EMPTY
    """A file was changed by hand in the very moment of its replacement."""


@dataclass(frozen=True)
class _Change:
    """What `pending.json` says: bring the tables from the hashes `before` to `after`; None means no file.

    `version` is the line the journal is to get. None: the change takes a publication back, and the journal is cut to
    the length it had.
    """

    before: Mapping[str, str | None]
    after: Mapping[str, str | None]
    version: Version | None
    journal_length: int

    def reverse(self) -> "_Change":
        return _Change(self.after, self.before, None, self.journal_length)

    def covers(self, name: str, found: str | None) -> bool:
        """Tell whether a table with this hash is the change's to replace; any other was changed by hand since."""
        return found in (None, self.before[name])


class FolderArchive:
    """The tables of a folder with all their versions (see Archive), by threads and processes at once."""

    def __init__(self, folder: Path, *, names: Sequence[str]) -> None:
        self._folder = folder
        self._names = tuple(names)
        self._home = folder / ".archive"
        self._objects = self._home / "objects"
        self._journal = self._home / "journal.jsonl"
        self._pending = self._home / PENDING
        # Made once per table: every reader looks at each file twice.
        self._path: Callable[[str], Path] = cache(lambda name: folder / f"{name}.csv")
        self._told: tuple[int, ...] = ()

    def read_files(self) -> dict[str, bytes]:
        """Read all tables as they were at one moment (see Archive).

        A publication that was interrupted is finished first, or, where nothing may be written, read as if it were.
        """
        with suppress(ArchiveError):
            for _ in range(READS_WITHOUT_LOCK):
                if self._is_pending():
                    break
                snapshot = self._read_snapshot()
                if snapshot and not snapshot[1]:
                    return snapshot[0]
        if self._is_pending():
            with suppress(ArchiveError), self._locked():
                self._finish_interrupted()
                return self._read_still()
        return self._read_still()

    def versions(self) -> tuple[Version, ...]:
        """Return all versions that can be read, the oldest first (see Archive)."""
        return self._read_finished_journal().versions

    def damaged_lines(self) -> tuple[int, ...]:
        """Return the numbers of the journal's lines that can no longer be read (see Archive)."""
        return self._read_finished_journal().damaged

    def read_version(self, version: Version) -> dict[str, bytes]:
        """Read the tables of a version (see Archive)."""
        return {name: self._read_object(name, digest) for name, digest in version.tables.items()}

    def note(self, files: Files) -> Version | None:
        """Record tables found in the folder (see Archive)."""
        with self._locked():
            self._finish_interrupted()
            current, saved = self._read_still_with_date()
            if current != dict(files):
                return None
            last = self._read_journal().last
            version = self._note(files, saved=saved)
            return None if version == last else version

    def publish(self, files: Files, *, expected: Files, who: str, why: str) -> Version:
        """Replace the tables by `files`, all or none (see Archive).

        When something cannot be written, all files are as before.
        """
        check_all_there(files, names=self._names)
        with self._locked():
            self._finish_interrupted()
            self._clean_up()
            current, saved = self._read_still_with_date()
            if current != dict(expected):
                raise ChangedMeanwhile(current)
            last = self._note(current, saved=saved)
            if current == dict(files):
                return last
            version = self._next_version(files, after=self._read_journal(), who=who, why=why)
            with _reading(self._journal):
                journal_length = self._journal.stat().st_size
            change = _Change(
                before={name: to_digest(current[name]) if name in current else None for name in version.changed},
                after={name: version.tables[name] for name in version.changed},
                version=version,
                journal_length=journal_length,
            )
            try:
                self._keep(current)
                self._keep(files)
                self._carry_out(change, files=files, current=current)
            except _Interfered:
                raise ChangedMeanwhile(self._read_still()) from None
            finally:
                self._clean_up()
            return version

    def read_holdings(self) -> Holdings:
        """Read everything (see Archive)."""
        for _ in range(READS_AT_MOST):
            versions = self.versions()
            files, saved = self._read_still_with_date()
            if self.versions() == versions:
                return Holdings(files, saved, versions, self._read_contents(versions))
        raise ArchiveError(NEVER_STILL)

    def take_over(self, holdings: Holdings) -> None:
        """Keep what another archive held, in a folder without tables (see Archive). It is made where there is none."""
        with self._locked():
            self._finish_interrupted()
            found = self._read_journal()
            if self._read_still() or found.versions or found.damaged:
                raise ArchiveError(NOT_EMPTY, place=str(self._folder))
            try:
                self._take_over(holdings)
            except BaseException as error:
                # What a marker still announces is finished by whoever comes next, out of the objects.
                if not self._is_pending():
                    with self._writing(self._objects):
                        for path in [self._journal, *self._objects.iterdir()]:
                            path.unlink(missing_ok=True)
                if isinstance(error, _Interfered):
                    raise ArchiveError(NOT_EMPTY, place=str(self._folder)) from None
                raise
            finally:
                self._clean_up()

    def _take_over(self, holdings: Holdings) -> None:
        with self._writing(self._objects):
            for digest, content in holdings.contents.items():
                self._keep_content(digest, content)
        self._keep(holdings.files)
        journal = b"".join(to_line(version) + b"\n" for version in holdings.versions)
        with self._writing(self._journal):
            _write(self._journal.with_suffix(".tmp"), journal)
            _replace(self._journal.with_suffix(".tmp"), self._journal)
        tables = to_digests(holdings.files)
        # Whoever comes after a crash finishes it.
        change = _Change(dict.fromkeys(tables), tables, version=None, journal_length=len(journal))
        self._carry_out(change, files=holdings.files, current={}, saved=holdings.saved)

    # Reading

    def _read_contents(self, versions: Iterable[Version]) -> dict[str, bytes]:
        contents: dict[str, bytes] = {}
        named = {digest: name for version in versions for name, digest in version.tables.items()}
        for digest, name in named.items():
            try:
                contents[digest] = self._read_object(name, digest)
            except ArchiveError as error:
                if error.problem not in (OBJECT_LOST, OBJECT_DAMAGED):
                    raise
        return contents

    def _collect(self) -> dict[str, tuple[bytes, tuple[int, ...]]]:
        found: dict[str, tuple[bytes, tuple[int, ...]]] = {}
        for name in self._names:
            with _reading(self._path(name)), suppress(FileNotFoundError), self._path(name).open("rb") as file:
                stat = os.fstat(file.fileno())
                found[name] = (file.read(), (stat.st_ino, stat.st_size, stat.st_mtime_ns))
        return found

    def _read_snapshot(self) -> tuple[dict[str, bytes], _Change | None, datetime] | None:
        # What is the same before and after the look at the marker was there, all of it, at the moment of that look.
        first = self._collect()
        change = self._read_pending()
        if self._collect() != first:
            return None
        saved = to_time_saved(stat[-1] for _, stat in first.values())
        return {name: content for name, (content, _) in first.items()}, change, saved

    def _read_still(self) -> dict[str, bytes]:
        return self._read_still_with_date()[0]

    def _read_still_with_date(self) -> tuple[dict[str, bytes], datetime]:
        for _ in range(READS_AT_MOST):
            snapshot = self._read_snapshot()
            if snapshot:
                files, change, saved = snapshot
                return self._complete(files, change) if change else files, saved
            time.sleep(PAUSE_SECONDS)
        raise ArchiveError(NEVER_STILL)

    def _complete(self, files: Files, change: _Change) -> dict[str, bytes]:
        completed = dict(files)
        for name, wanted in change.after.items():
            found = to_digest(files[name]) if name in files else None
            if found == wanted or not change.covers(name, found):
                continue
            if wanted is None:
                completed.pop(name)
            else:
                completed[name] = self._read_object(name, wanted)
        return {name: completed[name] for name in self._names if name in completed}

    def _read_object(self, name: str, digest: str) -> bytes:
        path = self._objects / f"{digest}.csv"
        details = {"file": f"{name}.csv", "object": path.name}
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise ArchiveError(OBJECT_LOST, **details) from None
        except OSError as error:
            raise ArchiveError(NOT_READABLE, file=path.name, reason=_reason(error)) from error
        if to_digest(content) != digest:
            raise ArchiveError(OBJECT_DAMAGED, **details)
        return content

    def _read_finished_journal(self) -> Journal:
        if self._is_pending():
            with suppress(ArchiveError), self._locked():
                self._finish_interrupted()
        return self._read_journal()

    def _read_journal(self) -> Journal:
        content = b""
        for _ in range(READS_AT_MOST):
            before, content = content, self._read_journal_file()
            change = self._read_pending()
            # While a version is written down, the last line lacks its end. Twice the same: nobody is writing.
            if content in (b"", before) or content.endswith(b"\n"):
                break
        if change and not change.version:
            content = content[: change.journal_length]
        journal = read_journal(content, announced=to_line(change.version) if change and change.version else b"")
        self._tell_damage(journal.damaged)
        return journal

    def _read_journal_file(self) -> bytes:
        with _reading(self._journal), suppress(FileNotFoundError):
            return self._journal.read_bytes()
        return b""

    def _tell_damage(self, damaged: tuple[int, ...]) -> None:
        # Once, not with every visitor.
        if damaged != self._told:
            self._told = damaged
            if damaged:
                _log.warning("Lines of %s that cannot be read: %s", self._journal, ", ".join(map(str, damaged)))

    def _is_pending(self) -> bool:
        with _reading(self._pending):
            return self._pending.exists()

    def _read_pending(self) -> _Change | None:
        with _reading(self._pending), suppress(FileNotFoundError):
            return parse(self._pending.read_bytes(), _to_change)
        return None

    # Writing: all of it under the lock

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._writing(self._home):
            if not self._objects.is_dir():
                self._objects.mkdir(parents=True, exist_ok=True)
                _sync_folder(self._home)
                _sync_folder(self._folder)
        # A soft lock would outlive a killed process; where the system has no lock of its own, nothing is published.
        path = self._home / "lock"
        lock = FileLock(path, timeout=LOCK_SECONDS, poll_interval=PAUSE_SECONDS, preserve_lock_file=True)
        with self._writing(path):
            try:
                lock.acquire()
            except Timeout:
                raise ArchiveError(OTHERS_PUBLISH) from None
            except NotImplementedError:
                raise ArchiveError(NO_LOCK, folder=str(self._folder)) from None
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _writing(self, path: Path, *, replacing: bool = False) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in FULL:
                problem = DISK_FULL
            elif replacing and error.errno in HELD:
                problem = FILE_HELD
            else:
                problem = READ_ONLY if error.errno in REFUSED else NOT_WRITTEN
            details = {"file": path.name, "folder": str(self._folder), "reason": _reason(error)}
            raise ArchiveError(problem, **details) from error

    def _next_version(
        self, files: Files, *, after: Journal, who: str | None, why: str | None, saved: datetime | None = None
    ) -> Version:
        return build_version(
            files, names=self._names, last=after.last, number=after.highest + 1, who=who, why=why, saved=saved
        )

    def _note(self, files: Files, *, saved: datetime) -> Version:
        journal = self._read_journal()
        if journal.last and journal.last.tables == to_digests(files):
            return journal.last
        version = self._next_version(files, after=journal, who=None, why=None, saved=saved)
        self._keep(files)
        self._append(version)
        return version

    def _keep(self, files: Files) -> None:
        for name, content in files.items():
            with self._writing(self._path(name)):
                self._keep_content(to_digest(content), content)
        with self._writing(self._objects):
            _sync_folder(self._objects)

    def _keep_content(self, digest: str, content: bytes) -> None:
        path = self._objects / f"{digest}.csv"
        # One that was damaged since is healed here: a publication must be able to rely on it after a crash.
        if not path.is_file() or path.read_bytes() != content:
            _write(path.with_suffix(".tmp"), content)
            path.with_suffix(".tmp").replace(path)

    def _append(self, version: Version) -> None:
        line = to_line(version) + b"\n"
        with self._writing(self._journal):
            file = os.open(self._journal, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
            try:
                if os.lseek(file, 0, os.SEEK_END):
                    os.lseek(file, -1, os.SEEK_END)
                    line = line if os.read(file, 1) == b"\n" else b"\n" + line
                _write_all(file, line)
            finally:
                os.close(file)
            _sync_folder(self._home)

    def _carry_out(self, change: _Change, *, files: Files, current: Files, saved: datetime | None = None) -> None:
        # All that needs room on the disk is written before anything is replaced, the way back included.
        for name in change.after:
            self._stage(name, files[name], NEW)
            if saved is not None:
                with self._writing(self._path(name)):
                    os.utime(self._staged(name, NEW), (saved.timestamp(), saved.timestamp()))
            if name in current:
                self._stage(name, current[name], BACK)
        with self._writing(self._pending):
            _write(self._staged_marker(NEW), _from_change(change))
            _write(self._staged_marker(BACK), _from_change(change.reverse()))
        try:
            with self._writing(self._pending):
                _replace(self._staged_marker(NEW), self._pending)
                _sync_folder(self._home)
            if self._drive(change, NEW):
                raise _Interfered
            if change.version:
                self._append(change.version)
        except BaseException:
            self._take_back(change.reverse())
            raise
        # It is published. A marker that cannot be removed now is removed by whoever comes next.
        with suppress(ArchiveError):
            self._remove_marker()

    def _take_back(self, change: _Change) -> None:
        if not self._is_pending():
            return
        try:
            with self._writing(self._pending):
                _replace(self._staged_marker(BACK), self._pending)
        except ArchiveError as error:
            raise ArchiveError(INTERRUPTED, **error.details) from error
        # From here on the old files are what everybody reads, even where one of them cannot be put back yet.
        with suppress(OSError):
            _sync_folder(self._home)
        with suppress(ArchiveError):
            self._drive(change, BACK)
            self._cut_journal(change)
            self._remove_marker()

    def _finish_interrupted(self) -> None:
        change = self._read_pending()
        if change:
            for name, wanted in change.after.items():
                if wanted and change.covers(name, self._find_digest(name)) and self._find_digest(name) != wanted:
                    self._stage(name, self._read_object(name, wanted), NEW)
            # A file that someone changed by hand since the crash is left alone: it becomes the version after this one.
            self._drive(change, NEW)
            if not change.version:
                self._cut_journal(change)
            elif change.version not in self._read_journal().versions:
                self._append(change.version)
        # A marker that says nothing was not written here: ours are complete before they get this name.
        if self._is_pending():
            self._remove_marker()

    def _drive(self, change: _Change, stage: str) -> list[str]:
        """Replace the files by the staged ones, and name those that someone else has changed."""
        foreign = []
        for name, wanted in change.after.items():
            found = self._find_digest(name)
            if found == wanted:
                continue
            if not change.covers(name, found):
                foreign.append(name)
                continue
            with self._writing(self._path(name), replacing=True):
                if wanted is None:
                    self._path(name).unlink(missing_ok=True)
                else:
                    _replace(self._staged(name, stage), self._path(name))
        with self._writing(self._folder):
            _sync_folder(self._folder)
        return foreign

    def _find_digest(self, name: str) -> str | None:
        with _reading(self._path(name)), suppress(FileNotFoundError):
            return to_digest(self._path(name).read_bytes())
        return None

    def _staged(self, name: str, stage: str) -> Path:
        # In the folder of the tables: `.archive` may lie on another disk, and a file can be moved within one only.
        return self._folder / f".{name}.csv.{stage}.tmp"

    def _staged_marker(self, stage: str) -> Path:
        return self._pending.with_suffix(f".{stage}.tmp")

    def _stage(self, name: str, content: bytes, stage: str) -> None:
        with self._writing(self._path(name)):
            _write(self._staged(name, stage), content)
            with suppress(FileNotFoundError):
                self._staged(name, stage).chmod(self._path(name).stat().st_mode & 0o7777)

    def _remove_marker(self) -> None:
        with self._writing(self._pending):
            self._pending.unlink(missing_ok=True)
            _sync_folder(self._home)

    def _cut_journal(self, change: _Change) -> None:
        with self._writing(self._journal), suppress(FileNotFoundError):
            if self._journal.stat().st_size > change.journal_length:
                os.truncate(self._journal, change.journal_length)

    def _clean_up(self) -> None:
        staged = [self._staged(name, stage) for name in self._names for stage in (NEW, BACK)]
        markers = [self._staged_marker(stage) for stage in (NEW, BACK)]
        for path in [*staged, *markers, *self._objects.glob("*.tmp")]:
            # Where this fails, the file is written anew the next time.
            with suppress(OSError):
                path.unlink(missing_ok=True)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveError(NOT_READABLE, file=path.name, reason=_reason(error)) from error


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def to_time_saved(modified: Iterable[int]) -> datetime:
    """Return when the youngest of some files was saved, in UTC. `modified`: their times in nanoseconds since 1970."""
    # Dates that no calendar has, or that are still to come, are those of a clock that was wrong.
    return datetime.fromtimestamp(min(max([0, *modified]) / 1e9, time.time()), UTC)


def _to_change(document: dict[str, Any]) -> _Change:
    version = document["version"]
    length = int(document["journal_length"])
    return _Change(dict(document["before"]), dict(document["after"]), to_version(version) if version else None, length)


def _from_change(change: _Change) -> bytes:
    return to_json(vars(change) | {"version": to_document(change.version) if change.version else None})


def _write_all(file: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]
    os.fsync(file)


def _write(path: Path, content: bytes) -> None:
    # What a killed process left may be write-protected, like the table it was meant for.
    path.unlink(missing_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        _write_all(file, content)
    finally:
        os.close(file)


def _replace(source: Path, target: Path) -> None:
    deadline = time.monotonic() + REPLACE_SECONDS
    while True:
        try:
            source.replace(target)
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(PAUSE_SECONDS)
        else:
            return


def _sync_folder(folder: Path) -> None:
    # Only so does a new name in the folder survive a power cut; Windows has no such call.
    if os.name == "nt":
        return
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno not in NO_FOLDER_SYNC:
            raise
    finally:
        os.close(file)
