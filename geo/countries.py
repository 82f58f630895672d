"""The shapes of countries on the base map, and a point that stands for each."""

from functools import cache
from pathlib import Path

import geopandas as gpd

BASE_MAP = Path(__file__).resolve().parent.parent / "static" / "base-map.json"


@cache
def read_country_shapes() -> gpd.GeoDataFrame:
    """Read the countries of the base map: `geometry` (EPSG:4326, longitude and latitude) indexed by ISO 3166-1 code.

    Natural Earth 1:50m, simplified (see scripts/make_base_map.py): good for "somewhere in this country", not for
    borders. Shapes without a code of their own are left out.
    """
    shapes = gpd.read_file(BASE_MAP)
    return shapes[shapes["code"].notna()].set_index("code")[["geometry"]]


@cache
def to_country_points() -> gpd.GeoSeries:
    """Return a point inside the largest part of each country, as measured on the flat map, by ISO 3166-1 code.

    EPSG:4326, longitude and latitude.
    """
    parts = read_country_shapes().geometry.explode()
    largest = parts.groupby(level=0).agg(lambda shapes: max(shapes, key=lambda shape: shape.area))
    return gpd.GeoSeries(largest, crs="EPSG:4326").representative_point()
