"""Meetings and excursion sites as a document that a browser loads once: names, places, delegations, time."""

from typing import Any

import pandas as pd

from geo.dataset import Dataset
from geo.language import Language
from geo.leaflet import to_leaflet_lines, to_leaflet_point, to_views
from geo.map_words import to_words
from geo.records import (
    MEETING_COLUMN_TITLES,
    to_country_names,
    to_meeting_records,
    to_region_names,
    to_texts,
)
from geo.schema import MEETING_KIND_LABELS
from geo.style import SYMBOLS, THEMES, to_phase_colours
from geo.timeline import NO_PHASE, ONLINE, to_marks, to_phase_bars


def to_meetings_document(dataset: Dataset, *, language: Language) -> dict[str, Any]:
    """Return all that timeline, map and table show of meetings and excursion sites, in one language, for JSON.

    `meetings`: id, title, dates, town, place, kind, phases, `at` (latitude, longitude; None for a meeting without a
    place), `span`: first and last day, `exact`, `lanes`, `delegations` (see to_delegation_entries) and `record`: the
    facts to read. `sites`: id, name, feature, place, meeting, `at`, `precision_m`, and `precision` in words. `lanes`:
    id and title of each lane of the timeline, with phase, span and dates where it is a phase's. `kinds`, `symbols`,
    `colours`, `titles`, `views`, `words`: how they are named and drawn.
    """
    meetings, points = dataset.meetings, dataset.municipalities
    records = to_meeting_records(dataset, language=language)
    marks = to_marks(meetings)
    delegations = to_delegation_entries(dataset, language=language)
    bars = to_phase_bars(dataset.phases)
    lane_names = {ONLINE: language.gettext("Online"), NO_PHASE: language.gettext("Ohne Phase")}
    used = set(marks["lanes"].explode())
    kinds = set(meetings["kind"])
    return {
        "meetings": [
            {
                "id": meeting,
                "title": record["title"],
                "dates": record["dates"],
                "town": record["place"],
                "place": record["where"],
                "kind": record["kind_code"],
                "phases": [int(phase) for phase in phases],
                "at": to_leaflet_point(point),
                "span": [mark["first"].isoformat(), mark["last"].isoformat()],
                "exact": mark["exact"],
                "lanes": list(mark["lanes"]),
                "delegations": delegations.get(meeting, []),
                "record": record,
            }
            for meeting, record, phases, point, mark in zip(
                meetings.index,
                records.to_dict("records"),
                meetings["phases"],
                meetings.geometry,
                marks.to_dict("records"),
                strict=True,
            )
        ],
        "sites": to_site_entries(dataset, language=language),
        "lanes": [
            {
                "id": str(phase),
                "title": language.gettext("Phase {phase}").format(phase=phase),
                "phase": phase,
                "span": [bar["first"].isoformat(), bar["last"].isoformat()],
                "dates": language.describe_dates(row["start"], row["end"]),
            }
            for phase, bar, row in zip(
                bars.index.tolist(), bars.to_dict("records"), dataset.phases.to_dict("records"), strict=True
            )
        ]
        + [{"id": lane, "title": title} for lane, title in lane_names.items() if lane in used],
        "kinds": {kind: language.gettext(label) for kind, label in MEETING_KIND_LABELS.items() if kind in kinds},
        "symbols": dict(SYMBOLS),
        "titles": {name: language.gettext(title) for name, title in MEETING_COLUMN_TITLES.items()},
        "colours": {theme: to_phase_colours(dataset.phases.index.tolist(), theme=theme) for theme in THEMES},
        "views": to_views(points),
        "words": to_words(language),
    }


def to_delegation_entries(dataset: Dataset, *, language: Language) -> dict[str, list[dict[str, Any]]]:
    """Return the delegations of each meeting: country, and the origins with name, place, `at`, role and `arc`.

    Where only the country is known, the origin bears its name and has no `municipality`. A country that is not on the
    base map has no origins.
    """
    frame = dataset.delegations
    points = dataset.municipalities
    countries = to_country_names(frame["country"], language=language)
    regions = to_region_names(points["region"], language=language)
    # Taken out once: looking up cells of a frame with geometry, or cutting it into groups, is slow.
    names, roles = points["name"].to_dict(), points["role"].to_dict()
    origins: dict[tuple[str, str], list[dict[str, Any]]] = {}
    columns = (frame["meeting"], frame["country"], frame["municipality"], frame["origin"], frame.geometry)
    for meeting, code, municipality, origin, arc in zip(*columns, strict=True):
        known = not pd.isna(municipality)
        of_country = origins.setdefault((meeting, code), [])
        if origin is None:
            continue
        of_country.append(
            {
                "municipality": municipality if known else None,
                "name": names[municipality] if known else countries[code],
                "place": f"{regions[municipality]}, {countries[code]}" if known else "",
                "role": roles[municipality] if known else None,
                "at": to_leaflet_point(origin),
                "arc": None if arc is None else to_leaflet_lines(arc),
            }
        )
    entries: dict[str, list[dict[str, Any]]] = {}
    for (meeting, code), of_country in origins.items():
        entries.setdefault(meeting, []).append({"country": countries[code], "origins": of_country})
    return entries


def to_site_entries(dataset: Dataset, *, language: Language) -> list[dict[str, Any]]:
    """Return the sites' entries of the meetings document, in the order of the data set."""
    sites = dataset.sites
    precision = language.gettext("Lage auf ± {km} km genau")
    columns = zip(
        sites.index,
        to_texts(sites, "name", language=language),
        to_texts(sites, "feature", language=language),
        sites["place"],
        sites["meeting"],
        map(to_leaflet_point, sites.geometry),
        sites["precision_m"].tolist(),
        [precision.format(km=language.number(metres / 1000, digits=1)) for metres in sites["precision_m"]],
        strict=True,
    )
    keys = ("id", "name", "feature", "place", "meeting", "at", "precision_m", "precision")
    return [dict(zip(keys, values, strict=True)) for values in columns]
