"""What the schema cannot know: points in the wrong place, doubles, years outside of their phase."""

import numpy as np
import pandas as pd
import pytest
import shapely

from geo import problems
from geo.checking import check_files, check_texts
from geo.countries import read_country_shapes
from geo.gazetteer import read_gazetteer
from geo.outlines import find_other_countries, read_outlines, to_country_distance_m
from geo.plausibility import (
    MOST_COMPARED,
    MOST_MEASURED,
    find_doubles,
    find_implausible_between,
    find_implausible_in,
    find_misplaced,
    find_outside_phase,
    find_slips,
)
from geo.schema import TABLE_BY_NAME
from geo.tables import read_files

MUNICIPALITIES = TABLE_BY_NAME["municipalities"]
TYPES = {
    "id": "string",
    "name": "string",
    "kind": "string",
    "country": "string",
    "latitude": "Float64",
    "longitude": "Float64",
}


def places(*rows):
    """Make municipalities of (name, country, latitude, longitude) and perhaps the kind."""
    filled = [(f"m-{n}", *row, *["municipality"][: 5 - len(row)]) for n, row in enumerate(rows)]
    frame = pd.DataFrame(filled, columns=["id", "name", "country", "latitude", "longitude", "kind"])
    return frame.astype(TYPES)


def misplaced(country, latitude, longitude):
    frame = places(("Somewhere", country, latitude, longitude))
    copy = frame.copy()
    found = list(find_misplaced(frame, table=MUNICIPALITIES))
    pd.testing.assert_frame_equal(frame, copy)
    return found


# --- points


@pytest.mark.parametrize(
    ("country", "latitude", "longitude", "problem", "column", "proposal"),
    [
        # Puebla lies at 19.04778, -98.20723.
        ("MX", -98.20723, 19.04778, problems.SWAPPED, "latitude", ("19.04778", "-98.20723")),
        ("MX", 19.04778, 98.20723, problems.WRONG_SIGN, "longitude", ("19.04778", "-98.20723")),
        ("MX", -19.04778, 98.20723, problems.WRONG_SIGN, "latitude", ("19.04778", "-98.20723")),
        ("MX", 1904778, -98.20723, problems.SHIFTED, "latitude", ("19.04778", "-98.20723")),
        ("MX", 1904778, -9820723, problems.SHIFTED, "latitude", ("19.04778", "-98.20723")),
        ("MX", 19.04778, -9.820723, problems.SHIFTED, "longitude", ("19.04778", "-98.20723")),
        ("MX", 19.04778, -982.0723, problems.SHIFTED, "longitude", ("19.04778", "-98.20723")),
        ("MX", 190477812345, -98.20723, problems.SHIFTED, "latitude", ("19.0477812", "-98.20723")),
        # Windhoek lies at -22.55941, 17.08323; Montevideo, both negative, at -34.90328, -56.18816.
        ("NA", 22.55941, 17.08323, problems.WRONG_SIGN, "latitude", ("-22.55941", "17.08323")),
        ("NA", 17.08323, -22.55941, problems.SWAPPED, "latitude", ("-22.55941", "17.08323")),
        ("UY", 34.90328, 56.18816, problems.WRONG_SIGN, "latitude", ("-34.90328", "-56.18816")),
        # Dortmund lies at 51.51494, 7.466.
        ("DE", 51.51494, -7.466, problems.WRONG_SIGN, "longitude", ("51.51494", "7.466")),
        ("DE", 5.151494, 7.466, problems.SHIFTED, "latitude", ("51.51494", "7.466")),
    ],
)
def test_a_slip_is_recognised_and_mended(country, latitude, longitude, problem, column, proposal):
    (finding,) = misplaced(country, latitude, longitude)
    assert (finding.table, finding.line, finding.column, finding.problem) == ("municipalities", 2, column, problem)
    assert finding.proposal == dict(zip(("latitude", "longitude"), proposal, strict=True))
    assert (str(finding.details["latitude"]), str(finding.details["longitude"])) == proposal
    assert finding.details["country"] == country
    assert finding.value == {"latitude": f"{latitude}", "longitude": f"{longitude}"}[column]
    assert finding.is_error


@pytest.mark.parametrize(
    ("country", "latitude", "longitude", "other"),
    [
        ("GH", 51.51494, 7.466, "DE"),  # Dortmund; 5.151494, 0.7466 would be in Ghana, but that would be two slips
        ("DE", 5.55602, -0.1969, "GH"),  # Accra
        ("MX", 14.64072, -90.51327, "GT"),  # Guatemala City
        ("NA", -33.92584, 18.42322, "ZA"),  # Cape Town
    ],
)
def test_a_point_in_another_country_is_named(country, latitude, longitude, other):
    (finding,) = misplaced(country, latitude, longitude)
    assert (finding.problem, finding.details["other"], finding.proposal) == (problems.IN_OTHER_COUNTRY, other, {})
    assert finding.is_error
    assert finding.details["distance_km"] > 25


def test_a_point_at_sea_is_a_warning():
    # In the Gulf of Guinea.
    (finding,) = misplaced("GH", -2.0, -5.0)
    assert (finding.problem, finding.proposal) == (problems.AT_SEA, {})
    assert not finding.is_error
    # Axim, the nearest point of Ghana's coast, lies at 4.87, -2.24: 6.87 degrees of latitude and 2.76 of longitude.
    assert finding.details["distance_km"] == pytest.approx(818, abs=40)


@pytest.mark.parametrize(
    ("country", "latitude", "longitude", "problem"),
    [
        ("GH", -20.0, -5.0, problems.FAR_AWAY),  # 2,750 km from Ghana, in the middle of the Atlantic
        ("DE", -22.90642, -43.18223, problems.IN_OTHER_COUNTRY),  # Rio de Janeiro, outside of every outline
    ],
)
def test_a_point_far_away_is_an_error_even_outside_of_every_outline(country, latitude, longitude, problem):
    (finding,) = misplaced(country, latitude, longitude)
    assert (finding.problem, finding.proposal, finding.is_error) == (problem, {}, True)


def test_a_wrong_country_is_not_taken_for_a_slip():
    # Tucumán, Argentina, stated as Brazil: with the point moved it would lie there, but finer than any source has it.
    (finding,) = misplaced("BR", -26.81601, -65.21051)
    assert (finding.problem, finding.details["other"], finding.proposal) == (problems.OTHER_OR_SHIFTED, "AR", {})


@pytest.mark.parametrize(
    ("name", "country", "latitude", "longitude"),
    [
        # Those that the outlines of the base map leave outside; see traps.md.
        ("Rio de Janeiro", "BR", -22.90642, -43.18223),
        ("Cape Coast", "GH", 5.10535, -1.2466),
        ("Corinto", "NI", 12.4825, -87.17304),
        ("Lubang", "PH", 13.8564, 120.1219),
        ("Monastir", "TN", 35.77799, 10.82617),
        ("Sfax", "TN", 34.74056, 10.76028),
        ("Buffalo City", "ZA", -33.01529, 27.91162),
        ("Kidira", "SN", 14.45717, -12.21265),
        # At the antimeridian, on both sides of it, and close to it.
        ("Suva", "FJ", -18.14161, 178.44149),
        ("Taveuni", "FJ", -16.85, -179.97),
        ("Taveuni", "FJ", -16.85, 179.95),
        ("Anadyr", "RU", 64.73424, 177.5103),
        ("Uelen", "RU", 66.15944, -169.80916),
        # In high latitudes.
        ("Longyearbyen", "NO", 78.22334, 15.64689),
        ("Alert", "CA", 82.5018, -62.3481),
        ("Ushuaia", "AR", -54.8, -68.3),
    ],
)
def test_places_by_the_sea_at_borders_and_at_the_ends_of_the_map_are_plausible(name, country, latitude, longitude):
    assert misplaced(country, latitude, longitude) == []


def test_no_town_that_the_place_finder_offers_is_called_wrong():
    """Hargeysa, Borkum, Melilla and 234,905 more, each stated in the country that GeoNames gives it."""
    places = read_gazetteer().places
    assert len(places) > 200_000
    assert [
        (places.at[finding.line - 2, "name"], finding.problem.name)
        for finding in find_misplaced(places, table=MUNICIPALITIES)
    ] == []


@pytest.mark.parametrize(
    ("name", "country", "latitude", "longitude"),
    [
        ("between towns of Somaliland", "SO", 9.8, 45.2),
        ("Dakhla", "MA", 23.68477, -15.95798),
        ("Kyrenia", "CY", 35.33, 33.32),
        ("Borkum, the eastern beach", "DE", 53.6, 6.78),
    ],
)
def test_land_that_the_map_draws_apart_and_small_islands_are_plausible(name, country, latitude, longitude):
    assert misplaced(country, latitude, longitude) == []


@pytest.mark.parametrize(
    ("country", "latitude", "longitude"),
    [
        ("VE", 11.4, -66.3),  # 75 km north of it; 1.14 would lie in it
        ("ID", 2.51111, 110.2),  # between Serasan and Borneo, 30 km from Malaysia
        ("FR", 47.1, -3.3),  # off Belle-Île; 3.3 would lie in it
    ],
)
def test_a_slip_that_explains_what_may_be_an_island_is_a_warning_without_a_proposal(country, latitude, longitude):
    (finding,) = misplaced(country, latitude, longitude)
    assert (finding.problem, finding.is_error, finding.proposal) == (problems.PERHAPS_SLIPPED, False, {})


def test_the_real_places_are_plausible(root):
    checked = check_files(read_files(root / "data"))
    for name, frame in checked.typed.items():
        assert find_implausible_in(frame, table=TABLE_BY_NAME[name]) == []
    assert find_implausible_between(checked.typed) == []
    assert checked.findings == ()


@pytest.mark.parametrize(
    ("country", "latitude", "longitude"),
    [("GF", 0, 0), ("ZZ", 0, 0), (None, 0, 0), ("MX", None, 7.0), ("MX", 7.0, None), ("MX", None, None)],
)
def test_without_a_shape_or_a_point_nothing_is_said(country, latitude, longitude):
    assert "GF" not in read_country_shapes().index
    assert misplaced(country, latitude, longitude) == []


def test_numbers_that_are_no_place_on_earth_are_out_of_range_when_nothing_explains_them():
    (finding,) = misplaced("MX", 91.0, 179.0)
    assert (finding.problem, finding.column, finding.value) == (problems.OUT_OF_RANGE, "latitude", "91")
    assert finding.details == {"country": "MX", "min_value": -90, "max_value": 90}
    (finding,) = misplaced("MX", 80.0, 181.0)
    assert (finding.problem, finding.column, finding.value) == (problems.OUT_OF_RANGE, "longitude", "181")


def test_lines_are_those_of_the_file_and_tables_without_rows_are_passed_over():
    frame = places(("Puebla", "MX", 19.04778, -98.20723), ("Accra", "MX", 5.55602, -0.1969))
    frame.index = pd.Index([4, 9])
    assert [finding.line for finding in find_misplaced(frame, table=MUNICIPALITIES)] == [11]
    assert list(find_misplaced(frame.iloc[:0], table=MUNICIPALITIES)) == []
    assert find_implausible_between({}) == []
    assert find_implausible_in(frame.iloc[:0], table=MUNICIPALITIES) == []


def test_a_column_swapped_as_a_whole_is_recognised(root):
    """A thousand rows, each with its cause."""
    frame = check_files(read_files(root / "data")).typed["municipalities"]
    many = pd.concat([frame.rename(columns={"latitude": "longitude", "longitude": "latitude"})] * 7, ignore_index=True)
    found = list(find_misplaced(many, table=MUNICIPALITIES))
    assert len(found) == 7 * 152
    assert {finding.problem for finding in found} == {problems.SWAPPED}


def test_of_very_many_points_anywhere_few_are_measured_exactly_and_slips_are_sought_once_per_country(monkeypatch):
    """Each exact distance and each search take milliseconds; the first points and the others are judged alike."""
    measured, searched = [], []

    def measure(longitudes, latitudes, *, countries):
        measured.extend(countries)
        return to_country_distance_m(longitudes, latitudes, countries=countries)

    def search(points, *, country, at_sea):
        searched.append(country)
        return find_slips(points, country=country, at_sea=at_sea)

    monkeypatch.setattr("geo.plausibility.to_country_distance_m", measure)
    monkeypatch.setattr("geo.plausibility.find_slips", search)
    luck = np.random.default_rng(4)
    codes = luck.choice(list(read_country_shapes().index), 5_000)
    frame = places(*(("Somewhere", code, *luck.uniform((-90, -180), (90, 180))) for code in codes))
    found = list(find_misplaced(frame, table=MUNICIPALITIES))
    assert len(measured) == MOST_MEASURED
    assert sorted(searched) == sorted(set(codes))
    assert len(found) > 4_750
    assert {problems.IN_OTHER_COUNTRY, problems.FAR_AWAY, problems.AT_SEA, problems.SHIFTED, problems.SWAPPED} <= {
        finding.problem for finding in found
    }
    late = [finding for finding in found[MOST_MEASURED:] if finding.problem is problems.FAR_AWAY][:20]
    again = list(find_misplaced(frame.loc[[finding.line - 2 for finding in late]], table=MUNICIPALITIES))
    assert [finding.problem for finding in again] == [finding.problem for finding in late]
    for one, other in zip(late, again, strict=True):
        assert one.details["distance_km"] == pytest.approx(other.details["distance_km"], rel=0.02, abs=20)


def test_the_likely_cause_is_told_instead_of_out_of_range(root):
    texts = check_files(read_files(root / "data")).texts
    frame = texts["municipalities"].copy()
    row = frame.index[frame["id"] == "mx-puebla"][0]
    frame.loc[row, ["latitude", "longitude"]] = ["-98.20723", "19.04778"]
    found = check_texts({**texts, "municipalities": frame}).findings
    assert [(finding.column, finding.problem) for finding in found] == [("latitude", problems.SWAPPED)]
    frame = frame.copy()
    frame.loc[row, ["latitude", "longitude"]] = ["-91", "179"]
    found = check_texts({**texts, "municipalities": frame}).findings
    assert [(finding.column, finding.problem) for finding in found] == [("latitude", problems.OUT_OF_RANGE)]


# --- distances


def test_the_distance_to_a_country_is_that_to_its_outline():
    """At the equator a degree of longitude is 111.3195 km."""
    assert to_country_distance_m(np.array([7.466]), np.array([51.51494]), countries=["DE"]).tolist() == [0]
    west = read_country_shapes().geometry["GA"].bounds[0]
    parts = shapely.get_parts(read_country_shapes().geometry["GA"])
    (touching,) = {point for part in parts for point in part.exterior.coords if point[0] == west}
    # One degree west of Gabon's westernmost point, on the same latitude (0.6 degrees south).
    (distance,) = to_country_distance_m(np.array([west - 1]), np.array([touching[1]]), countries=["GA"])
    assert distance == pytest.approx(111_319.5 * np.cos(np.radians(touching[1])), rel=0.001)


def test_degrees_are_measured_where_the_point_lies():
    """North of Norway's northernmost point, half a degree of latitude is about 55.8 km on WGS 84."""
    parts = read_country_shapes().geometry["NO"].geoms
    tip = max((point for part in parts for point in part.exterior.coords), key=lambda point: point[1])
    (distance,) = to_country_distance_m(np.array([tip[0]]), np.array([tip[1] + 0.5]), countries=["NO"])
    assert distance == pytest.approx(55_830, rel=0.002)
    # Ten degrees of longitude east of it are less than 200 km, and its islands are nearer than they look.
    (distance,) = to_country_distance_m(np.array([tip[0] + 10]), np.array([tip[1] + 0.5]), countries=["NO"])
    assert distance < 200_000


def test_points_that_are_nowhere_are_infinitely_far_and_countries_may_be_mixed():
    distances = to_country_distance_m(
        np.array([7.466, 7.466, 181.0]), np.array([51.51494, 91.0, 0.0]), countries=["DE", "DE", "MX"]
    )
    assert distances.tolist() == [0, np.inf, np.inf]
    assert to_country_distance_m(np.array([]), np.array([]), countries=[]).tolist() == []
    with pytest.raises(KeyError):
        to_country_distance_m(np.array([0.0]), np.array([0.0]), countries=["ZZ"])


def test_near_an_outline_the_distance_is_that_of_the_geodesic():
    """Points off and on the coasts of a long country in high latitudes, and of a small one at the equator."""
    for country, spread in (("NO", 0.4), ("GA", 0.4), ("RU", 0.3)):
        luck = np.random.default_rng(4)
        outline = read_outlines()[country]
        points = luck.choice(outline.starts, 200) + luck.uniform(-spread, spread, (200, 2))
        exact = to_country_distance_m(points[:, 0], points[:, 1], countries=[country] * 200)
        near = outline.to_near_distance_m(points)
        clear = np.abs(exact - 25_000) > 500
        np.testing.assert_array_equal(np.isfinite(near[clear]), exact[clear] < 25_000)
        both = np.isfinite(near)
        np.testing.assert_allclose(near[both], exact[both], rtol=0.02, atol=50)


def test_another_country_is_the_one_around_the_point_or_the_nearest():
    points = np.array([[7.466, 51.51494], [-43.18223, -22.90642], [-30.0, 0.0], [7.466, 95.0]])
    others, inside = find_other_countries(points, countries=["GH", "DE", "GH", "GH"])
    assert (others, inside.tolist()) == (["DE", "BR", None, None], [True, False, False, False])
    others, inside = find_other_countries(points[:1], countries=["DE"])
    assert (others, inside.tolist()) == ([None], [False])


# --- doubles


def doubles(*rows):
    found = list(find_doubles(places(*rows), table=MUNICIPALITIES))
    assert all(finding.table == "municipalities" and finding.column == "name" for finding in found)
    assert not any(finding.is_error for finding in found)
    return sorted(
        (finding.line, finding.value, finding.problem.name, finding.details["name"], finding.details["other_line"])
        for finding in found
    )


def test_two_of_a_kind_within_two_kilometres_are_perhaps_one():
    # One degree of latitude is about 111 km at 51 degrees: 0.0179 are 1.99 km, 0.0181 are 2.01 km.
    near, far = ("Barop", "DE", 51.5 + 0.0179, 7.4), ("Barop", "DE", 51.5 + 0.0181, 7.4)
    assert doubles(("Dortmund", "DE", 51.5, 7.4), near) == [(3, "Barop", "same_place", "Dortmund", 2)]
    assert doubles(("Dortmund", "DE", 51.5, 7.4), far) == []
    # A degree of longitude is 69.4 km there: 0.0287 are 1.99 km.
    assert len(doubles(("Dortmund", "DE", 51.5, 7.4), ("Barop", "DE", 51.5, 7.4 + 0.0287))) == 1
    assert doubles(("Dortmund", "DE", 51.5, 7.4), ("Barop", "DE", 51.5, 7.4 + 0.0289)) == []


def test_a_town_in_a_district_of_the_same_place_is_no_double():
    town, district = ("Tunuyán", "AR", -33.5, -69.0), ("Tunuyán", "AR", -33.5, -69.0, "district")
    assert doubles(town, district) == []
    assert len(doubles(town, district, district)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("San Miguel de Tucumán", "San Miguel de Tucuman"),
        ("Mönchengladbach", "Moenchengladbach"),
        ("Wolfsburg", "wolfsburg"),
        ("Cape Coast", "Cape-Coast"),
        ("Santa Cruz de la Sierra", "Santa Cruz de la Siera"),
    ],
)
def test_names_alike_in_a_country_are_perhaps_the_same(one, other):
    first, second = (one, "DE", 48.0, 8.0), (other, "DE", 53.0, 12.0)
    assert doubles(first, second) == [(3, other, "alike", one, 2)]
    assert doubles(first, ("Ulm", "DE", 50.0, 8.0), (other, "MX", 20.0, -100.0)) == []


@pytest.mark.parametrize(
    ("one", "other"), [("Bonn", "Born"), ("Essen", "Emden"), ("Puebla", "Pueblo Nuevo"), ("Lima", "Lam"), ("A", "B")]
)
def test_names_that_differ_are_not_alike(one, other):
    assert doubles((one, "DE", 48.0, 8.0), (other, "DE", 53.0, 12.0)) == []


def test_near_and_alike_is_told_once():
    assert [found[2] for found in doubles(("Bonn", "DE", 50.7, 7.1), ("Bonn", "DE", 50.7, 7.1))] == ["same_place"]


def test_each_of_many_doubles_is_told_once():
    """A column filled down by mistake: as many findings as rows, not as pairs."""
    rows = [("Kommune", "DE", 50.0, 8.0)] * 3000
    assert [found[0] for found in doubles(*rows)] == list(range(3, 3002))
    rows = [(f"Kommune {n}", "DE", 40 + n / 50, 8.0) for n in range(1200)]
    assert [found[0] for found in doubles(*rows)] == list(range(3, 1202))


def test_rows_without_what_is_compared_are_passed_over():
    assert doubles((None, "DE", 50.0, 8.0), ("Bonn", None, 50.0, 8.0), ("Bonn", "DE", 50.0, 8.0)) == []
    assert doubles(("Bonn", "DE", None, 8.0), ("Ulm", "DE", None, 8.0), ("Köln", "DE", 50.0, 200.0)) == []
    assert doubles() == []


def test_doubles_at_the_edge_of_the_map_and_at_the_poles_break_nothing():
    assert len(doubles(("A", "FJ", -16.0, 180.0), ("Z", "FJ", -16.0, 179.99))) == 1
    assert len(doubles(("A", "AQ", -90.0, 0.0), ("Z", "AQ", -89.999, 0.0))) == 1


def test_the_names_of_very_many_rows_are_not_compared(monkeypatch):
    assert MOST_COMPARED >= 10_000
    monkeypatch.setattr("geo.plausibility.MOST_COMPARED", 2)
    rows = [("Wolfsburg", "DE", 48.0, 8.0), ("Wolfsburg", "DE", 50.0, 8.0)]
    assert len(doubles(*rows)) == 1
    assert doubles(*rows, ("Ulm", "DE", 52.0, 8.0)) == []


# --- phases


def phases():
    rows = [(8, "2020-11", "2022-10"), (9, "2022-11", "2024-09"), (10, "bald", "2030")]
    return pd.DataFrame(rows, columns=["phase", "start", "end"]).astype({"phase": "Int64"})


def found_outside(partnerships=(), meetings=()):
    first = pd.DataFrame(list(partnerships), columns=["phase", "since"]).astype("Int64")
    second = pd.DataFrame(list(meetings), columns=["phases", "start"])
    findings = find_outside_phase({"phases": phases(), "partnerships": first, "meetings": second})
    return [(f.table, f.line, f.column, f.value, f.details) for f in findings if f.problem is problems.OUTSIDE_PHASE]


@pytest.mark.parametrize("year", [2021, 2022, 2024, 2026])
def test_a_year_before_the_phase_and_two_after_are_inside(year):
    assert found_outside([(9, year)], [(("9",), f"{year}-12-31")]) == []


@pytest.mark.parametrize("year", [2020, 2027])
def test_years_farther_off_are_outside_and_a_warning(year):
    span = {"phase": "9", "begin": "2022", "end": "2024"}
    assert found_outside([(9, year)], [(("9",), f"{year}-01")]) == [
        ("partnerships", 2, "since", str(year), span),
        ("meetings", 2, "start", f"{year}-01", span),
    ]
    assert problems.OUTSIDE_PHASE.severity == "warning"


def test_a_meeting_of_several_phases_belongs_to_all_of_them():
    assert found_outside(meetings=[(("8", "9"), "2019"), (("8", "9"), "2026")]) == []
    assert found_outside(meetings=[(("8", "9"), "2018")])[0][4] == {"phase": "8, 9", "begin": "2020", "end": "2024"}


def test_what_is_missing_or_faulty_is_passed_over():
    assert found_outside([(None, 1990), (9, None), (77, 1990), (10, 1990)]) == []
    assert found_outside(meetings=[((), "1990"), (("9",), None), (("9",), "bald"), (("9", "77"), "1990")]) == []
    assert list(find_outside_phase({"phases": phases()})) == []
