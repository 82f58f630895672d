"""Meetings as a calendar file (iCalendar, RFC 5545)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pandas as pd
from icalendar import Calendar, Event

from geo.dataset import Dataset
from geo.errors import mark
from geo.language import Language
from geo.records import to_meeting_records
from geo.timeline import to_marks

PRODUCT = "-//Atlas der Klimapartnerschaften//DE"
UID_DOMAIN = "atlas-der-klimapartnerschaften"
TENTATIVE_NOTE = mark("Der genaue Tag ist nicht bekannt, nur {dates}.")


def to_ics_bytes(meetings: Sequence[str], dataset: Dataset, *, language: Language) -> bytes:
    """Write meetings as all-day events in one calendar, with title, place, hosts and source in the reader's language.

    A meeting whose day is not known fills its month or year and is marked tentative. An event keeps its UID whatever
    the language, so that a file opened again replaces what was imported before. Raises KeyError for an unknown id.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", language.gettext("Treffen der Kommunalen Klimapartnerschaften"))
    records = to_meeting_records(dataset, language=language).add_prefix("said_")
    events = dataset.meetings.join(records).join(to_marks(dataset.meetings)).loc[list(meetings)]
    for meeting, row in events.iterrows():
        calendar.add_component(_to_event(str(meeting), row, stamp=dataset.saved.astimezone(UTC), language=language))
    return bytes(calendar.to_ical())


def _to_event(meeting: str, row: pd.Series, *, stamp: datetime, language: Language) -> Event:
    event = Event()
    event.add("uid", f"{meeting}@{UID_DOMAIN}")
    event.add("dtstamp", stamp)
    event.add("dtstart", row["first"])
    event.add("dtend", row["last"] + timedelta(days=1))  # the first day after it (RFC 5545, 3.6.1)
    event.add("summary", row["said_title"])
    event.add("status", "CONFIRMED" if row["exact"] else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    event.add("categories", [row["said_kind"]])
    event.add("url", row["said_source"])
    if not pd.isna(row["place"]):
        event.add("location", row["said_where"])
    if row["geometry"] is not None:
        # Latitude first (RFC 5545, 3.8.1.6).
        event.add("geo", (row["geometry"].y, row["geometry"].x))
    notes = [row["said_kind"]]
    if not row["exact"]:
        notes.append(language.gettext(TENTATIVE_NOTE).format(dates=row["said_dates"]))
    if not pd.isna(row["hosts"]):
        notes.append(language.gettext("Ausgerichtet von: {hosts}").format(hosts=row["hosts"]))
    if row["said_countries"]:
        notes.append(language.gettext("Delegationen aus: {countries}").format(countries=row["said_countries"]))
    event.add("description", "\n".join([*notes, row["said_source"]]))
    return event
