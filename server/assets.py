"""Files of static/ under names that change with their content, so that browsers may keep them for a year."""

import hashlib
import re
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC_FOLDER = Path(__file__).resolve().parent.parent / "static"
MOUNT = "assets"
FOR_A_YEAR = "public, max-age=31536000, immutable"
_HASHED_NAME = re.compile(r"^(?P<stem>.+)\.(?P<digest>[0-9a-f]{10})(?P<suffix>\.[a-z]+)$")


@cache
def to_asset_path(name: str) -> str:
    """Return the address of a file in static/, below the app's root: `atlas-map.js` is `assets/atlas-map.<hash>.js`.

    Raises FileNotFoundError when there is no such file.
    """
    path = Path(name)
    digest = hashlib.sha256((STATIC_FOLDER / path).read_bytes()).hexdigest()[:10]
    return f"{MOUNT}/{path.with_suffix('').as_posix()}.{digest}{path.suffix}"


class HashedFiles(StaticFiles):
    """Serves static/ under the names of `to_asset_path`; any other name is not found."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC_FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the file, or 404 when the hash is not that of the file's content."""
        hashed = _HASHED_NAME.match(Path(path).as_posix())
        plain = f"{hashed['stem']}{hashed['suffix']}" if hashed else ""
        if not (STATIC_FOLDER / plain).is_file() or to_asset_path(plain) != f"{MOUNT}/{Path(path).as_posix()}":
            return Response("Not found", status_code=404, media_type="text/plain")
        response = await super().get_response(plain, scope)
        response.headers["Cache-Control"] = FOR_A_YEAR
        return response
