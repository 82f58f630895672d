"""An archive in a PostgreSQL database with PostGIS: the same tables and versions, shared by several machines.

The tables lie there as `geo.database_tables` says. `versions` and `contents` hold what `.archive/` does in a folder.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import pandas as pd
import psycopg
import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.dialects.postgresql import ARRAY, insert

from geo.archive import (
    NOT_EMPTY,
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
from geo.checking import read_table
from geo.database_tables import (
    CHANNEL,
    SCHEMA,
    find_columns,
    find_fingerprint,
    lock_tables,
    make_schema,
    read_tables,
    to_ordered,
    write_table,
)
from geo.errors import TablesError, mark
from geo.journal import Version
from geo.schema import TABLE_BY_NAME
from geo.table_files import to_plain_bytes
from geo.tables import Files

# Nobody waits for longer: for a connection, for others to let go of the tables, for an answer.
CONNECT_SECONDS = 5
LOCK_SECONDS = 5
ANSWER_SECONDS = 60
# Whoever only notes what others have changed waits for nobody.
NOTE_LOCK_SECONDS = 1
# A connection that hears nothing is asked this often what the tables are like.
SILENCE_SECONDS = 5.0
_CONNECT = {
    "connect_timeout": CONNECT_SECONDS,
    "application_name": "atlas",
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
# Codes of PostgreSQL, see its manual, appendix A.
_HELD = ("55P03", "40P01", "40001", "57014")
_REFUSED = ("42501", "25006")
_FULL = ("53100",)
_GONE = ("57P01", "57P02", "57P03")
_NOT_TEXT = ("42804", "42883")
_NOT_INSTALLED = ("42501", "0A000", "58P01")

UNREACHABLE = mark(
    "Die Datenbank mit den Tabellen ist gerade nicht zu erreichen. An den Tabellen wurde nichts geändert. Bitte in "
    "einer Minute noch einmal versuchen; bleibt der Fehler, die Person fragen, die den Server betreut."
)
UNCERTAIN = mark(
    "Die Verbindung zur Datenbank brach in dem Augenblick ab, in dem veröffentlicht wurde. Bitte die Seite in einer "
    "Minute neu laden: Ob die Änderung gilt, steht in der Liste der Stände."
)
DATABASE_REFUSES = mark(
    "Dem Atlas fehlen Rechte im Schema „atlas“ der Datenbank. An den Tabellen wurde nichts geändert. Bitte die Person, "
    "die den Server betreut, um diese Rechte bitten."
)
DATABASE_FULL = mark(
    "Auf dem Server der Datenbank ist kein Speicherplatz mehr frei. An den Tabellen wurde nichts geändert. Bitte dort "
    "Platz schaffen lassen und dann noch einmal veröffentlichen."
)
DATABASE_FAILED = mark(
    "Die Datenbank meldet einen Fehler ({reason}). An den Tabellen wurde nichts geändert. Bitte die Person fragen, die "
    "den Server betreut; in dessen Protokoll steht mehr."
)
NOT_AS_WRITTEN = mark(
    "Die Datenbank gibt andere Zellen zurück, als der Atlas geschrieben hat. An den Tabellen wurde nichts geändert. "
    "Bitte die Person fragen, die den Server betreut: Vielleicht hat eine Spalte dort einen anderen Typ als Text."
)
NO_POSTGIS = mark(
    "In der Datenbank fehlt PostGIS, und der Atlas darf es nicht einrichten. Bitte eine Person mit Verwaltungsrecht "
    "„CREATE EXTENSION postgis“ ausführen lassen."
)

_NAMES = tuple(TABLE_BY_NAME)
_METADATA = sa.MetaData(schema=SCHEMA)
_VERSIONS = sa.Table(
    "versions",
    _METADATA,
    sa.Column("position", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
    sa.Column("who", sa.Text),
    sa.Column("why", sa.Text),
    sa.Column("changed", ARRAY(sa.Text), nullable=False),
    sa.Column("tables", sa.JSON, nullable=False),
    sa.Column("saved", sa.TIMESTAMP(timezone=True), nullable=False),
)
_CONTENTS = sa.Table(
    "contents",
    _METADATA,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
_log = logging.getLogger("atlas")


class DatabaseError(ArchiveError):
    """A database cannot be reached, or does not do what it is asked to."""


class DatabaseArchive:
    """The tables of a database with all their versions (see Archive)."""

    def __init__(self, address: str) -> None:
        """Take the address of a database, `postgresql://user@host/name`. Raises ValueError when it is none."""
        self._url = read_address(address)
        connect = {name: value for name, value in _CONNECT.items() if name not in self._url.query}
        self._engine = sa.create_engine(
            self._url,
            connect_args=connect,
            pool_pre_ping=True,
            pool_timeout=CONNECT_SECONDS,
            isolation_level="REPEATABLE READ",
        )
        # How often this process has written: it need not wait until it hears of that.
        self.writes = 0

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    def read_files(self) -> dict[str, bytes]:
        """Read all tables as they were at one moment (see Archive), written as data/ keeps them."""
        with self._reading() as connection:
            return read_tables(connection)

    def read_files_with_date(self) -> tuple[dict[str, bytes], datetime]:
        """Do the same, and say when they were saved: now, when they are not those of the last version."""
        with self._reading() as connection:
            files = read_tables(connection)
            return files, _find_date(files, _read_versions(connection))

    def versions(self) -> tuple[Version, ...]:
        """Return all versions, the oldest first (see Archive)."""
        with self._reading() as connection:
            return _read_versions(connection)

    def damaged_lines(self) -> tuple[int, ...]:
        """Return nothing: what a database has lost, it does not give out by halves."""
        return ()

    def read_version(self, version: Version) -> dict[str, bytes]:
        """Read the tables of a version (see Archive)."""
        with self._reading() as connection:
            contents = _read_contents(connection, version.tables.values())
        files = {}
        for name, digest in version.tables.items():
            details = {"file": f"{name}.csv", "object": digest}
            if digest not in contents:
                raise ArchiveError(OBJECT_LOST, **details)
            if to_digest(contents[digest]) != digest:
                raise ArchiveError(OBJECT_DAMAGED, **details)
            files[name] = contents[digest]
        return files

    def note(self, files: Files) -> Version | None:
        """Record tables that were changed with SQL (see Archive)."""
        with self._reading() as connection:
            if _is_last(files, _read_versions(connection)):
                return None
        with self._writing(lock_seconds=NOTE_LOCK_SECONDS) as connection:
            current, versions = read_tables(connection), _read_versions(connection)
            if current != dict(files) or _is_last(current, versions):
                return None
            return _note(connection, current, versions)

    def publish(self, files: Files, *, expected: Files, who: str, why: str) -> Version:
        """Replace the tables by `files` in one transaction (see Archive)."""
        check_all_there(files, names=_NAMES)
        texts = _to_texts(files)
        new = {name: to_plain_bytes(text) for name, text in texts.items()}
        with self._writing() as connection:
            current, versions = read_tables(connection), _read_versions(connection)
            if current != dict(expected):
                raise ChangedMeanwhile(current)
            last = versions[-1] if _is_last(current, versions) else _note(connection, current, versions)
            if current == new:
                return last
            version = _build_next((*versions, last), new, who=who, why=why)
            for name in version.changed:
                write_table(connection, texts[name], table=TABLE_BY_NAME[name])
            _keep(connection, version, new)
            _check_written(connection, new)
        return version

    def read_holdings(self) -> Holdings:
        """Read everything (see Archive)."""
        with self._reading() as connection:
            files, versions = read_tables(connection), _read_versions(connection)
            digests = {digest for version in versions for digest in version.tables.values()}
            found = _read_contents(connection, digests)
        contents = {digest: content for digest, content in found.items() if to_digest(content) == digest}
        return Holdings(files, _find_date(files, versions), versions, contents)

    def take_over(self, holdings: Holdings) -> None:
        """Keep what another archive held, in a database without tables (see Archive).

        The schema is made where there is none. Raises TablesError when the tables cannot be read as rows.
        """
        texts = _to_texts(holdings.files)
        files = {name: to_plain_bytes(text) for name, text in texts.items()}
        with self._writing(make=True) as connection:
            if read_tables(connection) or _read_versions(connection):
                raise ArchiveError(NOT_EMPTY, place=f"{self._url.host or 'localhost'}/{self._url.database}")
            for digest, content in holdings.contents.items():
                connection.execute(sa.insert(_CONTENTS).values(digest=digest, content=content))
            for version in holdings.versions:
                _add_version(connection, version)
            for name, text in texts.items():
                write_table(connection, text, table=TABLE_BY_NAME[name])
            if not _is_last(files, holdings.versions):
                _note(connection, files, holdings.versions, saved=holdings.saved)
            _check_written(connection, files)

    def changes(self) -> Iterator[bool]:
        """Listen. Yields once a second, and whether the tables have changed since; the first time, that is so.

        Where they were changed in a way that nobody tells (see `find_fingerprint`), that takes SILENCE_SECONDS. Raises
        ArchiveError when the connection is lost.
        """
        with _telling():
            pooled = self._engine.raw_connection()
            driver: Any = pooled.driver_connection
            # What was heard by one who listens is not for the next who takes this connection.
            pooled.detach()
            with driver:
                driver.autocommit = True
                _begin_to_listen(driver)
                fingerprint = find_fingerprint(driver)
                looked = monotonic()
                yield True
                while True:
                    changed = any(True for _ in driver.notifies(timeout=1.0, stop_after=1))
                    if monotonic() > looked + SILENCE_SECONDS:
                        before, fingerprint = fingerprint, find_fingerprint(driver)
                        looked = monotonic()
                        changed = changed or fingerprint != before
                    yield changed

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with _telling(), self._engine.connect() as connection:
            _limit(connection, lock_seconds=LOCK_SECONDS)
            names = find_columns(connection)
            connection.rollback()
            # What is locked before anything is read can be neither emptied nor altered while it is read; an older look
            # at the tables would take those that were emptied since for empty.
            connection.execute(sa.text("SET TRANSACTION READ ONLY"))
            connection.execute(sa.text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
            lock_tables(connection, names, mode="ACCESS SHARE")
            _limit(connection, lock_seconds=LOCK_SECONDS)
            yield connection

    @contextmanager
    def _writing(self, *, make: bool = False, lock_seconds: int = LOCK_SECONDS) -> Iterator[sa.Connection]:
        # What others have written until the lock is held must be seen.
        engine = self._engine.execution_options(isolation_level="READ COMMITTED")
        with _telling(), engine.connect() as connection:
            _limit(connection, lock_seconds=lock_seconds)
            if make:
                _make_all(connection)
            # Readers go on reading; whoever writes past the atlas waits.
            names = [_VERSIONS.name, *find_columns(connection)]
            lock_tables(connection, names, mode="SHARE ROW EXCLUSIVE")
            yield connection
            try:
                connection.commit()
            except exc.DBAPIError as error:
                _log.warning("The database was lost while it was told to keep a publication: %s", error.orig)
                raise DatabaseError(UNCERTAIN) from error
            self.writes += 1


_NO_ADDRESS = (
    "die Adresse der Datenbank ist keine wie postgresql://name@server/atlas (Sonderzeichen in einem Passwort werden zu "
    "%40 und so weiter)"
)


def read_address(address: str) -> sa.URL:
    """Read the address of a database. Raises ValueError when it is none, or not one of PostgreSQL."""
    # What is said of it must not hold the password.
    try:
        url = sa.make_url(address)
    except (exc.ArgumentError, ValueError):
        raise ValueError(_NO_ADDRESS) from None
    if url.get_backend_name() != "postgresql" or not url.database or "@" in (url.host or ""):
        raise ValueError(_NO_ADDRESS)
    return url.set(drivername="postgresql+psycopg")


def _make_all(connection: sa.Connection) -> None:
    make_schema(connection)
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS postgis"))
    except exc.DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in _NOT_INSTALLED:
            raise
        _log.warning("PostGIS cannot be set up: %s", error.orig)
        raise DatabaseError(NO_POSTGIS) from error
    _METADATA.create_all(connection)


def _limit(connection: sa.Connection, *, lock_seconds: int) -> None:
    """Let the database give up, in this transaction, on what takes too long and on whoever is gone."""
    limits = {
        "lock_timeout": f"{lock_seconds}s",
        "statement_timeout": f"{ANSWER_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{ANSWER_SECONDS}s",
        "tcp_keepalives_idle": "10",
        "tcp_keepalives_interval": "5",
        "tcp_keepalives_count": "3",
    }
    connection.execute(sa.select(*(sa.func.set_config(name, value, True) for name, value in limits.items())))


def _begin_to_listen(driver: Any) -> None:
    try:
        driver.execute(f"LISTEN {CHANNEL}")
    except psycopg.errors.ReadOnlySqlTransaction as error:
        # A copy that follows another server tells nothing. It is asked every few seconds.
        _log.warning("Changes of the tables are seen with a delay: %s", error)


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except exc.TimeoutError as error:
        raise DatabaseError(UNREACHABLE) from error
    except exc.DBAPIError as error:
        raise _to_archive_error(error.orig) from error
    except (psycopg.Error, UnicodeError) as error:
        raise _to_archive_error(error) from error


def _to_archive_error(error: BaseException | None) -> DatabaseError:
    # What the driver says may hold addresses and names, which are for the log.
    _log.warning("The database says: %s", str(error).strip())
    code = getattr(error, "sqlstate", None)
    if code in _HELD:
        return DatabaseError(OTHERS_PUBLISH)
    if code in _REFUSED:
        return DatabaseError(DATABASE_REFUSES)
    if code in _FULL:
        return DatabaseError(DATABASE_FULL)
    if code in _NOT_TEXT:
        return DatabaseError(NOT_AS_WRITTEN)
    if code in _GONE or (code is None and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)):
        return DatabaseError(UNREACHABLE)
    return DatabaseError(DATABASE_FAILED, reason=f"{type(error).__name__} {code or ''}".strip())


def _read_versions(connection: sa.Connection) -> tuple[Version, ...]:
    if not sa.inspect(connection).has_table(_VERSIONS.name, schema=SCHEMA):
        return ()
    rows = connection.execute(sa.select(_VERSIONS).order_by(_VERSIONS.c.position))
    return tuple(
        Version(
            row.number,
            row.at.astimezone(UTC),
            row.who,
            row.why,
            tuple(row.changed),
            dict(row.tables),
            row.saved.astimezone(UTC),
        )
        for row in rows
    )


def _read_contents(connection: sa.Connection, digests: Iterable[str]) -> dict[str, bytes]:
    wanted = list(digests)
    if not wanted:
        return {}
    query = sa.select(_CONTENTS.c.digest, _CONTENTS.c.content).where(_CONTENTS.c.digest.in_(wanted))
    return {digest: bytes(content) for digest, content in connection.execute(query)}


def _is_last(files: Files, versions: Sequence[Version]) -> bool:
    return bool(versions) and dict(versions[-1].tables) == to_digests(files)


def _find_date(files: Files, versions: Sequence[Version]) -> datetime:
    return versions[-1].saved if _is_last(files, versions) else datetime.now(UTC)


def _note(
    connection: sa.Connection, files: Files, versions: Sequence[Version], *, saved: datetime | None = None
) -> Version:
    version = _build_next(versions, files, who=None, why=None, saved=saved)
    _keep(connection, version, files)
    return version


def _build_next(
    versions: Sequence[Version], files: Files, *, who: str | None, why: str | None, saved: datetime | None = None
) -> Version:
    last = versions[-1] if versions else None
    number = max((version.number for version in versions), default=0) + 1
    return build_version(files, names=_NAMES, last=last, number=number, who=who, why=why, saved=saved)


def _keep(connection: sa.Connection, version: Version, files: Files) -> None:
    kept = [{"digest": to_digest(content), "content": content} for content in files.values()]
    if kept:
        new = insert(_CONTENTS)
        # One that was damaged since is healed.
        healed = new.on_conflict_do_update(
            index_elements=[_CONTENTS.c.digest],
            set_={"content": new.excluded.content},
            where=_CONTENTS.c.content != new.excluded.content,
        )
        connection.execute(healed, kept)
    _add_version(connection, version)


def _add_version(connection: sa.Connection, version: Version) -> None:
    values = vars(version) | {"changed": list(version.changed), "tables": dict(version.tables)}
    connection.execute(sa.insert(_VERSIONS).values(**values))


def _check_written(connection: sa.Connection, files: Files) -> None:
    if read_tables(connection) != dict(files):
        raise DatabaseError(NOT_AS_WRITTEN)


def _to_texts(files: Files) -> dict[str, pd.DataFrame]:
    texts, findings = {}, []
    for name, content in files.items():
        text, _, found = read_table(content, table=TABLE_BY_NAME[name])
        findings += found
        if text is not None:
            texts[name] = text[to_ordered(text.columns, table=TABLE_BY_NAME[name])]
    if findings:
        raise TablesError(tuple(findings))
    return texts
