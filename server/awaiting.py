"""Scripts that wait until a browser has drawn the map they have sent, before they send the rest of the page.

A browser works through everything it has received before it shows any of it. A map that comes alone is seen first,
however slow the machine, and the rest follows as soon as the browser says that it is there.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from starlette.requests import Request
from starlette.responses import Response

MOUNT = "drawn"
# What the addresses of this process begin with: a proxy may bring one that another process has given out.
_OWN = secrets.token_urlsafe(6)
_awaited: dict[str, Event] = {}


@contextmanager
def await_drawing(*, most_seconds: float) -> Iterator[str]:
    """Wait at the end of the block until a browser has called the address that it is given, if it does so in time.

    A browser that never calls, because it cannot reach this process or runs no scripts, gets the rest a little later.
    """
    token = _OWN + secrets.token_urlsafe(9)
    _awaited[token] = drawn = Event()
    try:
        yield f"{MOUNT}/{token}"
        drawn.wait(most_seconds)
    finally:
        del _awaited[token]


async def answer_drawn(request: Request) -> Response:
    """Let the script that waits for this address go on, if it still does; 404 for an address of another process."""
    token = request.path_params["token"]
    drawn = _awaited.get(token)
    if drawn:
        drawn.set()
    return Response(status_code=204 if token.startswith(_OWN) else 404)
