"""The data set and the languages that this process serves, shared by all sessions and routes.

The tables are followed while the server runs. A set with errors is never shown: everyone keeps the last good one, which
the archive holds over a restart as well.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from time import sleep, time
from typing import NamedTuple

from geo import problems
from geo.checking import Checked, Texts, check_files
from geo.dataset import Dataset, build_dataset
from geo.errors import Finding, Problem, TablesError
from geo.language import Language, read_languages
from geo.schema import TABLE_BY_NAME, TABLES
from geo.tables import Files, read_files
from server.archive import NEVER_STILL, PENDING, Archive, ArchiveError, to_time_saved
from server.settings import ROOT, current_settings

# A program that saves a file writes it in several steps. Files are taken once they have been left alone for so long …
SETTLED_SECONDS = 0.3
# … and waited for so many times. After that, what was shown before is shown until the next visitor comes.
READS_AT_MOST = 6
# Files that cannot be read are left alone for so long, so that not every click waits for them.
RETRY_SECONDS = 3.0
# How many versions of the archive are tried until one is without errors; after a change of the schema none may be.
VERSIONS_AT_MOST = 10

_log = logging.getLogger("atlas")


class Stamp(NamedTuple):
    """What tells that a file has changed, without reading it. Times are in nanoseconds."""

    table: str
    size: int
    inode: int
    saved: int
    # A copy may bring its time of saving along; this one is the system's own (on Windows when the file was made).
    changed: int


Stamps = tuple[Stamp, ...]


@dataclass(frozen=True, eq=False)
class State:
    """What is shown, and what the newest files are.

    `dataset`: the last set without errors, None when there has never been one; `texts`: its tables as text (see
    `Checked.texts`). `files` and `checked`: the newest files that could be read, and what was found. `failed_since`:
    since when the newest files cannot be shown, None when they are.
    """

    dataset: Dataset | None
    texts: Texts
    files: Files
    checked: Checked
    failed_since: datetime | None

    def to_dataset(self) -> Dataset:
        """Return the data set to show. Raises TablesError when there has never been one without errors."""
        if self.dataset is None:
            raise TablesError(self.checked.findings)
        return self.dataset


class Store:
    """The tables of one folder, followed as they change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = Archive(folder, names=[table.name for table in TABLES])
        self._lock = Lock()
        # Replaced together, so that nobody takes an older state for that of these files. Without stamps, the files are
        # read again the next time.
        self._known: tuple[State, Stamps | None] | None = None
        self._retry_at = 0.0

    def state(self) -> State:
        """Return the state of now. Files that have changed are read by one caller; the others keep what they have."""
        known = self._known
        if known is None:
            with self._lock:
                return self._refresh()
        state, stamps = known
        resting = stamps is None and time() < self._retry_at
        if resting or stamps == self._read_stamps() or not self._lock.acquire(blocking=False):
            return state
        try:
            return self._refresh()
        finally:
            self._lock.release()

    def unchanged(self) -> State | None:
        """Return the state if it is still that of the files, None if they would have to be read first."""
        known = self._known
        return known[0] if known is not None and known[1] == self._read_stamps() else None

    def _refresh(self) -> State:
        before, seen = self._known or (None, None)
        if before is not None and seen == self._read_stamps():
            return before
        stamps = None
        try:
            files, stamps = self._read_settled()
            state = self._to_state(files, stamps, before=before)
        except Exception as error:  # noqa: BLE001 - not even a mistake in a check takes down what is shown
            state = self._to_failed_state(error, before=before)
            self._retry_at = time() + RETRY_SECONDS if stamps is None else 0.0
        self._known = state, stamps
        if state.failed_since is None:
            self._note(state.files)
        return state

    def _to_state(self, files: Files, stamps: Stamps, *, before: State | None) -> State:
        checked = check_files(files)
        if not checked.errors:
            dataset = build_dataset(checked.to_tables(), saved=_to_time_saved(stamps))
            return State(dataset, checked.texts, files, checked, None)
        _log.error("The tables have errors and are not shown:\n%s", TablesError(checked.findings))
        return State(*self._keep_shown(before), files, checked, _since(before, stamps))

    def _to_failed_state(self, error: Exception, *, before: State | None) -> State:
        details = error.details if isinstance(error, ArchiveError) else {}
        problem = _to_problem(error)
        table = str(details.get("file", "")).removesuffix(".csv")
        reason = {"reason": details.get("reason") or str(error) or type(error).__name__}
        findings = tuple(
            Finding(name, None, None, None, problem, reason)
            for name in ([table] if table in TABLE_BY_NAME else TABLE_BY_NAME)
        )
        if before is not None and before.checked.findings == findings:
            return before
        _log.error("The tables cannot be read: %s", error, exc_info=not isinstance(error, ArchiveError))
        files, checked = (before.files, before.checked) if before is not None else ({}, Checked((), {}, {}))
        return State(*self._keep_shown(before), files, replace(checked, findings=findings), _since(before))

    def _keep_shown(self, before: State | None) -> tuple[Dataset | None, Texts]:
        if before is not None and before.dataset is not None:
            return before.dataset, before.texts
        return self._read_last_good() or (None, {})

    def _read_last_good(self) -> tuple[Dataset, Texts] | None:
        """Build the last set without errors that the archive holds."""
        try:
            versions = self.archive.versions()
        except Exception as error:  # noqa: BLE001 - as if there were no archive
            _log.warning("The last good tables cannot be read: %s", error)
            return None
        for version in reversed(versions[-VERSIONS_AT_MOST:]):
            try:
                checked = check_files(self.archive.read_version(version))
                return build_dataset(checked.to_tables(), saved=version.saved.astimezone()), checked.texts
            except Exception as error:  # noqa: BLE001 - an earlier version may do
                _log.warning("Version %s of the tables cannot be shown: %s", version.number, error)
        return None

    def _note(self, files: Files) -> None:
        try:
            self.archive.note(files)
        except Exception as error:  # noqa: BLE001 - visitors need no archive
            _log.warning("The tables are shown, but cannot be kept for a restart: %s", error)

    def _read_stamps(self) -> Stamps:
        return tuple(self._find_stamps())

    def _find_stamps(self) -> Iterable[Stamp]:
        for table in TABLES:
            try:
                found = (self.folder / f"{table.name}.csv").stat()
            except OSError:
                continue
            yield Stamp(table.name, found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)

    def _read_settled(self) -> tuple[Files, Stamps]:
        """Read files that nobody has changed for a while, nor in the time it took to read them.

        Raises ArchiveError when they cannot be read or never settle.
        """
        stamps = self._read_stamps()
        for _ in range(READS_AT_MOST):
            youngest = max((max(stamp.saved, stamp.changed) for stamp in stamps), default=0) / 1e9
            # The date of a file may lie in the future; it is watched for the whole time.
            sleep(min(max(youngest + SETTLED_SECONDS - time(), 0.0), SETTLED_SECONDS))
            files = self._read_files()
            before, stamps = stamps, self._read_stamps()
            if stamps == before:
                return files, stamps
        raise ArchiveError(NEVER_STILL)

    def _read_files(self) -> Files:
        try:
            return self.archive.read_files()
        except ArchiveError as error:
            # An archive that belongs to someone else takes nothing down: without it, the tables are plain files.
            if error.details.get("file") != PENDING:
                raise
            return read_files(self.folder)


def _to_problem(error: Exception) -> Problem:
    if isinstance(error, ArchiveError):
        return problems.UNSETTLED if error.problem == NEVER_STILL else problems.NOT_READABLE
    return problems.NOT_READABLE if isinstance(error, OSError) else problems.CHECK_FAILED


def _to_time_saved(stamps: Stamps) -> datetime:
    return to_time_saved(stamp.saved for stamp in stamps).astimezone()


def _since(before: State | None, stamps: Stamps = ()) -> datetime:
    """Return since when the newest files fail; at the start of the server, since they were saved."""
    if before is not None:
        return before.failed_since or datetime.now(UTC)
    return _to_time_saved(stamps) if stamps else datetime.now(UTC)


def current_store() -> Store:
    """Return the store of the folder that the settings name."""
    return _open_store(current_settings().data_folder)


@lru_cache(maxsize=8)
def _open_store(folder: Path) -> Store:
    return Store(folder)


def current_dataset() -> Dataset:
    """Return the data set that everyone sees now.

    Raises TablesError when the tables have errors and there is no earlier set without.
    """
    return current_store().state().to_dataset()


@cache
def available_languages() -> dict[str, Language]:
    """Return the languages with a catalogue, by code, German first."""
    return read_languages(ROOT / "locales")
