"""A line for every request, on standard output, without the addresses of visitors unless they are asked for.

What was searched and filtered stands in the query of an address, which no line has.
"""

import logging
import re
import sys
from time import perf_counter
from typing import Literal

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("atlas.access")
# What follows in such a path belongs to one visitor's session.
_OF_ONE_VISITOR = re.compile(r"(/(?:_stcore/upload_file|media|drawn)/).*")


def write_access_log() -> None:
    """Write the lines to standard output: time, method, path, status, milliseconds, bytes."""
    if log.handlers:
        return
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S%z"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


class AccessLog:
    """ASGI middleware that notes every HTTP request but those for the paths in `without`."""

    def __init__(
        self, app: ASGIApp, *, kind: Literal["anonymous", "addresses"], without: frozenset[str] = frozenset()
    ) -> None:
        self.app = app
        self.with_addresses = kind == "addresses"
        self.without = without

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note how it was answered."""
        if scope["type"] != "http" or scope["path"] in self.without:
            await self.app(scope, receive, send)
            return
        status, size, start = 0, 0, perf_counter()

        async def send_and_count(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, send_and_count)
        finally:
            # As it came, with everything but plain letters escaped: a line of the log stays one line.
            path = scope.get("raw_path", b"").partition(b"?")[0].decode("ascii", "backslashreplace")
            path = _OF_ONE_VISITOR.sub(r"\1…", path)
            who = f"{scope['client'][0] if scope.get('client') else '-'} " if self.with_addresses else ""
            took = round((perf_counter() - start) * 1000)
            log.info("%s%s %s %s %d ms %d B", who, scope["method"], path, status or "-", took, size)
