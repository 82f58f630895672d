"""The atlas on tables of any size, against an empty Streamlit app and against the app of the tutorials.

    python -m benchmarks.scale [--partnerships real 1000 10000 100000] [--clicks 24] [--visits 5] [--out FOLDER]

For each size, the atlas serves generated tables, or the real ones, and is driven in turn with the empty app, then with
the tutorial app on the same tables, so that a noisy machine is noisy for both. Prints medians of

- a filter click until the map's own elements have changed, as the ratio to the empty app's rerun, and its bytes;
- the first map of a running server in a fresh browser, as the ratio to the empty app's first paint;
- the same click in the tutorial app until its map has all its lines and markers, as the ratio to the atlas;

and the seconds from the server's start until its first map, and the servers' memory after the first visit. What takes
longer than a minute (the start of a server: three), or breaks, fails; the reason is told below the table. The figures
go to scale.json, and as ratios against what is aimed for to scale.png.
"""

import argparse
import json
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from time import perf_counter

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from playwright.sync_api import Browser, Error, Page

from benchmarks.driving import (
    EMPTY,
    WARMING_UP,
    Step,
    Wire,
    click_in_turn,
    find_reason,
    open_browser,
    open_page,
    settle,
    time_click,
    time_visit,
)
from benchmarks.filter_click import PHASE, PHASES
from benchmarks.generated import find_tables
from benchmarks.processes import read_resident_mb
from benchmarks.relay import Relay, relay
from benchmarks.tutorial import Tutorial
from tests.serving import serve, start_server

SIZES = ("real", "1000", "10000", "100000")
OUT = Path(__file__).parent / "results"
PATIENCE_SECONDS = 60
# The server reads and checks before it answers.
START_SECONDS = 180
TUTORIAL_CLICKS = 8
# The map's own elements: arcs by their ids, one by one or in bundles, and the numbers of the bundles.
MAP = "document.querySelector('.st-key-map iframe')?.contentDocument"
ELEMENTS = f"[...({MAP}?.querySelectorAll('path.arc, path.arc-reach, .bundle-count') ?? [])]"
SIGNATURE = f"{ELEMENTS}.map((one) => `${{one.dataset.id}} ${{one.textContent}}`).join()"
CHANGED = f"before !== {SIGNATURE}"
DRAWN = f"{MAP}?.querySelector('path.arc, .bundle-count')"
EMPTY_DRAWN = "document.querySelector('#count')"

# What is printed, in this order.
FIGURES = {
    "start_s": "server's start until the first map, s",
    "memory_mb": "memory after the first visit, MB",
    "paint_ms": "empty app, first paint, ms",
    "map_ms": "first map, ms",
    "map_ratio": "first map / empty app's first paint",
    "rerun_ms": "empty app, rerun, ms",
    "click_ms": "filter click until the map changed, ms",
    "click_ratio": "filter click / empty app's rerun",
    "click_kb": "bytes per filter change, kB",
    "tutorial_map_ms": "tutorial app, very first map, ms",
    "tutorial_memory_mb": "tutorial app, memory, MB",
    "tutorial_click_ms": "tutorial app, the same click, ms",
    "tutorial_ratio": "tutorial app / atlas, the same click",
}
AIMS = {
    "real": {"click_ratio": 1.3, "click_kb": 10, "map_ratio": 1.6, "tutorial_ratio": 1},
    "10000": {"click_ratio": 1.6, "click_kb": 60, "map_ratio": 2, "tutorial_ratio": 10},
    "100000": {"click_ratio": 3, "click_kb": 60, "map_ratio": 3, "tutorial_ratio": float("inf")},
}
# All others are to be at most their aim.
AT_LEAST = "tutorial_ratio"


@dataclass
class Measured:
    """The figures of one size by their names in FIGURES, as far as there are any, and what failed for what reason."""

    size: str
    figures: dict[str, float | None] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


def measure(size: str, folder: Path, *, clicks: int, visits: int) -> Measured:
    """Measure everything for the tables of a folder."""
    measured = Measured(size)
    with ExitStack() as running:
        page = running.enter_context(open_browser())
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        try:
            atlas = start_atlas(running, page, folder, measured.figures)
            # Its answers take the same way.
            empty = running.enter_context(relay(running.enter_context(serve(EMPTY))))
            measure_visits(page.context.browser, atlas.url, empty.url, visits, measured.figures)
            measure_clicks(page, atlas, empty.url, clicks, measured.figures)
            tutorial = running.enter_context(Tutorial(page.context.browser, folder, patience=PATIENCE_SECONDS))
            measure_tutorial(page, tutorial, measured)
        except (Error, RuntimeError) as error:
            measured.failures["atlas"] = find_reason(page, error, patience=PATIENCE_SECONDS)
    return measured


def start_atlas(running: ExitStack, page: Page, folder: Path, figures: dict[str, float | None]) -> Relay:
    """Start the atlas and visit it, by way of a relay."""
    begun = perf_counter()
    environment = {"ATLAS_DATA": str(folder)}
    server = running.enter_context(start_server(environment=environment, patience=START_SECONDS))
    between = running.enter_context(relay(server.url))
    time_visit(page, between.url, DRAWN)
    figures["start_s"] = perf_counter() - begun
    settle(page)
    figures["memory_mb"] = read_resident_mb(server.process)
    return between


def measure_visits(
    browser: Browser, atlas_url: str, empty_url: str, visits: int, figures: dict[str, float | None]
) -> None:
    """Visit the empty app and the atlas in turn, each time with nothing in the browser's cache."""
    _visit(browser, empty_url, EMPTY_DRAWN)  # its server warms up
    turns = [(_visit(browser, empty_url, EMPTY_DRAWN), _visit(browser, atlas_url, DRAWN)) for _ in range(visits)]
    theirs, ours = zip(*turns, strict=True)
    figures |= {"paint_ms": median(theirs), "map_ms": median(ours), "map_ratio": median(ours) / median(theirs)}


def _visit(browser: Browser, url: str, condition: str) -> float:
    page = open_page(browser)
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    try:
        milliseconds = time_visit(page, url, condition)
        settle(page)  # what the server still does for this visit would slow down the next
        return milliseconds
    finally:
        page.close()


def measure_clicks(atlas: Page, way: Relay, empty_url: str, clicks: int, figures: dict[str, float | None]) -> None:
    """Click the empty app, and phases in the atlas, in turn."""
    empty = open_page(atlas.context.browser)
    empty.set_default_timeout(PATIENCE_SECONDS * 1000)
    empty.goto(empty_url)
    empty.locator("#count").wait_for()
    steps = [to_step(phase) for phase, _ in to_turns(clicks)]
    taken = list(click_in_turn(atlas, empty, Wire(atlas, way), steps))[WARMING_UP:]
    ours, theirs, sizes = (median(values) for values in zip(*taken, strict=True))
    figures |= {"rerun_ms": theirs, "click_ms": ours, "click_ratio": ours / theirs, "click_kb": sizes}


def measure_tutorial(atlas: Page, tutorial: Tutorial, measured: Measured) -> None:
    """Click phases in the tutorial app and in the atlas in turn, and note why the former fails if it does."""
    ours = []
    for phase, alone in to_turns(TUTORIAL_CLICKS):
        if not tutorial.click(phase, alone=alone):
            break
        ours.append(time_click(atlas, to_step(phase)))
        settle(atlas)
    measured.figures |= tutorial.figures
    if tutorial.failure:
        measured.failures["tutorial app"] = tutorial.failure
        return
    # Where each click takes long there are few of them, and the first ones count as well.
    theirs = median(tutorial.clicks[WARMING_UP:] or tutorial.clicks)
    measured.figures |= {"tutorial_click_ms": theirs, "tutorial_ratio": theirs / median(ours[WARMING_UP:] or ours)}


def to_turns(clicks: int) -> list[tuple[int, bool]]:
    """Return so many clicks: a phase, and whether it is then shown alone or is switched off again."""
    phases = islice(cycle(PHASES), clicks // 2)
    return [(phase, alone) for phase in phases for alone in (True, False)]


def to_step(phase: int) -> Step:
    """Return the click on a phase in the atlas."""
    return Step(PHASE.format(number=phase), CHANGED, SIGNATURE)


def name_size(size: str) -> str:
    """Name a size as it is printed."""
    return size if size == "real" else f"{int(size):,}"


def print_table(results: list[Measured]) -> None:
    """Print a line per figure, a column per size, with what is aimed for."""
    print(f"{'partnerships':40}" + "".join(f"{name_size(measured.size):>20}" for measured in results))
    for name, what in FIGURES.items():
        print(f"{what:40}" + "".join(f"{describe_cell(measured, name):>20}" for measured in results))
    for measured in results:
        for what, reason in measured.failures.items():
            print(f"{name_size(measured.size)}: the {what} fails: {reason}")


def describe_cell(measured: Measured, name: str) -> str:
    """Write a figure with its aim."""
    found, aim = measured.figures.get(name), AIMS.get(measured.size, {}).get(name)
    if found is None:
        written = "fails" if has_failed(measured, name) else "–"
    else:
        written = f"{found:.2f}" if name.endswith("ratio") else f"{found:,.1f}"
    return written if aim is None else f"{written} ({describe_aim(name, aim)})"


def has_failed(measured: Measured, name: str) -> bool:
    """Say whether there is no such figure because the app that it tells of failed."""
    return (
        name not in measured.figures
        and ("tutorial app" if name.startswith("tutorial") else "atlas") in measured.failures
    )


def describe_aim(name: str, aim: float) -> str:
    """Write an aim."""
    if aim == float("inf"):
        return "fails"
    return f"{'≥' if name == AT_LEAST else '≤'} {aim:g}"


def draw(results: list[Measured]) -> Figure:
    """Draw what has an aim, one panel each: figures as points, aims as bars."""
    names = list(AIMS["real"])
    figure = Figure(figsize=(4 * len(names), 3.6), layout="constrained")
    for panel, name in zip(figure.subplots(1, len(names)), names, strict=True):
        draw_panel(panel, name, results)
    return figure


def draw_panel(panel: Axes, name: str, results: list[Measured]) -> None:
    """Draw one figure for all sizes."""
    panel.set_title(FIGURES[name], fontsize=10)
    panel.set_xticks(range(len(results)), [name_size(measured.size) for measured in results])
    panel.set_xlim(-0.5, len(results) - 0.5)
    panel.set_xlabel("partnerships")
    for place, measured in enumerate(results):
        draw_size(panel, name, measured, place=place)
    if name == AT_LEAST:
        panel.set_yscale("log")
        panel.yaxis.set_major_formatter("{x:g}")
        panel.yaxis.set_minor_formatter("")
    panel.margins(y=0.25)
    if name != AT_LEAST:
        panel.set_ylim(bottom=0)


def draw_size(panel: Axes, name: str, measured: Measured, *, place: int) -> None:
    """Draw one figure for one size: its aim as a bar with the number below, itself as a point with the number above."""
    aim, found = AIMS.get(measured.size, {}).get(name), measured.figures.get(name)
    text = {"textcoords": "offset points", "ha": "center"}
    if aim is not None and aim != float("inf"):
        panel.hlines(aim, place - 0.3, place + 0.3, color="0.6", linewidth=3)
        panel.annotate(describe_aim(name, aim), (place, aim), xytext=(0, -13), color="0.4", **text)
    if found is not None:
        panel.plot(place, found, "o", color="tab:blue")
        panel.annotate(f"{found:.3g}", (place, found), xytext=(0, 6), **text)
    elif has_failed(measured, name):
        who = "tutorial app\nfails" if name == AT_LEAST else "fails"
        panel.text(place, 0.97, who, transform=panel.get_xaxis_transform(), ha="center", va="top", fontsize=9)


def main(sizes: list[str], clicks: int, visits: int, out: Path) -> None:
    """Measure, print, and write both files."""
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        for size in sizes:
            results.append(measure(size, find_tables(size, Path(temporary)), clicks=clicks, visits=visits))
    print_table(results)
    out.mkdir(parents=True, exist_ok=True)
    (out / "scale.json").write_text(json.dumps([asdict(measured) for measured in results], indent=2) + "\n")
    draw(results).savefig(out / "scale.png", dpi=150)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--partnerships", nargs="+", default=SIZES)
    parser.add_argument("--clicks", type=int, default=24)
    parser.add_argument("--visits", type=int, default=5)
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    main(arguments.partnerships, arguments.clicks, arguments.visits, arguments.out)
