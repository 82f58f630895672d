"""Files that never change under their names, answered from memory and compressed once.

Streamlit reads each of its files anew for every visitor, in pieces and uncompressed: 2.6 MB in 60 files for a first
page. On a slow machine they took 0.9 s of the 1.3 s until anything was drawn.
"""

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from mimetypes import MimeTypes
from pathlib import Path
from threading import Lock

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

FOR_A_YEAR = "public, max-age=31536000, immutable"
STREAMLIT_FOLDER = Path(streamlit.__file__).parent / "static" / "static"
# `main.521860b0.js`: the name changes with the content.
_HASHED = re.compile(r"\.[\w-]{8}\.[a-z0-9]+$")
_COMPRESSIBLE = re.compile(r"text/|application/(javascript|json)|image/svg")


@dataclass(frozen=True)
class _File:
    media_type: str
    content: bytes
    compressed: bytes | None


_kept: dict[Path, _File] = {}
_keeping = Lock()
# Python's own list, which knows no newer ones; that of the system may call a script plain text.
_TYPES = MimeTypes()
_TYPES.add_type("text/javascript", ".js")
_TYPES.add_type("font/woff2", ".woff2")


def _keep(path: Path) -> None:
    # One at a time: a hall full of visitors who come at once must not compress the same files a hundred times.
    with _keeping:
        if path in _kept:
            return
        media_type = _TYPES.guess_type(path.name)[0] or "application/octet-stream"
        content = path.read_bytes()
        compressed = gzip.compress(content, 6) if _COMPRESSIBLE.match(media_type) else None
        _kept[path] = _File(media_type, content, compressed)


async def answer_file(path: Path, scope: Scope) -> Response:
    """Answer with a file that exists, to be kept for a year; compressed where the browser takes that."""
    if path not in _kept:
        await run_in_threadpool(_keep, path)
    file = _kept[path]
    headers = {"Cache-Control": FOR_A_YEAR, "Vary": "Accept-Encoding"}
    if file.compressed is not None and "gzip" in Headers(scope=scope).get("accept-encoding", ""):
        return Response(file.compressed, media_type=file.media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(file.content, media_type=file.media_type, headers=headers)


class KeptFiles:
    """ASGI middleware that answers for files with a hash in their names; everything else is left to the app.

    `folders`: by the path that their files' addresses begin with, `/static/`.
    """

    def __init__(self, app: ASGIApp, *, folders: Mapping[str, Path]) -> None:
        self.app = app
        self.paths = {
            prefix + path.relative_to(folder).as_posix(): path
            for prefix, folder in folders.items()
            for path in folder.rglob("*")
            if path.is_file() and _HASHED.search(path.name)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        path = self.paths.get(scope["path"]) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        answer = self.app if path is None else await answer_file(path, scope)
        await answer(scope, receive, send)
