"""Geometry as Leaflet wants it: (latitude, longitude). That order begins and ends in this module."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.geodata import NORTH, SOUTH

# Vertices between the ends of an arc are drawn to 0.01 degrees, about 1 km; the ends are drawn where they are.
ARC_DECIMALS = 2
POINT_DECIMALS = 5

LatLon = list[float]
# Where the map stands before anything is drawn, and how far it can be moved: some way beyond the date line.
START: LatLon = [15, 10]
LIMITS: list[LatLon] = [[-80, -230], [86, 230]]


def to_leaflet_point(point: shapely.Point | None) -> LatLon | None:
    """Return a point as (latitude, longitude); None stays None."""
    return None if point is None else [round(point.y, POINT_DECIMALS), round(point.x, POINT_DECIMALS)]


def to_leaflet_lines(arc: shapely.LineString | shapely.MultiLineString) -> list[list[LatLon]]:
    """Return the parts of an arc as lists of (latitude, longitude), rounded except at its two ends."""
    return to_leaflet_arcs([arc])[0]


def to_leaflet_arcs(arcs: Sequence[shapely.LineString | shapely.MultiLineString]) -> list[list[list[LatLon]]]:
    """Return each of several arcs as `to_leaflet_lines` does."""
    parts, arc_of_part = shapely.get_parts(np.asarray(arcs, dtype=object), return_index=True)
    coordinates, part = shapely.get_coordinates(parts, return_index=True)
    arc = arc_of_part[part]
    points = np.round(coordinates[:, ::-1], ARC_DECIMALS)
    ends = np.flatnonzero((np.diff(arc, prepend=-1) > 0) | (np.diff(arc, append=len(arcs)) > 0))
    points[ends] = np.round(coordinates[ends, ::-1], POINT_DECIMALS)
    lines: list[list[list[LatLon]]] = [[] for _ in arcs]
    first = np.searchsorted(part, np.arange(len(parts) + 1)).tolist()
    listed = points.tolist()
    for number, owner in enumerate(arc_of_part.tolist()):
        lines[owner].append(listed[first[number] : first[number + 1]])
    return lines


def to_leaflet_bounds(bounds: npt.NDArray[np.float64]) -> list[LatLon]:
    """Turn (west, south, east, north) into the two corners (south, west) and (north, east)."""
    west, south, east, north = bounds.round(ARC_DECIMALS).tolist()
    return [[south, west], [north, east]]


def to_views(points: gpd.GeoDataFrame) -> dict[str, list[LatLon]]:
    """Return the bounds of all municipalities, of the northern and of the southern ones, for the view buttons."""
    views = {"world": points, NORTH: points[points["role"] == NORTH], SOUTH: points[points["role"] == SOUTH]}
    return {name: to_leaflet_bounds(shown.total_bounds) for name, shown in views.items() if len(shown)}


def keep_near(
    places: Mapping[str, list[Any]], points: Iterable[shapely.Point], *, degrees: float
) -> dict[str, list[Any]]:
    """Keep those of the towns of places.json that lie near a point: so many degrees of latitude to each side.

    `places`: `names`, and `at`: latitude and longitude of each in turn. Returns the same with fewer towns.
    """
    at = np.array(places["at"], dtype=float).reshape(-1, 2)
    near = np.zeros(len(at), dtype=bool)
    for point in points:
        # Near a pole, ten times as many degrees of longitude are enough.
        reach = degrees / max(np.cos(np.radians(point.y)), 0.1)
        across = np.abs((at[:, 1] - point.x + 180) % 360 - 180)
        near |= (np.abs(at[:, 0] - point.y) < degrees) & (across < reach)
    return {"names": [places["names"][town] for town in np.flatnonzero(near)], "at": at[near].ravel().tolist()}
