"""Security headers on every response, after the list of the OWASP Secure Headers Project.

Left out of that list: Cross-Origin-Embedder-Policy, with which no server of map tiles could be asked.
"""

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.settings import ANYBODY
from server.tiles import Tiles

# What no page of the atlas needs. The list is short because it goes along with every answer; filling the screen,
# keeping it awake and copying are a page's own right without being named.
_NOBODY = ("camera", "geolocation", "microphone", "payment", "usb")
PERMISSIONS = ", ".join(f"{name}=()" for name in _NOBODY)
FOR_A_YEAR = "max-age=31536000"
# Of an answer without content: it goes along with every click, and there is nothing that could load anything.
NOTHING = "default-src 'none'; frame-ancestors 'none'"
_NO_CONTENT = 204


def build_content_security_policy(tiles: Tiles | None, *, embedded_by: Sequence[str] = ()) -> str:
    """Allow only our own host, and beside it images from the server of the detailed map where one is offered.

    `embedded_by`: other websites that may show the atlas in a frame, `*` for any. Streamlit styles its page inline and
    loads some code as data or blob; the map component runs the script it is sent, which needs 'unsafe-eval'. Tiles are
    asked for only after a visitor has agreed (static/scripts/map-tiles.js).
    """
    ancestors = [ANYBODY] if ANYBODY in embedded_by else ["'self'", *embedded_by]
    images = ["'self'", "data:", "blob:", *([tiles.origin] if tiles else [])]
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:",
            "style-src 'self' 'unsafe-inline'",
            f"img-src {' '.join(images)}",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            f"frame-ancestors {' '.join(ancestors)}",
        ]
    )


class SecurityHeaders:
    """ASGI middleware that sets security headers on every HTTP response.

    A response may say itself who may read it (Cross-Origin-Resource-Policy), as open data do.
    """

    def __init__(self, app: ASGIApp, *, tiles: Tiles | None, embedded_by: Sequence[str] = ()) -> None:
        self.app = app
        self.headers = {
            "Content-Security-Policy": build_content_security_policy(tiles, embedded_by=embedded_by),
            "X-Content-Type-Options": "nosniff",
            "X-Permitted-Cross-Domain-Policies": "none",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": PERMISSIONS,
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        if not embedded_by:
            # For browsers that do not know frame-ancestors; it cannot name other websites.
            self.headers["X-Frame-Options"] = "SAMEORIGIN"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_encrypted = scope["scheme"] == "https"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.headers)
                if message["status"] == _NO_CONTENT:
                    headers["Content-Security-Policy"] = NOTHING
                headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
                if is_encrypted:
                    headers["Strict-Transport-Security"] = FOR_A_YEAR
            await send(message)

        await self.app(scope, receive, send_with_headers)
