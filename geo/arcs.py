"""Links as geodesics on WGS84, ready for a flat map."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.geodata import CRS, NORTH, SOUTH, WGS84

# A chord of this length leaves its arc by 1.2 km, less than a pixel until a single country fills the map.
STEP_KM = 250.0
# More arcs than these cannot be told apart on a map, and are too much to be sent with every change of a filter.
MOST_ARCS = 300

Floats = npt.NDArray[np.float64]


def to_links(located: pd.DataFrame) -> pd.DataFrame:
    """Add to each partnership `distance_km`, the length of the geodesic on WGS 84 between its ends.

    Takes `north_point` and `south_point` (shapely points, longitude and latitude). The arcs themselves are made of
    those that are shown: see to_arcs.
    """
    starts, ends = _to_ends(located)
    metres = WGS84.inv(starts[:, 0], starts[:, 1], ends[:, 0], ends[:, 1])[2]
    return located.assign(distance_km=np.asarray(metres) / 1000)


def to_arcs(links: pd.DataFrame, *, step_km: float = STEP_KM) -> gpd.GeoSeries:
    """Return the geodesic of each link (EPSG:4326, from north to south), indexed like them; see to_geodesics."""
    lines, _ = to_geodesics(*_to_ends(links), step_km=step_km)
    return gpd.GeoSeries(lines, index=links.index, crs=CRS)


def _to_ends(links: pd.DataFrame) -> tuple[Floats, Floats]:
    north, south = (shapely.get_coordinates(links[f"{role}_point"].to_numpy()) for role in (NORTH, SOUTH))
    return north, south


def to_geodesics(starts: Floats, ends: Floats, *, step_km: float = STEP_KM) -> tuple[npt.NDArray[np.object_], Floats]:
    """Return the geodesics between pairs of points and their lengths in km.

    `starts` and `ends` are arrays of shape (n, 2): longitude, latitude in degrees. The first result holds n line
    strings in (longitude, latitude) with a vertex at least every `step_km`; one that crosses the antimeridian is a
    multi line string with a part on each side, so that no segment jumps across the map. The ends are exactly the
    points given. Equal points give a line of length 0.

    Geodesics after C. F. F. Karney (2013), Algorithms for geodesics, J. Geodesy 87, as in PROJ.
    """
    if not len(starts):
        return np.empty(0, dtype=object), np.empty(0)
    azimuths, _, metres = WGS84.inv(starts[:, 0], starts[:, 1], ends[:, 0], ends[:, 1])
    steps = np.maximum(np.ceil(metres / 1000 / step_km).astype(int), 1)
    line = np.repeat(np.arange(len(starts)), steps + 1)
    first = np.concatenate([[0], np.cumsum(steps + 1)[:-1]])
    fraction = (np.arange(len(line)) - first[line]) / steps[line]
    longitudes, latitudes, _ = WGS84.fwd(starts[line, 0], starts[line, 1], azimuths[line], fraction * metres[line])
    points = np.column_stack([longitudes, latitudes])
    points[first], points[first + steps] = starts, ends
    points, line, part = split_at_antimeridian(points, line)
    parts = np.asarray(shapely.linestrings(points, indices=part))
    line_of_part = line[np.flatnonzero(np.diff(part, prepend=-1))]
    single = np.bincount(line_of_part, minlength=len(starts)) == 1
    geometries = np.empty(len(starts), dtype=object)
    geometries[single] = parts[single[line_of_part]]
    several = ~single[line_of_part]
    if several.any():
        owners, positions = np.unique(line_of_part[several], return_inverse=True)
        geometries[owners] = shapely.multilinestrings(parts[several], indices=positions)
    return geometries, metres / 1000


def split_at_antimeridian(
    points: Floats, line: npt.NDArray[np.int_]
) -> tuple[Floats, npt.NDArray[np.int_], npt.NDArray[np.int_]]:
    """Cut lines where they cross 180 degrees, with a vertex on either side of the cut.

    `points` has shape (n, 2): longitude, latitude; `line` says to which line each point belongs, in ascending order.
    Returns the points with the new ones between them, their line, and their part, counted through all lines.
    The cut lies on the great circle. Neighbours more than 180 degrees of longitude apart are taken to cross. Of
    points on the antimeridian itself, -180 and 180 are the same place.
    """
    step = np.diff(points[:, 0])
    crossing = np.flatnonzero((np.abs(step) > 180) & (line[1:] == line[:-1]))
    side = np.sign(points[crossing, 0])
    # Where the great circle through both points meets the meridian of 180 degrees (E. Williams, Aviation Formulary,
    # "Latitude of point on GC"); between vertices of a geodesic it is the same line to well under a metre.
    before, after = np.radians(180 - np.abs(points[crossing, 0])), np.radians(180 - np.abs(points[crossing + 1, 0]))
    slope_before, slope_after = np.tan(np.radians(points[crossing, 1])), np.tan(np.radians(points[crossing + 1, 1]))
    height = slope_before * np.sin(after) + slope_after * np.sin(before)
    latitude = np.degrees(np.arctan2(height, np.sin(before + after)))
    on_it = before + after == 0
    latitude[on_it] = (points[crossing, 1] + points[crossing + 1, 1])[on_it] / 2
    leaving = np.column_stack([side * 180, latitude])
    entering = np.column_stack([-side * 180, latitude])
    at = np.repeat(crossing + 1, 2)
    new = np.stack([leaving, entering], axis=1).reshape(-1, 2)
    starts_part = np.concatenate([[True], line[1:] != line[:-1]])
    starts_part = np.insert(starts_part, at, np.tile([False, True], len(crossing)))
    return np.insert(points, at, new, axis=0), np.insert(line, at, line[at]), np.cumsum(starts_part) - 1
