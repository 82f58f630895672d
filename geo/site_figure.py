"""Excursion sites on paper: for each meeting a map of its town, to one scale bar each."""

import math
from collections.abc import Collection, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.arcs import Floats
from geo.dataset import Dataset
from geo.figure_labels import Box, Label, Mark, place_labels, write_labels
from geo.figure_legend import LINE_POINTS, Entry, Sample, draw_legend, to_symbol
from geo.figure_maps import (
    COLOURS,
    TOWN_TYPE,
    PageMap,
    Shape,
    draw_shape,
    to_coordinates,
    to_near_view,
    to_world_view,
)
from geo.language import Language
from geo.layers import ShownSites
from geo.map_words import to_words
from geo.paper import INK, MUTED, POINTS_PER_INCH, Page, Region, Weight, cut_short, to_height
from geo.records import to_meeting_records, to_texts
from geo.style import SYMBOLS

# From so many towns on, their maps would be too small to read; one map shows them all.
MOST_TOWN_MAPS = 9
LEAST_KM = 12.0
SITE_POINTS, TOWN_POINTS = 4.0, 5.0
NAME_TYPE = 8.5
GAP = 0.3  # between two maps, in inches
_ROOM = 0.16


def draw_sites(page: Page, region: Region, shown: ShownSites, dataset: Dataset, *, language: Language) -> None:
    """Draw the sites of a view: a map for each meeting that visited some, or of the selected site's meeting alone.

    Sites of very many meetings are drawn on one world map instead. A view without sites says so.
    """
    sites = find_sites(shown, dataset)
    if sites.empty:
        text = language.gettext("In dieser Auswahl ist nichts zu sehen.")
        middle = region.left + region.width / 2, region.bottom + region.height / 2
        page.write(text, x=middle[0], y=middle[1], size=page.to_size(12), colour=MUTED, align="center")
        return
    meetings = list(dict.fromkeys(sites["meeting"]))
    if len(meetings) > MOST_TOWN_MAPS:
        region = draw_legend(page, region, [(to_symbol("site"), to_words(language)["site"])])
        _draw_overview(page, region, sites, language=language)
        return
    region = draw_legend(page, region, to_site_entries(sites, meetings, dataset, language=language))
    records = to_meeting_records(dataset, language=language)
    size = page.to_size(10.0)
    for cell, meeting in zip(to_cells(region, len(meetings), gap=GAP), meetings, strict=True):
        record = records.loc[meeting]
        heading = f"{record['where']} · {record['dates']}"
        if len(meetings) > 1:
            text = cut_short(heading, width=cell.width, size=size, weight="semibold")
            page.write_lines([text], left=cell.left, top=cell.top, size=size, weight="semibold")
            cell = cell.without_top(to_height(1, size) + 0.03)
        draw_town(page, cell, sites[sites["meeting"] == meeting], dataset, selected=shown.site, language=language)


def find_sites(shown: ShownSites, dataset: Dataset) -> gpd.GeoDataFrame:
    """Return the sites that a figure shows: those of the view, with one selected those of its meeting."""
    sites = dataset.sites.iloc[shown.sites]
    if shown.site is None:
        return sites
    return dataset.sites[dataset.sites["meeting"] == dataset.sites.at[shown.site, "meeting"]]


def to_site_entries(
    sites: gpd.GeoDataFrame, meetings: Sequence[str], dataset: Dataset, *, language: Language
) -> list[Entry]:
    """Return the legend of maps of towns."""
    words = to_words(language)
    entries: list[Entry] = [(to_symbol("site"), words["site"])]
    if dataset.meetings.geometry.loc[list(meetings)].notna().any():
        entries.append((Sample(COLOURS.text), words["host"]))
        entries.append((Sample(COLOURS.text, hollow=True), words["rings"]))
    if (sites["precision_m"] > 0).any():
        entries.append((Sample(COLOURS.text, line=LINE_POINTS / 2, dashed=True), words["precision"]))
    return entries


def to_cells(region: Region, count: int, *, gap: float) -> list[Region]:
    """Divide a region into cells of about the proportions of a map, row by row, with a `gap` in inches between them."""

    def to_misfit(columns: int) -> float:
        rows = math.ceil(count / columns)
        return abs(math.log(region.width / columns / (region.height / rows) / 1.4)) + 0.2 * (columns * rows - count)

    columns = min(range(1, count + 1), key=to_misfit)
    rows = math.ceil(count / columns)
    height = (region.height - gap * (rows - 1)) / rows
    cells = []
    for row in range(rows):
        in_row = min(columns, count - row * columns)
        width = (region.width - gap * (in_row - 1)) / in_row
        bottom = region.top - (row + 1) * height - row * gap
        cells += [Region(region.left + at * (width + gap), bottom, width, height) for at in range(in_row)]
    return cells


def draw_town(
    page: Page,
    region: Region,
    sites: gpd.GeoDataFrame,
    dataset: Dataset,
    *,
    selected: str | None = None,
    language: Language,
) -> None:
    """Draw the sites of one meeting around its town, with rings of distance, how exactly each is known, and names."""
    meeting = dataset.meetings.loc[sites["meeting"].iloc[0]]
    town = meeting.geometry
    places = to_coordinates(sites.geometry)
    seen = [places, *(_to_reach(point, metres) for point, metres in zip(places, sites["precision_m"], strict=True))]
    if town is not None:
        seen.append(to_coordinates([town]))
    atlas_map = PageMap(page, region, to_near_view(np.concatenate(seen), least_km=LEAST_KM, room=_ROOM))
    taken = atlas_map.draw_scale_bar(language)
    for place, metres in zip(places, sites["precision_m"], strict=True):
        atlas_map.draw_circle(place[None], metres=float(metres), colour=COLOURS.text, dashed=True, fill=0.05)
    marks = _draw_sites(atlas_map, sites, selected, language=language)
    if town is not None:
        at = to_coordinates([town])
        name = "" if pd.isna(meeting["place"]) else meeting["place"]
        marks += atlas_map.draw_marks(at, [Shape(TOWN_POINTS * 0.8, COLOURS.text)], names=[name])
    names = _place_names(atlas_map, marks, taken)
    taken += [*(mark.box for mark in marks), *(label.box for label in names)]
    if town is not None:
        taken += atlas_map.draw_rings(to_coordinates([town]), language, obstacles=taken)
    _write_towns(atlas_map, taken, besides={mark.name for mark in marks})
    write_labels(page, names, size=page.to_size(NAME_TYPE), colour=INK)


def _to_reach(place: Floats, metres: float) -> Floats:
    """Return points that lie as far from a place as it is known exactly, to the four sides."""
    north = float(metres) / 111_195
    east = north / math.cos(math.radians(place[1]))
    steps = np.array([[0, north], [0, -north], [east, 0], [-east, 0]])
    reach: Floats = place + steps
    return reach


def _draw_sites(atlas_map: PageMap, sites: gpd.GeoDataFrame, selected: str | None, *, language: Language) -> list[Mark]:
    """Draw a mark for each site; those of one place stand side by side."""
    names = to_texts(sites, "name", language=language)
    marks: list[Mark] = []
    for site, (x, y) in zip(sites.index, atlas_map.to_page(to_coordinates(sites.geometry)), strict=True):
        radius = SITE_POINTS * (1.35 if site == selected else 1.0)
        while any(math.hypot(x - mark.x, y - mark.y) < mark.radius for mark in marks):
            x += 2 * radius / POINTS_PER_INCH
        draw_shape(atlas_map.drawing, x, y, Shape(radius, COLOURS.text, corners=SYMBOLS["site"]))
        weight: Weight = "semibold" if site == selected else "regular"
        marks.append(Mark(float(x), float(y), radius / POINTS_PER_INCH, names[site], weight))
    return marks


def _place_names(atlas_map: PageMap, marks: Sequence[Mark], taken: Sequence[Box]) -> list[Label]:
    inside, size = atlas_map.region, atlas_map.page.to_size(NAME_TYPE)
    return place_labels(marks, region=inside, size=size, taken=taken, longest=0.9 * inside.width, most_lines=2)


def _write_towns(atlas_map: PageMap, taken: Sequence[Box], *, besides: Collection[str]) -> None:
    towns = [
        town
        for town in atlas_map.find_towns()
        if town.name not in besides and not any(town.box.covers(box) for box in taken)
    ]
    size = atlas_map.page.to_size(TOWN_TYPE)
    atlas_map.draw_towns(place_labels(towns, region=atlas_map.region, size=size, taken=taken))


def _draw_overview(page: Page, region: Region, sites: gpd.GeoDataFrame, *, language: Language) -> None:
    atlas_map = PageMap(page, region, to_world_view())
    points = sites.geometry.drop_duplicates()
    counts = sites.geometry.to_wkb().value_counts()
    names = sites.loc[points.index, "place"].tolist()
    radii = [SITE_POINTS * float(np.sqrt(counts[shapely.to_wkb(point)])) for point in points]
    shapes = [Shape(radius, COLOURS.text, corners=SYMBOLS["site"]) for radius in radii]
    size = page.to_size(7.5)
    marks = atlas_map.draw_marks(to_coordinates(points), shapes, names=names)
    labels = place_labels(marks, region=region, size=size)
    write_labels(page, labels, size=size, colour=MUTED)
