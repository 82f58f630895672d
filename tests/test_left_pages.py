"""A click on a page that was left a moment before is dropped; all else that a browser says goes through."""

import asyncio

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from server.left_pages import LeftPages

MAP, MEETINGS = "hash-of-map", "hash-of-meetings"


def to_message(page="", fragment="", **more):
    said = BackMsg()
    said.rerun_script.page_script_hash = page
    said.rerun_script.fragment_id = fragment
    return {"type": "websocket.receive", "bytes": said.SerializeToString(), **more}


def pass_on(messages, scope_type="websocket"):
    """Return what an app behind the middleware receives of these messages of one connection."""
    waiting, received = list(messages), []

    async def receive():
        return waiting.pop(0)

    async def app(scope, receive, send):
        while waiting:
            received.append(await receive())

    asyncio.run(LeftPages(app)({"type": scope_type}, receive, None))
    return received


def test_a_part_of_the_page_that_was_left_is_not_run():
    first, left = to_message(), to_message(MEETINGS)
    late, after = to_message(MAP, "part"), to_message(MEETINGS, "part")
    end = {"type": "websocket.disconnect"}
    assert pass_on([first, left, late, after, end]) == [first, left, after, end]


def test_a_part_of_the_page_that_is_shown_is_run_whatever_the_browser_calls_it():
    for page in (MAP, ""):
        messages = [
            to_message(),
            to_message(page, "part"),
            to_message(MAP),
            to_message(MAP, "part"),
            to_message("", "x"),
        ]
        assert pass_on(messages) == messages


def test_the_way_back_counts_as_well():
    there, back, late = to_message(MEETINGS), to_message(MAP), to_message(MEETINGS, "part")
    assert pass_on([there, back, late, to_message(MAP, "part")]) == [there, back, to_message(MAP, "part")]


@pytest.mark.parametrize(
    "message",
    [
        {"type": "websocket.connect"},
        {"type": "websocket.receive", "text": "hello"},
        {"type": "websocket.receive", "bytes": b""},
        {"type": "websocket.receive", "bytes": b"\xff\xff no message"},
        {"type": "websocket.receive", "bytes": BackMsg(stop_script=True).SerializeToString()},
        {"type": "websocket.disconnect", "code": 1000},
    ],
    ids=["connect", "text", "empty", "broken", "stop", "disconnect"],
)
def test_everything_else_goes_through(message):
    messages = [to_message(MAP), message, to_message(MAP, "part")]
    assert pass_on(messages) == messages


def test_requests_of_http_are_left_alone():
    message = {"type": "http.request", "body": b"x"}
    assert pass_on([message], scope_type="http") == [message]
