"""What is right by the schema and still hardly true: points in another country, years outside a phase, doubles.

Tables are taken as `to_typed` returns them; what is missing or could not be read is passed over.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import geopandas as gpd
import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from geo import problems
from geo.countries import read_country_shapes
from geo.errors import Finding, Problem
from geo.geodata import WGS84
from geo.language import to_date_span, to_search_forms
from geo.outlines import (
    EARTH_RADIUS_M,
    find_other_countries,
    is_on_earth,
    read_outlines,
    read_outlying_towns,
    to_country_distance_m,
    to_great_circle_m,
)
from geo.schema import Table, is_date
from geo.tables import Tables, to_line

# Islands that our map lacks lie nearer to their country than this …
FAR_M = 1_000_000
# … and nearer than this, unless they are known; what is farther away is rather a slip, where one explains it.
POSSIBLE_M = 300_000
# How far the island of a town reaches that our map leaves outside of its country.
ISLAND_M = 10_000
# Sources give coordinates with so many decimals, about one metre.
MOST_DECIMALS = 5
SAME_PLACE_M = 2_000
# A wrong letter in a name of eight and more. Different places of our tables come up to 80: San Carlos and San Marcos.
ALIKE_PERCENT = 88
# Partnerships are prepared in the year before their phase begins, and meetings look back after it has ended.
YEARS_BEFORE, YEARS_AFTER = 1, 2
# The most rows of which the distance is measured exactly, which takes milliseconds each.
MOST_MEASURED = 100
# How far a decimal point slips by a wrong key, and how far when it is lost: 19.0477812345 becomes 190477812345.
_SLIPS, _LOSSES = (-1, 1, -2, 2), tuple(range(-1, -11, -1))
_PLACES = (0, *_SLIPS, *_LOSSES[2:])
_MOVES = sorted(list(product(_PLACES, _PLACES))[1:], key=lambda move: abs(move[0]) + abs(move[1]))
# So many rows at once keep the matrix of all pairs small.
_CHUNK = 1_000
_MOST_IN_FIELD = 4
MOST_COMPARED = 20_000


def find_implausible_in(frame: pd.DataFrame, *, table: Table) -> list[Finding]:
    """Find what is implausible in one table, whatever the others say: points and doubles."""
    findings: list[Finding] = []
    if table.name in ("municipalities", "meetings", "sites"):
        findings += find_misplaced(frame, table=table)
    if table.name == "municipalities":
        findings += find_doubles(frame, table=table)
    return findings


def find_implausible_between(tables: Tables) -> list[Finding]:
    """Find what only several tables together show: years outside of a phase, scenes that show nothing."""
    findings: list[Finding] = []
    if "phases" in tables:
        findings += find_outside_phase(tables)
    if {"talk", "phases", "themes", "partnerships", "municipalities"} <= set(tables):
        findings += find_empty_scenes(tables)
    return findings


def find_misplaced(frame: pd.DataFrame, *, table: Table) -> Iterator[Finding]:
    """Find points more than `outlines.TOLERANCE_M` from the country they are said to lie in, with the likely cause.

    Takes the columns `country, latitude, longitude` (degrees, WGS 84). Points near a town of that country that our map
    leaves outside of it are passed over. A point that fits once the two numbers are swapped, a sign turned or a decimal
    point moved is an error with the better numbers as `proposal`, as long as it is impossible where it is: in another
    country, or farther than POSSIBLE_M. Without such a slip it is an error in another country or farther than FAR_M.
    Anything else is a warning: our map lacks small islands. Of the rows after the first MOST_MEASURED the distance is
    that to the nearest corner of the outline.
    """
    shapes = read_country_shapes()
    known = frame[frame["country"].isin(shapes.index) & frame["latitude"].notna() & frame["longitude"].notna()]
    points = known[["longitude", "latitude"]].to_numpy("float64")
    for row, misplaced in _find_outside(points, known["country"].to_numpy(object)):
        yield _to_misplaced(int(known.index[row]), misplaced, table=table)


@dataclass(frozen=True)
class _Misplaced:
    """A point outside of its country. `other`: in which it lies, or near which; `slip`: what explains and mends it."""

    country: str
    longitude: float
    latitude: float
    distance_m: float
    other: str | None
    is_inside_other: bool
    slip: tuple[Problem, float, float] | None

    @property
    def is_impossible(self) -> bool:
        return self.is_inside_other or self.distance_m > POSSIBLE_M


def _find_outside(points: np.ndarray, countries: np.ndarray) -> Iterator[tuple[int, _Misplaced]]:
    """Find the points (n, 2: degrees, longitude first) outside of their countries, by row."""
    # Numbers are compared much faster than texts, and every country is looked for in all rows.
    numbers, codes = pd.factorize(countries)
    groups = [(str(code), np.flatnonzero(numbers == number)) for number, code in enumerate(codes)]
    outside = [(code, rows[~_is_plausible(points[rows], country=code)]) for code, rows in groups]
    rows = np.sort(np.concatenate([[], *(rows for _, rows in outside)]).astype(int))
    if not len(rows):
        return
    others, inside = find_other_countries(points[rows], countries=countries[rows].tolist())
    place = {int(row): number for number, row in enumerate(rows)}
    slips: dict[int, tuple[Problem, float, float]] = {}
    distances: dict[int, float] = {}
    for code, here in outside:
        at_sea = np.array([others[place[int(row)]] is None for row in here], dtype=bool)
        found = find_slips(points[here], country=code, at_sea=at_sea)
        slips |= {int(row): slip for row, slip in zip(here, found, strict=True) if slip is not None}
        distances |= dict(zip(map(int, here), read_outlines()[code].to_corner_distance_m(points[here]), strict=True))
    first = rows[:MOST_MEASURED]
    exact = to_country_distance_m(points[first, 0], points[first, 1], countries=countries[first].tolist())
    # Far away, the nearest point of an outline on the map is not the nearest on earth.
    distances |= {row: min(metres, distances[row]) for row, metres in zip(map(int, first), exact, strict=True)}
    for row in map(int, rows):
        number, (longitude, latitude) = place[row], points[row]
        yield (
            row,
            _Misplaced(
                str(countries[row]),
                float(longitude),
                float(latitude),
                float(distances[row]),
                others[number],
                bool(inside[number]),
                slips.get(row),
            ),
        )


def _is_plausible(points: np.ndarray, *, country: str) -> np.ndarray:
    near: np.ndarray = np.isfinite(read_outlines()[country].to_near_distance_m(points))
    towns = read_outlying_towns().get(country)
    if towns is not None and not near.all():
        away = np.flatnonzero(~near & is_on_earth(points))
        near[away] = (to_great_circle_m(points[away], towns) <= ISLAND_M).any(axis=1)
    return near


def _to_misplaced(row: int, point: _Misplaced, *, table: Table) -> Finding:
    degrees = {"latitude": point.latitude, "longitude": point.longitude}
    is_nowhere = np.isinf(point.distance_m)
    away = {"country": point.country, "distance_km": 0 if is_nowhere else round(point.distance_m / 1000)}

    def find(problem: Problem, details: Mapping[str, object], *, column: str = "latitude") -> Finding:
        return Finding(table.name, to_line(row), column, _to_cell(degrees[column]), problem, details)

    if point.slip is not None:
        problem, longitude, latitude = point.slip
        better = {"latitude": latitude, "longitude": longitude}
        if not point.is_impossible:
            return find(problems.PERHAPS_SLIPPED, {**away, **better})
        digits = max(len(_to_cell(value).partition(".")[2]) for value in better.values())
        if problem is problems.SHIFTED and point.other is not None and digits > MOST_DECIMALS:
            # A point that becomes finer than any in our sources: the stated country is as likely to be wrong.
            return find(problems.OTHER_OR_SHIFTED, {**away, **better, "other": point.other})
        column = "longitude" if latitude == point.latitude else "latitude"
        proposal = {name: _to_cell(value) for name, value in better.items()}
        return replace(find(problem, {**away, **better}, column=column), proposal=proposal)
    if is_nowhere:
        # The schema says so too, which is then left out.
        limit = 90 if abs(point.latitude) > 90 else 180
        column = "latitude" if limit == 90 else "longitude"
        return find(
            problems.OUT_OF_RANGE,
            {"country": point.country, "min_value": -limit, "max_value": limit},
            column=column,
        )
    if point.other is not None and point.is_impossible:
        return find(problems.IN_OTHER_COUNTRY, {**away, "other": point.other})
    return find(problems.FAR_AWAY if point.distance_m > FAR_M else problems.AT_SEA, away)


def find_slips(points: np.ndarray, *, country: str, at_sea: np.ndarray) -> list[tuple[Problem, float, float] | None]:
    """Find the likeliest slip that explains each of the points outside of a country, and the point without it.

    Points are (n, 2) in degrees, longitude first. Returns for each the slip, longitude and latitude, or None. Raises
    KeyError for a country without an outline.

    Where a point in another country (not `at_sea`) would need two decimal points moved, the country is the likelier
    slip.
    """
    outline = read_outlines()[country]
    found: list[tuple[Problem, float, float] | None] = [None] * len(points)

    def settle(problem: Problem, better: np.ndarray, *, rows: np.ndarray) -> None:
        rows = rows[[found[row] is None for row in rows]]
        rows = rows[outline.is_in_bounds(better[rows])]
        for row in rows[np.isfinite(outline.to_near_distance_m(better[rows]))]:
            found[row] = problem, float(better[row, 0]), float(better[row, 1])

    every = np.arange(len(points))
    settle(problems.SWAPPED, np.fliplr(points), rows=every)
    for signs in ((1, -1), (-1, 1), (-1, -1)):
        settle(problems.WRONG_SIGN, points * signs, rows=every)
    is_lost = np.abs(points) > 180
    for east, north in _MOVES:
        movable = _can_move(east, is_lost[:, 0]) & _can_move(north, is_lost[:, 1]) & (at_sea | (0 in (east, north)))
        if movable.any():
            moved = np.round(points * (10.0**east, 10.0**north), 7)
            settle(problems.SHIFTED, moved, rows=np.flatnonzero(movable))
    return found


def _can_move(places: int, is_lost: np.ndarray) -> np.ndarray:
    return np.asarray(np.where(is_lost, places in (0, *_LOSSES), places in (0, *_SLIPS)))


def _to_cell(degrees: float) -> str:
    return f"{degrees:.7f}".rstrip("0").rstrip(".")


def find_doubles(frame: pd.DataFrame, *, table: Table) -> Iterator[Finding]:
    """Find municipalities that may stand in the table twice: same kind and within SAME_PLACE_M, or names alike.

    Names are compared within a country after folding case and accents; alike are those with a normalised Indel
    similarity (rapidfuzz `fuzz.ratio`: twice the longest common subsequence by the sum of the lengths, in per cent) of
    at least ALIKE_PERCENT. Of several such rows the first one is told. Not
    compared are the names of a country of which one kind has more than MOST_COMPARED rows.
    """
    known = frame[frame[["id", "name", "country", "kind"]].notna().all(axis=1)]
    names = dict(zip(known.index.tolist(), known["name"].tolist(), strict=True))

    def find(first: int, second: int, *, problem: Problem) -> Finding:
        details = {"name": names[first], "other_line": to_line(first)}
        return Finding(table.name, to_line(second), "name", names[second], problem, details)

    near = _find_near(known)
    for second, first in near.items():
        yield find(first, second, problem=problems.SAME_PLACE)
    index = known.index.to_numpy()
    forms = [to_search_forms(name)[0] for name in names.values()]
    for rows in known.groupby(["country", "kind"]).indices.values():
        if not 1 < len(rows) <= MOST_COMPARED:
            continue
        for one, other in _find_alike([forms[row] for row in rows]):
            first, second = int(index[rows[one]]), int(index[rows[other]])
            if near.get(second) != first:
                yield find(first, second, problem=problems.ALIKE)


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


def _find_alike(names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield of every name that has such a one before it the first one that is similar, and itself."""
    told = np.zeros(len(names), dtype=bool)
    for start in range(0, len(names), _CHUNK):
        stop = start + _CHUNK
        scores = process.cdist(
            names[start:stop],
            names[start:],
            scorer=fuzz.ratio,
            score_cutoff=ALIKE_PERCENT,
            dtype=np.uint8,
            workers=2,
        )
        alike = np.triu(scores > 0, k=1)
        is_second = alike.any(axis=0)
        for second in np.flatnonzero(is_second & ~told[start:]):
            yield start + int(alike[:, second].argmax()), start + int(second)
        told[start:] |= is_second


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

    Of a scene about one partnership they must leave that. Passed over are scenes about a meeting or a site, and those
    that name an unknown phase, theme or partnership, which is told already.
    """
    partnerships = tables["partnerships"]
    countries = tables["municipalities"].dropna(subset=["id"]).drop_duplicates("id").set_index("id")["country"]
    ends = pd.DataFrame({role: partnerships[role].map(countries) for role in ("north", "south")})
    phases = partnerships["phase"].astype("string")
    known_phases, known_themes = set(tables["phases"]["phase"].astype("string")), set(tables["themes"]["id"])
    for row, scene in tables["talk"].iterrows():
        wanted_phases, wanted_themes = set(scene["phases"]), set(scene["themes"])
        lost = wanted_phases - known_phases or wanted_themes - known_themes
        if lost or scene[["meeting", "site"]].notna().any():
            continue
        only = pd.Series(True, index=partnerships.index)
        if pd.notna(scene["partnership"]):
            only = partnerships["id"].eq(scene["partnership"]).fillna(False)
            if not only.any():
                continue
        shown = phases.isin(wanted_phases) if wanted_phases else phases.notna()
        if pd.notna(scene["country"]):
            shown &= ends.eq(scene["country"]).any(axis=1)
        if wanted_themes:
            shown &= np.array([not wanted_themes.isdisjoint(themes) for themes in partnerships["themes"]], dtype=bool)
        if pd.notna(scene["until"]):
            shown &= partnerships["since"].le(scene["until"]).fillna(False)
        if not (shown & only).any():
            yield Finding("talk", to_line(row), "title_de", scene["title_de"], problems.SCENE_EMPTY)
