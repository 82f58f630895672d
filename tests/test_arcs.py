"""Geodesics: known distances, exact ends, no jump across the map."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Geod

from geo.arcs import split_at_antimeridian, to_arcs, to_geodesics, to_links

LONGITUDES = st.floats(-180, 180, allow_nan=False)
LATITUDES = st.floats(-89, 89, allow_nan=False)
POINTS = st.tuples(LONGITUDES, LATITUDES)
GEOD = Geod(ellps="WGS84")


def parts_of(line):
    return [shapely.get_coordinates(part) for part in getattr(line, "geoms", [line])]


def length_km(line):
    return sum(GEOD.line_length(part[:, 0], part[:, 1]) for part in parts_of(line)) / 1000


@given(start=POINTS, end=POINTS)
@example(start=(180.0, 50.0), end=(-180.0, 60.0))
@example(start=(143.015625, 4.0), end=(-37.0, 0.0))
def test_ends_length_and_no_jump_over_180_degrees(start, end):
    (line,), (distance_km,) = to_geodesics(np.array([start]), np.array([end]))
    parts = parts_of(line)
    assert tuple(parts[0][0]) == start
    assert tuple(parts[-1][-1]) == end
    assert length_km(line) == pytest.approx(distance_km, rel=0.002, abs=0.01)
    for part in parts:
        assert np.abs(np.diff(part[:, 0])).max() <= 180
        assert np.abs(part[:, 0]).max() <= 180


@given(start=POINTS, end=POINTS)
def test_the_way_back_is_as_long(start, end):
    _, there = to_geodesics(np.array([start]), np.array([end]))
    _, back = to_geodesics(np.array([end]), np.array([start]))
    assert there == pytest.approx(back)


def test_a_quarter_of_the_equator_and_a_quarter_of_a_meridian():
    lines, distance_km = to_geodesics(np.array([[0.0, 0.0], [0.0, 0.0]]), np.array([[90.0, 0.0], [0.0, 89.999999]]))
    # Half the equatorial radius of WGS84 times pi, and the length of its meridian quadrant.
    assert distance_km[0] == pytest.approx(6378.137 * np.pi / 2)
    assert distance_km[1] == pytest.approx(10001.966, abs=0.001)
    assert np.abs(shapely.get_coordinates(lines[0])[:, 1]).max() == pytest.approx(0, abs=1e-9)


def test_a_vertex_at_least_every_step():
    (line,), (distance_km,) = to_geodesics(np.array([[0.0, 0.0]]), np.array([[0.0, 10.0]]), step_km=100)
    points = shapely.get_coordinates(line)
    # 10 degrees of latitude from the equator are 1105.855 km on WGS84: twelve steps, thirteen vertices.
    assert distance_km == pytest.approx(1105.855, abs=0.001)
    assert len(points) == 13


def test_equal_points_give_a_line_of_no_length():
    (line,), (distance_km,) = to_geodesics(np.array([[7.1, 50.7]]), np.array([[7.1, 50.7]]))
    assert distance_km == 0
    assert shapely.get_coordinates(line).tolist() == [[7.1, 50.7], [7.1, 50.7]]


def test_no_pairs_give_no_lines():
    lines, distances = to_geodesics(np.empty((0, 2)), np.empty((0, 2)))
    assert (len(lines), len(distances)) == (0, 0)


def test_across_the_antimeridian_a_line_has_a_part_on_each_side():
    starts, ends = np.array([[179.0, 0.0], [10.0, 0.0]]), np.array([[-179.0, 0.0], [11.0, 0.0]])
    lines, distance_km = to_geodesics(starts, ends)
    west, east = parts_of(lines[0])
    assert west[-1].tolist() == [180, 0]
    assert east[0].tolist() == [-180, 0]
    # Two degrees of the equator.
    assert distance_km[0] == pytest.approx(222.639, abs=0.001)
    assert lines[1].geom_type == "LineString"


def test_the_cut_lies_where_the_line_crosses():
    points = np.array([[170.0, 45.0], [-170.0, 45.0]])
    cut, line, part = split_at_antimeridian(points, np.array([0, 0]))
    # By Napier's rules the great circle's middle, 10 degrees on, has tan(latitude) = tan(45°) / cos(10°).
    top = np.degrees(np.arctan(1 / np.cos(np.radians(10))))
    np.testing.assert_allclose(cut, [[170, 45], [180, top], [-180, top], [-170, 45]])
    assert line.tolist() == [0, 0, 0, 0]
    assert part.tolist() == [0, 0, 1, 1]


def test_links_keep_rows_and_order_and_leave_the_input_alone():
    located = pd.DataFrame(
        {
            "phase": [9, 1],
            "north_point": [shapely.Point(10.7815, 52.42452), shapely.Point(0, 0)],
            "south_point": [shapely.Point(-98.20723, 19.04778), shapely.Point(0, 1)],
        },
        index=["wolfsburg--puebla-9", "b"],
    )
    before = located.copy()
    links, arcs = to_links(located), to_arcs(located)
    assert arcs.crs == "EPSG:4326"
    assert list(links.columns) == [*located.columns, "distance_km"]
    assert list(links.index) == list(arcs.index) == ["wolfsburg--puebla-9", "b"]
    assert links["distance_km"].round(1).tolist() == [9568.6, 110.6]
    pd.testing.assert_frame_equal(located, before)


def test_every_real_link_runs_from_its_northern_to_its_southern_end(dataset):
    points = dataset.municipalities.geometry
    for row, arc in zip(dataset.links.itertuples(), to_arcs(dataset.links), strict=True):
        parts = parts_of(arc)
        assert tuple(parts[0][0]) == (points[row.north].x, points[row.north].y)
        assert tuple(parts[-1][-1]) == (points[row.south].x, points[row.south].y)
