"""The network of partnerships as a document that a browser loads once: names, arcs, facts."""

from typing import Any

import geopandas as gpd
import numpy as np

from geo.arcs import to_arcs
from geo.dataset import Dataset
from geo.geodata import NORTH
from geo.language import Language
from geo.leaflet import to_leaflet_lines, to_leaflet_point, to_views
from geo.map_words import to_words
from geo.records import COLUMN_TITLES, to_country_names, to_records, to_region_names
from geo.style import THEMES, to_phase_colours


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
                to_arcs(links),
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
    at = [to_leaflet_point(point) for point in points.geometry]
    columns = zip(
        points.index, points["name"], places, countries, points["role"], at, points["precision_m"].tolist(), strict=True
    )
    keys = ("id", "name", "place", "country", "role", "at", "precision_m")
    return [dict(zip(keys, values, strict=True)) for values in columns]
