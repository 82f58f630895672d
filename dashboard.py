"""The one entry: `streamlit run dashboard.py` starts the atlas.

An ASGI app: Streamlit's pages, and beside them the files and headers of server/. The script that Streamlit runs is
ui/shell.py, not this file: a script beside a folder `pages/` would tell the first visitor of a deep link that the
page was not found.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from geo.errors import TablesError
from server.assets import MOUNT as ASSETS
from server.assets import answer_asset, base_path
from server.awaiting import MOUNT as DRAWN
from server.awaiting import answer_drawn
from server.collecting import keep_collections_short
from server.documents import MOUNT as DOCUMENTS
from server.documents import answer_document, build_documents
from server.headers import SecurityHeaders
from server.kept_files import STREAMLIT_FOLDER, KeptFiles
from server.returning import ReturnAfterSignIn
from server.tiles import offered_tiles
from server.workshop import close_workshop


@asynccontextmanager
async def prepare(app: st.App) -> AsyncIterator[dict[str, object]]:
    """Build everything that visitors share before the first one comes."""
    try:
        build_documents()
    except TablesError as error:
        logging.getLogger("atlas").error("The tables have faults; the app shows this list:\n%s", error)
    collecting = asyncio.create_task(keep_collections_short())
    yield {}
    collecting.cancel()
    close_workshop()


app = st.App(
    Path(__file__).parent / "ui" / "shell.py",
    routes=[
        Route(f"{base_path()}/{ASSETS}/{{path:path}}", answer_asset),
        Route(f"{base_path()}/{DOCUMENTS}/{{name}}", answer_document),
        Route(f"{base_path()}/{DRAWN}/{{token}}", answer_drawn, methods=["POST"]),
    ],
    middleware=[
        Middleware(SecurityHeaders, tiles=offered_tiles()),
        Middleware(KeptFiles, folders={f"{base_path()}/static/": STREAMLIT_FOLDER}),
        Middleware(ReturnAfterSignIn),
    ],
    lifespan=prepare,
)
