"""Maps on paper: equal-area projections, land, arcs and marks.

Two projections are enough. What spans the world is drawn in Equal Earth (EPSG:8857), like all world maps of the atlas.
What is seen more closely is drawn in Lambert's azimuthal equal-area projection around its own middle: there it distorts
shapes least, nothing is cut by the antimeridian, and areas stay comparable. A shifted Equal Earth would keep the shear
of a world map's edge for a country that lies there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon
from pyproj import Transformer

from geo.arcs import Floats
from geo.countries import BASE_MAP
from geo.figure_labels import Box, Label, Mark, write_labels
from geo.figure_legend import DASHES
from geo.geodata import CRS, WGS84
from geo.language import Language
from geo.paper import INK, MUTED, POINTS_PER_INCH, Page, Region, to_width
from geo.style import THEMES, Corners

EQUAL_EARTH = "EPSG:8857"
# What a world map shows: Antarctica is not on the base map.
WORLD_SOUTH, WORLD_NORTH = -58.0, 84.0
# What reaches farther from its middle than this is drawn on a world map.
NEAR_KM = 6500.0
# On a map of more, a bar is true for its middle only.
SCALE_BAR_UP_TO_KM = 5000.0
# Names of towns help where the countries alone give no hold.
TOWNS_UP_TO_KM = 400.0
MOST_TOWNS = 2  # for each inch of the width
PLACES = BASE_MAP.with_name("places.json")
RINGS_KM = (1, 2, 5, 10, 20, 50)
SMALLEST_RING, MOST_RINGS = 0.35, 2  # radius in inches, and how many
COLOURS = THEMES["light"]
TOWN_POINTS, TOWN_TYPE = 1.3, 7.0
_STEP_DEGREES = 1.0
_TOWN_DEGREES = 6.0


@dataclass(frozen=True)
class MapView:
    """What of the world a map shows: its projection, and the bounds in metres (west, south, east, north)."""

    crs: str
    bounds: tuple[float, float, float, float]

    @property
    def is_world(self) -> bool:
        """Whether this is a map in the projection for the world."""
        return self.crs == EQUAL_EARTH

    @property
    def is_town(self) -> bool:
        """Whether this shows so little that the rest of the world need not be projected for it."""
        return not self.is_world and self.width_km <= TOWNS_UP_TO_KM

    @property
    def width_km(self) -> float:
        """The width in the projection, in km."""
        return (self.bounds[2] - self.bounds[0]) / 1000

    def to_xy(self, coordinates: Floats) -> Floats:
        """Project points of shape (n, 2): longitude, latitude; returns x, y in metres."""
        if not len(coordinates):
            return np.empty((0, 2))
        return np.column_stack(_to_transformer(self.crs).transform(coordinates[:, 0], coordinates[:, 1]))

    def fill(self, region: Region) -> "MapView":
        """Return the view widened to the proportions of a region, its middle unmoved."""
        west, south, east, north = self.bounds
        scale = max((east - west) / region.width, (north - south) / region.height)
        across, up = scale * region.width / 2, scale * region.height / 2
        x, y = (west + east) / 2, (south + north) / 2
        return replace(self, bounds=(x - across, y - up, x + across, y + up))


@cache
def _to_transformer(crs: str) -> Transformer:
    return Transformer.from_crs(CRS, crs, always_xy=True)


def to_world_view() -> MapView:
    """Return the view of the whole world."""
    outline = MapView(EQUAL_EARTH, (0, 0, 0, 0)).to_xy(_to_world_outline())
    west, south = outline.min(axis=0)
    east, north = outline.max(axis=0)
    return MapView(EQUAL_EARTH, (west, south, east, north))


def _to_world_outline() -> Floats:
    latitudes = np.linspace(WORLD_SOUTH, WORLD_NORTH, 143)
    east = np.column_stack([np.full(len(latitudes), 180.0), latitudes])
    return np.concatenate([east, np.flip(east, axis=0) * [-1, 1]])


def to_near_view(coordinates: Floats, *, least_km: float, room: float = 0.08) -> MapView:
    """Return a view of points, at least `least_km` wide and high, with a part `room` of it on each side.

    Takes points of shape (n, 2), longitude and latitude, at least one. What spans more than NEAR_KM from its middle is
    seen on a world map in Equal Earth, cut to the points.
    """
    middle = to_middle(coordinates)
    _, _, metres = WGS84.inv(*np.broadcast_to(middle, coordinates.shape).T, *coordinates.T)
    near = float(np.max(metres)) <= NEAR_KM * 1000
    crs = (
        f"+proj=laea +lat_0={middle[1]:.4f} +lon_0={middle[0]:.4f} +datum=WGS84 +units=m +no_defs"
        if near
        else EQUAL_EARTH
    )
    xy = MapView(crs, (0, 0, 0, 0)).to_xy(coordinates)
    low, high = xy.min(axis=0), xy.max(axis=0)
    half = np.maximum((high - low) * (0.5 + room), least_km * 500)
    centre = (low + high) / 2
    west, south = centre - half
    east, north = centre + half
    if not near:
        bounds = to_world_view().bounds
        west, south = max(west, bounds[0]), max(south, bounds[1])
        east, north = min(east, bounds[2]), min(north, bounds[3])
    return MapView(crs, (float(west), float(south), float(east), float(north)))


def to_middle(coordinates: Floats) -> Floats:
    """Return the point on the sphere in the middle of points, longitude and latitude; the first one if there is none.

    It is the middle of the box around them in space, not their mean, which many points in one place would pull there.
    """
    longitude, latitude = np.radians(coordinates).T
    space = np.column_stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)]
    )
    x, y, z = (space.min(axis=0) + space.max(axis=0)) / 2
    if np.hypot(np.hypot(x, y), z) < 1e-6:
        return np.asarray(coordinates[0], dtype=float)
    return np.degrees([np.arctan2(y, x), np.arctan2(z, np.hypot(x, y))])


def _to_corners(bounds: tuple[float, float, float, float]) -> Floats:
    west, south, east, north = bounds
    return np.array([[west, south], [east, south], [east, north], [west, north]])


def _widen(bounds: tuple[float, float, float, float], by: float) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    x, y, across, up = (west + east) / 2, (south + north) / 2, (east - west) / 2 * by, (north - south) / 2 * by
    return x - across, y - up, x + across, y + up


@cache
def _read_shapes() -> gpd.GeoSeries:
    # Straight edges of borders follow their parallel or meridian, as on the map in the browser.
    return gpd.read_file(BASE_MAP).geometry.segmentize(_STEP_DEGREES)


@lru_cache(maxsize=16)
def read_land(crs: str) -> gpd.GeoSeries:
    """Return the countries of the base map in a projection, in metres.

    They are cut at the antimeridian: a world map shows them so; around any other middle the parts are put together
    again. A country that holds the antipode of the middle, where the projection has no point, is left out: no near view
    reaches it.
    """
    shapes = _read_shapes()
    if crs == EQUAL_EARTH:
        return shapes.to_crs(crs)
    centre = _to_transformer(crs).transform(0, 0, direction="INVERSE")
    antipode = shapely.Point((centre[0] + 360) % 360 - 180, -centre[1])
    kept = shapes.explode()[lambda parts: ~parts.intersects(antipode.buffer(0.5))]
    projected = kept.to_crs(crs).make_valid()
    bounds = kept.bounds
    cut = ((bounds["minx"] <= -180) | (bounds["maxx"] >= 180)).to_numpy()
    whole = projected[cut].groupby(level=0).agg(lambda parts: shapely.union_all(list(parts), grid_size=1.0))
    return gpd.GeoSeries([*projected[~cut], *whole], crs=crs)


def read_town_land(view: MapView) -> gpd.GeoSeries:
    """Return the countries of the base map around a town, in the projection of its map, in metres."""
    longitude, latitude = _to_transformer(view.crs).transform(0, 0, direction="INVERSE")
    north, east = _TOWN_DEGREES, _to_reach(latitude)
    around = (longitude - east, latitude - north, longitude + east, latitude + north)
    shapes = _read_shapes()
    # What lies beyond the antimeridian is moved next to the town.
    moved = [shapes.translate(turn) for turn in (-360, 360) if around[0] < -180 or around[2] > 180]
    parts = pd.concat([shapes, *moved]).clip_by_rect(*around)
    return parts[~parts.is_empty].to_crs(view.crs)


def _to_reach(latitude: float) -> float:
    """Return how many degrees of longitude are as far as _TOWN_DEGREES of latitude; near the poles not all of them."""
    return float(min(_TOWN_DEGREES / max(np.cos(np.radians(latitude)), 0.05), 170))


def to_line(view: MapView, arc: shapely.LineString | shapely.MultiLineString) -> Floats:
    """Project an arc to points of shape (n, 2), in metres of the map's projection.

    Between parts on either side of the antimeridian stands a gap (NaN).
    """
    parts = [view.to_xy(shapely.get_coordinates(part)) for part in getattr(arc, "geoms", [arc])]
    if not view.is_world:
        return np.concatenate(parts)
    gap = np.full((1, 2), np.nan)
    return np.concatenate([piece for part in parts for piece in (part, gap)][:-1])


@cache
def read_towns() -> tuple[list[str], Floats]:
    """Read the names of towns, the largest first, and where they are: longitude, latitude, of shape (n, 2)."""
    content = pd.read_json(PLACES, typ="series")
    latitude_first = np.asarray(content["at"], dtype=float).reshape(-1, 2)
    return content["names"], np.flip(latitude_first, axis=1)


@dataclass(frozen=True)
class Shape:
    """How a mark is drawn: radius in points, colours, and corners for one that is not round."""

    radius: float
    fill: str
    corners: Corners | None = None
    edge: str = COLOURS.halo
    edge_width: float = 0.6
    opacity: float = 1.0


def draw_shape(axes: Axes, x: float, y: float, shape: Shape) -> None:
    """Draw one mark into axes that are measured in inches."""
    radius = shape.radius / POINTS_PER_INCH
    corners = shape.corners or _ROUND
    points = [(x + across * radius, y - down * radius) for across, down in corners]
    # `add_patch` would find out how far the mark reaches, which takes long and changes nothing: the limits are set.
    axes.add_artist(
        Polygon(
            points,
            closed=True,
            facecolor=shape.fill,
            edgecolor=shape.edge,
            linewidth=shape.edge_width,
            alpha=shape.opacity,
            joinstyle="miter" if shape.corners else "round",
            zorder=3,
        )
    )


_ROUND: Corners = tuple(
    (float(np.sin(turn)), float(-np.cos(turn))) for turn in np.linspace(0, 2 * np.pi, 48, endpoint=False)
)


class PageMap:
    """A map on a page: land first, then what is drawn onto it.

    `axes` are measured in metres of the projection, `drawing` lies over them and is measured in inches of the page.
    """

    def __init__(self, page: Page, region: Region, view: MapView) -> None:
        self.page, self.region = page, region
        self.view = view.fill(region)
        self.axes = page.add_axes(region)
        self._draw_land()
        self.drawing = page.add_drawing(region)

    def _draw_land(self) -> None:
        west, south, east, north = self.view.bounds
        sea = self.view.to_xy(_to_world_outline()) if self.view.is_world else _to_corners(self.view.bounds)
        self.axes.add_patch(Polygon(sea, closed=True, facecolor=COLOURS.sea, edgecolor="none", zorder=0))
        bounds = _widen(self.view.bounds, 1.05)
        land = (read_town_land(self.view) if self.view.is_town else read_land(self.view.crs)).clip_by_rect(*bounds)
        land = land[~land.is_empty]
        if len(land):
            look = {"facecolor": COLOURS.land, "edgecolor": COLOURS.border, "linewidth": 0.35}
            land.plot(ax=self.axes, aspect=None, zorder=1, **look)
        self.axes.set_xlim(west, east)
        self.axes.set_ylim(south, north)

    def draw_arcs(
        self,
        arcs: Sequence[shapely.LineString | shapely.MultiLineString],
        *,
        colours: Sequence[str],
        width: float | Sequence[float],
        opacity: float = 1.0,
        dashed: bool = False,
    ) -> None:
        """Draw arcs (EPSG:4326, with vertices close enough for a flat map), one line each.

        The width is in points: one for all, or one for each.
        """
        collection = LineCollection(
            [to_line(self.view, arc) for arc in arcs],
            colors=list(colours),
            linewidths=width,
            alpha=opacity,
            linestyles=[DASHES if dashed else "solid"],
            capstyle="butt" if dashed else "round",
            joinstyle="round",
            zorder=2,
        )
        collection.set_gid("arcs")
        self.axes.add_collection(collection, autolim=False)

    def draw_marks(self, coordinates: Floats, shapes: Sequence[Shape], *, names: Sequence[str] = ()) -> list[Mark]:
        """Draw a mark at each point (longitude, latitude); return where they stand on the page, in the same order."""
        marks = []
        for (x, y), shape, name in zip(self.to_page(coordinates), shapes, names or [""] * len(shapes), strict=True):
            draw_shape(self.drawing, x, y, shape)
            marks.append(Mark(float(x), float(y), shape.radius / POINTS_PER_INCH, name))
        return marks

    def to_page(self, coordinates: Floats) -> Floats:
        """Return points (longitude, latitude) as x, y in inches on the page."""
        west, south, east, north = self.view.bounds
        scale = np.array([self.region.width / (east - west), self.region.height / (north - south)])
        placed: Floats = (self.view.to_xy(coordinates) - [west, south]) * scale + [self.region.left, self.region.bottom]
        return placed

    def to_inches(self, metres: float) -> float:
        """Return a length in the projection as it is on the page."""
        return metres * self.region.width / (self.view.bounds[2] - self.view.bounds[0])

    def draw_circle(self, coordinates: Floats, *, metres: float, colour: str, dashed: bool, fill: float) -> None:
        """Draw a circle around one point, shape (1, 2), radius in metres; `fill` is the opacity of its inside."""
        x, y = self.to_page(coordinates)[0]
        radius = self.to_inches(metres)
        look = {"linewidth": 0.7, "linestyle": DASHES if dashed else "solid", "clip_on": True}
        if fill:
            self.drawing.add_patch(Circle((x, y), radius, facecolor=colour, edgecolor="none", alpha=fill, zorder=1))
        self.drawing.add_patch(
            Circle((x, y), radius, facecolor="none", edgecolor=colour, alpha=0.75 if dashed else 0.4, zorder=1, **look)
        )

    def draw_rings(self, coordinates: Floats, language: Language, *, obstacles: Sequence[Box] = ()) -> list[Box]:
        """Draw rings of distance around one point, shape (1, 2), with their radius; return what the words take up.

        The radius stands above the point, or else below it or at its sides: inside the map, on none of the obstacles.
        """
        most = min(self.region.width, self.region.height) / 2
        fitting = [km for km in RINGS_KM if SMALLEST_RING <= self.to_inches(km * 1000) <= most]
        x, y = self.to_page(coordinates)[0]
        size = self.page.to_size(7.0)
        boxes: list[Box] = []
        for km in fitting[-MOST_RINGS:]:
            self.draw_circle(coordinates, metres=km * 1000, colour=COLOURS.text, dashed=False, fill=0)
            text = f"{language.number(km)} km"
            radius, half = self.to_inches(km * 1000), to_width(text, size) / 2 + 0.03
            for across, up in ((0, 1), (0, -1), (1, 0), (-1, 0)):
                middle, height = x + across * radius, y + up * radius
                box = Box(middle - half, height - 0.05, middle + half, height + 0.05)
                if box.lies_in(self.region) and not any(box.covers(other) for other in (*obstacles, *boxes)):
                    self.page.write(
                        text, x=middle, y=height - 0.035, size=size, colour=MUTED, align="center", halo=True
                    )
                    boxes.append(box)
                    break
        return boxes

    def find_towns(self) -> list[Mark]:
        """Return where towns stand on a near map, the largest first, as marks with names; none on a wider one."""
        if not self.view.is_town:
            return []
        names, coordinates = read_towns()
        longitude, latitude = _to_transformer(self.view.crs).transform(0, 0, direction="INVERSE")
        across = np.abs((coordinates[:, 0] - longitude + 180) % 360 - 180)
        along = np.abs(coordinates[:, 1] - latitude)
        near = np.flatnonzero((across < _to_reach(latitude)) & (along < _TOWN_DEGREES))
        marks = [
            Mark(float(x), float(y), TOWN_POINTS / POINTS_PER_INCH, names[number])
            for number, (x, y) in zip(near, self.to_page(coordinates[near]), strict=True)
        ]
        return [mark for mark in marks if mark.box.lies_in(self.region)][: int(MOST_TOWNS * self.region.width)]

    def draw_towns(self, labels: Sequence[Label]) -> None:
        """Draw a small dot for each town whose name has found a place, and the name."""
        for label in labels:
            draw_shape(self.drawing, label.mark.x, label.mark.y, Shape(TOWN_POINTS, MUTED, edge_width=0.3))
        write_labels(self.page, labels, size=self.page.to_size(TOWN_TYPE), colour=MUTED)

    def draw_scale_bar(self, language: Language) -> list[Box]:
        """Draw a scale bar in the lower right corner of a near map; return what it takes up."""
        km = to_bar_km(self.view.width_km)
        if self.view.is_world or self.view.width_km > SCALE_BAR_UP_TO_KM:
            return []
        size = self.page.to_size(8.0)
        length = self.to_inches(km * 1000)
        right, bottom = self.region.right - 0.12, self.region.bottom + 0.12
        ticks = [(right - length, bottom + 0.05), (right - length, bottom), (right, bottom), (right, bottom + 0.05)]
        self.drawing.add_line(Line2D(*zip(*ticks, strict=True), color=INK, linewidth=0.9))
        text = f"{language.number(km, digits=1)} km"
        self.page.write(text, x=right - length / 2, y=bottom + 0.07, size=size, align="center", halo=True)
        half = max(length, to_width(text, size)) / 2 + 0.05
        middle = right - length / 2
        return [Box(middle - half, self.region.bottom, middle + half, bottom + 0.1 + size / POINTS_PER_INCH)]


def to_coordinates(points: Sequence[shapely.Point]) -> Floats:
    """Return points as an array of shape (n, 2): longitude, latitude."""
    found: npt.NDArray[np.float64] = shapely.get_coordinates(np.asarray(points, dtype=object))
    return found


def to_bar_km(width_km: float) -> float:
    """Return a round length for a scale bar of about a fifth of a map's width."""
    aim = width_km / 5
    power = 10 ** np.floor(np.log10(aim))
    return float(max(step * power for step in (1, 2, 5) if step * power <= aim))
