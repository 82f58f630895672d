"""Phases and meetings on paper along an axis of time."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch

from geo.dataset import Dataset
from geo.figure_labels import Box, Mark, place_labels, write_labels
from geo.figure_legend import DASHES, Entry, Sample, draw_legend, to_symbol
from geo.figure_maps import COLOURS, Shape, draw_shape
from geo.language import Language
from geo.layers import ShownMeetings
from geo.map_words import to_words
from geo.paper import INK, MUTED, POINTS_PER_INCH, Page, Region, to_width
from geo.schema import MEETING_KIND_LABELS
from geo.style import SYMBOLS, to_phase_colours
from geo.timeline import NO_PHASE, ONLINE, to_marks, to_phase_bars

MARK_POINTS = 4.6
BAR_PART, BAR_OPACITY = 0.62, 0.24  # as on the screen
MOST_LANE = 0.62  # inches; on a tall page the lanes do not fall apart


@dataclass(frozen=True)
class Axis:
    """Days along the width of a page: whole years from the first to the last, in inches from `left` to `right`."""

    first: date
    end: date
    left: float
    right: float

    def to_x(self, day: date) -> float:
        """Return where a day begins."""
        return self.left + (day - self.first).days / (self.end - self.first).days * (self.right - self.left)


def draw_timeline(page: Page, region: Region, shown: ShownMeetings, dataset: Dataset, *, language: Language) -> None:
    """Draw all phases as bars, each in its lane, and on them the meetings of a view, in the shape of their kind.

    As on the screen, a meeting of several phases stands in the lane of each, and one of which only month or year is
    known is hollow with a dashed span. Names of towns stand where they fit.
    """
    colours = to_phase_colours(dataset.phases.index.tolist(), theme="light")
    bars, marks = to_phase_bars(dataset.phases), to_marks(dataset.meetings)
    used = set(marks["lanes"].explode())
    names = {str(phase): language.gettext("Phase {phase}").format(phase=phase) for phase in bars.index}
    others = {ONLINE: language.gettext("Online"), NO_PHASE: language.gettext("Ohne Phase")}
    names |= {lane: name for lane, name in others.items() if lane in used}
    days = [*bars["first"], *bars["last"], *marks["first"], *marks["last"]]
    if not names or not days:
        return
    region = draw_legend(page, region, _to_entries(shown, dataset, language=language))
    size = page.to_size(9.5)
    left = region.left + max(to_width(name, size) for name in names.values()) + 0.2
    axis = Axis(date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1), left, region.right)
    drawing = page.add_drawing(region)
    heading = page.to_size(10.0) / POINTS_PER_INCH * 1.8
    height = min((region.height - heading) / len(names), MOST_LANE * page.sheet.type_scale)
    top = region.top - heading
    lanes = {lane: top - (number + 0.5) * height for number, lane in enumerate(names)}
    _draw_years(page, drawing, axis, top=top, bottom=top - len(names) * height)
    for lane, name in names.items():
        page.write(name, x=region.left, y=lanes[lane] - 0.34 * size / POINTS_PER_INCH, size=size)
        line = Line2D([axis.left, axis.right], [lanes[lane]] * 2, color=INK, linewidth=0.4, alpha=0.15)
        drawing.add_line(line)
    for phase, first, last in zip(bars.index, bars["first"], bars["last"], strict=True):
        start, end = axis.to_x(first), axis.to_x(last + timedelta(days=1))
        _draw_bar(drawing, start, end, lanes[str(phase)], height * BAR_PART, colour=colours[int(phase)])
    _draw_meetings(page, drawing, axis, lanes, shown, dataset, colours=colours)


def _to_entries(shown: ShownMeetings, dataset: Dataset, *, language: Language) -> list[Entry]:
    meetings = dataset.meetings.iloc[shown.meetings]
    counts = Counter(meetings["kind"])
    entries: list[Entry] = [
        (to_symbol(kind), language.label(language.gettext(label), language.number(counts[kind])))
        for kind, label in MEETING_KIND_LABELS.items()
        if counts[kind]
    ]
    if len(meetings) and not to_marks(meetings)["exact"].all():
        entries.append((Sample(INK, line=0.9, dashed=True), to_words(language)["span"]))
    return entries


def _draw_years(page: Page, drawing: Axes, axis: Axis, *, top: float, bottom: float) -> None:
    size = page.to_size(9.0)
    years = range(axis.first.year, axis.end.year + 1)
    width = (axis.right - axis.left) / max(len(years) - 1, 1)
    step = 1 + int(to_width("0000", size) * 1.3 // width)
    for year in years:
        x = axis.to_x(date(year, 1, 1))
        drawing.add_line(Line2D([x, x], [bottom, top + 0.05], color=INK, linewidth=0.4, alpha=0.2))
        if year < axis.end.year and (year - axis.first.year) % step == 0:
            page.write(str(year), x=x + width / 2, y=top + 0.08, size=size, colour=MUTED, align="center")


def _draw_bar(
    drawing: Axes, start: float, end: float, middle: float, height: float, *, colour: str, dashed: bool = False
) -> None:
    rounding = min(height / 4, (end - start) / 2)
    drawing.add_patch(
        FancyBboxPatch(
            (start, middle - height / 2),
            end - start,
            height,
            boxstyle=f"round,pad=0,rounding_size={rounding:.4f}",
            facecolor=COLOURS.surface if dashed else colour,
            edgecolor=colour if dashed else "none",
            linewidth=0.7,
            linestyle=DASHES if dashed else "solid",
            alpha=0.8 if dashed else BAR_OPACITY,
            zorder=1,
        )
    )


@dataclass
class _Placed:
    meeting: str
    lane: str
    x: float
    y: float
    moved: int = 0


def _draw_meetings(
    page: Page,
    drawing: Axes,
    axis: Axis,
    lanes: Mapping[str, float],
    shown: ShownMeetings,
    dataset: Dataset,
    *,
    colours: Mapping[int, str],
) -> None:
    meetings = dataset.meetings.iloc[shown.meetings]
    days = to_marks(meetings)
    radius = MARK_POINTS * page.sheet.type_scale
    placed = sorted(
        (
            _Placed(
                meeting, lane, (axis.to_x(row["first"]) + axis.to_x(row["last"] + timedelta(days=1))) / 2, lanes[lane]
            )
            for meeting, row in zip(days.index, days.to_dict("records"), strict=True)
            for lane in row["lanes"]
        ),
        key=lambda one: one.x,
    )
    _set_apart(placed, radius / POINTS_PER_INCH)
    spans = days.to_dict("index")
    labelled, taken = [], []
    for one in placed:
        row, meeting = spans[one.meeting], meetings.loc[one.meeting]
        phases = [int(phase) for phase in meeting["phases"]]
        phase = next((phase for phase in phases if str(phase) == one.lane), phases[0] if phases else None)
        colour = COLOURS.text if phase is None else colours[phase]
        shape = Shape(radius, colour, corners=SYMBOLS[meeting["kind"]])
        if not row["exact"]:
            start, end = axis.to_x(row["first"]), axis.to_x(row["last"] + timedelta(days=1))
            height = 1.7 * radius / POINTS_PER_INCH
            _draw_bar(drawing, start, end, one.y, height, colour=colour, dashed=True)
            taken.append(Box(start, one.y - height / 2, end, one.y + height / 2))
            shape = Shape(radius, COLOURS.surface, corners=shape.corners, edge=colour, edge_width=1.2)
        draw_shape(drawing, one.x, one.y, shape)
        name = meeting["place"] if isinstance(meeting["place"], str) else ""
        labelled.append(Mark(one.x, one.y, radius / POINTS_PER_INCH, name))
    size = page.to_size(7.0)
    inside = Region(axis.left, min(lanes.values()) - 0.3, axis.right - axis.left, page.sheet.height)
    labels = place_labels(labelled, region=inside, size=size, taken=taken, farthest=1)
    write_labels(page, labels, size=size, colour=INK)


def _set_apart(placed: list[_Placed], radius: float) -> None:
    """Move marks that would cover another of their lane up or down, as on the screen."""
    last: dict[str, _Placed] = {}
    for one in placed:
        before = last.get(one.lane)
        if before is not None and one.x - before.x < 1.7 * radius:
            if not before.moved:
                before.y += radius * 0.75
            one.y += radius * 0.75 if before.moved == 1 else -radius * 0.75
            one.moved = -1 if before.moved == 1 else 1
        last[one.lane] = one
