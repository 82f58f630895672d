"""The detailed map that a visitor may ask for: which server it comes from, and whether there is one at all.

A setting names it: a provider of the catalogue xyzservices that needs no key, such as
`TopPlusOpen.Color` (the default: worldwide, by the German Federal Agency for Cartography and Geodesy), an address with
`{z}`, `{x}` and `{y}`, or `off`. Another one is the credit owed for tiles from an address.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from xyzservices import providers

DEFAULT = "TopPlusOpen.Color"
OFF = "off"
MAX_ZOOM = 18
# A name or an address with a port, if any. It goes into a header, so nothing else may.
HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?")
# The catalogue leaves out whom to name: https://gdz.bkg.bund.de, "TopPlusOpen", licence dl-de/by-2-0.
CREDITS = {"TopPlusOpen": "© Bundesamt für Kartographie und Geodäsie, dl-de/by-2-0"}


@dataclass(frozen=True)
class Tiles:
    """A server of map tiles. `url` holds `{z}`, `{x}` and `{y}`; `origin` is what a browser must be allowed to ask."""

    url: str
    name: str
    attribution: str
    max_zoom: int

    @property
    def origin(self) -> str:
        """Scheme, host and port of the server."""
        scheme, host = urlsplit(self.url)[:2]
        return f"{scheme}://{host}"

    @property
    def host(self) -> str:
        """The server's name, as a visitor is told it."""
        return urlsplit(self.url).hostname or ""


def read_tiles(setting: str, *, attribution: str = "") -> Tiles | None:
    """Read the setting; None for `off`.

    Raises ValueError, with a text in German for those who set it, when it is neither `off`, nor an address with {z},
    {x} and {y} and a credit, nor a provider without a key. An address of the catalogue that begins with http is asked
    by https.
    """
    if setting.strip().lower() == OFF:
        return None
    if setting.startswith(("http://", "https://")):
        if not all(part in setting for part in ("{z}", "{x}", "{y}")):
            raise ValueError(f"ATLAS_TILES: In der Adresse „{setting}“ fehlt {{z}}, {{x}} oder {{y}}")
        if not HOST.fullmatch(urlsplit(setting).netloc):
            raise ValueError(f"ATLAS_TILES: Die Adresse „{setting}“ nennt keinen bestimmten Server")
        if not attribution:
            raise ValueError(f"ATLAS_TILES_ATTRIBUTION: Zu den Kacheln von „{setting}“ fehlt der Nachweis")
        return Tiles(setting, urlsplit(setting).hostname or "", attribution, MAX_ZOOM)
    try:
        provider = providers.query_name(setting)
    except ValueError:
        raise ValueError(f"ATLAS_TILES: „{setting}“ ist weder off noch eine Adresse noch ein Anbieter") from None
    if provider.requires_token():
        raise ValueError(f"ATLAS_TILES: „{setting}“ braucht einen Schlüssel; nennen Sie die ganze Adresse")
    address = provider.build_url(x="{x}", y="{y}", z="{z}")
    name = provider["name"].partition(".")[0]
    credit = CREDITS.get(name, str(provider.get("attribution", "")))
    return Tiles(address.replace("http://", "https://", 1), name, credit, int(provider.get("max_zoom", MAX_ZOOM)))
