"""Geometry as Leaflet wants it."""

import numpy as np
import shapely

from geo.leaflet import keep_near, to_leaflet_bounds, to_leaflet_lines, to_leaflet_point


def test_a_point_turns_to_latitude_longitude_and_none_stays_none():
    assert to_leaflet_point(shapely.Point(-98.2072312, 19.0477841)) == [19.04778, -98.20723]
    assert to_leaflet_point(None) is None


def test_points_turn_to_latitude_longitude_here_and_ends_stay_exact():
    line = shapely.LineString([(10.781512, 52.424523), (-40.123456, 50.987654), (-98.207231, 19.047784)])
    assert to_leaflet_lines(line) == [[[52.42452, 10.78151], [50.99, -40.12], [19.04778, -98.20723]]]


def test_a_line_across_the_antimeridian_has_two_parts():
    line = shapely.MultiLineString([[(179, 1), (180, 2)], [(-180, 2), (-179, 3)]])
    assert to_leaflet_lines(line) == [[[1, 179], [2, 180]], [[2, -180], [3, -179]]]


def test_bounds_are_south_west_and_north_east():
    assert to_leaflet_bounds(np.array([-98.0, -30.0, 120.0, 54.0])) == [[-30, -98], [54, 120]]


def test_towns_beyond_the_antimeridian_are_near_too():
    places = {"names": ["Suva", "Apia", "Rom"], "at": [-18.14, 178.44, -13.83, -171.77, 41.89, 12.51]}
    near = keep_near(places, [shapely.Point(179.5, -16)], degrees=10)
    assert near == {"names": ["Suva", "Apia"], "at": [-18.14, 178.44, -13.83, -171.77]}
