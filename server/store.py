"""The data set and the languages that this process serves, shared by all sessions and routes.

The tables are followed while the server runs. A set with errors is never shown: everyone keeps the last good one, which
the archive holds over a restart as well.
"""

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from time import time

from geo import problems
from geo.archive import Archive, ArchiveError
from geo.checking import Checked, Texts, check_files
from geo.database_archive import DatabaseError
from geo.dataset import Dataset, build_dataset
from geo.errors import Finding, Problem, TablesError
from geo.folder_archive import NEVER_STILL
from geo.language import Language, read_languages
from geo.schema import TABLE_BY_NAME
from geo.tables import Files
from server.settings import ROOT, current_settings
from server.sources import Reading, Stamp, open_source

# Tables that cannot be read are left alone for so long, so that not every click waits for them.
RETRY_SECONDS = 3.0
# How many versions of the archive are tried until one is without errors; after a change of the schema none may be.
VERSIONS_AT_MOST = 10

_log = logging.getLogger("atlas")


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
    """The tables of one place, followed as they change."""

    def __init__(self, place: Path | str) -> None:
        """Follow the tables of a folder or a database. Raises ValueError for an address of no use."""
        self._source = open_source(str(place))
        self.archive: Archive = self._source.archive
        self._lock = Lock()
        # Replaced together, so that nobody takes an older state for that of these files. Without a stamp, the files are
        # read again the next time.
        self._known: tuple[State, Stamp | None] | None = None
        self._retry_at = 0.0

    def state(self) -> State:
        """Return the state of now. Files that have changed are read by one caller; the others keep what they have."""
        known = self._known
        if known is None:
            with self._lock:
                return self._refresh()
        state, stamp = known
        resting = stamp is None and time() < self._retry_at
        if resting or stamp == self._source.stamp() or not self._lock.acquire(blocking=False):
            return state
        try:
            return self._refresh()
        finally:
            self._lock.release()

    def unchanged(self) -> State | None:
        """Return the state if it is still that of the files, None if they would have to be read first."""
        known = self._known
        return known[0] if known is not None and known[1] == self._source.stamp() else None

    @property
    def lost_since(self) -> datetime | None:
        """Since when changes cannot be noticed because the database is away; None when they can."""
        return self._source.lost_since

    def close(self) -> None:
        """Let go of everything that is held open."""
        self._source.close()

    def _refresh(self) -> State:
        before, seen = self._known or (None, None)
        if before is not None and seen == self._source.stamp():
            return before
        stamp = None
        try:
            reading = self._source.read()
            stamp = reading.stamp
            state = self._to_state(reading, before=before)
        except Exception as error:  # noqa: BLE001 - not even a mistake in a check takes down what is shown
            state = self._to_failed_state(error, before=before)
            self._retry_at = time() + RETRY_SECONDS if stamp is None else 0.0
        self._known = state, stamp
        if state.failed_since is None:
            self._note(state.files)
        return state

    def _to_state(self, reading: Reading, *, before: State | None) -> State:
        if before is not None and before.failed_since is None and _is_same(reading, before):
            return before
        checked = check_files(reading.files)
        if not checked.errors:
            dataset = build_dataset(checked.to_tables(), saved=reading.saved.astimezone())
            return State(dataset, checked.texts, reading.files, checked, None)
        _log.error("The tables have errors and are not shown:\n%s", TablesError(checked.findings))
        since = before.failed_since or datetime.now(UTC) if before is not None else reading.saved
        return State(*self._keep_shown(before), reading.files, checked, since)

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
        since = before.failed_since if before is not None else None
        return State(*self._keep_shown(before), files, replace(checked, findings=findings), since or datetime.now(UTC))

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


def _to_problem(error: Exception) -> Problem:
    if isinstance(error, DatabaseError):
        return problems.NO_DATABASE
    if isinstance(error, ArchiveError):
        return problems.UNSETTLED if error.problem == NEVER_STILL else problems.NOT_READABLE
    return problems.NOT_READABLE if isinstance(error, OSError) else problems.CHECK_FAILED


def _is_same(reading: Reading, state: State) -> bool:
    return state.dataset is not None and state.dataset.saved == reading.saved and state.files == reading.files


def current_store() -> Store:
    """Return the store of the place that the settings name."""
    return _open_store(current_settings().data)


@lru_cache(maxsize=8)
def _open_store(place: str) -> Store:
    return Store(place)


def current_dataset() -> Dataset:
    """Return the data set that everyone sees now.

    Raises TablesError when the tables have errors and there is no earlier set without.
    """
    return current_store().state().to_dataset()


def close_store() -> None:
    """Let go of what the server's store holds open, if there is one."""
    if _open_store.cache_info().currsize:
        current_store().close()
        _open_store.cache_clear()


@cache
def available_languages() -> dict[str, Language]:
    """Return the languages with a catalogue, by code, German first."""
    return read_languages(ROOT / "locales")
