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

from benchmarks.generated import REAL, ROOT, make_tables, write_folder
from geo.checking import check_files
from geo.language import Language, read_languages
from geo.report import Report, to_report
from geo.tables import read_files

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
        texts = make_tables(partnerships, seed=seed)
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
