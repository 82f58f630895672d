"""The tables as open data: which files there are, which filters apply to them, and what they hold."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from geo.arcs import to_arcs
from geo.calendars import to_ics_bytes
from geo.cells import LIST_SEPARATOR
from geo.checking import Texts
from geo.dataset import Dataset
from geo.errors import mark
from geo.filters import Selection, is_empty, to_mask
from geo.geodata import CRS, NORTH, SOUTH
from geo.indexes import build_indexes
from geo.language import Language
from geo.schema import TABLE_BY_NAME, TABLES
from geo.table_files import to_plain_bytes

CSV, GEOJSON, GEOPACKAGE, CALENDAR = (
    "text/csv",
    "application/geo+json",
    "application/geopackage+sqlite3",
    "text/calendar",
)
TITLE = mark("Kommunale Klimapartnerschaften")
HOLDS = mark("Klimapartnerschaften deutscher Kommunen mit Kommunen im Globalen Süden und ihre Treffen")
# Eleven metres; an arc between its ends is no place.
ARC_DECIMALS = 4
# Programs of some years ago read this version without a warning.
_WIDELY_READ: Mapping[str, Any] = MappingProxyType({"dataset_options": {"VERSION": "1.2"}})
_GEOMETRIES = {"partnerships": "MultiLineString", "municipalities": "Point", "meetings": "Point", "sites": "Point"}
_LINK_FILTERS = ("phase", "country", "theme", "state", "q", "until")
_MEETING_FILTERS = ("phase", "kind", "country", "q", "year_from", "year_to")
_SITE_FILTERS = ("theme", "country", "meeting")
_TABLE_FILTERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "partnerships": _LINK_FILTERS,
        "municipalities": _LINK_FILTERS,
        "meetings": _MEETING_FILTERS,
        "delegations": _MEETING_FILTERS,
        "agenda": _MEETING_FILTERS,
        "sites": _SITE_FILTERS,
    }
)


@dataclass(frozen=True)
class OpenFile:
    """A file that is offered: its name, media type, what it holds (in German), and the filters that apply to it."""

    name: str
    media_type: str
    holds: str
    filters: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """What the file holds, by the name of its table."""
        return self.name.partition(".")[0]


FILES: Mapping[str, OpenFile] = MappingProxyType(
    {
        file.name: file
        for file in (
            *(OpenFile(f"{one.name}.csv", CSV, one.holds, _TABLE_FILTERS.get(one.name, ())) for one in TABLES),
            OpenFile("partnerships.geojson", GEOJSON, mark("Partnerschaften als Linien auf der Karte"), _LINK_FILTERS),
            OpenFile("municipalities.geojson", GEOJSON, mark("Kommunen als Punkte"), _LINK_FILTERS),
            OpenFile("sites.geojson", GEOJSON, mark("Exkursionsorte als Punkte"), _SITE_FILTERS),
            OpenFile(
                "atlas.gpkg",
                GEOPACKAGE,
                mark("Alle Tabellen in einer Datei für Geoinformationssysteme (GeoPackage)"),
                tuple(dict.fromkeys((*_LINK_FILTERS, *_MEETING_FILTERS, *_SITE_FILTERS))),
            ),
            OpenFile("meetings.ics", CALENDAR, mark("Treffen als Kalender"), _MEETING_FILTERS),
        )
    }
)


Kept = Mapping[str, frozenset[str]]
# Which rows of these tables stay is said by the meeting that they belong to.
_OF_MEETINGS = ("delegations", "agenda")


def build_file(file: OpenFile, dataset: Dataset, texts: Texts, selection: Selection, *, language: Language) -> bytes:
    """Write a file with the rows that pass the filters.

    `texts` are the tables of the data set as text (see `Checked.texts`), of which CSV files are made. Only the calendar
    has texts in the reader's language.
    """
    kept = find_kept(dataset, selection)
    if file.media_type == CSV:
        return to_plain_bytes(keep_rows(texts[file.stem], file.stem, kept))
    if file.media_type == CALENDAR:
        return to_ics_bytes(list(keep_rows(dataset.meetings, "meetings", kept).index), dataset, language=language)
    layers = build_layers(dataset, kept)
    return to_geojson_bytes(layers[file.stem]) if file.media_type == GEOJSON else to_geopackage_bytes(layers, dataset)


def find_kept(dataset: Dataset, selection: Selection) -> Kept:
    """Find the ids that pass the filters, by table; a table of which everything stays is missing.

    Municipalities stay with their partnerships.
    """
    indexes = build_indexes(dataset)
    filtered = {
        "partnerships": (indexes.links, dataset.links),
        "meetings": (indexes.meetings, dataset.meetings),
        "sites": (indexes.sites, dataset.sites),
    }
    kept = {
        name: frozenset(frame.index[to_mask(index, selection)])
        for name, (index, frame) in filtered.items()
        if not is_empty(selection, index.names)
    }
    if "partnerships" in kept:
        ends = dataset.links.loc[dataset.links.index.isin(kept["partnerships"]), [NORTH, SOUTH]]
        kept["municipalities"] = frozenset(ends.to_numpy().ravel())
    return kept


def keep_rows(frame: pd.DataFrame, table: str, kept: Kept) -> pd.DataFrame:
    """Return the rows of a table that pass; the id is in the column `id` or the index, the meeting in `meeting`."""
    owner, column = ("meetings", "meeting") if table in _OF_MEETINGS else (table, "id")
    if owner not in kept:
        return frame
    return frame[frame.get(column, frame.index).isin(kept[owner])]


def build_layers(dataset: Dataset, kept: Kept) -> dict[str, pd.DataFrame]:
    """Return every table with its types, and with `geometry` (EPSG:4326, longitude and latitude) where it has places.

    Partnerships are the geodesics of `to_arcs` (lines from north to south, cut at the antimeridian) with the names,
    countries and regions of both ends and `distance_km`; municipalities have their `role`, sites `distance_km` from the
    town of their meeting. Rows are those that pass the filters.
    """
    links = keep_rows(dataset.links, "partnerships", kept)
    arcs = to_arcs(links)
    places = {
        "partnerships": gpd.GeoDataFrame(
            links.drop(columns=[f"{role}_point" for role in (NORTH, SOUTH)]),
            geometry=gpd.GeoSeries(_round(arcs.to_numpy()), index=arcs.index, crs=CRS),
        ),
        "municipalities": dataset.municipalities,
        "meetings": dataset.meetings,
        "sites": dataset.sites,
    }
    layers = {name: places.get(name, frame) for name, frame in dataset.tables.items()}
    return {name: _to_plain(keep_rows(frame, name, kept)) for name, frame in layers.items()}


def _round(lines: np.ndarray) -> np.ndarray:
    rounded: np.ndarray = shapely.transform(lines, lambda points: np.round(points, ARC_DECIMALS))
    return rounded


def _to_plain(frame: pd.DataFrame) -> pd.DataFrame:
    plain = frame.reset_index() if frame.index.name else frame.reset_index(drop=True)
    return plain.assign(**({"distance_km": plain["distance_km"].round(1)} if "distance_km" in plain else {}))


def to_geojson_bytes(places: pd.DataFrame) -> bytes:
    """Write places as GeoJSON (RFC 7946), an object with its id for each.

    Coordinates are longitude and latitude on WGS 84; lists are arrays, what is missing is null.
    """
    features = gpd.GeoDataFrame(places.set_index("id"))
    facts = features.columns.drop("geometry")
    features[facts] = features[facts].astype(object).where(features[facts].notna(), None)
    text: str = features.to_json(ensure_ascii=False, separators=(",", ":"), to_wgs84=True)
    return text.encode()


def to_geopackage_bytes(layers: Mapping[str, pd.DataFrame], dataset: Dataset) -> bytes:
    """Write tables as the layers of one GeoPackage (OGC 12-128r19); lists are texts with `;` between their parts.

    The same tables give the same file: its time is that of the data set.
    """
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{dataset.saved.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "atlas.gpkg"
        for name, frame in layers.items():
            lists = [column for column in frame.columns if TABLE_BY_NAME[name].kind(column) == "list"]
            joined = frame.assign(**{column: frame[column].map(LIST_SEPARATOR.join) for column in lists})
            kind = {"geometry_type": _GEOMETRIES[name]} if "geometry" in joined else {}
            pyogrio.write_dataframe(joined, path, layer=name, driver="GPKG", **_WIDELY_READ, **kind)
        return path.read_bytes()
