"""Several processes of the atlas behind nginx, as deploy/ sets them up; all on this machine."""

import os
import pwd
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread

from tests.serving import ROOT, find_free_port, is_up

HOST = "atlas.example.org"
START_SECONDS = 90
RESTART_SECONDS = 2
RESTART = """#!/bin/sh
pid=$(cat "$(dirname "$0")/$1.pid")
kill -TERM "$pid"
while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
"""
MAIN = """daemon off; user {user}; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/atlas.conf;
}}
"""


@dataclass
class Process:
    """One process of the atlas, which is started again when it ends, as systemd does.

    If it was told to end, that is at once; whatever else ends it, after a pause (RestartSec=2).
    """

    port: int
    log: Path
    _running: subprocess.Popen[bytes] | None = None
    _stopping: Event = field(default_factory=Event)
    _changing: Lock = field(default_factory=Lock)

    @property
    def url(self) -> str:
        """Where this process answers, past nginx."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The number of the process that runs now."""
        return self._running.pid

    def count_drawn(self) -> int:
        """Count how often a browser has told it that a map was drawn."""
        return self.log.read_text().count("POST /drawn/")

    def count_asked(self) -> int:
        """Count how often it was asked for the first page."""
        return self.log.read_text().count(" GET / ")

    def start(self) -> None:
        """Start it, and keep it running."""
        self._begin()
        Thread(target=self._keep, daemon=True).start()

    def stop(self) -> None:
        """End it for good."""
        with self._changing:
            self._stopping.set()
            self._running.kill()
        self._running.wait()

    def _begin(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.headless", "true"]
        command += ["--server.address", "127.0.0.1", "--server.port", str(self.port)]
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.DEVNULL)

    def _keep(self) -> None:
        while not self._stopping.is_set():
            if self._running.wait() not in (0, -signal.SIGTERM):
                self._stopping.wait(RESTART_SECONDS)
            with self._changing:
                if not self._stopping.is_set():
                    self._begin()


@dataclass(frozen=True)
class Cluster:
    """nginx with its processes. `port`: where it speaks TLS; `certificate`: whom to trust."""

    port: int
    certificate: Path
    processes: list[Process]

    @property
    def url(self) -> str:
        """The address for a browser that takes HOST for this machine."""
        return f"https://{HOST}:{self.port}"

    def in_use(self) -> Process:
        """Return the process that was told most often that a map was drawn: the one with the session of a viewer."""
        return max(self.processes, key=Process.count_drawn)


@contextmanager
def run_cluster(folder: Path, *, processes: int = 3) -> Iterator[Cluster]:
    """Run nginx with the configuration of deploy/ and so many processes until the block ends."""
    running = [Process(port, folder / f"{port}.log") for port in (find_free_port() for _ in range(processes))]
    try:
        for one in running:
            one.start()
        deadline = time.monotonic() + START_SECONDS
        while not all(is_up(one.url) for one in running):
            assert time.monotonic() < deadline, "the processes did not start"
            time.sleep(0.1)
        with run_nginx(folder, [one.port for one in running]) as (port, certificate):
            yield Cluster(port, certificate, running)
    finally:
        for one in running:
            one.stop()


@contextmanager
def run_nginx(folder: Path, ports: list[int]) -> Iterator[tuple[int, Path]]:
    """Run nginx with the configuration of deploy/ in front of what listens at these ports, until the block ends.

    Gives the port at which it speaks TLS, and the certificate to be trusted.
    """
    plain, encrypted = find_free_port(), find_free_port()
    certificate, key = folder / "atlas.pem", folder / "atlas.key"
    make_certificate(certificate, key)
    write_configuration(folder, ports, plain=plain, encrypted=encrypted, certificate=certificate, key=key)
    nginx = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        while not (folder / "nginx.pid").exists():
            assert nginx.poll() is None, (folder / "error.log").read_text()
            time.sleep(0.05)
        yield encrypted, certificate
    finally:
        nginx.terminate()
        nginx.wait()


def make_certificate(certificate: Path, key: Path) -> None:
    """Make a certificate for HOST that nobody has signed."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST},IP:127.0.0.1"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)


def write_configuration(
    folder: Path, ports: list[int], *, plain: int, encrypted: int, certificate: Path, key: Path
) -> None:
    """Write the configuration of deploy/ with what its comments say is to be changed."""
    text = (ROOT / "deploy" / "nginx" / "atlas.conf").read_text(encoding="utf-8")

    def write_servers(found: re.Match[str]) -> str:
        return "".join(f"    server 127.0.0.1:{port} {found[2]};\n" for port in ports)

    text, lists = re.subn(r"(    server 127\.0\.0\.1:850\d ([^\n]+);\n)+", write_servers, text)
    assert lists == 2
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ", f"listen 127.0.0.1:{encrypted} "),
        ("/etc/ssl/certs/atlas.example.org.pem", str(certificate)),
        ("/etc/ssl/private/atlas.example.org.key", str(key)),
        ("/var/log/nginx/atlas.log", str(folder / "access.log")),
        ("/var/log/nginx/atlas-error.log", str(folder / "error.log")),
    ):
        assert old in text, old
        text = text.replace(old, new)
    (folder / "atlas.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(
        MAIN.format(folder=folder, user=pwd.getpwuid(os.geteuid()).pw_name), encoding="utf-8"
    )


def write_restart_command(folder: Path, cluster: Cluster) -> str:
    """Write a program that ends the process with a port; it returns when that is gone, as systemd does."""
    for one in cluster.processes:
        (folder / f"{one.port}.pid").write_text(str(one.pid))
    script = folder / "restart.sh"
    script.write_text(RESTART, encoding="utf-8")
    script.chmod(0o755)
    return f"{script} "
