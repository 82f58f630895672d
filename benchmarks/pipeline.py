"""The way of the data from files to what the map is told, stage by stage, without browser and server.

    python -m benchmarks.pipeline [--partnerships real 1000 10000 100000] [--rounds 3]

Each size has a process of its own. Prints the median seconds of each stage over the rounds, those of the first round,
which loads what later ones find loaded, and the kilobytes of what browsers are sent.
"""

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypeVar

import numpy as np

from benchmarks.generated import find_tables
from benchmarks.scale import SIZES, name_size
from geo.checking import check_files
from geo.dataset import build_dataset
from geo.filters import Index, Mask, Selection, count_options, to_mask
from geo.indexes import build_indexes
from geo.language import Language
from geo.layers import ShownLinks, build_shown_layer
from geo.tables import Tables, read_files
from server.documents import BUILDERS, read_document
from server.store import available_languages

LANGUAGE = "de"
CHOSEN = Selection(phase=(3,))
CHECK = "read and check all tables"
AIMS = {"real": 0.5, "10000": 2, "100000": 15}
Made = TypeVar("Made")


@dataclass
class Clock:
    """Seconds of each stage, one per round, and kilobytes of what some of them make."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    kilobytes: dict[str, float] = field(default_factory=dict)

    def time(self, stage: str, do: Callable[[], Made]) -> Made:
        """Do something, and note how long it took."""
        start = perf_counter()
        made = do()
        self.seconds.setdefault(stage, []).append(perf_counter() - start)
        if isinstance(made, str):
            self.kilobytes[stage] = len(made.encode()) / 1000
        return made


def run_rounds(folder: Path, *, rounds: int) -> Clock:
    """Go all the way so many times."""
    clock = Clock()
    for number in range(rounds):
        run_round(clock, folder, number=number)
    return clock


def run_round(clock: Clock, folder: Path, *, number: int) -> None:
    """Go all the way once: the dataset is a new one, of which nothing is kept."""
    language = available_languages()[LANGUAGE]
    tables = clock.time(CHECK, lambda: read_tables(folder, number=number))
    dataset = clock.time("dataset: points and arcs", lambda: build_dataset(tables, saved=datetime.now(UTC)))
    index = clock.time("indexes", lambda: build_indexes(dataset)).links
    mask = clock.time("mask of a filter", lambda: to_mask(index, CHOSEN))
    clock.time("counts of its options", lambda: count_options(index, CHOSEN))
    clock.time("message to the map, filtered", lambda: build_message(index, mask, language=language))
    clock.time("message to the map, everything", lambda: build_message(index, np.ones_like(mask), language=language))
    for name in BUILDERS:
        clock.time(f"document: {name}", lambda name=name: read_document(dataset, name, LANGUAGE))


def read_tables(folder: Path, *, number: int) -> Tables:
    """Read and check. Files that have not changed are not checked again: each round has line ends of its own."""
    return check_files({name: content + b"\n" * number for name, content in read_files(folder).items()}).to_tables()


def build_message(index: Index, mask: Mask, *, language: Language) -> str:
    """Write the call that shows the partnerships of a mask."""
    shown = ShownLinks(np.flatnonzero(mask).tolist(), years=index.years)
    return build_shown_layer(shown, script_url="map.js", document_url="network.json", language=language)


def print_stages(size: str, clock: Clock) -> None:
    """Print a line per stage."""
    print(f"{name_size(size)} partnerships" if size != "real" else "real tables")
    for stage, seconds in clock.seconds.items():
        made = f"   {clock.kilobytes[stage]:10,.1f} kB" if stage in clock.kilobytes else ""
        aim = f"   aim ≤ {AIMS[size]:g} s" if stage == CHECK and size in AIMS else ""
        print(f"  {stage:34}median {median(seconds):8.4f} s   first {seconds[0]:8.4f} s{made}{aim}")


def main(sizes: list[str], rounds: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as temporary:
        for size in sizes:
            folder = find_tables(size, Path(temporary))
            with get_context("spawn").Pool(1) as fresh:
                print_stages(size, fresh.apply(run_rounds, (folder,), {"rounds": rounds}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--partnerships", nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    main(arguments.partnerships, arguments.rounds)
