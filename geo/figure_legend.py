"""The legend of a figure: a sample of each thing drawn, and what it means."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon

from geo.paper import INK, POINTS_PER_INCH, Page, Region, cut_short, to_height, to_width
from geo.style import SYMBOLS, Corners

SAMPLE = 0.24  # width of a sample in inches
GAP = 0.07
SQUARE: Corners = ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9))
DASHES = (0, (3, 2))


@dataclass(frozen=True)
class Sample:
    """What stands before the words: a line, a ring, or a shape with corners around 0, 0, y downwards.

    `hollow` and `dashed` say what is known less exactly. `scale` tells shapes apart that differ in size alone.
    """

    colour: str = INK
    line: float | None = None
    corners: Corners | None = None
    dashed: bool = False
    hollow: bool = False
    scale: float = 1.0


Entry = tuple[Sample, str]
LINE_POINTS = 2.2


def to_symbol(kind: str, *, colour: str = INK, scale: float = 1.0) -> Sample:
    """Return the sample of a kind of meeting or of a site."""
    return Sample(colour, corners=SYMBOLS[kind], scale=scale)


def draw_legend(page: Page, region: Region, entries: Sequence[Entry], *, size: float = 9.0) -> Region:
    """Draw entries in even columns at the bottom of a region; return what is left above, with a little room.

    `size` is that of the type, in points.
    """
    if not entries:
        return region
    size = page.to_size(size)
    sample, gap = SAMPLE * page.sheet.type_scale, GAP * page.sheet.type_scale
    room = 3 * gap
    most = region.width - sample - gap
    texts = [cut_short(text, width=most, size=size) for _, text in entries]
    widest = max(to_width(text, size) for text in texts)
    columns = max(1, min(len(entries), int((region.width + room) / (sample + gap + widest + room))))
    rows = math.ceil(len(entries) / columns)
    columns = math.ceil(len(entries) / rows)
    pitch = to_height(1, size) * 1.12
    step = min((region.width + room) / columns, (sample + gap + widest + room) * 1.25)
    axes = page.add_drawing(Region(region.left, region.bottom, region.width, rows * pitch))
    for number, ((kind, _), text) in enumerate(zip(entries, texts, strict=True)):
        # Read downwards, so that the order of the phases stays together.
        left = region.left + number // rows * step
        middle = region.bottom + (rows - number % rows - 0.5) * pitch
        draw_sample(axes, kind, x=left, y=middle, width=sample, size=size)
        page.write(text, x=left + sample + gap, y=middle - 0.33 * size / POINTS_PER_INCH, size=size)
    return region.without_bottom(rows * pitch + 0.12)


def draw_sample(axes: Axes, sample: Sample, *, x: float, y: float, width: float, size: float) -> None:
    """Draw a sample into a field that begins at `x` and has its middle at `y`, in inches."""
    radius = 0.36 * size * sample.scale / POINTS_PER_INCH
    style: dict[str, Any] = {"linestyle": DASHES if sample.dashed else "solid", "clip_on": False}
    if sample.line is not None:
        axes.add_line(Line2D([x, x + width], [y, y], color=sample.colour, linewidth=sample.line, **style))
        return
    fill = "none" if sample.hollow else sample.colour
    edge = sample.colour if sample.hollow else "none"
    if sample.corners is None:
        axes.add_patch(Circle((x + width / 2, y), radius, facecolor=fill, edgecolor=edge, linewidth=0.9, **style))
        return
    points = [(x + width / 2 + across * radius, y - down * radius) for across, down in sample.corners]
    axes.add_patch(Polygon(points, facecolor=fill, edgecolor=edge, linewidth=0.9, **style))
