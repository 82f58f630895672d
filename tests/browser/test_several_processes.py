"""Several processes behind nginx: losing one costs a viewer nothing, restarting all of them costs nobody a visit."""

import asyncio
import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from threading import Event, Thread
from typing import Any

import pytest
from playwright.sync_api import expect

from benchmarks.visitors import FAILURES, AtlasVisitor
from tests.browser.conftest import Atlas
from tests.serving import ROOT, find_chromium
from tests.several_processes import HOST, Process, run_cluster, write_restart_command
from tests.test_public_server import ask, grade, trust_known

pytestmark = pytest.mark.browser
PATIENCE_SECONDS = 60
CONNECTION = "document.querySelector('[data-testid=stApp]').dataset.testConnectionState"
# It may be back before one looks.
NOTE_LOSS = f"""() => {{
  window.lost = false;
  const note = () => {{ window.lost ||= {CONNECTION} !== "CONNECTED"; }};
  const options = {{ subtree: true, attributeFilter: ["data-test-connection-state"] }};
  new MutationObserver(note).observe(document.body, options);
}}"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with run_cluster(tmp_path_factory.mktemp("cluster")) as cluster, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(cluster.certificate))
        yield cluster


@contextmanager
def open_viewer(browser, cluster) -> Iterator[Atlas]:
    """Open a browser that takes the host's name for this machine."""
    arguments = ["--no-sandbox", "--disable-gpu", f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
    own = browser.browser_type.launch(executable_path=find_chromium(), args=arguments)
    context = own.new_context(viewport={"width": 1440, "height": 900}, locale="de-DE", ignore_https_errors=True)
    context.set_default_timeout(60_000)
    try:
        yield Atlas(context.new_page(), cluster.url)
    finally:
        own.close()


@pytest.fixture
def viewer(browser, cluster):
    with open_viewer(browser, cluster) as viewer:
        yield viewer


def wait_until(viewer: Atlas, find: Callable[[], Any]) -> Any:
    """Return what is found as soon as it is true."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := find()):
        assert time.monotonic() < deadline
        viewer.page.wait_for_timeout(50)
    return found


def kill_and_come_back(viewer: Atlas, process: Process) -> None:
    """Kill the process that has the session of the page, and wait until the page has one in another."""
    viewer.page.evaluate(NOTE_LOSS)
    os.kill(process.pid, signal.SIGKILL)
    viewer.page.wait_for_function(f"window.lost && {CONNECTION} === 'CONNECTED'")


def test_behind_nginx_with_tls_every_answer_has_its_headers(cluster):
    status, headers, _ = ask(f"https://127.0.0.1:{cluster.port}/")
    assert (status, grade(headers)) == (200, set())
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "uvicorn" not in headers["Server"]


def test_a_viewer_whose_process_is_killed_goes_on_with_the_same_view(viewer, cluster):
    viewer.open("/?lang=en&phase=9&partnership=wolfsburg--puebla-9")
    viewer.expect_arcs(11)
    expect(viewer.part("detail")).to_contain_text("Wolfsburg")
    viewer.wait_until_idle()
    # A second tab of the same browser comes to the same process, where files of the first one would be.
    tab = Atlas(viewer.page.context.new_page(), cluster.url)
    tab.open("/?phase=1")
    tab.expect_arcs(9)
    tab.wait_until_idle()
    tab.page.close()
    assert sum(one.count_drawn() > 0 for one in cluster.processes) == 1
    lost = cluster.in_use()
    kill_and_come_back(viewer, lost)
    others = [one for one in cluster.processes if one is not lost]
    wait_until(viewer, lambda: any(map(Process.count_drawn, others)))
    viewer.wait_until_idle()
    viewer.expect_arcs(11)
    viewer.expect_query(lang="en", phase="9", partnership="wolfsburg--puebla-9")
    expect(viewer.page.get_by_role("heading", level=1)).to_have_text("Climate partnerships on the world map")
    expect(viewer.part("detail")).to_contain_text("Wolfsburg")
    expect(viewer.page.get_by_role("dialog")).to_have_count(0)
    # The page works as before, on another process.
    viewer.option("9").click()
    viewer.expect_arcs(80)
    viewer.expect_query(lang="en", partnership="wolfsburg--puebla-9")


def test_files_find_the_session_when_its_first_process_is_there_again(browser, tmp_path):
    with run_cluster(tmp_path, processes=2) as cluster, open_viewer(browser, cluster) as viewer:
        viewer.open("/upkeep")
        viewer.wait_until_idle()

        def find_asked() -> list[Process]:
            before = [one.count_asked() for one in cluster.processes]
            viewer.page.evaluate("fetch('/').then((answer) => answer.text())")
            return [one for one, count in zip(cluster.processes, before, strict=True) if one.count_asked() > count]

        (first,) = wait_until(viewer, find_asked)
        kill_and_come_back(viewer, first)
        expect(viewer.page.get_by_role("heading", level=1)).to_have_text("Die Tabellen des Atlas")
        viewer.wait_until_idle()
        # The session is in the other process now. All else that is asked for goes to the first one once that is up.
        wait_until(viewer, lambda: first in find_asked())
        with viewer.page.expect_download() as download:
            viewer.page.get_by_role("button", name="Als einfache CSV-Datei (UTF-8)").click()
        content = download.value.path().read_bytes()
        assert content == (ROOT / "data" / "partnerships.csv").read_bytes()
        viewer.page.get_by_text("Geänderte Datei hochladen").click()
        file = {"name": "namen.csv", "mimeType": "text/csv", "buffer": content + b"\n;"}
        viewer.page.locator("input[type=file]").set_input_files(file)
        expect(viewer.page.get_by_text("namen.csv wurde gelesen als UTF-8, Komma")).to_be_visible()
        # It was the first one that was asked first.
        for answer in ("GET /media/… 404", "PUT /_stcore/upload_file/… 404"):
            wait_until(viewer, lambda answer=answer: answer in first.log.read_text(encoding="utf-8"))


def test_restarting_all_of_them_one_by_one_under_load_loses_no_first_visit(cluster, tmp_path):
    over, visits, failures = Event(), [], []
    url = f"https://127.0.0.1:{cluster.port}"

    def fetch(path: str, cookie: str) -> None:
        request = urllib.request.Request(url + path, headers={"Cookie": cookie})
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS, context=trust_known(url)) as answer:
            assert answer.status == 200

    async def visit(number: int) -> None:
        # As a browser does: the page, whether the server is there, then a session; one that is lost is opened again.
        cookie = f"_streamlit_xsrf=2|0a|0b|{number}"
        fetch("/", cookie)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                fetch("/_stcore/health", cookie)
                async with AtlasVisitor.connect(url, luck=Random(number), cookie=cookie) as visitor:
                    await visitor.open_page()
                    if visitor.errors:  # that the map is drawn could no longer be told
                        raise ConnectionError(visitor.errors)
                    return
            except FAILURES:
                if time.monotonic() > deadline:
                    raise

    def come_and_go(first: int) -> None:
        number = first
        while not over.is_set():
            number += 10
            try:
                asyncio.run(visit(number))
            except (AssertionError, *FAILURES) as error:
                failures.append(repr(error))
            visits.append(number)

    viewers = [Thread(target=come_and_go, args=(first,)) for first in range(2)]
    for thread in viewers:
        thread.start()
    pids = [one.pid for one in cluster.processes]
    ports = [str(one.port) for one in cluster.processes]
    environment = os.environ | {"RESTART": write_restart_command(tmp_path, cluster)}
    script = str(ROOT / "deploy" / "rolling_restart.sh")
    ended = subprocess.run([script, *ports], env=environment, capture_output=True, text=True, timeout=240, check=False)
    over.set()
    for thread in viewers:
        thread.join()
    assert ended.returncode == 0, ended.stderr
    assert set(pids).isdisjoint({one.pid for one in cluster.processes})
    assert failures == []
    assert len(visits) > 10


def test_a_process_that_does_not_come_back_stops_the_restart(tmp_path):
    script = (ROOT / "deploy" / "rolling_restart.sh").read_text(encoding="utf-8")
    impatient = tmp_path / "rolling_restart.sh"
    impatient.write_text(re.sub(r"PATIENCE_SECONDS=\d+", "PATIENCE_SECONDS=0", script), encoding="utf-8")
    ended = subprocess.run(
        ["sh", str(impatient), "1", "2"],
        env=os.environ | {"RESTART": "true "},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "Port 1 ist nach 0 Sekunden nicht bereit" in ended.stderr
    assert "Port 2" not in ended.stdout
