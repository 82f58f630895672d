"""Many links become few: bundled by country, or by Bundesland, each with the number of links it stands for."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.arcs import MOST_ARCS, to_geodesics
from geo.dataset import Dataset
from geo.filters import Mask, Selection
from geo.geodata import CRS, NORTH, SOUTH
from geo.indexes import STATE_CODES, LinkIndex
from geo.language import Language
from geo.layers import ShownBundles, ShownLinks
from geo.leaflet import to_leaflet_arcs, to_leaflet_point
from geo.network_document import to_map_frame
from geo.schema import GERMAN_STATES


def is_large(dataset: Dataset) -> bool:
    """Say whether a data set has more links than a browser is given at once."""
    return len(dataset.links) > MOST_ARCS


def to_shown_network(
    mask: Mask, index: LinkIndex, selection: Selection, *, by_country: bool = False, **details: Any
) -> ShownLinks | ShownBundles:
    """Return what the map of the network shows of the links in a mask: one by one, or as bundles.

    They are bundled when that is asked for with `by_country`, and when they are more than MOST_ARCS: by country, or by
    Bundesland where the selection has only one southern country. `details` are fields of ShownLinks; of bundles those
    that they have too.
    """
    positions = np.flatnonzero(mask).tolist()
    many = len(positions) > MOST_ARCS
    if not (many or by_country):
        return ShownLinks(positions, until=selection.until, **details)
    # Germany, which all links have in common, is no end of a bundle.
    southern = [code for code in selection.country if code in index.southern.options]
    country = southern[0] if len(selection.country) == len(southern) == 1 else None
    by_state = list(index.states.count(mask).values())
    if sum(by_state) < len(positions):
        # Not every northern end lies in a Bundesland: those that do would pass for all.
        country, by_state = None, []
    kept = {name: value for name, value in details.items() if name in ShownBundles.__annotations__}
    if "bundling" in kept and many:
        kept["bundling"] = "must"
    return ShownBundles(
        counts=by_state if country else list(index.southern.count(mask).values()),
        states=[] if country else by_state,
        kind="state" if country else "country",
        country=country,
        state=selection.state[0] if len(selection.state) == 1 and not country else None,
        links=[] if many else positions,
        opens=not (country and len(selection.state) == 1),
        until=selection.until,
        new=int((mask & (index.begin == selection.until)).sum()) if selection.until else 0,
        **kept,
    )


def to_bundles(
    dataset: Dataset, index: LinkIndex, *, language: Language, state: str | None = None, country: str | None = None
) -> gpd.GeoDataFrame:
    """Return what bundles end in, by code: every southern country, or with a `country` every Bundesland.

    The codes are those of ISO 3166-1, or of ISO 3166-2 without `DE-`, in the order of `index.southern` or
    `index.states`. Returns `name`, `point` and `geometry`, an arc (EPSG:4326; see to_geodesics) between the middle of
    the northern municipalities, of one Bundesland with `state`, and the middle of each country's southern ones. Raises
    KeyError for a `state` or `country` that there is not.
    """
    north, south = (dataset.municipalities[dataset.municipalities["role"] == role] for role in (NORTH, SOUTH))
    states = to_middles(north.geometry, by=north["region"].map(STATE_CODES)).reindex(index.states.options)
    countries = to_middles(south.geometry, by=south["country"]).reindex(index.southern.options)
    if country is not None:
        ends, starts, stops = states, states, [countries[country]] * len(states)
        names = [language.gettext(GERMAN_STATES[code]) for code in states.index]
    else:
        middle = states[state] if state else next(iter(to_middles(north.geometry, by=north["role"])), None)
        ends, starts, stops = countries, [middle] * len(countries), countries
        names = [language.country(code) for code in countries.index]
    arcs, _ = to_geodesics(shapely.get_coordinates(list(starts)), shapely.get_coordinates(list(stops)))
    return gpd.GeoDataFrame(
        {"name": names, "point": ends}, index=ends.index, geometry=gpd.GeoSeries(arcs, ends.index, crs=CRS)
    )


def to_bundles_document(
    dataset: Dataset, index: LinkIndex, *, language: Language, state: str | None = None, country: str | None = None
) -> dict[str, Any]:
    """Return what the map shows of bundled links, in one language, ready for JSON; the counts come with each change.

    `ends`: id, name, `at` (latitude, longitude) and `arc` (see to_leaflet_lines) of each row of to_bundles. `states`:
    without a `country`, id, name and `at` of each Bundesland, for who looks at Germany. And to_map_frame.
    """
    ends = to_bundles(dataset, index, language=language, state=state, country=country)
    any_country = next(map(str, index.southern.options), None)  # the arcs of `states` are not needed
    states = to_bundles(dataset, index, language=language, country=any_country)
    arcs = to_leaflet_arcs(ends.geometry.to_numpy())
    return {
        "ends": [end | {"arc": arc} for end, arc in zip(_to_entries(ends), arcs, strict=True)],
        "states": _to_entries(states) if country is None else [],
        **to_map_frame(dataset, language=language),
    }


def to_middles(points: gpd.GeoSeries, *, by: pd.Series) -> gpd.GeoSeries:
    """Return the middle of each group of points (EPSG:4326), by the group's name.

    The middle lies in the direction of the mean of the points' directions from the centre of the earth, taken as a
    sphere: unlike a mean of longitudes it knows no date line.
    """
    longitude, latitude = np.radians(shapely.get_coordinates(points.to_numpy())).T
    directions = {
        "x": np.cos(latitude) * np.cos(longitude),
        "y": np.cos(latitude) * np.sin(longitude),
        "z": np.sin(latitude),
    }
    means = pd.DataFrame(directions).groupby(by.to_numpy(object)).mean()
    longitudes = np.degrees(np.arctan2(means["y"], means["x"]))
    latitudes = np.degrees(np.arctan2(means["z"], np.hypot(means["x"], means["y"])))
    return gpd.GeoSeries(gpd.points_from_xy(longitudes, latitudes), index=means.index, crs=CRS)


def _to_entries(ends: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    columns = zip(ends.index, ends["name"], map(to_leaflet_point, ends["point"]), strict=True)
    return [{"id": code, "name": name, "at": at} for code, name, at in columns]
