"""Pages for reports and slides, measured in inches from their lower left corner, and type that fits them.

Everything is written in Source Sans, as in the app; a letter it lacks comes from DejaVu Sans, a part of matplotlib.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import Stroke

from geo.figure_orders import SheetName
from geo.style import THEMES

FONTS = Path(__file__).resolve().parent.parent / "static" / "vendor" / "source-sans"
# matplotlib knows a weight by its family's name.
FAMILIES = {
    "regular": ["Source Sans 3", "DejaVu Sans"],
    "semibold": ["Source Sans 3 Semibold", "DejaVu Sans"],
}
DPI = 300
POINTS_PER_INCH = 72
LINE = 1.22  # from baseline to baseline, in sizes of the type
ASCENT = 0.75
INK, MUTED, PAPER = THEMES["light"].text, "#55605b", "#ffffff"
ELLIPSIS = "…"
# More than any place of a page holds, in its smallest type.
MOST_LETTERS = 3000
# Controls that turn the direction of a line; letters written from right to left need none of them.
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")

# Those that do not break stay: French sets them before its colons and into its numbers.
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")

Weight = Literal["regular", "semibold"]
Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Sheet:
    """A size of paper in inches. `type_scale`: a slide is read from afar, so its type is larger."""

    width: float
    height: float
    margin: float
    type_scale: float


# Whole pixels at 300 dpi: A4 landscape is 297 x 210 mm, a slide 16:9.
SHEETS: Mapping[SheetName, Sheet] = MappingProxyType(
    {"a4": Sheet(3508 / DPI, 2480 / DPI, 0.47, 1.0), "wide": Sheet(4000 / DPI, 2250 / DPI, 0.42, 1.15)}
)


@dataclass(frozen=True)
class Region:
    """A rectangle on a page, in inches."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.bottom + self.height

    def without_bottom(self, height: float) -> "Region":
        """Return what is left above a strip of this height."""
        return replace(self, bottom=self.bottom + height, height=self.height - height)

    def without_top(self, height: float) -> "Region":
        """Return what is left below a strip of this height."""
        return replace(self, height=self.height - height)

    def split_right(self, width: float, *, gap: float) -> tuple["Region", "Region"]:
        """Return what is left of a column at the right edge, and the column."""
        column = Region(self.right - width, self.bottom, width, self.height)
        return replace(self, width=self.width - width - gap), column


class Page:
    """A sheet with a matplotlib figure to draw on."""

    def __init__(self, name: SheetName) -> None:
        self.sheet = SHEETS[name]
        # With a canvas of its own, the figure would be painted anew by every layer that geopandas adds.
        self.figure = Figure(figsize=(self.sheet.width, self.sheet.height), dpi=DPI, facecolor=PAPER)

    @property
    def whole(self) -> Region:
        """The region inside the margins."""
        margin = self.sheet.margin
        return Region(margin, margin, self.sheet.width - 2 * margin, self.sheet.height - 2 * margin)

    def to_size(self, size: float) -> float:
        """Return a size of type in points as it is on this sheet."""
        return size * self.sheet.type_scale

    def add_axes(self, region: Region) -> Axes:
        """Add axes without ticks and frame that fill a region."""
        sheet = self.sheet
        rectangle = (
            region.left / sheet.width,
            region.bottom / sheet.height,
            region.width / sheet.width,
            region.height / sheet.height,
        )
        axes = self.figure.add_axes(rectangle)
        axes.set_axis_off()
        axes.margins(0)
        return axes

    def add_drawing(self, region: Region) -> Axes:
        """Add axes that are measured like the page, in inches from its lower left corner."""
        axes = self.add_axes(region)
        axes.set_xlim(region.left, region.right)
        axes.set_ylim(region.bottom, region.top)
        return axes

    def write(
        self,
        text: str,
        *,
        x: float,
        y: float,
        size: float,
        weight: Weight = "regular",
        colour: str = INK,
        align: Align = "left",
        halo: bool = False,
    ) -> None:
        """Write one line, as it stands: nothing in it is read as a formula. `y` is its baseline, `size` in points.

        A halo keeps it readable on a map. It is drawn as a line of its own, so that the text stays text in a PDF.
        """
        for is_halo in (True, False) if halo else (False,):
            written = self.figure.text(
                x,
                y,
                text,
                transform=self.figure.dpi_scale_trans,
                fontproperties=to_font(size, weight),
                color=colour,
                ha=align,
                va="baseline",
                parse_math=False,
                zorder=5,
            )
            if is_halo:
                written.set_path_effects([Stroke(linewidth=size / 3.5, foreground=THEMES["light"].halo)])
                written.set_gid("halo")

    def write_lines(
        self,
        lines: Sequence[str],
        *,
        left: float,
        top: float,
        size: float,
        weight: Weight = "regular",
        colour: str = INK,
    ) -> float:
        """Write lines below each other from `top` on; return where the next one would begin."""
        for number, line in enumerate(lines):
            y = top - (ASCENT + number * LINE) * size / POINTS_PER_INCH
            self.write(line, x=left, y=y, size=size, weight=weight, colour=colour)
        return top - to_height(len(lines), size)


def to_height(lines: int, size: float) -> float:
    """Return the height in inches of so many lines of a size in points."""
    return lines * LINE * size / POINTS_PER_INCH


@lru_cache(maxsize=64)
def to_font(size: float, weight: Weight = "regular") -> FontProperties:
    """Return the font of the atlas in a size in points."""
    _register_fonts()
    return FontProperties(family=FAMILIES[weight], size=size)


@cache
def _register_fonts() -> None:
    known = {Path(entry.fname) for entry in font_manager.fontManager.ttflist}
    for path in sorted(FONTS.glob("*.ttf")):
        if path not in known:
            font_manager.fontManager.addfont(path)


# Small type is hinted to whole pixels; measured large, its width is true.
_RULER_SIZE = 100.0


def to_width(text: str, size: float, weight: Weight = "regular") -> float:
    """Return the width of a line in inches.

    Lines are tried in many lengths and share their words: each word is measured once. (These fonts do not kern across
    a blank.)
    """
    words = text.split(" ")
    blanks = (len(words) - 1) * (_measure("n n", weight) - 2 * _measure("n", weight))
    return (sum(_measure(word, weight) for word in words) + blanks) / DPI * size / _RULER_SIZE


@lru_cache(maxsize=8192)
def _measure(text: str, weight: Weight) -> float:
    if not text:
        return 0.0
    width, _, _ = _ruler().get_text_width_height_descent(text, to_font(_RULER_SIZE, weight), ismath=False)  # type: ignore[no-untyped-call]
    return float(width)


@cache
def _ruler() -> RendererAgg:
    return RendererAgg(1, 1, DPI)  # type: ignore[no-untyped-call]


def to_plain(text: str) -> str:
    """Return a text from the tables as one line: without breaks, controls and marks that turn its direction."""
    kept = (char for char in text if char.isspace() or (unicodedata.category(char) != "Cc" and char not in _TURNING))
    return _SPACES.sub(" ", "".join(kept)).strip()


def to_lines(text: str, *, width: float, size: float, weight: Weight = "regular") -> list[str]:
    """Break a text into lines of a width in inches, between words; within one only where it is wider than a line."""
    lines: list[str] = []
    line = ""
    for word in to_plain(text).split(" "):
        longer = f"{line} {word}" if line else word
        if to_width(longer, size, weight) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        while to_width(word, size, weight) > width and len(word) > 1:
            fits = max(count_fitting(word, width=width, size=size, weight=weight), 1)
            lines.append(word[:fits])
            word = word[fits:]
        line = word
    return [*lines, line] if line else lines


def count_fitting(text: str, *, width: float, size: float, weight: Weight = "regular") -> int:
    """Return how many letters from the beginning of a text fit a width in inches."""
    return bisect_right(range(1, len(text) + 1), width, key=lambda count: to_width(text[:count], size, weight))


@dataclass(frozen=True)
class Fitted:
    """A text in lines and the size in points at which they fit."""

    lines: list[str]
    size: float

    @property
    def height(self) -> float:
        """The height of the lines in inches."""
        return to_height(len(self.lines), self.size)


def fit_text(text: str, *, width: float, sizes: Sequence[float], most_lines: int, weight: Weight = "regular") -> Fitted:
    """Set a text in the largest of the sizes in which it takes the fewest lines, at most `most_lines`.

    A text too long even for the last size is cut short and ends with an ellipsis.
    """
    # No page holds more; measuring a text takes time.
    text = to_plain(text)[:MOST_LETTERS]
    for most in range(1, most_lines + 1):
        # To save a line the type shrinks by two steps at most: two large lines read better than one small one.
        for size in sizes[: 2 * most + 1] if most < most_lines else sizes:
            lines = to_lines(text, width=width, size=size, weight=weight)
            if len(lines) <= most:
                return Fitted(lines, size)
    size = sizes[-1]
    lines = to_lines(text, width=width, size=size, weight=weight)[:most_lines]
    return Fitted([*lines[:-1], cut_short(lines[-1] + ELLIPSIS, width=width, size=size, weight=weight)], size)


def cut_short(text: str, *, width: float, size: float, weight: Weight = "regular") -> str:
    """Return a line that fits a width in inches, ending with an ellipsis where it was cut."""
    if to_width(text, size, weight) <= width:
        return text
    kept = text.rstrip(ELLIPSIS)
    room = width - to_width(ELLIPSIS, size, weight)
    return kept[: count_fitting(kept, width=room, size=size, weight=weight)].rstrip() + ELLIPSIS
