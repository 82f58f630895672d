"""nginx with the configuration of deploy/, in front of three servers that answer as processes of the atlas would."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.serving import find_free_port
from tests.several_processes import run_nginx
from tests.test_public_server import read_until, trust_known

# More than nginx keeps in memory.
BODY = bytes(100_000)
# What only the process with the session has, or the one that has drawn a part of a large map.
OF_A_SESSION = [
    ("GET", "/media/0123456789.csv"),
    ("PUT", "/_stcore/upload_file/session/file"),
    ("DELETE", "/_stcore/upload_file/session/file"),
    ("POST", "/drawn/token"),
    ("GET", "/documents/network.de.0123456789.json"),
]


@dataclass
class Stub:
    """A process that knows some paths, finds no other, and notes what it was asked for and sent."""

    port: int
    known: set[str] = field(default_factory=set)
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                sent = len(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                stub.asked.append((self.command, self.path, sent))
                self.send_response(200 if self.path in stub.known else 404)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                self.answer()

            def do_PUT(self) -> None:
                self.answer()

            def do_DELETE(self) -> None:
                self.answer()

            def do_POST(self) -> None:
                self.answer()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@dataclass
class Proxy:
    """nginx, and what stands behind it."""

    url: str
    stubs: list[Stub]

    def ask(self, path: str, *, method: str = "GET", body: bytes | None = None) -> int:
        """Return the status of the answer."""
        try:
            request = Request(self.url + path, method=method, data=body)
            with urlopen(request, timeout=60, context=trust_known(self.url)) as answer:
                return answer.status
        except HTTPError as error:
            error.close()
            return error.code


@pytest.fixture
def proxy(tmp_path, monkeypatch) -> Iterator[Proxy]:
    stubs = [Stub(find_free_port()) for _ in range(3)]
    for stub in stubs:
        stub.start()
    with run_nginx(tmp_path, [stub.port for stub in stubs]) as (port, certificate):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        yield Proxy(f"https://127.0.0.1:{port}", stubs)
    for stub in stubs:
        stub.stop()


@pytest.mark.parametrize("base", ["", "/atlas"])
def test_what_belongs_to_a_session_is_looked_for_in_every_process(proxy, base):
    for owner in proxy.stubs:
        owner.known = {base + path for _, path in OF_A_SESSION}
        for method, path in OF_A_SESSION:
            body = BODY if method == "PUT" else None
            assert proxy.ask(base + path, method=method, body=body) == 200
            assert owner.asked[-1] == (method, base + path, len(body or b""))
        owner.known = set()


def test_what_no_process_has_is_not_found(proxy):
    assert proxy.ask("/media/nothing.csv") == 404
    assert [len(stub.asked) for stub in proxy.stubs] == [1, 1, 1]
    # A page or a file of the program is the same everywhere.
    assert proxy.ask("/assets/nothing.js") == 404
    assert sum(len(stub.asked) for stub in proxy.stubs) == 4


@pytest.mark.parametrize("back", range(3))
def test_when_all_were_away_a_moment_ago_the_first_to_be_back_answers(proxy, back):
    stub, other = proxy.stubs[back], proxy.stubs[back - 1]
    stub.known = {"/", "/_stcore/stream", "/media/0123456789.csv", "/open-data/"}
    for one in proxy.stubs:
        one.stop()
    for _ in range(6):
        assert proxy.ask("/") == 502
    stub.start()
    for path in stub.known:
        assert proxy.ask(path) == 200
    # A session's files are looked for in all that are back.
    other.start()
    for _ in range(4):
        assert proxy.ask("/media/0123456789.csv") == 200
    assert ("GET", "/media/0123456789.csv", 0) in other.asked


def test_the_log_names_no_session_and_nothing_that_was_searched(proxy, tmp_path):
    proxy.ask("/partnerships?q=geheim")
    for method, path in OF_A_SESSION[:-1]:
        proxy.ask(f"/atlas{path}", method=method)
    lines = read_until(tmp_path / "access.log", "POST").splitlines()
    assert [line.split()[1:3] for line in lines] == [
        ["GET", "/partnerships"],
        ["GET", "/atlas/media/..."],
        ["PUT", "/atlas/_stcore/upload_file/..."],
        ["DELETE", "/atlas/_stcore/upload_file/..."],
        ["POST", "/atlas/drawn/..."],
    ]
