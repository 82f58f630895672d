"""Several processes behind nginx: losing one costs a viewer nothing, restarting all of them costs nobody a visit."""

import asyncio
import os
import re
import signal
import subprocess
import time
import urllib.request
from random import Random
from threading import Event, Thread

import pytest
from playwright.sync_api import expect

from benchmarks.visitors import FAILURES, AtlasVisitor
from tests.browser.conftest import Atlas
from tests.serving import ROOT, find_chromium
from tests.several_processes import HOST, Process, run_cluster, write_restart_command
from tests.test_public_server import ask, grade

pytestmark = pytest.mark.browser
BACK_SECONDS = 10
CONNECTION = "document.querySelector('[data-testid=stApp]').dataset.testConnectionState"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with run_cluster(tmp_path_factory.mktemp("cluster")) as cluster, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(cluster.certificate))
        yield cluster


@pytest.fixture
def viewer(browser, cluster):
    """A browser that takes the host's name for this machine."""
    arguments = ["--no-sandbox", "--disable-gpu", f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
    own = browser.browser_type.launch(executable_path=find_chromium(), args=arguments)
    context = own.new_context(viewport={"width": 1440, "height": 900}, locale="de-DE", ignore_https_errors=True)
    context.set_default_timeout(60_000)
    yield Atlas(context.new_page(), cluster.url)
    own.close()


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
    os.kill(lost.pid, signal.SIGKILL)
    killed = time.monotonic()
    viewer.page.wait_for_function(f"{CONNECTION} !== 'CONNECTED'", timeout=BACK_SECONDS * 1000)
    viewer.page.wait_for_function(f"{CONNECTION} === 'CONNECTED'", timeout=BACK_SECONDS * 1000)
    others = [one for one in cluster.processes if one is not lost]
    while not any(map(Process.count_drawn, others)):
        assert time.monotonic() - killed < BACK_SECONDS
        viewer.page.wait_for_timeout(50)
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


def test_restarting_all_of_them_one_by_one_under_load_loses_no_first_visit(cluster, tmp_path):
    over, visits, failures = Event(), [], []
    url = f"https://127.0.0.1:{cluster.port}"

    def fetch(path: str, cookie: str) -> None:
        request = urllib.request.Request(url + path, headers={"Cookie": cookie})
        with urllib.request.urlopen(request, timeout=BACK_SECONDS) as answer:
            assert answer.status == 200

    async def visit(number: int) -> None:
        # As a browser does: the page, whether the server is there, then a session; one that is lost is opened again.
        cookie = f"_streamlit_xsrf=2|0a|0b|{number}"
        fetch("/", cookie)
        deadline = time.monotonic() + BACK_SECONDS
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
