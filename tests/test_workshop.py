"""The process that makes figures: it is replaced when it dies or hangs, and never outlives its server."""

import os
import select
import signal
import subprocess
import sys

import pytest

from geo.figure_orders import FigureOrder
from geo.layers import ShownSites
from server.workshop import ROOT, FigureError, Workshop

ORDER = FigureOrder(ShownSites([]), "Titel", "Satz", file_format="pdf")
# Takes the data set, which it need not understand, and never answers an order.
HANGING = "import pickle, sys; i, o = sys.stdin.buffer, sys.stdout.buffer; pickle.dump((1, 0), o); o.flush(); i.read()"
SERVER = """
import sys
from server.workshop import Workshop
workshop = Workshop()
workshop._start()
print(workshop.process_id, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def workshop():
    """One for all tests, as in the server: its process takes seconds to start, and is replaced where a test ends it."""
    workshop = Workshop()
    yield workshop
    workshop.close()


def test_one_process_makes_one_figure_after_the_other(workshop, dataset, german):
    first = workshop.order(ORDER, dataset, language=german)
    second = workshop.order(ORDER, dataset, language=german)
    assert first.result().startswith(b"%PDF")
    process_id = workshop.process_id
    assert second.result() == first.result()
    assert workshop.process_id == process_id


def test_after_a_crash_the_next_figure_is_made(workshop, dataset, german, english, monkeypatch):
    workshop.warm_up(dataset).result()
    os.kill(workshop.process_id, signal.SIGKILL)
    workshop._process.wait()
    with monkeypatch.context() as patch:
        # It has died just now, and nobody has noticed.
        patch.setattr(workshop._process, "poll", lambda: None)
        with pytest.raises(FigureError) as caught:
            workshop.order(ORDER, dataset, language=german).result()
    assert "unerwartet beendet" in caught.value.describe(german)
    assert "unexpectedly" in caught.value.describe(english)
    assert workshop.order(ORDER, dataset, language=german).result().startswith(b"%PDF")


def test_a_figure_that_fails_says_why_and_the_next_is_made(workshop, dataset, german):
    broken = FigureOrder(ShownSites([10_000]), "Titel", "Satz")
    with pytest.raises(FigureError, match="IndexError"):
        workshop.order(broken, dataset, language=german).result()
    assert workshop.order(ORDER, dataset, language=german).result().startswith(b"%PDF")


def test_a_figure_that_hangs_is_given_up(dataset, german):
    workshop = Workshop(command=[sys.executable, "-c", HANGING], patience=2)
    with pytest.raises(FigureError, match="nach 2 Sekunden"):
        workshop.order(ORDER, dataset, language=german).result()
    assert workshop.process_id is None
    workshop.close()


def test_a_process_that_does_not_start_says_why(dataset, german):
    workshop = Workshop(command=["/does/not/exist"])
    with pytest.raises(FigureError, match="startet nicht"):
        workshop.order(ORDER, dataset, language=german).result()
    workshop.close()


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_the_process_ends_with_its_server_however_that_ends(ending):
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    worker = os.pidfd_open(int(server.stdout.readline()))
    server.send_signal(ending)
    server.wait()
    ended, _, _ = select.select([worker], [], [], 120)
    assert ended == [worker]
    os.close(worker)
    server.stdin.close()
    server.stdout.close()
