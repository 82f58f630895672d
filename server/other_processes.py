"""Uploads for a session of another process are answered as not found, so that a proxy asks the next process.

After a restart a page may have its session in one process while its files go to another. Where a file to be downloaded
is not known, Streamlit says so. Of one sent up it says that the request is wrong, and of one taken back that it is gone
now: a proxy would pass both on.
"""

import re

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import Runtime

_UPLOAD = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/[^/]+$")


class UploadsElsewhere:
    """ASGI middleware that knows no file of a session that this process does not have."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, unless it brings or takes back a file of a session of another process: 404."""
        if scope["type"] == "http" and scope["method"] in ("PUT", "DELETE"):
            upload = _UPLOAD.search(scope["path"])
            if upload and not Runtime.instance().is_active_session(upload["session"]):
                await PlainTextResponse("no such session", status_code=404)(scope, receive, send)
                return
        await self.app(scope, receive, send)
