"""What moved on the map between two states of the tables: points that came, went or lie elsewhere now."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from geo.cells import DECIMAL, is_true
from geo.checking import Texts
from geo.schema import TABLE_BY_NAME

LOCATED = ("municipalities", "meetings", "sites")
# The columns a place is called by, the first one that has a text.
_NAMES = ("name", "name_de", "title_de", "place", "id")


@dataclass(frozen=True)
class Move:
    """A place before and after (EPSG:4326, longitude and latitude); None where it was or is not on the map."""

    name: str
    before: shapely.Point | None
    after: shapely.Point | None


def to_moves(before: Texts, after: Texts) -> list[Move]:
    """Compare the points of municipalities, meetings and sites, found by their key, in two states of the tables.

    Points that cannot be read, or lie nowhere on earth, count as not on the map.
    """
    moves = []
    for name in LOCATED:
        if name not in before or name not in after or after[name] is before[name]:
            continue
        key = TABLE_BY_NAME[name].key[0]
        old, new = (_to_places(texts[name], key) for texts in (before, after))
        both = old.add_suffix("_old").join(new.add_suffix("_new"), how="outer", sort=False)
        was, now = (both[[f"longitude_{state}", f"latitude_{state}"]].to_numpy("float64") for state in ("old", "new"))
        moved = ~((was == now) | (np.isnan(was) & np.isnan(now))).all(axis=1)
        labels = both["label_new"].fillna(both["label_old"])
        for row in np.flatnonzero(moved):
            moves.append(Move(str(labels.iloc[row]), _to_point(was[row]), _to_point(now[row])))
    return moves


def _to_places(text: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return label, longitude and latitude by key; both numbers are missing where one is, or is not on earth."""
    known = text.dropna(subset=[key]).drop_duplicates(key).set_index(key, drop=False)
    places = pd.DataFrame(index=known.index)
    places["label"] = known[[name for name in _NAMES if name in known.columns]].bfill(axis=1).iloc[:, 0]
    for name, limit in (("longitude", 180), ("latitude", 90)):
        readable = is_true(known[name].str.fullmatch(DECIMAL))
        numbers = pd.to_numeric(known[name].where(readable)).astype("Float64").to_numpy("float64", na_value=np.nan)
        places[name] = np.where(np.abs(numbers) <= limit, numbers, np.nan)
    lost = places[["longitude", "latitude"]].isna().any(axis=1)
    return places.assign(longitude=places["longitude"].mask(lost), latitude=places["latitude"].mask(lost))


def _to_point(coordinates: np.ndarray) -> shapely.Point | None:
    return None if np.isnan(coordinates).any() else shapely.Point(coordinates)
