"""Country shapes of the base map and the points that stand for them."""

from geo.countries import read_country_shapes, to_country_points


def test_every_country_of_the_tables_is_on_the_base_map(dataset):
    named = {*dataset.municipalities["country"], *dataset.tables["delegations"]["country"]}
    assert named <= set(read_country_shapes().index)
    assert "NA" in read_country_shapes().index


def test_a_country_point_lies_in_its_country():
    shapes, points = read_country_shapes(), to_country_points()
    assert set(points.index) == set(shapes.index)
    for code in ("MX", "NA", "FR", "FJ", "RU", "ZA", "LS"):
        own = shapes.loc[[code]]
        assert own.geometry.contains(points[code]).any()
    # South Africa is south, Mexico west, Fiji near the antimeridian; France is not Guiana.
    assert points["ZA"].y < -25
    assert points["MX"].x < -95
    assert abs(points["FJ"].x) > 175
    assert 0 < points["FR"].x < 5
