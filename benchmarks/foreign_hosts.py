"""What folium loads from foreign hosts, answered from files of ours, at once, so that no network is needed.

Leaflet is the real one; a marker's picture is one pixel, jQuery no more than popups need, the rest is empty. All that
is a little less work for a browser than the real files are. Whatever else a page asks foreign hosts for fails, as it
does without a network.
"""

import base64
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, Page

from tests.serving import ROOT

# Our own servers are asked by http.
FOREIGN = "https://*"
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".png": "image/gif"}
# All that popups of folium ask of jQuery: make elements of HTML.
JQUERY = """window.$ = (html) => {
  const made = document.createElement("template");
  made.innerHTML = html.trim();
  return [...made.content.children];
};"""
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
LEAFLET = {name: (ROOT / "static" / "vendor" / "leaflet" / name).read_bytes() for name in ("leaflet.js", "leaflet.css")}


def answer_foreign_hosts(page: Page) -> None:
    """Answer what a page asks foreign hosts for.

    Playwright's own `route` would also turn off the browser's cache for the app's own files, which visitors keep.
    """
    session = page.context.new_cdp_session(page)
    session.on("Fetch.requestPaused", lambda event: _answer(session, event))
    session.send("Fetch.enable", {"patterns": [{"urlPattern": FOREIGN}]})


def _answer(session: CDPSession, event: dict[str, Any]) -> None:
    name = PurePosixPath(urlsplit(event["request"]["url"]).path)
    media_type = MEDIA_TYPES.get(name.suffix)
    if media_type is None:
        session.send("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": "InternetDisconnected"})
        return
    headers = {"Content-Type": media_type, "Cache-Control": "public, max-age=604800"}
    answer = {
        "requestId": event["requestId"],
        "responseCode": 200,
        "responseHeaders": [{"name": name, "value": value} for name, value in headers.items()],
        "body": base64.b64encode(_find_body(name)).decode(),
    }
    session.send("Fetch.fulfillRequest", answer)


def _find_body(name: PurePosixPath) -> bytes:
    if name.name.startswith("jquery"):
        return JQUERY.encode()
    return PIXEL if name.suffix == ".png" else LEAFLET.get(name.name, b"")
