"""The one entry: `streamlit run dashboard.py` starts the atlas.

An ASGI app: Streamlit's pages, and beside them the files and headers of server/. The script that Streamlit runs is
ui/shell.py, not this file: a script beside a folder `pages/` would tell the first visitor of a deep link that the
page was not found.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from geo.errors import TablesError
from server.access_log import AccessLog, write_access_log
from server.assets import MOUNT as ASSETS
from server.assets import answer_asset, base_path
from server.awaiting import MOUNT as DRAWN
from server.awaiting import answer_drawn
from server.collecting import keep_collections_short
from server.documents import MOUNT as DOCUMENTS
from server.documents import answer_document, build_documents
from server.headers import SecurityHeaders
from server.health import PROCESS, TABLES, answer_process, answer_tables
from server.kept_files import STREAMLIT_FOLDER, KeptFiles
from server.left_pages import LeftPages
from server.limits import allow_many_connections
from server.open_data import MOUNT as OPEN_DATA
from server.open_data import open_data_route
from server.origins import OwnOriginOnly
from server.other_processes import UploadsElsewhere
from server.returning import ReturnAfterSignIn
from server.settings import BadSettingsError, current_settings
from server.store import close_store
from server.workshop import close_workshop


@asynccontextmanager
async def prepare(app: st.App) -> AsyncIterator[dict[str, object]]:
    """Build everything that visitors share before the first one comes."""
    allow_many_connections()
    try:
        build_documents()
    except TablesError as error:
        logging.getLogger("atlas").error("The tables have faults; the app shows this list:\n%s", error)
    collecting = asyncio.create_task(keep_collections_short())
    try:
        yield {}
    finally:
        collecting.cancel()
        close_workshop()
        close_store()


try:
    settings = current_settings()
except BadSettingsError as error:
    sys.exit(f"Der Atlas startet nicht, weil Einstellungen nicht stimmen (siehe docs/operating.md):\n{error}")

base = base_path()
middleware = [
    Middleware(SecurityHeaders, tiles=settings.offered_tiles, embedded_by=settings.embedded_by),
    Middleware(OwnOriginOnly, open_to_all=f"{base}/{OPEN_DATA}/"),
    Middleware(KeptFiles, folders={f"{base}/static/": STREAMLIT_FOLDER}),
    Middleware(ReturnAfterSignIn),
    Middleware(LeftPages),
    Middleware(UploadsElsewhere),
]
if settings.access_log != "off":
    write_access_log()
    probes = frozenset({f"{base}/{PROCESS}", f"{base}/{TABLES}"})
    middleware.insert(0, Middleware(AccessLog, kind=settings.access_log, without=probes))

app = st.App(
    Path(__file__).parent / "ui" / "shell.py",
    routes=[
        Route(f"{base}/{PROCESS}", answer_process),
        Route(f"{base}/{TABLES}", answer_tables),
        open_data_route(),
        Route(f"{base}/{ASSETS}/{{path:path}}", answer_asset),
        Route(f"{base}/{DOCUMENTS}/{{name}}", answer_document),
        Route(f"{base}/{DRAWN}/{{token}}", answer_drawn, methods=["POST"]),
    ],
    middleware=middleware,
    lifespan=prepare,
)
