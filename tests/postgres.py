"""A PostgreSQL server with PostGIS on this machine, from the system's packages, for as long as it is needed."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

from tests.serving import find_free_port

ADMIN = "postgres"
TEMPLATE = "with_postgis"
# Nothing of this has to outlive a power cut.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "32MB"}


def find_programs() -> Path | None:
    """Find the newest PostgreSQL with PostGIS; None where there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    return next(filter(has_postgis, folders), None)


def has_postgis(programs: Path) -> bool:
    """Say whether PostGIS belongs to a PostgreSQL."""
    if not (programs / "pg_config").is_file():
        return False
    answer = subprocess.run([programs / "pg_config", "--sharedir"], capture_output=True, text=True, check=False)
    return (Path(answer.stdout.strip()) / "extension" / "postgis.control").is_file()


class Postgres:
    """A server that runs. Databases are made from one that has PostGIS already, which takes a tenth of a second."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.port = find_free_port()
        self._folder, self._programs = folder, programs
        # PostgreSQL does not run as root, who is who tests run as in a container.
        self._user = ADMIN if os.name != "nt" and os.geteuid() == 0 else None
        self._numbers = count(1)

    def set_up(self) -> None:
        """Make the folder of the databases, start the server, and make what databases are made from."""
        if self._user:
            shutil.chown(self._folder, self._user)
        self._run("initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", f"--username={ADMIN}")
        settings = FAST | {"port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        with (self._folder / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self.start()
        with self.connect(ADMIN) as connection:
            connection.execute(f"CREATE DATABASE {TEMPLATE}")
        with self.connect(TEMPLATE) as connection:
            connection.execute("CREATE EXTENSION postgis")

    def start(self) -> None:
        """Start the server; returns once it takes connections."""
        self._run("pg_ctl", "--wait", "--silent", "--log", str(self._folder / "log"), "start")

    def stop(self) -> None:
        """Stop the server as an administrator does who waits for nobody."""
        self._run("pg_ctl", "--wait", "--silent", "--mode=fast", "stop")

    def make_database(self) -> str:
        """Make a database with PostGIS and nothing else; returns its address."""
        name = f"atlas_{next(self._numbers)}"
        with self.connect(ADMIN) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.to_address(name)

    def to_address(self, database: str, *, user: str = ADMIN) -> str:
        """Return the address of a database for somebody."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str) -> psycopg.Connection:
        """Connect as the one who may do everything; every statement counts at once."""
        return psycopg.connect(self.to_address(database), autocommit=True)

    def _run(self, program: str, *arguments: str) -> None:
        # What the server writes must not keep a pipe open that somebody waits for.
        command = [str(self._programs / program), f"--pgdata={self._folder}", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self._folder, user=self._user)


@contextmanager
def run_postgres(programs: Path) -> Iterator[Postgres]:
    """Run a server until the block ends. Nothing is left of it."""
    with tempfile.TemporaryDirectory(prefix="atlas-postgres-") as folder:
        server = Postgres(Path(folder), programs)
        server.set_up()
        try:
            yield server
        finally:
            server.stop()
