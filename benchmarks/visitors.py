"""Visitors without a browser: WebSockets that speak Streamlit's own protocol, as its page in a browser does.

A visitor sends what a browser was seen to send, reads every message that comes back, and says at once that the map is
drawn; but draws nothing and loads none of the files that a page links to.
"""

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from time import perf_counter
from typing import Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState, ContextInfo
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

# An answer that takes longer has failed.
PATIENCE_SECONDS = 60
# What Streamlit's page asks for: its protocol, and a token in the place of one that only signed-in visitors have.
SUBPROTOCOLS = ("streamlit", "PLACEHOLDER_AUTH_TOKEN")
DRAWN = re.compile(r"drawn/[\w-]+")
# What goes wrong between a visitor and the server; the rest are mistakes in this program.
FAILURES = (OSError, TimeoutError, WebSocketException)


@dataclass(frozen=True)
class Run:
    """Milliseconds from sending a message until what was asked for had come, and until the script had finished."""

    answered: float
    finished: float


class Visitor(ABC):
    """One session: its WebSocket, and what a browser keeps of the page."""

    # The kind of element in which a visitor sees what a click has changed.
    answer: str

    def __init__(self, socket: ClientConnection, *, url: str, luck: Random) -> None:
        self.errors: list[str] = []
        self._socket = socket
        self._cookie = ""
        self._luck = luck
        self._state = ClientState(
            context_info=ContextInfo(
                timezone="Europe/Berlin", timezone_offset=-60, locale="de-DE", url=f"{url}/", color_scheme="light"
            )
        )

    @classmethod
    @asynccontextmanager
    async def connect(cls, url: str, *, luck: Random, cookie: str = "") -> AsyncIterator[Self]:
        """Open a session; it ends with the block. The cookie is what the server has given to this visitor before."""
        address = url.replace("http", "ws", 1) + "/_stcore/stream"
        # As browsers do, this asks for compressed messages.
        async with connect(
            address,
            origin=url,
            subprotocols=SUBPROTOCOLS,
            compression="deflate",
            max_size=None,
            max_queue=None,
            additional_headers={"Cookie": cookie} if cookie else None,
        ) as socket:
            visitor = cls(socket, url=url, luck=luck)
            visitor._cookie = cookie
            yield visitor

    async def open_page(self) -> Run:
        """Have the start page drawn."""
        return await self._run()

    async def click(self) -> Run:
        """Click as a visitor does, and wait for the whole answer."""
        del self._state.widget_states.widgets[:]
        self._state.widget_states.widgets.extend(self.to_widget_states())
        return await self._run()

    @abstractmethod
    def to_widget_states(self) -> list[WidgetState]:
        """Return what a browser sends of its widgets with the next click."""

    @abstractmethod
    def note(self, delta: Delta) -> None:
        """Keep what later clicks need of an element of the page."""

    async def _run(self) -> Run:
        answered = None
        begun = perf_counter()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._socket.send(BackMsg(rerun_script=self._state).SerializeToString())
            while True:
                message = ForwardMsg.FromString(await self._socket.recv(decode=False))
                kind = message.WhichOneof("type")
                if kind == "delta":
                    if self._take(message.delta) == self.answer:
                        answered = perf_counter()
                elif kind == "new_session" and not self._state.page_script_hash:
                    self._state.page_script_hash = message.new_session.page_script_hash
                elif kind == "navigation":
                    self._state.page_script_hash = message.navigation.page_script_hash
                elif kind == "page_info_changed":
                    self._state.query_string = message.page_info_changed.query_string
                elif kind == "session_event":
                    self.errors.append(f"{message.session_event.WhichOneof('type')}")
                elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    break
        finished = perf_counter()
        if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.errors.append("the script does not compile")
        if answered is None:
            self.errors.append(f"the run has finished without {self.answer}")
        return Run(((answered or finished) - begun) * 1000, (finished - begun) * 1000)

    def _take(self, delta: Delta) -> str | None:
        if delta.WhichOneof("type") != "new_element":
            return None
        kind = delta.new_element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(f"{delta.new_element.exception.type}: {delta.new_element.exception.message}")
        else:
            self.note(delta)
        return kind


class AtlasVisitor(Visitor):
    """Chooses phases on the map and takes them back, by chance."""

    answer = "component_instance"

    def __init__(self, socket: ClientConnection, *, url: str, luck: Random) -> None:
        super().__init__(socket, url=url, luck=luck)
        # The widgets outside of popovers, which a browser sends with every click, as they stand.
        self._standing: dict[str, WidgetState] = {}
        self._phases = ""
        self._options: list[str] = []
        self._chosen: list[str] = []
        self._base = url
        self._telling: set[asyncio.Task[None]] = set()

    def note(self, delta: Delta) -> None:
        """Keep language, phases and search, with the ids and options they have now."""
        element = delta.new_element
        group, text = element.button_group, element.text_input
        if group.id.endswith("-filter_phase"):
            self._phases = group.id
            self._options = [option.content for option in group.options]
            self._state.fragment_id = delta.fragment_id
        elif group.id.endswith("-language"):
            self._standing[group.id] = _to_state(group.id, ["DE"])
        elif text.id.endswith("-filter_q"):
            self._standing[text.id] = WidgetState(id=text.id, string_value="")
        elif drawn := DRAWN.search(element.component_instance.json_args):
            task = asyncio.create_task(self._tell_drawn(drawn[0]))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _tell_drawn(self, path: str) -> None:
        # As a browser does when the map is drawn; the rest of the page waits for it.
        host = urlsplit(self._base)
        reader, writer = await asyncio.open_connection(host.hostname, host.port, ssl=host.scheme == "https" or None)
        lines = [f"POST {host.path}/{path} HTTP/1.1", f"Host: {host.netloc}", "Content-Length: 0", "Connection: close"]
        lines += [f"Cookie: {self._cookie}"] if self._cookie else []
        writer.write("\r\n".join([*lines, "\r\n"]).encode())
        answer = await reader.read()
        writer.close()
        if not answer.startswith(b"HTTP/1.1 204"):
            self.errors.append(f"that the map is drawn was answered with {answer[:40]!r}")

    def to_widget_states(self) -> list[WidgetState]:
        """Choose or take back one phase."""
        phase = self._luck.choice(self._options)
        self._chosen = [one for one in [*self._chosen, phase] if one != phase or phase not in self._chosen]
        return [*self._standing.values(), _to_state(self._phases, self._chosen)]


class EmptyVisitor(Visitor):
    """Clicks the button of the empty app."""

    answer = "html"
    _button = ""

    def note(self, delta: Delta) -> None:
        """Keep the id of the button."""
        self._button = delta.new_element.button.id or self._button

    def to_widget_states(self) -> list[WidgetState]:
        """Press the button."""
        return [WidgetState(id=self._button, trigger_value=True)]


def _to_state(widget: str, values: list[str]) -> WidgetState:
    state = WidgetState(id=widget)
    state.string_array_value.data.extend(values)
    return state
