"""One consistent set of everything made from the tables."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.arcs import to_links
from geo.geodata import to_located_partnerships, to_municipality_points, to_roles
from geo.schema import TABLES
from geo.tables import Tables, read_tables


@dataclass(frozen=True, eq=False)
class Dataset:
    """The checked tables and the geodata made from them. Shared by all sessions: never change a frame in place.

    `municipalities`: points indexed by id, with `role`. `links`: arcs indexed by partnership id (see `to_links`).
    `saved`: when the youngest table was saved.
    """

    saved: datetime
    tables: Tables
    municipalities: gpd.GeoDataFrame
    links: gpd.GeoDataFrame

    @cached_property
    def themes(self) -> pd.DataFrame:
        """The vocabulary of themes indexed by id."""
        return self.tables["themes"].set_index("id")

    @cached_property
    def meetings(self) -> pd.DataFrame:
        """The meetings indexed by id, in the order of their beginning."""
        return self.tables["meetings"].sort_values("start", kind="stable").set_index("id")

    @cached_property
    def sites(self) -> pd.DataFrame:
        """The excursion sites indexed by id."""
        return self.tables["sites"].set_index("id")

    @cached_property
    def phases(self) -> pd.DataFrame:
        """The project phases indexed by their number."""
        return self.tables["phases"].set_index("phase")


def build_dataset(folder: Path) -> Dataset:
    """Read, check and locate all tables of a folder. Raises TablesError when they have faults."""
    tables = read_tables(folder)
    points = to_municipality_points(tables["municipalities"])
    located = to_located_partnerships(tables["partnerships"], points)
    paths = [folder / f"{table.name}.csv" for table in TABLES]
    return Dataset(
        saved=datetime.fromtimestamp(max(path.stat().st_mtime for path in paths)).astimezone(),
        tables=tables,
        municipalities=points.assign(role=to_roles(points, tables["partnerships"])),
        links=to_links(located),
    )
