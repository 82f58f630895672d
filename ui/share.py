"""The address of a view to hand on: as a link, as a QR code, and as a piece of HTML for another website."""

import os
from urllib.parse import urlencode, urlsplit

import segno
import streamlit as st

from server.assets import base_path
from ui.link import Parameters

# The address under which others reach the atlas, where it is not that in the browser: `https://atlas.example.org`.
PUBLIC_ADDRESS_SETTING = "ATLAS_PUBLIC_ADDRESS"


def to_link(parameters: Parameters) -> str:
    """Return the address of the current page with these query parameters, as others can open it."""
    here = urlsplit(st.context.url or "")
    public = os.environ.get(PUBLIC_ADDRESS_SETTING, "").rstrip("/")
    path = here.path.removeprefix(base_path()) if public else here.path
    page = f"{public or f'{here.scheme}://{here.netloc}'}{path}"
    query = urlencode(parameters, doseq=True)
    return f"{page}?{query}" if query else page


def to_code_image(link: str) -> str:
    """Return a QR code of a link as the address of an SVG image, with the quiet zone that readers need."""
    return segno.make(link, error="m", micro=False).svg_data_uri(border=4, dark="#000000", light="#ffffff")
