"""How points lie to the countries of the base map: inside, near the outline, in another country, how far away.

Points are arrays of shape (n, 2) in degrees (WGS 84), longitude first.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import shapely

from geo.countries import BASE_MAP, read_country_shapes
from geo.geodata import WGS84

# Outlines 1:50m put coastal towns into the sea and border towns abroad: in our tables by up to 3 km, elsewhere by more.
TOLERANCE_M = 25_000
# The mean radius of the IUGG, rounded to metres.
EARTH_RADIUS_M = 6_371_009.0
OUTLYING_TOWNS = Path(__file__).parent / "outlying_towns.csv"
# Points in shapes that the base map draws apart or names differently, and that tables may well count to these
# countries: Somaliland, the north of Cyprus, Siachen, Western Sahara. Nobody's border is decided here.
APART = {"SO": (45.5, 9.5), "CY": (33.5, 35.25), "IN": (77.3, 35.4), "PK": (77.3, 35.4), "MA": (-13.5, 24.5)}
_REACH = np.degrees(TOLERANCE_M / EARTH_RADIUS_M)
# So many points at once keep the matrix of all distances small.
_CHUNK = 500


@dataclass(frozen=True, eq=False)
class Outline:
    """A country: its shapes, and the lines they are drawn with, `starts` and `ends` (m, 2), in a tree."""

    shapes: tuple[shapely.Geometry, ...]
    starts: np.ndarray
    ends: np.ndarray
    tree: shapely.STRtree
    bounds: tuple[float, float, float, float]

    def is_in_bounds(self, points: np.ndarray) -> np.ndarray:
        """Say which points may be near: those in the country's box, widened by TOLERANCE_M."""
        west, south, east, north = self.bounds
        wider = 1.01 * _REACH * np.array([1 / _narrowing(max(abs(south), abs(north)) + _REACH), 1.0])
        low, high = np.array([west, south]) - wider, np.array([east, north]) + wider
        return np.asarray(((points >= low) & (points <= high)).all(axis=1) & is_on_earth(points))

    def to_near_distance_m(self, points: np.ndarray) -> np.ndarray:
        """Return 0 inside, the metres to the outline up to TOLERANCE_M, and infinity farther away.

        Near a point, a degree of longitude is shortened by the cosine of the latitude.
        """
        metres = np.full(len(points), np.inf)
        possible = np.flatnonzero(self.is_in_bounds(points))
        marks = shapely.points(points[possible])
        inside = np.logical_or.reduce([shapely.covers(shape, marks) for shape in self.shapes])
        metres[possible[inside]] = 0
        rows = possible[~inside]
        scales = np.column_stack([_narrowing(points[rows, 1]), np.ones(len(rows))])
        low, high = points[rows] - 1.01 * _REACH / scales, points[rows] + 1.01 * _REACH / scales
        numbers, lines = self.tree.query(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
        scale, here = scales[numbers], points[rows[numbers]]
        starts, ways = (self.starts[lines] - here) * scale, (self.ends[lines] - self.starts[lines]) * scale
        lengths = np.maximum((ways**2).sum(axis=1), 1e-18)
        along = np.clip(-(starts * ways).sum(axis=1) / lengths, 0, 1)[:, None]
        away = np.radians(np.hypot(*(starts + along * ways).T)) * EARTH_RADIUS_M
        np.minimum.at(metres, rows[numbers], away)
        metres[metres > TOLERANCE_M] = np.inf
        return metres

    def to_corner_distance_m(self, points: np.ndarray) -> np.ndarray:
        """Return the metres to the nearest corner of the outline on a sphere; infinity for what is nowhere on earth."""
        metres = np.full(len(points), np.inf)
        rows = np.flatnonzero(is_on_earth(points))
        for start in range(0, len(rows), _CHUNK):
            chunk = rows[start : start + _CHUNK]
            metres[chunk] = to_great_circle_m(points[chunk], self.starts).min(axis=1)
        return metres


def to_great_circle_m(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return the great-circle distance from each point to each other one, in metres, shape (n, m).

    Spherical law of cosines, radius EARTH_RADIUS_M; points are (longitude, latitude) in degrees.
    """
    cosines = np.clip(_to_directions(points) @ _to_directions(others).T, -1, 1)
    return np.asarray(np.arccos(cosines) * EARTH_RADIUS_M)


def _to_directions(points: np.ndarray) -> np.ndarray:
    longitudes, latitudes = np.radians(points).T
    return np.column_stack(
        [np.cos(latitudes) * np.cos(longitudes), np.cos(latitudes) * np.sin(longitudes), np.sin(latitudes)]
    )


def _narrowing(latitudes: np.ndarray | float) -> np.ndarray:
    return np.maximum(np.cos(np.radians(latitudes)), 0.01)


def is_on_earth(points: np.ndarray) -> np.ndarray:
    """Say which numbers are a place on earth at all."""
    return np.asarray((np.abs(points) <= (180, 90)).all(axis=1))


@cache
def read_outlines() -> Mapping[str, Outline]:
    """Return the outline of every country of the base map, with what is drawn apart (see APART), by code."""
    every = gpd.read_file(BASE_MAP).geometry
    apart = {code: every[every.intersects(shapely.Point(point))].iloc[0] for code, point in APART.items()}
    shapes = read_country_shapes().geometry
    return MappingProxyType(
        {str(code): _to_outline([shape, *([apart[code]] if code in apart else [])]) for code, shape in shapes.items()}
    )


def _to_outline(shapes: Sequence[shapely.Geometry]) -> Outline:
    shapely.prepare(shapes)
    rings = shapely.get_rings(shapely.get_parts(shapes))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    starts, ends = points[:-1][same], points[1:][same]
    tree = shapely.STRtree(np.asarray(shapely.linestrings(np.stack([starts, ends], axis=1))))
    west, south, east, north = shapely.total_bounds(shapes)
    return Outline(tuple(shapes), starts, ends, tree, (west, south, east, north))


@cache
def _read_tree() -> tuple[tuple[str, ...], shapely.STRtree]:
    owners = [(code, shape) for code, outline in read_outlines().items() for shape in outline.shapes]
    shapes = np.array([shape for _, shape in owners])
    return tuple(code for code, _ in owners), shapely.STRtree(shapes)


def find_other_countries(points: np.ndarray, *, countries: Sequence[str]) -> tuple[list[str | None], np.ndarray]:
    """Return of each point the country other than the given one in which it lies, or whose outline is nearest.

    Outlines farther than TOLERANCE_M do not count: None at sea. The second array says whether the point lies inside.
    """
    codes, tree = _read_tree()
    others: list[str | None] = [None] * len(points)
    inside = np.zeros(len(points), dtype=bool)
    valid = np.flatnonzero(is_on_earth(points))
    for number, shape in zip(*tree.query(shapely.points(points[valid]), predicate="intersects"), strict=True):
        row = int(valid[number])
        if codes[shape] != countries[row]:
            others[row], inside[row] = codes[shape], True
    rest = valid[~inside[valid]]
    nearest = np.full(len(points), np.inf)
    wide = 1.01 * _REACH / _narrowing(points[rest, 1])
    longitudes, latitudes = points[rest].T
    boxes = shapely.box(longitudes - wide, latitudes - 1.01 * _REACH, longitudes + wide, latitudes + 1.01 * _REACH)
    numbers, shapes = tree.query(boxes)
    owners = np.array([codes[shape] for shape in shapes], dtype=object)
    for code in dict.fromkeys(owners):
        rows = np.unique(rest[numbers[owners == code]])
        rows = rows[[countries[row] != code for row in rows]]
        metres = read_outlines()[code].to_near_distance_m(points[rows])
        for row in rows[metres < nearest[rows]]:
            others[row] = code
        nearest[rows] = np.minimum(nearest[rows], metres)
    return others, inside


@cache
def read_outlying_towns() -> Mapping[str, np.ndarray]:
    """Return the towns that the base map leaves outside of their countries, as points by country code.

    Made by scripts/make_outlying_towns.py.
    """
    towns: dict[str, list[tuple[float, float]]] = {}
    with OUTLYING_TOWNS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            towns.setdefault(row["country"], []).append((float(row["longitude"]), float(row["latitude"])))
    return MappingProxyType({country: np.array(points) for country, points in towns.items()})


def to_country_distance_m(longitudes: np.ndarray, latitudes: np.ndarray, *, countries: Sequence[str]) -> np.ndarray:
    """Return how far points (degrees, WGS 84) lie outside of countries, in metres; 0 inside.

    Measured to the outlines of the base map. Near a point a degree of longitude is shortened by the cosine of the
    latitude, the distance to the outline's nearest point is then that of the geodesic on WGS 84. A point that is on no
    place on earth is infinitely far from any country. Raises KeyError for a country without a shape.
    """
    shapes = read_country_shapes().geometry
    distances = np.full(len(longitudes), np.inf)
    valid = (np.abs(latitudes) <= 90) & (np.abs(longitudes) <= 180)
    codes = np.asarray(countries, dtype=object)
    for code in dict.fromkeys(codes[valid]):
        shape = shapes.loc[code]
        shapely.prepare(shape)
        rows = np.flatnonzero(valid & (codes == code))
        points = shapely.points(longitudes[rows], latitudes[rows])
        inside = shapely.covers(shape, points)
        distances[rows[inside]] = 0
        outside = rows[~inside]
        bands = np.round(latitudes[outside])
        for band in np.unique(bands):
            here = outside[bands == band]
            scale = np.array([max(np.cos(np.radians(band)), 0.01), 1.0])
            squeezed = shapely.transform(shape, _to_scaling(scale))
            starts = shapely.points(longitudes[here] * scale[0], latitudes[here])
            nearest = shapely.get_coordinates(shapely.shortest_line(starts, squeezed))[1::2] / scale
            distances[here] = WGS84.inv(longitudes[here], latitudes[here], nearest[:, 0], nearest[:, 1])[2]
    return distances


def _to_scaling(scale: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    return lambda points: points * scale
