"""What is right by the schema and still hardly true: points in another country, years outside a phase, doubles.

Tables are taken as `to_typed` returns them; what is missing or could not be read is passed over.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import product

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz, process

from geo import problems
from geo.countries import read_country_shapes
from geo.errors import Finding, Problem
from geo.geodata import WGS84
from geo.language import to_date_span, to_search_forms
from geo.schema import TABLE_BY_NAME, Table, is_date
from geo.tables import SCENE_TARGETS, Tables, to_line

# Outlines 1:50m put coastal towns into the sea and border towns abroad: in our tables by up to 3 km, elsewhere by more.
TOLERANCE_M = 25_000
# Islands that our map lacks lie nearer to their country than this.
FAR_M = 1_000_000
# Sources give coordinates with so many decimals, about one metre.
MOST_DECIMALS = 5
SAME_PLACE_M = 2_000
ALIKE_PERCENT = 88
# Partnerships are prepared in the year before their phase begins, and meetings look back after it has ended.
YEARS_BEFORE, YEARS_AFTER = 1, 2
EARTH_RADIUS_M = 6_371_009.0
# How far a decimal point slips by a wrong key, and how far when it is lost: 19.0477812345 becomes 190477812345.
_SLIPS, _LOSSES = (-1, 1, -2, 2), tuple(range(-1, -11, -1))
_CHUNK = 1_000
_MOST_IN_FIELD = 4
MOST_COMPARED = 20_000


def find_implausible(tables: Tables) -> list[Finding]:
    """Find what the schema cannot know; see the functions of this module."""
    findings: list[Finding] = []
    for name in ("municipalities", "meetings", "sites"):
        if name in tables:
            findings += find_misplaced(tables[name], table=TABLE_BY_NAME[name])
    if "municipalities" in tables:
        findings += find_doubles(tables["municipalities"], table=TABLE_BY_NAME["municipalities"])
    if "phases" in tables:
        findings += find_outside_phase(tables)
    if {"talk", "phases", "themes", "partnerships", "municipalities"} <= set(tables):
        findings += find_empty_scenes(tables)
    return findings


def find_misplaced(frame: pd.DataFrame, *, table: Table) -> Iterator[Finding]:
    """Find points more than TOLERANCE_M from the country they are said to lie in, with the likely cause.

    Takes the columns `country, latitude, longitude` (degrees, WGS 84). A point that fits once the two numbers are
    swapped, a sign turned or a decimal point moved is an error with the better numbers as `proposal`; so is one in
    another country, or farther than FAR_M. Nearer at sea it is a warning: our map lacks small islands.
    """
    shapes = read_country_shapes()
    known = frame[frame["country"].isin(shapes.index) & frame["latitude"].notna() & frame["longitude"].notna()]
    longitudes, latitudes = (known[name].to_numpy("float64") for name in ("longitude", "latitude"))
    distances = to_country_distance_m(longitudes, latitudes, countries=known["country"].tolist())
    for row in np.flatnonzero(distances > TOLERANCE_M):
        yield _to_misplaced(known.iloc[row], distance_m=float(distances[row]), shapes=shapes, table=table)


def _to_misplaced(row: pd.Series, *, distance_m: float, shapes: gpd.GeoDataFrame, table: Table) -> Finding:
    country, longitude, latitude = row["country"], float(row["longitude"]), float(row["latitude"])

    def find(problem: Problem, column: str = "latitude", *, sure: bool = True, **details: object) -> Finding:
        better = [name for name in details if sure and name in ("latitude", "longitude")]
        proposal = {name: _to_cell(float(str(details[name]))) for name in better}
        value = _to_cell(float(row[column]))
        return Finding(
            table.name, to_line(row.name), column, value, problem, {"country": country, **details}, proposal=proposal
        )

    other = None if np.isinf(distance_m) else _find_other_country(longitude, latitude, country=country, shapes=shapes)
    distance_km = round(distance_m / 1000) if np.isfinite(distance_m) else 0
    slip = _find_slip(longitude, latitude, country=country, is_at_sea=other is None)
    if slip is not None:
        problem, better_longitude, better_latitude = slip
        digits = max(len(_to_cell(value).partition(".")[2]) for value in (better_longitude, better_latitude))
        if problem is problems.SHIFTED and other is not None and digits > MOST_DECIMALS:
            # A point that becomes finer than any in our sources: the stated country is as likely to be wrong.
            return find(
                problems.OTHER_OR_SHIFTED,
                sure=False,
                other=other,
                latitude=better_latitude,
                longitude=better_longitude,
                distance_km=distance_km,
            )
        column = "longitude" if better_latitude == latitude else "latitude"
        return find(problem, column, latitude=better_latitude, longitude=better_longitude)
    if np.isinf(distance_m):
        # The schema says so too, which is then left out.
        limit = 90 if abs(latitude) > 90 else 180
        column = "latitude" if limit == 90 else "longitude"
        return find(problems.OUT_OF_RANGE, column, min_value=-limit, max_value=limit)
    if other is not None:
        return find(problems.IN_OTHER_COUNTRY, other=other, distance_km=distance_km)
    return find(problems.FAR_AWAY if distance_m > FAR_M else problems.AT_SEA, distance_km=distance_km)


def _find_other_country(longitude: float, latitude: float, *, country: str, shapes: gpd.GeoDataFrame) -> str | None:
    """Return the country in which a point lies, or whose outline passes within TOLERANCE_M; None at sea."""
    reach = 1.01 * np.degrees(TOLERANCE_M / EARTH_RADIUS_M) / max(np.cos(np.radians(latitude)), 0.01)
    found = shapes.sindex.query(shapely.Point(longitude, latitude), predicate="dwithin", distance=reach)
    near = [code for code in shapes.index[found] if code != country]
    if not near:
        return None
    points = np.full(len(near), longitude), np.full(len(near), latitude)
    distances = to_country_distance_m(*points, countries=near)
    nearest = int(distances.argmin())
    return str(near[nearest]) if distances[nearest] <= TOLERANCE_M else None


def _find_slip(
    longitude: float, latitude: float, *, country: str, is_at_sea: bool
) -> tuple[Problem, float, float] | None:
    """Return the likeliest slip that explains a point outside its country, and the point without it.

    Where a point in another country would need two decimal points moved, the country is the likelier slip.
    """
    candidates: list[tuple[Problem, float, float]] = [(problems.SWAPPED, latitude, longitude)]
    signs = [(longitude, -latitude), (-longitude, latitude), (-longitude, -latitude)]
    candidates += [(problems.WRONG_SIGN, *point) for point in signs]
    powers = [(0, *(_SLIPS if abs(number) <= 180 else _LOSSES)) for number in (longitude, latitude)]
    moved = [
        (round(longitude * 10.0**east, 7), round(latitude * 10.0**north, 7))
        for east, north in sorted(product(*powers), key=lambda pair: abs(pair[0]) + abs(pair[1]))
        if (east, north) != (0, 0) and (is_at_sea or 0 in (east, north))
    ]
    candidates += [(problems.SHIFTED, *point) for point in moved]
    west, south, east, north = read_country_shapes().geometry.loc[country].bounds
    reach = 1.01 * np.degrees(TOLERANCE_M / EARTH_RADIUS_M)
    possible = [
        each
        for each in candidates
        if max(south - reach, -90) <= each[2] <= min(north + reach, 90)
        for wider in [reach / max(np.cos(np.radians(each[2])), 0.01)]
        if max(west - wider, -180) <= each[1] <= min(east + wider, 180)
    ]
    if not possible:
        return None
    points = np.array([each[1:] for each in possible], dtype="float64")
    distances = to_country_distance_m(points[:, 0], points[:, 1], countries=[country] * len(possible))
    fitting = np.flatnonzero(distances <= TOLERANCE_M)
    return possible[fitting[0]] if len(fitting) else None


def _to_cell(degrees: float) -> str:
    return f"{degrees:.7f}".rstrip("0").rstrip(".")


def to_country_distance_m(longitudes: np.ndarray, latitudes: np.ndarray, *, countries: Sequence[str]) -> np.ndarray:
    """Return how far points (degrees, WGS 84) lie outside of countries, in metres; 0 inside.

    Measured to the outlines of the base map. Near a point a degree of longitude is shortened by the cosine of the
    latitude, the distance to the outline's nearest point is then that of the geodesic on WGS 84. A point that is on no
    place on earth is infinitely far from any country. Raises KeyError for a country without a shape.
    """
    shapes = read_country_shapes().geometry
    distances = np.full(len(longitudes), np.inf)
    valid = (np.abs(latitudes) <= 90) & (np.abs(longitudes) <= 180)
    codes = np.asarray(countries, dtype=object)
    for code in dict.fromkeys(codes[valid]):
        shape = shapes.loc[code]
        shapely.prepare(shape)
        rows = np.flatnonzero(valid & (codes == code))
        points = shapely.points(longitudes[rows], latitudes[rows])
        inside = shapely.covers(shape, points)
        distances[rows[inside]] = 0
        outside = rows[~inside]
        bands = np.round(latitudes[outside])
        for band in np.unique(bands):
            here = outside[bands == band]
            scale = np.array([max(np.cos(np.radians(band)), 0.01), 1.0])
            squeezed = shapely.transform(shape, _to_scaling(scale))
            starts = shapely.points(longitudes[here] * scale[0], latitudes[here])
            nearest = shapely.get_coordinates(shapely.shortest_line(starts, squeezed))[1::2] / scale
            distances[here] = WGS84.inv(longitudes[here], latitudes[here], nearest[:, 0], nearest[:, 1])[2]
    return distances


def _to_scaling(scale: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    return lambda points: points * scale


def find_doubles(frame: pd.DataFrame, *, table: Table) -> Iterator[Finding]:
    """Find municipalities that may stand in the table twice: same kind and within SAME_PLACE_M, or names alike.

    Names are compared within a country after folding case and accents; alike are those with a similarity
    (letters in common, in per cent of all) of at least ALIKE_PERCENT. Of several such rows the first one is told. Not
    compared are the names of a country with more than MOST_COMPARED rows.
    """
    known = frame[frame[["id", "name", "country", "kind"]].notna().all(axis=1)]
    near = _find_near(known)
    for second, first in near.items():
        yield _to_double(known, first, second, problem=problems.SAME_PLACE, table=table)
    for _, group in known.groupby("country"):
        for first, second in _find_alike(group) if len(group) <= MOST_COMPARED else ():
            if near.get(second) != first:
                yield _to_double(known, first, second, problem=problems.ALIKE, table=table)


def _to_double(frame: pd.DataFrame, first: int, second: int, *, problem: Problem, table: Table) -> Finding:
    name = frame.at[first, "name"]
    details = {"name": name, "other_line": to_line(first)}
    return Finding(table.name, to_line(second), "name", str(frame.at[second, "name"]), problem, details)


def _find_near(frame: pd.DataFrame) -> dict[int, int]:
    """Return of every row that has such a one before it the first row of its kind within SAME_PLACE_M, by index."""
    located = frame[frame["latitude"].between(-90, 90) & frame["longitude"].between(-180, 180)]
    longitudes, latitudes = (located[name].to_numpy("float64") for name in ("longitude", "latitude"))
    kinds, index = pd.factorize(located["kind"])[0], located.index.tolist()
    size = np.degrees(SAME_PLACE_M / EARTH_RADIUS_M)
    # Everything in a field is within the distance. In a crowded one, its first rows stand for the others: a column
    # filled down by mistake would make more pairs than memory can hold.
    bands = np.floor(latitudes / (size / 1.5))
    widths = np.maximum(np.cos(np.radians((bands + 0.5) * size / 1.5)), 0.01)
    fields = pd.DataFrame({"kind": kinds, "band": bands, "column": np.floor(longitudes * widths / (size / 1.5))})
    rank = fields.groupby(list(fields)).cumcount().to_numpy()
    firsts = fields.groupby(list(fields)).ngroup().to_numpy()
    heads = dict(zip(firsts[rank == 0], np.flatnonzero(rank == 0), strict=True))
    near = {index[row]: index[heads[firsts[row]]] for row in np.flatnonzero(rank >= _MOST_IN_FIELD)}

    rows = np.flatnonzero(rank < _MOST_IN_FIELD)
    points = gpd.GeoSeries(gpd.points_from_xy(longitudes[rows], latitudes[rows]))
    reach = size * 1.01 / np.maximum(np.cos(np.radians(latitudes[rows])), 0.01)
    seconds, ones = (rows[found] for found in points.sindex.query(points, predicate="dwithin", distance=reach))
    possible = (ones < seconds) & (kinds[ones] == kinds[seconds])
    ones, seconds = ones[possible], seconds[possible]
    metres = WGS84.inv(longitudes[ones], latitudes[ones], longitudes[seconds], latitudes[seconds])[2]
    for one, second in sorted(zip(ones[metres <= SAME_PLACE_M], seconds[metres <= SAME_PLACE_M], strict=True)):
        near.setdefault(index[second], index[one])
    return near


def _find_alike(group: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """Yield of every row that has such a one before it the first row of its kind with a similar name, and itself."""
    names = [to_search_forms(name)[0] for name in group["name"]]
    kinds, index = pd.factorize(group["kind"])[0], group.index.tolist()
    told = np.zeros(len(names), dtype=bool)
    for start in range(0, len(names), _CHUNK):
        stop = start + _CHUNK
        scores = process.cdist(
            names[start:stop], names[start:], scorer=fuzz.ratio, score_cutoff=ALIKE_PERCENT, dtype=np.uint8
        )
        alike = np.triu(scores > 0, k=1) & (kinds[start:stop, None] == kinds[None, start:])
        for second in np.flatnonzero(alike.any(axis=0) & ~told[start:]):
            yield index[start + int(alike[:, second].argmax())], index[start + second]
        told[start:] |= alike.any(axis=0)


def find_outside_phase(tables: Tables) -> Iterator[Finding]:
    """Find partnerships and meetings far outside of their phase: YEARS_BEFORE its beginning or YEARS_AFTER its end."""
    phases = tables["phases"]
    whole = phases[phases["start"].map(is_date).astype(bool) & phases["end"].map(is_date).astype(bool)]
    spans = {
        str(row["phase"]): (to_date_span(row["start"])[0].year, to_date_span(row["end"])[1].year)
        for _, row in whole.dropna(subset=["phase"]).iterrows()
    }
    for name, column, year_column in (("partnerships", "phase", "since"), ("meetings", "phases", "start")):
        frame = tables.get(name)
        if frame is None:
            continue
        for row, named, begin in zip(frame.index, frame[column], frame[year_column], strict=True):
            numbers = named if isinstance(named, tuple) else (str(named),)
            known = [spans[number] for number in numbers if number in spans]
            if not known or len(known) < len(numbers) or pd.isna(begin) or (name == "meetings" and not is_date(begin)):
                continue
            year = int(str(begin)[:4])
            first, last = min(span[0] for span in known), max(span[1] for span in known)
            if not first - YEARS_BEFORE <= year <= last + YEARS_AFTER:
                details = {"phase": ", ".join(numbers), "begin": str(first), "end": str(last)}
                yield Finding(name, to_line(row), year_column, str(begin), problems.OUTSIDE_PHASE, details)


def find_empty_scenes(tables: Tables) -> Iterator[Finding]:
    """Find scenes of the talk whose filters (`phases`, `country`, `themes`, `until`) leave no partnership.

    Passed over are scenes about one partnership, meeting or site, and those that name an unknown phase or theme, which
    is told already.
    """
    partnerships = tables["partnerships"]
    countries = tables["municipalities"].dropna(subset=["id"]).drop_duplicates("id").set_index("id")["country"]
    ends = pd.DataFrame({role: partnerships[role].map(countries) for role in ("north", "south")})
    phases = partnerships["phase"].astype("string")
    known_phases, known_themes = set(tables["phases"]["phase"].astype("string")), set(tables["themes"]["id"])
    for row, scene in tables["talk"].iterrows():
        wanted_phases, wanted_themes = set(scene["phases"]), set(scene["themes"])
        lost = wanted_phases - known_phases or wanted_themes - known_themes
        if lost or scene[list(SCENE_TARGETS)].notna().any():
            continue
        shown = phases.isin(wanted_phases) if wanted_phases else phases.notna()
        if pd.notna(scene["country"]):
            shown &= ends.eq(scene["country"]).any(axis=1)
        if wanted_themes:
            shown &= np.array([not wanted_themes.isdisjoint(themes) for themes in partnerships["themes"]], dtype=bool)
        if pd.notna(scene["until"]):
            shown &= partnerships["since"].le(scene["until"]).fillna(False)
        if not shown.any():
            yield Finding("talk", to_line(row), "title_de", scene["title_de"], problems.SCENE_EMPTY)
