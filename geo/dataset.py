"""One consistent set of everything made from the tables."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.arcs import to_links
from geo.checking import check_files
from geo.countries import to_country_points
from geo.delegations import to_delegations
from geo.geodata import to_located_partnerships, to_points, to_roles, to_site_points
from geo.tables import Tables, read_files


@dataclass(frozen=True, eq=False)
class Dataset:
    """The checked tables and the geodata made from them. Shared by all sessions: never change a frame in place.

    `municipalities`: points indexed by id, with `role`. `links`: partnerships indexed by id with both ends and
    their distance (see `to_links`); an arc is made of what is shown (see `to_arcs`).
    `meetings`: points indexed by id in the order of their beginning; missing for a meeting without a place.
    `delegations`: see `to_delegations`. `sites`: points indexed by id, with `distance_km` from the meeting's town.
    `saved`: when the youngest table was saved.
    """

    saved: datetime
    tables: Tables
    municipalities: gpd.GeoDataFrame
    links: pd.DataFrame
    meetings: gpd.GeoDataFrame
    delegations: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame

    def link(self, partnership: str) -> dict[str, Any]:
        """Return one partnership: its value in each column of `links`. Raises KeyError for an unknown id."""
        return {str(name): value for name, value in self.links.loc[partnership].items()}

    @cached_property
    def themes(self) -> pd.DataFrame:
        """The vocabulary of themes indexed by id."""
        return self.tables["themes"].set_index("id")

    @cached_property
    def phases(self) -> pd.DataFrame:
        """The project phases indexed by their number."""
        return self.tables["phases"].set_index("phase")


def build_dataset(tables: Tables, *, saved: datetime) -> Dataset:
    """Locate the checked tables (see `Checked.to_tables`), which were saved at `saved`."""
    points = to_points(tables["municipalities"])
    links = to_links(to_located_partnerships(tables["partnerships"], points))
    meetings = to_points(tables["meetings"].sort_values("start", kind="stable"))
    return Dataset(
        saved=saved,
        tables=tables,
        municipalities=points.assign(role=to_roles(points, tables["partnerships"])),
        links=links,
        meetings=meetings,
        delegations=to_delegations(
            tables["delegations"],
            meetings=meetings,
            partnerships=links,
            municipalities=points,
            country_points=to_country_points(),
        ),
        sites=to_site_points(tables["sites"], meetings),
    )


def read_dataset(folder: Path) -> Dataset:
    """Read, check and locate all tables of a folder.

    Raises TablesError when they have faults, OSError when a file cannot be read.
    """
    saved = max((path.stat().st_mtime for path in folder.glob("*.csv")), default=0.0)
    tables = check_files(read_files(folder)).to_tables()
    return build_dataset(tables, saved=datetime.fromtimestamp(saved).astimezone())
