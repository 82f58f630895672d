"""The constant map: our own files only, and nothing that changes."""

import re

from geo.maps import build_map
from geo.style import THEMES


def render():
    return build_map(asset_url=lambda name: f"../../assets/{name}").get_root().render()


def test_only_our_own_files_are_loaded():
    addresses = re.findall(r'(?:src|href)="([^"]+)"', render())
    assert addresses == [
        "../../assets/vendor/leaflet/leaflet.js",
        "../../assets/vendor/leaflet/leaflet.css",
        "../../assets/styles/map.css",
    ]


def test_the_map_has_limits_of_its_own():
    page = render()
    assert '"minZoom": 1' in page
    assert '"maxZoom": 14' in page
    assert re.search(r'"maxBounds": \[\s*\[\s*-80,\s*-230,?\s*\],\s*\[\s*86,\s*230', page)


def test_the_map_starts_with_our_script_and_the_colours_of_both_themes():
    page = render()
    assert 'import(new URL("../../assets/scripts/map.js",document.baseURI))' in page
    assert '"baseMap": "../../assets/base-map.json"' in page
    assert '"places": "../../assets/places.json"' in page
    assert '"tiles": null' in page
    for theme in THEMES.values():
        assert theme.sea in page
        assert theme.land in page
