"""Keeps pages of other websites from opening connections to the atlas, and from making it look for them.

Streamlit compares the origin of a request with the addresses of this machine, and asks a foreign host for the public
one while everybody waits. So it sees no foreign origin: a WebSocket is refused, and an HTTP request is answered without
leave for the other website to read it. The open data have a leave of their own (server/open_data.py).
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

# RFC 6455: the request is against the server's rules.
REFUSED = 1008


class OwnOriginOnly:
    """ASGI middleware that lets no foreign origin through, but for paths below `open_to_all`."""

    def __init__(self, app: ASGIApp, *, open_to_all: str) -> None:
        self.app = app
        self.open_to_all = open_to_all

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, without its origin where that is foreign; refuse the WebSocket of another website."""
        if scope["type"] in ("http", "websocket") and is_foreign(scope):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": REFUSED})
                return
            if not scope["path"].startswith(self.open_to_all):
                scope = {**scope, "headers": [header for header in scope["headers"] if header[0] != b"origin"]}
        await self.app(scope, receive, send)


def is_foreign(scope: Scope) -> bool:
    """Say whether a page of another host, as far as the request tells, has sent it."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc != headers.get("host")
    except ValueError:
        return True
