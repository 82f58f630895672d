"""The one entry: `streamlit run dashboard.py` starts the atlas.

An ASGI app: Streamlit's pages, and beside them the files and headers of server/. The script that Streamlit runs is
ui/shell.py, not this file: a script beside a folder `pages/` would tell the first visitor of a deep link that the
page was not found.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from geo.errors import TablesError
from server.assets import MOUNT, HashedFiles, base_path
from server.headers import SecurityHeaders
from server.network import answer_network, to_document
from server.store import available_languages, current_dataset


@asynccontextmanager
async def prepare(app: st.App) -> AsyncIterator[dict[str, object]]:
    """Build everything that visitors share before the first one comes."""
    try:
        for code in available_languages():
            to_document(current_dataset(), code)
    except TablesError as error:
        logging.getLogger("atlas").error("The tables have faults; the app shows this list:\n%s", error)
    yield {}


app = st.App(
    Path(__file__).parent / "ui" / "shell.py",
    routes=[Mount(f"{base_path()}/{MOUNT}", HashedFiles()), Route(f"{base_path()}/network/{{name}}", answer_network)],
    middleware=[Middleware(SecurityHeaders)],
    lifespan=prepare,
)
