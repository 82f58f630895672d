"""Who came to a meeting: from each delegation an arc to the host town."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.arcs import MOST_ARCS, to_geodesics
from geo.geodata import CRS, NORTH, SOUTH


def to_delegations(
    delegations: pd.DataFrame,
    *,
    meetings: gpd.GeoDataFrame,
    partnerships: pd.DataFrame,
    municipalities: gpd.GeoDataFrame,
    country_points: gpd.GeoSeries,
) -> gpd.GeoDataFrame:
    """Find where each delegation may have come from.

    The tables name the country of a delegation, not its municipalities. So its origins are the partner municipalities
    in that country of the meeting's phases; where the tables know none, the country's representative point. That also
    stands for the municipalities of a meeting that would have more than MOST_ARCS arcs.

    Takes the tables `delegations` (`meeting, country`), `meetings` indexed by id with `phases` and points,
    `partnerships` with both ends, municipality points and country points (EPSG:4326). Returns a row per origin, in the
    order of `delegations`: `meeting, country, municipality` (missing where only the country is known), `origin` (a
    point, or missing for a country not on the base map), `is_merged` (whether its municipalities are too many for
    arcs of their own), `distance_km`, and `geometry`, the geodesic to the host town (EPSG:4326; missing where either
    end is).
    """
    phases = meetings["phases"].explode().dropna().astype(int).rename("phase").rename_axis("meeting").reset_index()
    ends = pd.concat(
        [
            pd.DataFrame(
                {
                    "phase": partnerships["phase"].astype(int),
                    "country": partnerships[f"{role}_country"],
                    "municipality": partnerships[role],
                }
            )
            for role in (NORTH, SOUTH)
        ]
    )
    partners = phases.merge(ends.drop_duplicates(), on="phase").drop(columns="phase").drop_duplicates()
    came = delegations.merge(partners, on=["meeting", "country"])["meeting"].value_counts()
    large = came.index[came > MOST_ARCS]
    partners = partners[~partners["meeting"].isin(large)]
    found = delegations.merge(partners, on=["meeting", "country"], how="left")
    by_country = country_points.reindex(found["country"]).to_numpy()
    by_municipality = municipalities.geometry.reindex(found["municipality"]).to_numpy()
    origins = np.where(found["municipality"].isna(), by_country, by_municipality)
    hosts = meetings.geometry.reindex(found["meeting"]).to_numpy()
    located = ~(shapely.is_missing(origins) | shapely.is_missing(hosts))
    lines = np.full(len(found), None, dtype=object)
    distances = np.full(len(found), np.nan)
    lines[located], distances[located] = to_geodesics(
        shapely.get_coordinates(origins[located]), shapely.get_coordinates(hosts[located])
    )
    return gpd.GeoDataFrame(
        found.assign(origin=origins, is_merged=found["meeting"].isin(large), distance_km=distances),
        geometry=gpd.GeoSeries(lines, index=found.index, crs=CRS),
    )
