"""A server that faces the public, over real sockets: headers, health, log, and how it stops."""

import json
import os
import re
import shutil
import signal
import socket
import ssl
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.datastructures import Headers
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from geo.checking import check_files
from server.headers import PERMISSIONS, build_content_security_policy
from server.health import describe_tables
from server.store import State, Store
from tests.serving import ROOT, start_server

# OWASP Secure Headers Project, https://owasp.org/www-project-secure-headers/ (active headers; Clear-Site-Data is for
# signing out, and Cross-Origin-Embedder-Policy would forbid map tiles, see server/headers.py).
OWASP = {
    "Content-Security-Policy": r"(?=.*default-src 'self')(?=.*object-src 'none')(?=.*base-uri 'self')"
    r"(?=.*form-action 'self')(?=.*frame-ancestors 'self'(;|$))(?!.*\*)(?!.*http:).*",
    "X-Frame-Options": "SAMEORIGIN|DENY",
    "X-Content-Type-Options": "nosniff",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Referrer-Policy": "no-referrer|same-origin|strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin|same-site",
    "Permissions-Policy": r"(?=.*camera=\(\))(?=.*microphone=\(\))(?=.*geolocation=\(\)).*",
}
PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}


def grade(headers: Message | Headers) -> set[str]:
    """Name the headers of the list that are missing or weak."""
    return {name for name, wanted in OWASP.items() if not re.fullmatch(wanted, headers.get(name, ""))}


def trust_known(url: str) -> ssl.SSLContext | None:
    """Trust whom SSL_CERT_FILE names now: urllib itself may ask only once."""
    return ssl.create_default_context() if url.startswith("https:") else None


def ask(url: str, *, method: str = "GET", headers: dict[str, str] | None = None):
    """Return status, headers and content of an answer, whatever its status."""
    request = urllib.request.Request(url, method=method, headers=headers or {})
    try:
        answer = urllib.request.urlopen(request, timeout=30, context=trust_known(url))
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers, answer.read().decode("utf-8", "replace")


def read_until(path: Path, *texts: str) -> str:
    """Wait for lines of a log, each written after its answer has been sent, in any order; return all of it."""
    deadline = time.monotonic() + 20
    while not all(text in (written := path.read_text()) for text in texts):
        assert time.monotonic() < deadline, written
        time.sleep(0.01)
    return written


def receive_forever(viewer: ClientConnection) -> None:
    """Take what a server sends until it ends the connection."""
    while True:
        viewer.recv(timeout=20)


@pytest.fixture(scope="module")
def log(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("log") / "access.log"


@pytest.fixture(scope="module")
def server(log):
    """The atlas below a base path, its standard output in a file."""
    with log.open("wb") as output, start_server(options=("--server.baseUrlPath", "atlas"), output=output) as server:
        yield server


@pytest.fixture(scope="module")
def paths(server):
    """A path of every kind that a browser asks for."""
    page = ask(f"{server.url}/")[2]
    script = re.search(r'src="\./(static/js/[^"]+\.js)"', page)[1]
    return [
        "",
        "meetings",
        script,
        "static/nothing.js",
        "_stcore/health",
        "_stcore/host-config",
        "component/streamlit_folium.st_folium/index.html",
        "component/nothing/index.html",
        "media/0000.png",
        "assets/nothing.js",
        "documents/network.de.0000000000.json",
        "healthz",
        "readyz",
        "auth/login",
        "favicon.png",
    ]


def test_every_answer_has_the_headers_of_the_owasp_list(server, paths):
    for path in paths:
        status, headers, _ = ask(f"{server.url}/{path}")
        assert status < 500, path
        assert grade(headers) == set(), path
        # The one host beside our own is that of the detailed map, for images, which a visitor must agree to.
        hosts = re.findall(r"[^ ;]*(?:https?://|\*)[^ ;]*", headers["Content-Security-Policy"])
        assert hosts == ["https://sgx.geodatenzentrum.de"], path
        # Without encryption it would be ignored, or lock out a trial on this machine.
        assert "Strict-Transport-Security" not in headers, path
    status, headers, _ = ask(f"{server.url}/_stcore/upload_file/session/file", method="OPTIONS")
    assert (status, grade(headers)) == (204, {"Content-Security-Policy"})
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_behind_a_proxy_with_tls_browsers_are_told_to_stay_with_it(server):
    _, headers, _ = ask(f"{server.url}/", headers=PROXY)
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("embedded_by", "wanted"),
    [
        ((), "frame-ancestors 'self'"),
        (
            ("https://www.example.org", "https://*.example.com"),
            "frame-ancestors 'self' https://www.example.org https://*.example.com",
        ),
        (("*",), "frame-ancestors *"),
    ],
)
def test_who_may_embed_is_said_in_the_policy(embedded_by, wanted):
    assert build_content_security_policy(None, embedded_by=embedded_by).split("; ")[-1] == wanted


def test_what_the_talk_and_sharing_need_is_not_forbidden():
    for name in ("fullscreen", "screen-wake-lock", "clipboard-write"):
        assert name not in PERMISSIONS


def test_the_process_and_its_tables_answer_for_themselves(server):
    status, headers, text = ask(f"{server.url}/healthz")
    assert (status, text, headers["Cache-Control"]) == (200, "ok", "no-store")
    status, headers, text = ask(f"{server.url}/readyz")
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    found = json.loads(text)
    assert (found["state"], found["errors"], found["failed_since"]) == ("current", 0, None)
    newest = max(path.stat().st_mtime for path in (ROOT / "data").glob("*.csv"))
    assert datetime.fromisoformat(found["saved"]).timestamp() == pytest.approx(newest, abs=1)
    assert found["age_s"] == pytest.approx((datetime.now(UTC).timestamp() - newest), abs=60)


def test_a_set_with_errors_leaves_the_last_good_one_and_says_since_when(folder):
    store = Store(folder)
    store.state()
    table = folder / "partnerships.csv"
    good = table.read_text(encoding="utf-8")
    table.write_text(good.replace("za-durban,1,2011", "za-durbn,1,2011"), encoding="utf-8")
    state = store.state()
    found = describe_tables(state, now=state.to_dataset().saved + timedelta(hours=2))
    assert (found["state"], found["errors"], found["age_s"]) == ("last good", 1, 7200)
    assert found["failed_since"] == state.failed_since.isoformat(timespec="seconds")


def test_without_any_tables_it_is_not_ready(tmp_path):
    checked = check_files({})
    state = State(None, {}, {}, checked, datetime(2026, 1, 1, tzinfo=UTC))
    found = describe_tables(state, now=datetime(2026, 1, 2, tzinfo=UTC))
    assert (found["state"], found["saved"], found["age_s"]) == ("none", None, None)
    assert found["errors"] == len(checked.errors) > 0
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns(".*"))
    (tmp_path / "data" / "phases.csv").unlink()
    with start_server(environment={"ATLAS_DATA": str(tmp_path / "data")}) as server:
        status, _, text = ask(f"{server.url}/readyz")
        assert (status, json.loads(text)["state"]) == (503, "none")
        assert ask(f"{server.url}/healthz")[0] == 200


def test_the_log_has_a_line_per_request_without_addresses_and_searches(server, log):
    ask(f"{server.url}/healthz")
    ask(f"{server.url}/partnerships?q=geheim", headers=PROXY)
    ask(f"{server.url}/assets/%0aGET%20/forged", headers=PROXY)
    text = read_until(log, " GET /atlas/partnerships 200 ", "forged 404")
    lines = [line for line in text.splitlines() if " ms " in line]
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}"
    assert all(re.fullmatch(rf"{moment} [A-Z]+ /\S* \d{{3}} \d+ ms \d+ B", line) for line in lines)
    assert any(" GET /atlas/assets/%0aGET%20/forged 404 " in line for line in lines)
    for secret in ("geheim", "203.0.113", "healthz"):
        assert secret not in text


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_file_for_the_session_of_another_process_is_not_found_so_that_a_proxy_asks_the_next(server, method):
    assert ask(f"{server.url}/_stcore/upload_file/session/file", method=method)[0] == 404


def test_it_has_addresses_when_they_are_asked_for_and_none_at_all_when_it_is_off(tmp_path):
    for kind, seen in (("addresses", 1), ("off", 0)):
        path = tmp_path / kind
        environment = {"ATLAS_ACCESS_LOG": kind}
        with path.open("wb") as output, start_server(environment=environment, output=output) as server:
            ask(f"{server.url}/assets/nothing", headers=PROXY)
        found = re.findall(r" 203\.0\.113\.9 GET /assets/nothing 404 ", path.read_text())
        assert len(found) == seen


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_a_thousand_idle_and_two_hundred_slow_clients_do_not_stop_it():
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as open_ones:
        open_ones.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        # What a server is usually given to begin with; this test needs more for itself.
        resource.setrlimit(resource.RLIMIT_NOFILE, (1_024, hard))
        server = open_ones.enter_context(start_server())
        resource.setrlimit(resource.RLIMIT_NOFILE, (4_096, hard))
        place = urlsplit(server.url)
        clients = [
            open_ones.enter_context(socket.create_connection((place.hostname, place.port))) for _ in range(1_200)
        ]
        for client in clients[:200]:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        for path in ("healthz", "", "open-data/partnerships.geojson"):
            assert ask(f"{server.url}/{path}")[0] == 200
        with connect(f"{server.url.replace('http', 'ws')}/_stcore/stream", subprotocols=["streamlit"]) as viewer:
            viewer.ping().wait(20)


@pytest.mark.parametrize(
    "request_",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS to a port without it
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /\x00\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /atlas/healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /atlas/open-data/phases.csv HTTP/1.1\r\nHost: a b\r\nIf-None-Match: \xff\xfe\r\n\r\n",
        b"GET /atlas/_stcore/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    ],
    ids=range(10),
)
def test_a_malformed_request_is_refused_and_harms_nobody(server, request_):
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname, place.port), timeout=20) as client:
        client.sendall(request_)
        client.shutdown(socket.SHUT_WR)
        answer = b""
        with suppress(ConnectionResetError):  # refused before all of it was read
            while block := client.recv(65_536):
                answer += block
    assert b"Traceback" not in answer
    assert not re.match(rb"HTTP/1.1 5", answer)
    assert ask(f"{server.url}/healthz")[0] == 200


@given(frames=st.lists(st.binary(max_size=200) | st.text(max_size=50), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_over_a_websocket_the_server_goes_on(server, frames):
    url = f"{server.url.replace('http', 'ws')}/_stcore/stream"
    with suppress(ConnectionClosed), connect(url, subprotocols=["streamlit"], origin=server.url) as viewer:
        for frame in frames:
            viewer.send(frame)
        viewer.ping(ack_on_close=True).wait(5)
    assert ask(f"{server.url}/healthz")[0] == 200


def test_another_website_opens_no_connection_and_makes_the_server_ask_nobody():
    asked = []

    class Recorder(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(502)

        def log_message(self, *_):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Recorder) as proxy:
        Thread(target=proxy.serve_forever, daemon=True).start()
        # Whatever the server asked of a foreign host would go this way.
        environment = {"HTTP_PROXY": f"http://127.0.0.1:{proxy.server_port}", "NO_PROXY": ""}
        with start_server(environment=environment | {"http_proxy": environment["HTTP_PROXY"]}) as server:
            url = f"{server.url.replace('http', 'ws')}/_stcore/stream"
            for origin in ("https://evil.example", "null", "http://["):
                with pytest.raises(InvalidStatus) as refused:
                    connect(url, subprotocols=["streamlit"], origin=origin, legacy=True)
                assert refused.value.response.status_code == 403
                for path in ("_stcore/health", "_stcore/host-config", "media/0000.png", ""):
                    status, headers, _ = ask(f"{server.url}/{path}", headers={"Origin": origin})
                    assert status < 500
                    assert headers["Access-Control-Allow-Origin"] is None
            # Its own pages are served.
            with connect(url, subprotocols=["streamlit"], origin=server.url) as viewer:
                viewer.ping().wait(20)
        proxy.shutdown()
    assert asked == []


def test_it_stops_gracefully_and_tells_every_viewer_to_come_back():
    with start_server() as server:
        url = f"{server.url.replace('http', 'ws')}/_stcore/stream"
        with connect(url, subprotocols=["streamlit"], origin=server.url) as viewer:
            os.kill(server.process, signal.SIGTERM)
            with pytest.raises(ConnectionClosed) as closed:
                receive_forever(viewer)
        # 1012: service restart. Streamlit's page connects again by itself.
        assert closed.value.rcvd.code == 1012
        assert os.waitpid(server.process, 0)[1] in (0, signal.SIGTERM)
