"""The network of partnerships as a document that a browser loads once: names, arcs, facts."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.arcs import to_arcs
from geo.dataset import Dataset
from geo.geodata import NORTH, SOUTH
from geo.language import Language
from geo.leaflet import to_leaflet_arcs, to_leaflet_point, to_views
from geo.map_words import to_words
from geo.records import COLUMN_TITLES, to_country_names, to_records, to_region_names
from geo.style import THEMES, to_phase_colours


def to_network_document(
    dataset: Dataset, *, language: Language, positions: Sequence[int] | None = None
) -> dict[str, Any]:
    """Return all that the map can show, in one language, ready to be written as JSON.

    `municipalities`: id, name, `country` (ISO 3166-1), `place` in words (the region, and of a municipality outside of
    Germany its country), role, `at` (latitude and longitude in degrees, EPSG:4326, see leaflet.py), `precision_m`.
    `links`: id, positions of both municipalities, phase, `arc`: lists of (latitude, longitude), one per side of the
    antimeridian, and `record`: the facts to read, named as in COLUMN_TITLES; `titles` names them. With `positions`,
    only the links there and their municipalities. And to_map_frame.
    """
    points, links = dataset.municipalities, dataset.links
    if positions is not None:
        links = links.iloc[list(positions)]
        points = points.loc[pd.unique(pd.concat([links[NORTH], links[SOUTH]]))]
    ends = zip(*(points.index.get_indexer(links[role]).tolist() for role in (NORTH, SOUTH)), strict=True)
    return {
        "municipalities": to_municipality_entries(points, language=language),
        "links": [
            {"id": link, "ends": list(both), "phase": record["phase"], "arc": arc, "record": record}
            for link, both, arc, record in zip(
                links.index,
                ends,
                to_leaflet_arcs(to_arcs(links).to_numpy()),
                to_record_entries(links, dataset, language=language),
                strict=True,
            )
        ],
        "titles": {name: language.gettext(title) for name, title in COLUMN_TITLES.items()},
        **to_map_frame(dataset, language=language),
    }


def to_map_frame(dataset: Dataset, *, language: Language) -> dict[str, Any]:
    """Return what any map of the network has around its links, in one language.

    `colours`: a colour per phase and theme. `views`: bounds as south-west and north-east corners. `words`: the texts
    on the map. Texts are plain; the map's script never reads them as HTML.
    """
    return {
        "colours": {theme: to_phase_colours(dataset.phases.index.tolist(), theme=theme) for theme in THEMES},
        "views": _to_views(dataset),
        "words": to_words(language),
    }


@lru_cache(maxsize=4)
def _to_views(dataset: Dataset) -> dict[str, Any]:
    return to_views(dataset.municipalities)


def to_record_entries(links: pd.DataFrame, dataset: Dataset, *, language: Language) -> list[dict[str, Any]]:
    """Return the facts of each of the links to read, with None where one is not known."""
    records = to_records(links, dataset, language=language).astype(object)
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
