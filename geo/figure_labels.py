"""Names beside their marks on a map, placed so that none covers another."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.lines import Line2D

from geo.paper import (
    ASCENT,
    LINE,
    POINTS_PER_INCH,
    Align,
    Page,
    Region,
    Weight,
    cut_short,
    to_plain,
    to_width,
)

GAP = 0.025  # between a mark and its name, and between two names, in inches
# Where a name may stand, as parts of its width and height from the mark's edge: right, left, above, below, corners.
_SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
_DISTANCES = (1.0, 2.5, 4.5)
CAP_HEIGHT = 0.72
LONGEST = 1.7  # inches; a longer name is cut short


@dataclass(frozen=True)
class Box:
    """A rectangle in inches."""

    left: float
    bottom: float
    right: float
    top: float

    def covers(self, other: "Box") -> bool:
        """Say whether two boxes have a part in common."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )

    def lies_in(self, region: Region) -> bool:
        """Say whether the box is wholly inside a region."""
        return (
            self.left >= region.left
            and self.right <= region.right
            and self.bottom >= region.bottom
            and self.top <= region.top
        )


@dataclass(frozen=True)
class Mark:
    """A mark on a page with its centre and radius in inches, and its name; without one it only takes its place."""

    x: float
    y: float
    radius: float
    name: str = ""
    weight: Weight = "regular"

    @property
    def box(self) -> Box:
        """The square around the mark."""
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)


@dataclass(frozen=True)
class Label:
    """A name, in one line or two, and where it stands."""

    lines: tuple[str, ...]
    box: Box
    weight: Weight
    mark: Mark

    @property
    def align(self) -> Align:
        """The side on which lines are even: that of the mark."""
        if self.box.left >= self.mark.x:
            return "left"
        return "right" if self.box.right <= self.mark.x else "center"


def place_labels(
    marks: Sequence[Mark],
    *,
    region: Region,
    size: float,
    taken: Sequence[Box] = (),
    farthest: int = len(_DISTANCES),
    longest: float = LONGEST,
    most_lines: Literal[1, 2] = 1,
) -> list[Label]:
    """Find a place for the names of marks inside a region, the first ones first; a name that fits nowhere is left out.

    A name covers no other, no mark and nothing of what is `taken`. `size` in points, `farthest` says how
    many of the distances between mark and name are tried; a name longer than `longest` (inches) is cut short. Where
    two lines are allowed, a name that does not fit in one is tried in two before it is cut.
    """
    obstacles = [*taken, *(mark.box for mark in marks)]
    labels = []
    for mark in marks:
        if not mark.name:
            continue
        for lines in _to_settings(mark, size=size, longest=longest, most_lines=most_lines):
            boxes = _to_candidates(mark, _DISTANCES[:farthest], lines=lines, size=size)
            box = next((box for box in boxes if box.lies_in(region) and not _touches(box, obstacles)), None)
            if box:
                labels.append(Label(lines, box, mark.weight, mark))
                obstacles.append(box)
                break
    return labels


def _to_settings(mark: Mark, *, size: float, longest: float, most_lines: int) -> list[tuple[str, ...]]:
    """Return the lines in which a name may be set, the best ones first."""
    name = to_plain(mark.name)
    width = to_width(name, size, mark.weight)
    settings: list[tuple[str, ...]] = [(name,)] if width <= longest else []
    if most_lines > 1 and " " in name:
        settings.append(_break_evenly(name, size=size, weight=mark.weight))
    shortest = min(longest, LONGEST)
    cut = cut_short(name, width=shortest, size=size, weight=mark.weight)
    return settings if width <= shortest else [*settings, (cut,)]


def _break_evenly(name: str, *, size: float, weight: Weight) -> tuple[str, str]:
    """Break a name of several words into two lines, the longer one as short as can be."""
    words = name.split(" ")
    breaks = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return min(breaks, key=lambda lines: max(to_width(line, size, weight) for line in lines))


def _touches(box: Box, obstacles: Sequence[Box]) -> bool:
    wide = Box(box.left - GAP, box.bottom - GAP, box.right + GAP, box.top + GAP)
    return any(wide.covers(other) for other in obstacles)


def _to_candidates(mark: Mark, distances: Sequence[float], *, lines: Sequence[str], size: float) -> list[Box]:
    width = max(to_width(line, size, mark.weight) for line in lines)
    height = (CAP_HEIGHT + LINE * (len(lines) - 1)) * size / POINTS_PER_INCH
    boxes = []
    for distance in distances:
        for across, up in _SIDES:
            # At the corners the mark is farther away than its radius; a name may come closer.
            reach = (mark.radius + 2 * GAP * distance) * (0.75 if across and up else 1.0)
            left = mark.x + across * reach - width * (1 - across) / 2
            bottom = mark.y + up * reach - height * (1 - up) / 2
            boxes.append(Box(left, bottom, left + width, bottom + height))
    return boxes


def write_labels(page: Page, labels: Sequence[Label], *, size: float, colour: str) -> None:
    """Write names where `place_labels` put them."""
    # The box is as high as a capital and a half descender; the baseline lies a little above its lower edge.
    rise = (CAP_HEIGHT - ASCENT + 0.1) * size / POINTS_PER_INCH
    for label in labels:
        _draw_leader(page, label, colour=colour)
        x = {"left": label.box.left, "center": (label.box.left + label.box.right) / 2, "right": label.box.right}
        for number, line in enumerate(reversed(label.lines)):
            page.write(
                line,
                x=x[label.align],
                y=label.box.bottom + rise + number * LINE * size / POINTS_PER_INCH,
                size=size,
                weight=label.weight,
                colour=colour,
                align=label.align,
                halo=True,
            )


def _draw_leader(page: Page, label: Label, *, colour: str) -> None:
    """Join a name to its mark by a fine line where it stands so far away that it could be another's."""
    mark, box = label.mark, label.box
    x, y = min(max(mark.x, box.left), box.right), min(max(mark.y, box.bottom), box.top)
    distance = math.hypot(x - mark.x, y - mark.y)
    if distance - mark.radius < 3 * GAP:
        return
    part = (mark.radius + GAP / 2) / distance, 1 - GAP / 2 / distance
    line = Line2D(
        [mark.x + (x - mark.x) * at for at in part],
        [mark.y + (y - mark.y) * at for at in part],
        color=colour,
        linewidth=0.35,
        zorder=4,
    )
    line.set_transform(page.figure.dpi_scale_trans)
    page.figure.add_artist(line)
