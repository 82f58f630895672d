"""Tables become geodata: municipalities, meetings and sites as points, partnerships with both their ends."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

CRS = "EPSG:4326"
WGS84 = Geod(ellps="WGS84")
NORTH, SOUTH = "north", "south"
_END_COLUMNS = ["name", "country", "region"]


def to_points(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the rows of a table as points.

    Takes the columns `id, latitude, longitude` and any others. Returns the same rows indexed by `id`, without the two
    coordinate columns, with `geometry` in EPSG:4326 (longitude, latitude); it is missing where a coordinate is.
    """
    longitude, latitude = (table[name].to_numpy("float64", na_value=np.nan) for name in ("longitude", "latitude"))
    geometry = np.asarray(gpd.points_from_xy(longitude, latitude), dtype=object)
    geometry[np.isnan(longitude) | np.isnan(latitude)] = None
    columns = table.drop(columns=["latitude", "longitude"])
    located = gpd.GeoSeries(geometry, index=table.index, crs=CRS)
    return gpd.GeoDataFrame(columns, geometry=located).set_index("id")


def to_site_points(sites: pd.DataFrame, meetings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return excursion sites as points (see to_points) with `distance_km` from the town of their meeting.

    The distance is that of the geodesic on WGS 84; it is missing where the meeting has no place on the map.
    """
    points = to_points(sites)
    towns = meetings.geometry.reindex(points["meeting"])
    known = towns.notna().to_numpy()
    distance_km = np.full(len(points), np.nan)
    if known.any():
        starts = shapely.get_coordinates(towns.to_numpy()[known])
        ends = shapely.get_coordinates(points.geometry.to_numpy()[known])
        metres = WGS84.inv(starts[:, 0], starts[:, 1], ends[:, 0], ends[:, 1])[2]
        distance_km[known] = np.asarray(metres) / 1000
    return points.assign(distance_km=distance_km)


def to_located_partnerships(partnerships: pd.DataFrame, points: gpd.GeoDataFrame) -> pd.DataFrame:
    """Join both ends to each partnership; which end is north is what the table says, never the latitude.

    Takes the table `partnerships` and municipality points indexed by id. Returns the partnerships indexed by `id` with
    `north_name, north_country, north_region, north_point` and the same for `south`; the points are shapely points in
    the points' CRS.
    """
    located = partnerships.set_index("id")
    for role in (NORTH, SOUTH):
        ends = points[[*_END_COLUMNS, "geometry"]].reindex(located[role])
        ends = ends.rename(columns={"geometry": "point"}).add_prefix(f"{role}_").set_axis(located.index)
        located = located.join(pd.DataFrame(ends))
    return located


def to_roles(points: gpd.GeoDataFrame, partnerships: pd.DataFrame) -> pd.Series:
    """Say of each municipality whether it is a northern or a southern partner, in the order of `points`.

    A municipality without a partnership in the table has the role `south`, unless it is German: the project's
    northern partners are German municipalities.
    """
    roles = pd.Series(SOUTH, index=points.index, dtype="string", name="role")
    is_north, is_south = (points.index.isin(partnerships[role].drop_duplicates()) for role in (NORTH, SOUTH))
    idle_german = (points["country"] == "DE").to_numpy() & ~is_south
    return roles.mask(is_north | idle_german, NORTH)
