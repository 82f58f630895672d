"""The map itself, without anything that changes: no data, no language, no theme, no filter.

Streamlit keeps a map in the page only as long as its script stays the same, so all that changes goes into a layer
(see layers.py) and the view survives a filter change.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template
from folium.utilities import camelize

from geo.layers import to_import
from geo.leaflet import LIMITS, START
from geo.style import THEMES

LEAFLET_JS, LEAFLET_CSS = "vendor/leaflet/leaflet.js", "vendor/leaflet/leaflet.css"
MAP_SCRIPT, MAP_STYLE = "scripts/map.js", "styles/map.css"
MIN_ZOOM, MAX_ZOOM = 1, 14
BASE_MAP, PLACES = "base-map.json", "places.json"
OPTIONS: dict[str, Any] = {"zoom_snap": 0.25, "zoom_delta": 1, "zoom_control": False, "max_bounds_viscosity": 0.8}
# folium hands these to a tile layer only, and knows but one limit of the map, that of the date line.
LIMIT_OPTIONS: dict[str, Any] = {"min_zoom": MIN_ZOOM, "max_zoom": MAX_ZOOM, "max_bounds": LIMITS}
START_ZOOM = 2


class AtlasMap(folium.Map):
    """A Leaflet map that loads only our own files, where folium's would load ten from four foreign hosts."""

    def __init__(self, *, asset_url: Callable[[str], str], **options: Any) -> None:
        self.default_js = [("leaflet", asset_url(LEAFLET_JS))]
        self.default_css = [("leaflet_css", asset_url(LEAFLET_CSS)), ("map_css", asset_url(MAP_STYLE))]
        super().__init__(tiles=None, **options)


class MapStart(MacroElement):
    """Hands the Leaflet map to our script, with the colours of both themes and the addresses of what it loads."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this.script }}.then((script) => script.start({{ this._parent.get_name() }}, {{ this.options | tojson }}), "
        "() => {});"
        "{% endmacro %}"
    )

    def __init__(self, script: str, options: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "MapStart"
        self.script = script
        self.options = options


def build_map(*, asset_url: Callable[[str], str], tiles: Mapping[str, Any] | None = None) -> AtlasMap:
    """Build the constant map. `asset_url` gives the address of a file in static/, as seen from the map's frame.

    `tiles` describes the detailed map that a visitor may ask for: `url, name, host, attribution, max_zoom`.
    """
    atlas_map = AtlasMap(
        asset_url=asset_url,
        location=START,
        zoom_start=START_ZOOM,
        **OPTIONS,
    )
    atlas_map.options |= LIMIT_OPTIONS
    options = to_start_options(base_map=asset_url(BASE_MAP), places=asset_url(PLACES), tiles=tiles)
    atlas_map.add_child(MapStart(to_import(asset_url(MAP_SCRIPT)), options))
    return atlas_map


def to_start_options(*, base_map: str, places: str | None, tiles: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what our script is started with: addresses of what it loads, and the colours of both themes."""
    themes = {name: {**asdict(theme), "phases": None} for name, theme in THEMES.items()}
    return {"baseMap": base_map, "places": places, "themes": themes, "tiles": tiles}


def to_leaflet_options() -> dict[str, Any]:
    """Return the options of the same map for a page of our own, where Leaflet is called without folium."""
    options = {camelize(name): value for name, value in (OPTIONS | LIMIT_OPTIONS).items()}
    return {"center": START, "zoom": START_ZOOM, **options}
