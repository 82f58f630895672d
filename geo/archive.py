"""Every version of the tables: who published what, when and why, wherever they are kept.

An archive is a folder (`geo.folder_archive`) or a database (`geo.database_archive`). Both keep the tables as they are
now, which people may change past the atlas, and all versions, which nobody changes.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from geo.errors import AtlasError, mark
from geo.journal import Version
from geo.tables import Files

OTHERS_PUBLISH = mark(
    "Gerade veröffentlicht jemand anderes, und es dauert ungewöhnlich lange. An den Tabellen wurde nichts geändert. "
    "Bitte in einer Minute noch einmal versuchen."
)
NOT_READABLE = mark("{file} lässt sich nicht lesen ({reason}). Bitte die Person fragen, die den Server betreut.")
OBJECT_LOST = mark(
    "Ein früherer Stand von {file} fehlt im Archiv ({object}). An den Tabellen wurde nichts geändert. Vielleicht gibt "
    "es die Datei noch in einer Sicherung des Servers."
)
OBJECT_DAMAGED = mark(
    "Ein früherer Stand von {file} ist im Archiv beschädigt ({object}). An den Tabellen wurde nichts geändert. "
    "Vielleicht gibt es die Datei noch in einer Sicherung des Servers."
)
NOT_EMPTY = mark("In {place} liegen schon Tabellen oder frühere Stände. Bitte ein leeres Ziel nennen.")
CHANGED_MEANWHILE = mark(
    "Die Tabellen wurden inzwischen von jemand anderem geändert. Es wurde nichts veröffentlicht. "
    "Bitte die eigenen Änderungen mit dem neuen Stand vergleichen."
)


class ArchiveError(AtlasError):
    """Tables, or versions of them, cannot be read or written.

    `problem` is marked for the catalogues, `details` fills its braces.
    """

    def __init__(self, problem: str, **details: str) -> None:
        self.problem = problem
        self.details: dict[str, Any] = details
        super().__init__(problem.format(**details))


class ChangedMeanwhile(AtlasError):  # noqa: N818 - nothing went wrong, someone was faster
    """The tables are not those a change was made from; `files` are the current ones."""

    problem = CHANGED_MEANWHILE

    def __init__(self, files: Files) -> None:
        self.files = dict(files)
        super().__init__(self.problem)


@dataclass(frozen=True)
class Holdings:
    """All that an archive holds, to be copied to another.

    `files`: the tables as they are now, saved at `saved`. `versions`: the oldest first. `contents`: what their tables
    held, by hash; one that is lost or damaged is not there.
    """

    files: Files
    saved: datetime
    versions: tuple[Version, ...]
    contents: Mapping[str, bytes]

    @property
    def lost(self) -> tuple[Version, ...]:
        """The versions of which something is missing."""
        return tuple(version for version in self.versions if not self.contents.keys() >= set(version.tables.values()))


class Archive(Protocol):
    """The tables with all their versions. Threads and processes may use one at once."""

    def read_files(self) -> dict[str, bytes]:
        """Read all tables as they were at one moment, by name; one that is missing is absent.

        Never gives a publication by halves. Raises ArchiveError when something cannot be read.
        """

    def versions(self) -> tuple[Version, ...]:
        """Return all versions that can be read, the oldest first. Raises ArchiveError when there is no telling."""

    def damaged_lines(self) -> tuple[int, ...]:
        """Return the numbers, from 1, of the journal's lines that can no longer be read.

        The versions in them are lost: what belonged together, when, by whom and why. Raises ArchiveError when the
        journal is there but cannot be read.
        """

    def read_version(self, version: Version) -> dict[str, bytes]:
        """Read the tables of a version. Raises ArchiveError when one of them is missing or damaged."""

    def note(self, files: Files) -> Version | None:
        """Record tables that were changed past the atlas, if they are neither the last version nor replaced by now.

        Raises ArchiveError when nothing can be written.
        """

    def publish(self, files: Files, *, expected: Files, who: str, why: str) -> Version:
        """Replace the tables by `files`, all or none, and record who did it and why.

        `expected` are the files the change was made from. Tables that were changed past the atlas are recorded as a
        version of their own first. Where `files` are the current ones already, nothing is done and the last version
        returned.

        Raises ChangedMeanwhile when the current files are others than `expected`, ArchiveError when something cannot
        be written (all is as before then), ValueError when `files` lacks a table, and in a database TablesError when
        they are no tables.
        """

    def read_holdings(self) -> Holdings:
        """Read everything, as it was at one moment. Raises ArchiveError when something cannot be read."""

    def take_over(self, holdings: Holdings) -> None:
        """Keep what another archive held, all of it or nothing.

        Raises ArchiveError when there is something here already or it cannot be written, and in a database TablesError
        when the tables cannot be read as rows.
        """


def build_version(
    files: Files,
    *,
    names: Sequence[str],
    last: Version | None,
    number: int,
    who: str | None,
    why: str | None,
    saved: datetime | None = None,
) -> Version:
    """Return the version that comes after `last`; `saved` is now where it is not given."""
    tables = {name: to_digest(files[name]) for name in names if name in files}
    earlier = last.tables if last else {}
    changed = tuple(name for name in names if tables.get(name) != earlier.get(name))
    now = datetime.now(UTC)
    return Version(number, now, who, why, changed, tables, saved or now)


def check_all_there(files: Files, *, names: Iterable[str]) -> None:
    """Raise ValueError when a table is missing or too much."""
    if set(files) != set(names):
        raise ValueError(f"the tables {sorted(names)} are needed, not {sorted(files)}")


def to_digests(files: Files) -> dict[str, str]:
    """Return what a version of these files has as `tables`."""
    return {name: to_digest(content) for name, content in files.items()}


def to_digest(content: bytes) -> str:
    """Return the hash under which an archive keeps a content: SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
