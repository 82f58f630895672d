"""The map itself, without anything that changes: no data, no language, no theme, no filter.

Streamlit keeps a map in the page only as long as its script stays the same, so all that changes goes into a layer
(see layers.py) and the view survives a filter change.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from geo.layers import LIMITS, START
from geo.style import THEMES

LEAFLET_JS, LEAFLET_CSS = "vendor/leaflet/leaflet.js", "vendor/leaflet/leaflet.css"
MAP_JS, MAP_CSS = "atlas-map.js", "atlas-map.css"
BASE_MAP = "base-map.json"


class AtlasMap(folium.Map):
    """A Leaflet map that loads only our own files, where folium's would load ten from four foreign hosts."""

    def __init__(self, *, asset_url: Callable[[str], str], **options: Any) -> None:
        self.default_js = [("leaflet", asset_url(LEAFLET_JS)), ("atlas_map", asset_url(MAP_JS))]
        self.default_css = [("leaflet_css", asset_url(LEAFLET_CSS)), ("atlas_map_css", asset_url(MAP_CSS))]
        super().__init__(tiles=None, **options)


class MapStart(MacroElement):
    """Hands the Leaflet map to our script, with the colours of both themes and the address of the base map."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "atlasMap.start({{ this._parent.get_name() }}, {{ this.options | tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "MapStart"
        self.options = options


def build_map(*, asset_url: Callable[[str], str]) -> AtlasMap:
    """Build the constant map. `asset_url` gives the address of a file in static/, as seen from the map's frame."""
    atlas_map = AtlasMap(
        asset_url=asset_url,
        location=START,
        zoom_start=2,
        min_zoom=1,
        max_zoom=12,
        zoom_snap=0.25,
        zoom_delta=1,
        zoom_control=False,
        max_bounds=LIMITS,
        max_bounds_viscosity=0.8,
    )
    themes = {name: {**asdict(theme), "phases": None} for name, theme in THEMES.items()}
    atlas_map.add_child(MapStart({"baseMap": asset_url(BASE_MAP), "themes": themes}))
    return atlas_map
