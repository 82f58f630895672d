"""Files of static/ under names that change with their content, so that browsers may keep them for a year."""

import hashlib
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from server.kept_files import answer_file

STATIC_FOLDER = Path(__file__).resolve().parent.parent / "static"
MOUNT = "assets"


def base_path() -> str:
    """Return the path below which the app lies, `` or `/atlas`. Streamlit moves only its own routes below it."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{base}" if base else ""


@cache
def _hashed_names() -> dict[str, str]:
    # A folder has one hash for all its files, so that they find each other by relative addresses.
    names = {}
    for entry in sorted(STATIC_FOLDER.iterdir()):
        files = sorted(path for path in entry.rglob("*") if path.is_file()) if entry.is_dir() else [entry]
        digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:10]
        hashed = f"{entry.stem}.{digest}{entry.suffix}"
        for path in files:
            name = path.relative_to(STATIC_FOLDER)
            names[name.as_posix()] = "/".join([hashed, *name.parts[1:]])
    return names


def to_asset_path(name: str) -> str:
    """Return the address of a file in static/, below the app's root.

    `icon.svg` is `assets/icon.<hash>.svg`, `scripts/map.js` is `assets/scripts.<hash>/map.js`. Raises KeyError when
    there is no such file.
    """
    return f"{MOUNT}/{_hashed_names()[name]}"


@cache
def read_asset(name: str) -> str:
    """Return the text of a file in static/. Raises FileNotFoundError when there is none of this name."""
    return (STATIC_FOLDER / name).read_text(encoding="utf-8")


@cache
def _paths() -> dict[str, Path]:
    return {hashed: STATIC_FOLDER / name for name, hashed in _hashed_names().items()}


async def answer_asset(request: Request) -> Response:
    """Answer with a file of static/ under its name of `to_asset_path`, or with 404."""
    path = _paths().get(request.path_params["path"])
    return await answer_file(path, request.scope) if path else PlainTextResponse("Not found", status_code=404)
