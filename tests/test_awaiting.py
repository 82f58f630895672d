"""A script waits for the browser to draw the map, and never for one that does not."""

import threading
import time
from threading import Thread

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from server import awaiting
from server.awaiting import MOUNT, answer_drawn, await_drawing

LONG = 60
AT_ONCE = 0


@pytest.fixture(autouse=True)
def waiting(monkeypatch):
    """Tests of pages do not wait; these do. Whatever happens, nothing is kept."""
    monkeypatch.setattr(awaiting, "Event", threading.Event)
    yield
    assert awaiting._awaited == {}


@pytest.fixture
def client():
    return TestClient(Starlette(routes=[Route(f"/{MOUNT}/{{token}}", answer_drawn, methods=["POST"])]))


def test_the_script_goes_on_when_its_own_address_is_called(client):
    steps, addresses = [], []

    def run(name, begun):
        with await_drawing(most_seconds=LONG) as address:
            addresses.append(address)
            begun.set()
        steps.append(name)

    def start(name):
        begun = threading.Event()
        thread = Thread(target=run, args=(name, begun))
        thread.start()
        assert begun.wait(LONG)
        return thread

    first, second = start("first"), start("second")
    assert steps == []
    for number, thread in ((1, second), (0, first)):
        assert client.post(f"/{addresses[number]}").status_code == 204
        thread.join(LONG)
    assert steps == ["second", "first"]


def test_it_goes_on_by_itself_and_a_call_that_comes_late_changes_nothing(client):
    with await_drawing(most_seconds=AT_ONCE) as address:
        pass
    assert client.post(f"/{address}").status_code == 204


def test_a_call_for_another_process_is_not_found_so_that_a_proxy_asks_the_next(client):
    assert client.post(f"/{MOUNT}/made-up").status_code == 404


def test_a_run_that_is_given_up_waits_no_more():
    def give_up():
        with await_drawing(most_seconds=LONG):
            raise InterruptedError

    begun = time.monotonic()
    with pytest.raises(InterruptedError):
        give_up()
    assert time.monotonic() - begun < LONG / 2
