"""The map in a page."""

import streamlit as st
from streamlit_folium import st_folium

from geo.layers import Shown, build_shown_layer
from geo.maps import build_map
from ui.language import current_language
from ui.loading import load_document_url, load_frame_asset_url
from ui.session import change_view

_KEY = "atlas_map"
# The frame's real height is set by page.css, which knows the window; this one is for the first moment.
HEIGHT_PX = 560


def show_map(shown: Shown) -> None:
    """Draw the map with what is to be shown; a click on it changes the view."""
    layer = build_shown_layer(shown, document_url=load_document_url(current_language()))
    with st.container(key="map"):
        st_folium(
            build_map(asset_url=load_frame_asset_url),
            key=_KEY,
            height=HEIGHT_PX,
            use_container_width=True,
            feature_group_to_add=layer,
            # Nothing of what the component would report by itself: panning and zooming must not run the app.
            returned_objects=[],
            on_change=_take_pick,
        )


def _take_pick() -> None:
    pick = (st.session_state.get(_KEY) or {}).get("pick")
    if pick:
        chosen = {"partnership": None, "municipality": None}
        if pick["kind"] in chosen:
            chosen[pick["kind"]] = pick["id"]
        change_view(**chosen)
