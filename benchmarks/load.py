"""Many visitors at once, against as many at an empty Streamlit app: how long a click takes, and what each one weighs.

    python -m benchmarks.load [--sessions 100] [--seconds 60] [--every 10] [--partnerships N] [--seed 4]

Visitors come in groups of ten; each opens the start page and clicks twice. Then each clicks every ten seconds: in the
atlas on a phase, in the empty app on its button. The clicks of all are spread evenly over the ten seconds, each up to a
second early or late by chance. First the empty app is visited so, then the atlas, with the same moments.

Prints for both apps, in milliseconds from a click: until what was clicked for had come (the map's new arcs; the new
count), and until the script had finished, median and 95th percentile, and the ratio of the latter; the processor time
of the server per click; errors; and the server's memory, with megabytes per visitor from the eleventh on. Errors are
what the server says of a script that failed, a run that ends without what was clicked for, closed connections, and
answers that take a minute. How many cores this program and all others used meanwhile tells what the figures are worth:
where there is no core left, every click waits for those before it.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from math import nan
from pathlib import Path
from random import Random
from statistics import quantiles
from time import perf_counter, process_time

from benchmarks.driving import EMPTY
from benchmarks.generated import make_tables, write_folder
from benchmarks.processes import read_busy_seconds, read_processor_seconds, read_resident_mb
from benchmarks.visitors import FAILURES, AtlasVisitor, EmptyVisitor, Run, Visitor
from tests.serving import Server, start_server

# As in .streamlit/config.toml, which the empty app does not read: nothing but the app is to differ.
EMPTY_OPTIONS = (
    *("--browser.gatherUsageStats", "false"),
    *("--server.fileWatcherType", "none"),
    *("--server.enableWebsocketCompression", "true"),
)
# So many visitors come at once; the server's memory with the first of them is what further ones are added to.
GROUP = 10
FIRST_CLICKS = 2
# A click comes so much earlier or later than evenly spread, as a share of the time between two clicks of a visitor.
JITTER = 0.1
SETTLE_SECONDS = 1.0
# With tables of any size, until the server answers.
START_SECONDS = 300


@dataclass(frozen=True)
class Load:
    """How many visitors there are, for how long they click, and how many seconds lie between two clicks of one."""

    sessions: int
    seconds: float
    every: float
    seed: int


@dataclass
class Measured:
    """What was measured with one app.

    `resident`: the server's memory in MB, by when it was read. `cores`: how many were busy during the clicks, by whom.
    """

    runs: list[Run] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    resident: dict[str, float] = field(default_factory=dict)
    server_seconds: float = 0.0
    cores: dict[str, float] = field(default_factory=dict)


def plan_clicks(load: Load) -> list[list[float]]:
    """Return for each visitor the seconds after which it clicks."""
    luck = Random(load.seed)
    turns = max(1, int(load.seconds / load.every))
    return [
        [
            max(0.0, load.every * (turn + number / load.sessions + luck.uniform(-JITTER, JITTER)))
            for turn in range(turns)
        ]
        for number in range(load.sessions)
    ]


async def measure(server: Server, kind: type[Visitor], *, load: Load) -> Measured:
    """Let visitors come, click and go."""
    measured = Measured()
    async with AsyncExitStack() as stack:
        visitors: dict[int, Visitor] = {}
        measured.resident["without visitors"] = read_resident_mb(server.process)
        for first in range(0, load.sessions, GROUP):
            numbers = range(first, min(first + GROUP, load.sessions))
            for number in numbers:
                connecting = kind.connect(server.url, luck=Random(f"{load.seed} {number}"))
                try:
                    visitors[number] = await stack.enter_async_context(connecting)
                except FAILURES as error:
                    measured.errors.append(repr(error))
            await asyncio.gather(*(arrive(visitors[number]) for number in numbers if number in visitors))
            if first == 0 or numbers.stop == load.sessions:
                await asyncio.sleep(SETTLE_SECONDS)
                measured.resident[f"with {numbers.stop} visitors"] = read_resident_mb(server.process)
        start, before = perf_counter(), read_seconds(server)
        plans = plan_clicks(load)
        clicks = (
            keep_clicking(visitor, plans[number], start=start, measured=measured)
            for number, visitor in visitors.items()
        )
        await asyncio.gather(*clicks)
        seconds = perf_counter() - start
        used = {whose: after - before[whose] for whose, after in read_seconds(server).items()}
        measured.server_seconds = used["the server"]
        measured.cores = {whose: own / seconds for whose, own in used.items()}
        measured.resident["after all clicks"] = read_resident_mb(server.process)
        measured.errors += [error for visitor in visitors.values() for error in visitor.errors]
    return measured


def read_seconds(server: Server) -> dict[str, float]:
    """Return the seconds for which the cores have been busy so far, by whom."""
    own, served = process_time(), read_processor_seconds(server.process)
    return {"the server": served, "this program": own, "others": read_busy_seconds() - own - served}


async def arrive(visitor: Visitor) -> None:
    """Open the start page and click a little, so that everything a session keeps is there."""
    try:
        await visitor.open_page()
        for _ in range(FIRST_CLICKS):
            await visitor.click()
    except FAILURES as error:
        visitor.errors.append(repr(error))


async def keep_clicking(visitor: Visitor, plan: Sequence[float], *, start: float, measured: Measured) -> None:
    """Click at the planned moments; where the answer before has come late, at once."""
    for moment in plan:
        await asyncio.sleep(max(0.0, start + moment - perf_counter()))
        try:
            measured.runs.append(await visitor.click())
        except FAILURES as error:
            visitor.errors.append(repr(error))
            return


def print_figures(name: str, measured: Measured, *, load: Load) -> None:
    """Print what was measured with one app."""
    print(name)
    planned = sum(len(plan) for plan in plan_clicks(load))
    print(f"{'  clicks answered, of those planned:':44}{len(measured.runs):8} of {planned}")
    for what, values in to_times(measured).items():
        print(f"{'  ' + what + ', ms:':44}p50 {to_share(values, 50):8.1f}   p95 {to_share(values, 95):8.1f}")
    per_click = measured.server_seconds / max(1, len(measured.runs)) * 1000
    print(f"{'  processor time of the server per click, ms:':44}{per_click:8.1f}")
    print(f"{'  errors:':44}{len(measured.errors):8}")
    for error in list(dict.fromkeys(measured.errors))[:5]:
        print(f"    {error}")
    for when, resident in measured.resident.items():
        print(f"{f'  memory of the server {when}, MB:':44}{resident:8.1f}")
    if load.sessions > GROUP:
        few, many = (measured.resident[f"with {number} visitors"] for number in (GROUP, load.sessions))
        print(f"{'  each further visitor, MB:':44}{(many - few) / (load.sessions - GROUP):8.2f}")
    told = ", ".join(f"{whose} {cores:.2f}" for whose, cores in measured.cores.items())
    print(f"{'  cores used meanwhile:':44}    {told}")


def to_times(measured: Measured) -> dict[str, list[float]]:
    """Return the milliseconds of all clicks, by what was waited for."""
    return {
        "until the answer": [run.answered for run in measured.runs],
        "until the script has finished": [run.finished for run in measured.runs],
    }


def to_share(values: Sequence[float], percent: int) -> float:
    """Return what so many per cent of the values do not exceed; nothing where hardly any click was answered."""
    if len(values) < 2:
        return nan
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def main(load: Load, partnerships: int | None) -> None:
    """Measure and print."""
    with start_server(EMPTY, options=EMPTY_OPTIONS) as server:
        empty = asyncio.run(measure(server, EmptyVisitor, load=load))
    print_figures("empty app", empty, load=load)
    with tempfile.TemporaryDirectory() as temporary:
        environment = {}
        if partnerships:
            folder = write_folder(Path(temporary) / "tables", make_tables(partnerships))
            environment["ATLAS_DATA"] = str(folder)
        with start_server(environment=environment, patience=START_SECONDS) as server:
            atlas = asyncio.run(measure(server, AtlasVisitor, load=load))
    print_figures("atlas", atlas, load=load)
    theirs = to_times(empty)
    for what, ours in to_times(atlas).items():
        print(f"{f'ratio of the p95 {what}:':44}{to_share(ours, 95) / to_share(theirs[what], 95):8.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--every", type=float, default=10)
    parser.add_argument("--partnerships", type=int)
    parser.add_argument("--seed", type=int, default=4)
    arguments = parser.parse_args()
    load = Load(arguments.sessions, arguments.seconds, arguments.every, arguments.seed)
    main(load, arguments.partnerships)
