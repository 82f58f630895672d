"""Start the atlas as a user would, on a free port of this machine, and stop it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60


def find_chromium() -> str | None:
    """Find the browser to drive; None for Playwright's own.

    Debian's shell is the same browser without windows, tabs and menus, which would be drawn for nobody.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


class Server(NamedTuple):
    """A server that answers: its address, and its process."""

    url: str
    process: int


@contextmanager
def serve(
    script: Path = ROOT / "dashboard.py",
    *,
    options: tuple[str, ...] = (),
    environment: dict[str, str] | None = None,
    port: int | None = None,
) -> Iterator[str]:
    """Run `streamlit run` on a script until the block ends; yields the address once the server answers."""
    with start_server(script, options=options, environment=environment, port=port) as server:
        yield server.url


@contextmanager
def start_server(
    script: Path = ROOT / "dashboard.py",
    *,
    options: tuple[str, ...] = (),
    environment: dict[str, str] | None = None,
    port: int | None = None,
    patience: float = START_SECONDS,
    output: int | IO[bytes] = subprocess.DEVNULL,
) -> Iterator[Server]:
    """Do the same; yields the server once it answers. Raises RuntimeError when it does not for so many seconds.

    `output` is where its standard output goes.
    """
    port = port or find_free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port), *options]
    process = subprocess.Popen(
        command,
        cwd=script.parent,
        env=os.environ | (environment or {}),
        stdout=output,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + patience
        base = next((options[i + 1] for i, name in enumerate(options) if name == "--server.baseUrlPath"), "")
        while not is_up(f"{url}/{base}".rstrip("/")):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start (exit {process.poll()})")
            time.sleep(0.05)
        yield Server(f"{url}/{base}".rstrip("/"), process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:  # Streamlit takes no notice of it while it is starting
            process.kill()
            process.wait()
