"""The map in a page: streamlit-folium's frame, driven with as little as possible per run.

`st_folium` renders the whole folium map anew in every run (6 to 10 ms, which every filter click would wait for), and
reports pans, zooms and clicks in its own way. The map here never changes, so its script is rendered once, and the
frame is handed that script and the one call that changes. What comes back is only what scripts/map.js sends.
"""

from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
import streamlit.components.v1 as components
import streamlit_folium

from geo.filters import to_changed
from geo.layers import Shown, build_shown_layer, build_waiting_layer
from geo.maps import MAP_SCRIPT, build_map
from server.awaiting import await_drawing
from server.settings import current_settings
from ui.language import current_language
from ui.link import BY_COUNTRY, DETAILS
from ui.loading import load_drawn, load_frame_asset_url, to_frame_url
from ui.session import change_view, change_view_for_now, current_view, pages_opened, renew_widgets
from ui.templating import render_template

_KEY = "map"
# The frame's real height is set by page.css, which knows the window; this one is for the first moment.
HEIGHT_PX = 560
# For so long, at most, the rest of the page waits for the map: when a page is opened, and when it changes. Without this
# the map is drawn when all else is: twice as long after a filter click, and after opening the atlas
# (benchmarks/filter_click.py, benchmarks/scale.py).
OPENING_SECONDS, CHANGING_SECONDS = 1.5, 0.3
_SENT = "map_sent"

_frame = components.declare_component("atlas_map", path=Path(streamlit_folium.__file__).parent / "frontend" / "build")


def show_map(shown: Shown) -> None:
    """Draw the map with what is to be shown, ahead of what follows; a click on it changes the view."""
    language = current_language()
    path, drawn = load_drawn(shown, language)
    sent = (pages_opened(), path, drawn)
    before, call = st.session_state.get(_SENT, (None, ""))
    if before == sent:
        _show_call(call)
        return
    seconds = CHANGING_SECONDS if before and before[0] == sent[0] else OPENING_SECONDS
    with await_drawing(most_seconds=seconds) as drawn_path:
        call = build_shown_layer(
            drawn,
            script_url=load_frame_asset_url(MAP_SCRIPT),
            document_url=to_frame_url(path),
            drawn_url=to_frame_url(drawn_path),
            language=language,
        )
        st.session_state[_SENT] = (sent, call)
        _show_call(call)


def _show_call(call: str) -> None:
    _frame(**_constant_arguments(), feature_group=call, key=_KEY, on_change=_take_event)


def show_waiting_map() -> None:
    """Draw the map for another script of the page, which says what is to be shown by way of `showOnMap`."""
    call = build_waiting_layer(script_url=load_frame_asset_url(MAP_SCRIPT), language=current_language())
    _frame(**_constant_arguments(), feature_group=call, key=_KEY)


def show_map_words(description: str) -> None:
    """Draw what stands before the map for those who do not see it: what it shows, and a way past it."""
    with st.container(key="map_words"):
        # One element, so that its script runs again whenever the link is drawn anew.
        words = render_template("map_words.html", language=current_language(), description=description)
        st.html(words, unsafe_allow_javascript=True)


@cache
def _constant_arguments() -> dict[str, Any]:
    """Return what streamlit-folium 0.27 passes to its frame, for a map that reports nothing by itself."""
    tiles = current_settings().offered_tiles
    atlas_map = build_map(
        asset_url=load_frame_asset_url, tiles={**asdict(tiles), "host": tiles.host} if tiles else None
    )
    atlas_map.get_root().render()
    return {
        "script": streamlit_folium.generate_leaflet_string(atlas_map),
        "js_links": [address for _, address in atlas_map.default_js],
        "css_links": [address for _, address in atlas_map.default_css],
        "header": "",
        "html": "",
        "id": "map_div",
        "default": {},
        "returned_objects": [],
        "return_on_hover": False,
        "layer_control": "",
        "pixelated": False,
        "wrap_longitude": False,
        "height": HEIGHT_PX,
        "width": None,
        "zoom": None,
        "center": None,
    }


def _take_event() -> None:
    event = st.session_state.get(_KEY) or {}
    if "pick" in event:
        change_view(**{name: value for name, value in event["pick"].items() if name in DETAILS})
    elif "bundling" in event:
        change_view(by=BY_COUNTRY if event["bundling"] else None)
    elif "open" in event:
        # What is opened is shown one by one, as far as it can be.
        selection = current_view().selection
        for name in ("country", "state"):
            if name in event["open"]:
                selection = to_changed(selection, name, (event["open"][name],))
        renew_widgets()
        change_view(by=None, selection=selection)
    elif "year" in event:
        selection = to_changed(current_view().selection, "until", event["year"]["until"])
        change = change_view_for_now if event["year"]["passing"] else change_view
        change(selection=selection)
