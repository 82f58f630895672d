"""A file sent up for a session of another process is answered as not found, so that a proxy asks the next process.

Who was led to another process after a restart keeps his session there, while his files still go to the first one. For
files to be downloaded Streamlit says that there is none. For those sent up it says that they are wrong, which a proxy
passes on.
"""

import re

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import Runtime

_UPLOAD = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/[^/]+$")


class UploadsElsewhere:
    """ASGI middleware that finds no place for a file of a session that this process does not have."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, unless it brings a file for a session of another process: 404."""
        if scope["type"] == "http" and scope["method"] == "PUT":
            upload = _UPLOAD.search(scope["path"])
            if upload and not Runtime.instance().is_active_session(upload["session"]):
                await PlainTextResponse("no such session", status_code=404)(scope, receive, send)
                return
        await self.app(scope, receive, send)
