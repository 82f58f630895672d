"""What is drawn on the map: a document that a browser loads once, and a small layer that says what of it to show.

Leaflet wants (latitude, longitude); that order begins and ends in this module.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.dataset import Dataset
from geo.geodata import NORTH, SOUTH
from geo.language import Language
from geo.records import COLUMN_TITLES, to_country_names, to_records, to_region_names
from geo.style import THEMES, to_phase_colours

# Vertices between the ends of an arc are drawn to 0.01 degrees, about 1 km; the ends are drawn where they are.
ARC_DECIMALS = 2
POINT_DECIMALS = 5
ATTRIBUTION = "Natural Earth / visionscarto · GeoNames (CC BY 4.0)"

LatLon = list[float]
# Where the map stands before the network is there, and how far it can be moved: some way beyond the date line.
START: LatLon = [15, 10]
LIMITS: list[LatLon] = [[-80, -230], [86, 230]]


@dataclass(frozen=True)
class Shown:
    """What a map shows: positions of links in the data set, and what is selected by id, if anything.

    `fit`: the view to start with, a name in the document's `views` or `links` for the links shown.
    `selectable`: whether a click selects.
    """

    links: Sequence[int]
    partnership: str | None = None
    municipality: str | None = None
    fit: str = "world"
    selectable: bool = True


def build_shown_layer(shown: Shown, *, document_url: str, language: Language) -> str:
    """Build the call of the map's script that shows a choice: a few bytes per link, and no geometry."""
    message = {
        "document": document_url,
        "links": list(shown.links),
        "partnership": shown.partnership,
        "municipality": shown.municipality,
        "fit": shown.fit,
        "selectable": shown.selectable,
        "failure": language.gettext("Die Karte konnte nicht geladen werden. Bitte laden Sie die Seite neu."),
    }
    return f"atlasMap.show({json.dumps(message, separators=(',', ':'))});"


def to_network_document(dataset: Dataset, *, language: Language) -> dict[str, Any]:
    """Return all that the map can show, in one language, ready to be written as JSON.

    `municipalities`: id, name, place (region and country), role, `at` (latitude, longitude), `precision_m`.
    `links`: id, positions of both municipalities, phase, `arc`: lists of (latitude, longitude), one per side of the
    antimeridian, and `record`: the facts to read, named as in COLUMN_TITLES; `titles` names them.
    `colours`: a colour per phase and theme. `views`: bounds as south-west and north-east corners. `words`: the texts
    on the map. Texts are plain; the map's script never reads them as HTML.
    """
    points, links = dataset.municipalities, dataset.links
    position = {municipality: number for number, municipality in enumerate(points.index)}
    return {
        "municipalities": to_municipality_entries(points, language=language),
        "links": [
            {
                "id": link,
                "ends": [position[north], position[south]],
                "phase": record["phase"],
                "arc": to_leaflet_lines(arc),
                "record": record,
            }
            for link, north, south, arc, record in zip(
                links.index,
                links["north"],
                links["south"],
                links.geometry,
                to_record_entries(dataset, language),
                strict=True,
            )
        ],
        "titles": {name: language.gettext(title) for name, title in COLUMN_TITLES.items()},
        "colours": {theme: to_phase_colours(dataset.phases.index.tolist(), theme=theme) for theme in THEMES},
        "views": to_views(points),
        "words": to_words(language),
    }


def to_record_entries(dataset: Dataset, language: Language) -> list[dict[str, Any]]:
    """Return the facts of every link to read, with None where one is not known."""
    records = to_records(dataset.links, dataset, language=language).astype(object)
    return [
        {str(name): value for name, value in record.items()}
        for record in records.where(records.notna(), None).to_dict("records")
    ]


def to_municipality_entries(points: gpd.GeoDataFrame, *, language: Language) -> list[dict[str, Any]]:
    """Return the municipalities' entries of the network document, in the order of `points`."""
    countries = points["country"].map(to_country_names(points["country"], language=language))
    regions = to_region_names(points["region"], language=language)
    places = np.where(points["role"] == NORTH, regions, regions + ", " + countries)
    at = np.round(shapely.get_coordinates(points.geometry)[:, ::-1], POINT_DECIMALS).tolist()
    columns = zip(
        points.index, points["name"], places, countries, points["role"], at, points["precision_m"].tolist(), strict=True
    )
    keys = ("id", "name", "place", "country", "role", "at", "precision_m")
    return [dict(zip(keys, values, strict=True)) for values in columns]


def to_leaflet_lines(arc: shapely.LineString | shapely.MultiLineString) -> list[list[LatLon]]:
    """Return the parts of an arc as lists of (latitude, longitude), rounded except at its two ends."""
    parts = [shapely.get_coordinates(part)[:, ::-1] for part in getattr(arc, "geoms", [arc])]
    lines = [np.round(part, ARC_DECIMALS).tolist() for part in parts]
    lines[0][0] = np.round(parts[0][0], POINT_DECIMALS).tolist()
    lines[-1][-1] = np.round(parts[-1][-1], POINT_DECIMALS).tolist()
    return lines


def to_views(points: gpd.GeoDataFrame) -> dict[str, list[LatLon]]:
    """Return the bounds of all municipalities, of the northern and of the southern ones, for the view buttons."""
    views = {"world": points, NORTH: points[points["role"] == NORTH], SOUTH: points[points["role"] == SOUTH]}
    return {name: to_leaflet_bounds(shown.total_bounds) for name, shown in views.items() if len(shown)}


def to_leaflet_bounds(bounds: npt.NDArray[np.float64]) -> list[LatLon]:
    """Turn (west, south, east, north) into the two corners (south, west) and (north, east)."""
    west, south, east, north = bounds.round(ARC_DECIMALS).tolist()
    return [[south, west], [north, east]]


def to_words(language: Language) -> dict[str, str]:
    """Return the texts on the map itself."""
    _ = language.gettext
    return {
        "lang": language.code.replace("_", "-"),
        "map": _("Karte der Klimapartnerschaften"),
        "world": _("Welt"),
        NORTH: _("Deutschland"),
        SOUTH: _("Globaler Süden"),
        "views": _("Ausschnitt der Karte"),
        "zoom_in": _("Vergrößern"),
        "zoom_out": _("Verkleinern"),
        "phase": _("Phase"),
        "legend": _("Legende"),
        "north_marker": _("Deutsche Kommune"),
        "south_marker": _("Partnerkommune im Globalen Süden"),
        "uncertain": _("Lage ungenau"),
        "attribution": ATTRIBUTION,
    }
