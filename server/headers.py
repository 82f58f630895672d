"""Security headers on every response."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.tiles import Tiles


def build_content_security_policy(tiles: Tiles | None) -> str:
    """Allow only our own host, and beside it images from the server of the detailed map where one is offered.

    Streamlit styles its page inline and loads some code as data or blob; the map component runs the script it is sent,
    which needs 'unsafe-eval'. Tiles are asked for only after a visitor has agreed (static/scripts/map-tiles.js).
    """
    images = ["'self'", "data:", "blob:", *([tiles.origin] if tiles else [])]
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:",
            "style-src 'self' 'unsafe-inline'",
            f"img-src {' '.join(images)}",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        ]
    )


class SecurityHeaders:
    """ASGI middleware that sets security headers on every HTTP response."""

    def __init__(self, app: ASGIApp, *, tiles: Tiles | None) -> None:
        self.app = app
        self.headers = {
            "Content-Security-Policy": build_content_security_policy(tiles),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "strict-origin-when-cross-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)
