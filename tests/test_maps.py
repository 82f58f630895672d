"""The constant map: our own files only, and the same script every time."""

import re

from geo.maps import build_map


def render():
    return build_map(asset_url=lambda name: f"../../assets/{name}").get_root().render()


def test_only_our_own_files_are_loaded():
    addresses = re.findall(r'(?:src|href)="([^"]+)"', render())
    assert addresses == [
        "../../assets/vendor/leaflet/leaflet.js",
        "../../assets/atlas-map.js",
        "../../assets/vendor/leaflet/leaflet.css",
        "../../assets/atlas-map.css",
    ]


def test_the_script_never_changes_so_the_map_is_never_mounted_anew():
    def without_names(html):
        return re.sub(r"_[0-9a-f]{32}", "", html)

    assert without_names(render()) == without_names(render())
