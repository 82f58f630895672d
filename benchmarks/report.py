"""Read, check and report: the real tables, and generated ones with thousands of partnerships.

    python -m benchmarks.report [--partnerships 10000] [--rounds 5] [--seed 4] [--profile]

Prints median seconds, the first round (which reads the outlines of the countries) and how much was found; then the
ratio to the real tables. The generated municipalities are towns of the gazetteer; of the third set, every twentieth row
is wrong. With --profile the functions that take most of the time are printed for each set.
"""

import argparse
import cProfile
import pstats
import random
import tempfile
import time
from pathlib import Path
from statistics import median

import pandas as pd

from geo.checking import check_files, read_table
from geo.gazetteer import Gazetteer, read_gazetteer
from geo.language import Language, read_languages
from geo.report import Report, to_report
from geo.schema import GERMAN_STATES, TABLE_BY_NAME
from geo.table_files import to_plain_bytes
from geo.tables import read_files

ROOT = Path(__file__).absolute().parent.parent
REAL = ROOT / "data"
NORTH, SOUTH = 5_000, 8_000
WRONG_SHARE = 0.05
MUNICIPALITY_FAULTS = (
    {"latitude": "{longitude}", "longitude": "{latitude}"},
    {"latitude": "{turned_latitude}"},
    {"longitude": "{turned_longitude}"},
    {"latitude": "{shifted_latitude}"},
    {"longitude": "{shifted_longitude}"},
    {"longitude": "{longitude}°"},
    {"latitude": "47.123,5"},
    {"latitude": "147.1"},
    {"country": "AQ"},
    {"country": "Mexiko"},
    {"region": "Bayer", "country": "DE"},
    {"id": "{id}x"},
    {"id": "Die {name}"},
    {"name": ""},
    {"name": "MÃ¼nchen"},
    {"kind": "city"},
    {"precision_m": "1 km"},
)
PARTNERSHIP_FAULTS = (
    {"north": "{north}x"},
    {"south": "{south}x"},
    {"south": "{north}"},
    {"themes": "wter;{themes}"},
    {"themes": "{themes};something-else"},
    {"phase": "99"},
    {"phase": "neun"},
    {"since": "20x1"},
    {"since": "27.09.2023"},
    {"since": "1950"},
    {"twinned_since": "2200"},
    {"source_url": "www.lag21.de"},
    {"confidence": "hoch"},
    {"confidence": ""},
    {"id": "bonn--cape-coast-1"},
)
MEETING_FAULTS = (
    {"start": "2023-02-30"},
    {"start": "Sep 23"},
    {"end": "1999"},
    {"latitude": "{longitude}", "longitude": "{latitude}"},
    {"country": ""},
)
FAULTS = {"municipalities": MUNICIPALITY_FAULTS, "partnerships": PARTNERSHIP_FAULTS, "meetings": MEETING_FAULTS}


def make_tables(partnerships: int, *, gazetteer: Gazetteer, luck: random.Random) -> dict[str, pd.DataFrame]:
    """Make all tables as text: the real ones, with more municipalities and partnerships."""
    texts = {}
    for name, content in read_files(REAL).items():
        text, _, findings = read_table(content, table=TABLE_BY_NAME[name])
        assert text is not None, findings
        texts[name] = text
    known = texts["municipalities"]
    southern = set(known.loc[known["id"].isin(texts["partnerships"]["south"]), "country"])
    places = gazetteer.places
    north = _draw(places[places["country"] == "DE"], NORTH, luck=luck)
    south = _draw(places[places["country"].isin(southern)], SOUTH, luck=luck)
    rows = [*_to_municipalities(north, luck=luck), *_to_municipalities(south, luck=luck)]
    texts["municipalities"] = pd.DataFrame(rows, columns=known.columns).astype("string")
    ids = texts["municipalities"]["id"].tolist()
    phases, themes = texts["phases"], texts["themes"]["id"].tolist()
    made = []
    for number in range(partnerships):
        phase = phases.iloc[luck.randrange(len(phases))]
        row = {
            "id": f"partnership-{number}",
            "north": luck.choice(ids[:NORTH]),
            "south": luck.choice(ids[NORTH:]),
            "phase": phase["phase"],
            "since": phase["start"][:4],
            "twinned_since": luck.choice(["", "1999"]),
            "themes": ";".join(luck.sample(themes, luck.randint(0, 4))),
            "source_url": "https://www.lag21.de/aktuelles/",
            "confidence": "high",
        }
        made.append(row)
    texts["partnerships"] = pd.DataFrame(made, columns=texts["partnerships"].columns).astype("string")
    return texts


def _draw(places: pd.DataFrame, count: int, *, luck: random.Random) -> pd.DataFrame:
    return places.loc[luck.sample(places.index.tolist(), count)]


def _to_municipalities(places: pd.DataFrame, *, luck: random.Random) -> list[dict[str, str]]:
    states = list(GERMAN_STATES.values())
    return [
        {
            "id": f"{place.country.lower()}-{place.source.split()[1]}",
            "name": place.name,
            "kind": "municipality",
            "country": place.country,
            "region": luck.choice(states) if place.country == "DE" else "Region",
            "latitude": str(place.latitude),
            "longitude": str(place.longitude),
            "precision_m": "1000",
            "coordinate_source": place.source,
        }
        for place in places.itertuples(index=False, name="Place")
    ]


def spoil(texts: dict[str, pd.DataFrame], *, luck: random.Random) -> dict[str, pd.DataFrame]:
    """Make a share of the rows wrong, each in one of the ways of FAULTS."""
    spoilt = dict(texts)
    for name, faults in FAULTS.items():
        rows = texts[name].fillna("").to_dict("records")
        for number, row in enumerate(luck.sample(range(len(rows)), round(len(rows) * WRONG_SHARE))):
            fault = faults[number % len(faults)]
            known = rows[row] | _to_slips(rows[row])
            rows[row] |= {column: cell.format(**known) for column, cell in fault.items()}
        spoilt[name] = pd.DataFrame(rows, columns=texts[name].columns).astype("string")
    return spoilt


def _to_slips(row: dict[str, str]) -> dict[str, str]:
    degrees = {name: float(row[name]) for name in ("latitude", "longitude") if row.get(name)}
    turned = {f"turned_{name}": f"{-value:.5f}" for name, value in degrees.items()}
    return turned | {f"shifted_{name}": f"{value / 10:.6f}" for name, value in degrees.items()}


def write_folder(folder: Path, texts: dict[str, pd.DataFrame]) -> Path:
    """Write tables into a new folder."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.csv").write_bytes(to_plain_bytes(text))
    return folder


def report(folder: Path, *, language: Language, number: int = 0) -> Report:
    """Read, check and tell: what is measured.

    Files that have not changed are not checked again, so each report has other line ends at the end of its files.
    """
    files = {name: content + b"\n" * number for name, content in read_files(folder).items()}
    checked = check_files(files)
    return to_report(checked.findings, language=language, forms=checked.forms)


def time_report(folder: Path, *, language: Language, rounds: int) -> tuple[list[float], Report]:
    """Return the seconds of each round, and the report."""
    seconds = []
    for number in range(rounds):
        start = time.perf_counter()
        told = report(folder, language=language, number=number)
        seconds.append(time.perf_counter() - start)
    return seconds, told


def print_profile(folder: Path, *, language: Language) -> None:
    """Print the functions of this project that take most of the time, with what they call."""
    profile = cProfile.Profile()
    profile.runcall(report, folder, language=language)
    for order in ("cumulative", "tottime"):
        pstats.Stats(profile).strip_dirs().sort_stats(order).print_stats(30)


def main(partnerships: int, rounds: int, seed: int, *, profile: bool) -> None:
    """Measure and print."""
    language = read_languages(ROOT / "locales")["de"]
    luck = random.Random(seed)
    with tempfile.TemporaryDirectory() as temporary:
        texts = make_tables(partnerships, gazetteer=read_gazetteer(), luck=luck)
        folders = {
            "real tables": REAL,
            f"{partnerships:,} partnerships": write_folder(Path(temporary) / "right", texts),
            f"the same, {WRONG_SHARE:.0%} wrong": write_folder(Path(temporary) / "wrong", spoil(texts, luck=luck)),
        }
        usual = None
        for what, folder in folders.items():
            seconds, told = time_report(folder, language=language, rounds=rounds)
            usual = usual or median(seconds)
            print(
                f"{what:26}median {median(seconds):6.3f} s, {median(seconds) / usual:5.1f} times the real tables; "
                f"first {seconds[0]:6.3f} s; {told.errors} errors, {told.warnings} warnings, {len(told.rows)} listed"
            )
            if profile:
                print_profile(folder, language=language)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--partnerships", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    main(arguments.partnerships, arguments.rounds, arguments.seed, profile=arguments.profile)
