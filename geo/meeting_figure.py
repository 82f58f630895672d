"""Meetings on paper: one with its delegations, facts and sites; or all of a view, where they were held."""

from collections import Counter
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.arcs import Floats
from geo.dataset import Dataset
from geo.figure_labels import Mark, place_labels, write_labels
from geo.figure_legend import LINE_POINTS, SQUARE, Entry, Sample, draw_legend, to_symbol
from geo.figure_maps import COLOURS, MapView, PageMap, Shape, draw_shape, to_coordinates, to_near_view, to_world_view
from geo.geodata import NORTH, SOUTH
from geo.language import Language
from geo.layers import ShownMeetings
from geo.map_words import to_words
from geo.paper import INK, MUTED, POINTS_PER_INCH, Page, Region, Weight, cut_short, to_height, to_lines
from geo.records import MEETING_COLUMN_TITLES, to_country_names, to_meeting_records
from geo.schema import MEETING_KIND_LABELS
from geo.sentences import describe_arcs
from geo.site_figure import draw_town
from geo.style import SYMBOLS, to_phase_colours

COLUMN, GAP = 2.75, 0.3  # of the facts, in inches
FACT_SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
ARC_POINTS, HOST_POINTS, ORIGIN_POINTS, MEETING_POINTS = 1.0, 6.0, 2.6, 4.0
LEAST_KM = 700.0
# From so many towns in Germany on, they are drawn on a map of their own beside the world.
TOWNS_FOR_A_MAP = 3
SITES_HEIGHT = 0.42  # of the column, for the map of the sites

Fact = tuple[str, str]


def draw_meeting(page: Page, region: Region, shown: ShownMeetings, dataset: Dataset, *, language: Language) -> None:
    """Draw the one meeting of a view: arcs from its delegations, and beside the map its facts and its sites.

    Raises KeyError when the view has no meeting that is in the data set.
    """
    meeting = dataset.meetings.loc[shown.meeting]
    delegations = dataset.delegations[dataset.delegations["meeting"] == shown.meeting]
    sites = dataset.sites[dataset.sites["meeting"] == shown.meeting]
    main, column = region.split_right(COLUMN * page.sheet.type_scale, gap=GAP)
    facts = to_facts(meeting, delegations, dataset, language=language)
    if len(sites):
        height = column.height * SITES_HEIGHT
        draw_town(page, Region(column.left, column.bottom, column.width, height), sites, dataset, language=language)
        size = page.to_size(FACT_SIZES[0])
        page.write(
            language.gettext("Exkursionsorte"),
            x=column.left,
            y=column.bottom + height + 0.07,
            size=size,
            weight="semibold",
        )
        column = column.without_bottom(height + 0.25 * page.sheet.type_scale)
    _write_facts(page, column, facts)
    _draw_delegations(page, main, meeting, delegations, dataset, language=language)


def to_facts(meeting: pd.Series, delegations: gpd.GeoDataFrame, dataset: Dataset, *, language: Language) -> list[Fact]:
    """Return what there is to say of a meeting, as titles and texts, without what is not known."""
    _ = language.gettext
    record = to_meeting_records(dataset, language=language).loc[str(meeting.name)]
    titles = {name: _(title) for name, title in MEETING_COLUMN_TITLES.items()}
    notes = describe_arcs(delegations, phases=len(meeting["phases"]), language=language)
    found = [
        (titles["dates"], record["dates"]),
        (titles["place"], record["where"]),
        (titles["kind"], record["kind"]),
        (titles["phases"], language.join(list(meeting["phases"]))),
        (_("Teilnehmende"), "" if pd.isna(meeting["participants"]) else language.number(meeting["participants"])),
        (_("Gastgebend"), "" if pd.isna(meeting["hosts"]) else meeting["hosts"]),
        (titles["countries"], record["countries"]),
        (_("Zu den Bögen"), " ".join(notes)),
    ]
    return [(title, str(text)) for title, text in found if text]


def _write_facts(page: Page, region: Region, facts: Sequence[Fact]) -> None:
    """Write facts below each other in the largest type in which they fit; what does not even in the smallest is cut."""
    for size in [page.to_size(size) for size in FACT_SIZES]:
        lines: list[tuple[str, Weight, str]] = []
        for title, text in facts:
            lines.append((cut_short(title, width=region.width, size=size, weight="semibold"), "semibold", MUTED))
            lines += [(line, "regular", INK) for line in to_lines(text, width=region.width, size=size)]
        gap = 0.35 * to_height(1, size)
        if to_height(len(lines), size) + gap * len(facts) <= region.height:
            break
    top = region.top
    for number, (text, weight, colour) in enumerate(lines):
        if weight == "semibold" and number:
            top -= gap
        if top - to_height(1, size) < region.bottom:
            break
        top = page.write_lines([text], left=region.left, top=top, size=size, weight=weight, colour=colour)


def to_meeting_colour(meeting: pd.Series, dataset: Dataset) -> str:
    """Return the colour of a meeting: that of its first phase, or that of text without one."""
    colours = to_phase_colours(dataset.phases.index.tolist(), theme="light")
    return next((colours[int(phase)] for phase in meeting["phases"]), COLOURS.text)


def to_meeting_view(meeting: pd.Series, delegations: gpd.GeoDataFrame) -> MapView:
    """Return what the map of a meeting shows: its host town, all origins and arcs; the world when nothing is known."""
    points = [point for point in [meeting.geometry, *delegations["origin"]] if point is not None]
    if not points:
        return to_world_view()
    arcs = delegations.geometry[delegations.geometry.notna()]
    return to_near_view(
        np.concatenate([to_coordinates(points), shapely.get_coordinates(arcs.to_numpy())]), least_km=LEAST_KM
    )


def _draw_delegations(
    page: Page,
    region: Region,
    meeting: pd.Series,
    delegations: gpd.GeoDataFrame,
    dataset: Dataset,
    *,
    language: Language,
) -> None:
    colour = to_meeting_colour(meeting, dataset)
    known = delegations["municipality"].notna()
    arcs = delegations.geometry.notna()
    located = delegations[delegations["origin"].notna()]
    roles = dataset.municipalities["role"].reindex(located["municipality"]).fillna("").tolist()
    entries = _to_entries(meeting, colour, roles, exact=any(arcs & known), rough=any(arcs & ~known), language=language)
    region = draw_legend(page, region, entries, size=8.5)
    atlas_map = PageMap(page, region, to_meeting_view(meeting, delegations))
    for rows, dashed in ((delegations[arcs & known], False), (delegations[arcs & ~known], True)):
        if len(rows):
            atlas_map.draw_arcs(list(rows.geometry), colours=[colour] * len(rows), width=ARC_POINTS, dashed=dashed)
    taken = atlas_map.draw_scale_bar(language)
    shapes = [_to_origin_shape(role, colour) for role in roles]
    countries = to_country_names(located["country"], language=language)
    names = [
        dataset.municipalities.at[municipality, "name"] if pd.notna(municipality) else countries[country]
        for municipality, country in zip(located["municipality"], located["country"], strict=True)
    ]
    marks = atlas_map.draw_marks(to_coordinates(located["origin"]), shapes, names=names)
    if meeting.geometry is not None:
        shape = Shape(HOST_POINTS, colour, corners=SYMBOLS[meeting["kind"]], edge_width=0.8)
        host = atlas_map.draw_marks(to_coordinates([meeting.geometry]), [shape], names=[meeting["place"]])
        marks = [Mark(mark.x, mark.y, mark.radius, mark.name, "semibold") for mark in host] + [
            # Who is at home at the host's needs no second name.
            Mark(mark.x, mark.y, mark.radius, "" if mark.name == meeting["place"] else mark.name)
            for mark in marks
        ]
    size = page.to_size(7.5)
    write_labels(page, place_labels(marks, region=region, size=size, taken=taken), size=size, colour=INK)


def _to_origin_shape(role: str, colour: str) -> Shape:
    if role == NORTH:
        return Shape(ORIGIN_POINTS * 0.8, COLOURS.north, corners=SQUARE, edge_width=0.4)
    if role == SOUTH:
        return Shape(ORIGIN_POINTS, colour, edge_width=0.5)
    return Shape(ORIGIN_POINTS, COLOURS.surface, edge=colour, edge_width=0.9)


def _to_entries(
    meeting: pd.Series, colour: str, roles: Sequence[str], *, exact: bool, rough: bool, language: Language
) -> list[Entry]:
    words = to_words(language)
    found: list[tuple[bool, Entry]] = [
        (meeting.geometry is not None, (to_symbol(meeting["kind"], colour=colour, scale=1.3), words["host"])),
        (NORTH in roles, (Sample(COLOURS.north, corners=SQUARE), words["north_marker"])),
        (SOUTH in roles, (Sample(colour, scale=0.7), words["south_marker"])),
        ("" in roles, (Sample(colour, hollow=True), words["whole_country"])),
        (exact, (Sample(colour, line=LINE_POINTS), words["delegation"])),
        (rough, (Sample(colour, line=LINE_POINTS, dashed=True), words["country_delegation"])),
    ]
    return [entry for is_there, entry in found if is_there]


def draw_meetings(page: Page, region: Region, shown: ShownMeetings, dataset: Dataset, *, language: Language) -> None:
    """Draw where the meetings of a view were held: on the world map, and the German towns on a map of their own."""
    meetings = dataset.meetings.iloc[shown.meetings]
    counts = Counter(meetings.loc[meetings.geometry.notna(), "kind"])
    entries: list[Entry] = [
        (to_symbol(kind), language.label(language.gettext(label), language.number(counts[kind])))
        for kind, label in MEETING_KIND_LABELS.items()
        if counts[kind]
    ]
    region = draw_legend(page, region, entries)
    elsewhere, german = split_held(meetings)
    if german.empty:
        _draw_held(PageMap(page, region, to_world_view()), elsewhere, dataset, language=language)
        return
    near = to_near_view(to_coordinates(german.geometry), least_km=LEAST_KM)
    if elsewhere.empty:
        _draw_held(PageMap(page, region, near), german, dataset, language=language)
        return
    world, germany = region.split_right(region.width * 0.3, gap=GAP)
    world_map = PageMap(page, world, to_world_view())
    count = language.label(to_words(language)[NORTH], language.number(len(german)))
    country = Mark(*_to_centre(world_map, german), 0.06, count, "semibold")
    _draw_held(world_map, elsewhere, dataset, language=language, also=[country])
    _draw_held(PageMap(page, germany, near), german, dataset, language=language)


def split_held(meetings: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return those for the map of the world and those for a map of Germany; either may be empty.

    Meetings that were held nowhere are in neither. Germany has a map of its own from TOWNS_FOR_A_MAP towns on.
    """
    held = meetings[meetings.geometry.notna()]
    german = held[held["country"] == "DE"]
    if german["place"].nunique() < TOWNS_FOR_A_MAP:
        german = german.iloc[:0]
    return held.drop(german.index), german


def _to_centre(atlas_map: PageMap, meetings: gpd.GeoDataFrame) -> tuple[float, float]:
    x, y = atlas_map.to_page(to_coordinates(meetings.geometry)).mean(axis=0)
    return float(x), float(y)


def _draw_held(
    atlas_map: PageMap,
    meetings: gpd.GeoDataFrame,
    dataset: Dataset,
    *,
    language: Language,
    also: Sequence[Mark] = (),
) -> None:
    """Draw meetings where they were held; those of one town stand side by side. A near map gets a scale bar.

    `also`: squares for meetings that another map shows.
    """
    taken = atlas_map.draw_scale_bar(language)
    for one in also:
        draw_shape(atlas_map.drawing, one.x, one.y, Shape(one.radius * POINTS_PER_INCH, COLOURS.north, corners=SQUARE))
    radius = MEETING_POINTS * atlas_map.page.sheet.type_scale
    beside: Counter[tuple[float, float]] = Counter()
    marks, step = [], 2 * radius / POINTS_PER_INCH
    places: Floats = np.empty((0, 2))
    if len(meetings):
        places = atlas_map.to_page(to_coordinates(meetings.geometry))
    for (_, row), (x, y) in zip(meetings.iterrows(), places, strict=True):
        at = (round(float(x), 1), round(float(y), 1))
        shift = beside[at] * step
        beside[at] += 1
        colour = to_meeting_colour(row, dataset)
        draw_shape(atlas_map.drawing, x + shift, y, Shape(radius, colour, corners=SYMBOLS[row["kind"]]))
        name = row["place"] if shift == 0 else ""
        marks.append(Mark(float(x + shift), float(y), radius / POINTS_PER_INCH, name))
    size = atlas_map.page.to_size(8.0)
    labels = place_labels([*also, *marks], region=atlas_map.region, size=size, taken=taken)
    write_labels(atlas_map.page, labels, size=size, colour=INK)
