"""Where the tables of a server come from, and how it notices that they have changed.

Files are looked at, which takes microseconds, whenever somebody comes. A database tells it by itself.
"""

import logging
from collections.abc import Hashable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock, Thread
from time import sleep, time
from typing import NamedTuple, Protocol

from geo.archive import Archive, ArchiveError
from geo.database_archive import CONNECT_SECONDS, DatabaseArchive
from geo.folder_archive import NEVER_STILL, PENDING, FolderArchive, to_time_saved
from geo.schema import TABLES
from geo.store import NAMES, is_database
from geo.tables import Files, read_files

# A program that saves a file writes it in several steps. Files are taken once they have been left alone for so long …
SETTLED_SECONDS = 0.3
# … and waited for so many times. After that, what was shown before is shown until the next visitor comes.
READS_AT_MOST = 6
# A database that was lost is looked for so often.
RECONNECT_SECONDS = 2.0

_log = logging.getLogger("atlas")

# Tells whether tables have changed, without reading them.
Stamp = Hashable


class Reading(NamedTuple):
    """The tables as they were at one moment, when the youngest was saved, and their stamp."""

    files: Files
    saved: datetime
    stamp: Stamp


class Source(Protocol):
    """The tables of one place."""

    @property
    def archive(self) -> Archive:
        """The tables with all their versions."""

    def stamp(self) -> Stamp:
        """Return what is another once the tables have changed."""

    @property
    def lost_since(self) -> datetime | None:
        """Since when changes cannot be noticed; None when they can."""

    def read(self) -> Reading:
        """Read the tables. Raises ArchiveError when they cannot be read."""

    def close(self) -> None:
        """Let go of everything that is held open."""


class FileStamp(NamedTuple):
    """What tells that a file has changed, without reading it. Times are in nanoseconds."""

    table: str
    size: int
    inode: int
    saved: int
    # A copy may bring its time of saving along; this one is the system's own (on Windows when the file was made).
    changed: int


class FolderSource:
    """The tables of a folder."""

    lost_since: datetime | None = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.archive = FolderArchive(folder, names=NAMES)

    def stamp(self) -> tuple[FileStamp, ...]:
        """Return size and dates of every file."""
        return tuple(self._find_stamps())

    def read(self) -> Reading:
        """Read files that nobody has changed for a while, nor in the time it took to read them.

        Raises ArchiveError when they cannot be read or never settle.
        """
        stamp = self.stamp()
        for _ in range(READS_AT_MOST):
            youngest = max((max(file.saved, file.changed) for file in stamp), default=0) / 1e9
            # The date of a file may lie in the future; it is watched for the whole time.
            sleep(min(max(youngest + SETTLED_SECONDS - time(), 0.0), SETTLED_SECONDS))
            files = self._read_files()
            before, stamp = stamp, self.stamp()
            if stamp == before:
                return Reading(files, to_time_saved(file.saved for file in stamp), stamp)
        raise ArchiveError(NEVER_STILL)

    def close(self) -> None:
        """Do nothing: files are open only while they are read."""

    def _find_stamps(self) -> Iterable[FileStamp]:
        for table in TABLES:
            try:
                found = (self._folder / f"{table.name}.csv").stat()
            except OSError:
                continue
            yield FileStamp(table.name, found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)

    def _read_files(self) -> Files:
        try:
            return self.archive.read_files()
        except ArchiveError as error:
            # An archive that belongs to someone else takes nothing down: without it, the tables are plain files.
            if error.details.get("file") != PENDING:
                raise
            return read_files(self._folder)


class DatabaseSource:
    """The tables of a database, which is listened to from the first reading on."""

    def __init__(self, archive: DatabaseArchive) -> None:
        self.archive = archive
        self.lost_since: datetime | None = None
        # How often a change was heard, or the connection was made anew: after a gap, anything may have changed.
        self._heard = 0
        self._listening = Event()
        self._closing = Event()
        self._starting = Lock()
        self._ear: Thread | None = None

    def stamp(self) -> tuple[int, int]:
        """Return how often something was heard, and how often this process has written."""
        return self._heard, self.archive.writes

    def read(self) -> Reading:
        """Read the tables. Raises ArchiveError when the database cannot be reached."""
        self._listen_from_now_on()
        # Whoever reads before listening would have to read again at once.
        self._listening.wait(CONNECT_SECONDS)
        stamp = self.stamp()
        files, saved = self.archive.read_files_with_date()
        return Reading(files, saved, stamp)

    def close(self) -> None:
        """Stop listening, and give back all connections."""
        self._closing.set()
        if self._ear is not None:
            self._ear.join()
        self.archive.close()

    def _listen_from_now_on(self) -> None:
        with self._starting:
            if self._ear is None:
                self._ear = Thread(target=self._listen, name="listening", daemon=True)
                self._ear.start()

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                for changed in self.archive.changes():
                    self._note_heard(changed=changed)
                    if self._closing.is_set():
                        return
            except Exception as error:  # noqa: BLE001 - whatever happened, changes must be noticed again
                self._note_lost(error)
            self._closing.wait(RECONNECT_SECONDS)

    def _note_heard(self, *, changed: bool) -> None:
        if self.lost_since is not None:
            _log.warning("The database is listened to again.")
            self.lost_since = None
        self._heard += changed
        self._listening.set()

    def _note_lost(self, error: Exception) -> None:
        self._listening.clear()
        if self.lost_since is None:
            self.lost_since = datetime.now(UTC)
            _log.warning(
                "The database is no longer listened to: %s", error, exc_info=not isinstance(error, ArchiveError)
            )


def open_source(place: str) -> Source:
    """Open the tables of a folder or a database. Raises ValueError for an address of no use."""
    return DatabaseSource(DatabaseArchive(place)) if is_database(place) else FolderSource(Path(place))
