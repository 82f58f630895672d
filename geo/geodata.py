"""Tables become geodata: municipalities as points, partnerships with both their ends."""

import geopandas as gpd
import pandas as pd

CRS = "EPSG:4326"
NORTH, SOUTH = "north", "south"
_END_COLUMNS = ["name", "country", "region"]


def to_municipality_points(municipalities: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the municipalities as points.

    Takes the table's columns `id, latitude, longitude` and any others. Returns the same rows indexed by `id`, without
    the two coordinate columns, with `geometry` in EPSG:4326 (longitude, latitude).
    """
    points = gpd.points_from_xy(
        municipalities["longitude"].to_numpy("float64"), municipalities["latitude"].to_numpy("float64"), crs=CRS
    )
    columns = municipalities.drop(columns=["latitude", "longitude"])
    return gpd.GeoDataFrame(columns, geometry=points).set_index("id")


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
    idle_german = (points["country"] == "DE").to_numpy() & ~points.index.isin(partnerships[SOUTH])
    return roles.mask(points.index.isin(partnerships[NORTH]) | idle_german, NORTH)
