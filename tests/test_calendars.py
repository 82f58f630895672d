"""Calendar files, opened by a parser that did not write them."""

from datetime import date

import pytest
import vobject

from geo.calendars import to_ics_bytes


@pytest.fixture
def read(dataset, languages):
    def read_events(*meetings, code="de"):
        content = to_ics_bytes(meetings, dataset, language=languages[code]).decode()
        return {event.uid.value: event for event in vobject.readOne(content).contents["vevent"]}

    return read_events


def test_a_meeting_is_an_all_day_event_that_ends_the_day_after(read):
    (event,) = read("2023-09-puebla").values()
    assert event.uid.value == "2023-09-puebla@atlas-der-klimapartnerschaften"
    assert event.dtstart.value == date(2023, 9, 27)
    assert event.dtend.value == date(2023, 9, 30)
    assert event.summary.value == "Netzwerktreffen der Südpartner der 9. Projektphase"
    assert event.location.value == "Puebla, Mexiko"
    assert event.status.value == "CONFIRMED"
    assert event.url.value.startswith("https://www.lag21.de/")
    assert "Delegationen aus: Argentinien, Bolivien" in event.description.value
    latitude, longitude = (float(part) for part in event.geo.value.split(";"))
    assert (round(latitude), round(longitude)) == (19, -98)


@pytest.mark.parametrize(
    ("meeting", "first", "after"),
    [
        ("2015-03-managua", date(2015, 3, 1), date(2015, 4, 1)),
        ("2012-la-fortuna", date(2012, 1, 1), date(2013, 1, 1)),
    ],
)
def test_a_reduced_date_fills_its_month_or_year_and_is_tentative(read, meeting, first, after):
    (event,) = read(meeting).values()
    assert (event.dtstart.value, event.dtend.value) == (first, after)
    assert event.status.value == "TENTATIVE"
    assert "Der genaue Tag ist nicht bekannt" in event.description.value


def test_a_meeting_without_a_place_has_no_location(read):
    (event,) = read("2020-11-online").values()
    assert "location" not in event.contents
    assert "geo" not in event.contents


def test_all_meetings_fit_in_one_calendar_in_every_language(read, dataset, languages):
    for code in languages:
        events = read(*dataset.meetings.index, code=code)
        assert len(events) == 30
        assert events["2023-09-puebla@atlas-der-klimapartnerschaften"].dtstart.value == date(2023, 9, 27)
    assert read("2023-09-puebla", code="en")["2023-09-puebla@atlas-der-klimapartnerschaften"].summary.value.startswith(
        "Network meeting of the southern partners"
    )


def test_lines_are_folded_and_ended_as_the_standard_asks(dataset, german):
    content = to_ics_bytes(["2011-10-bonn"], dataset, language=german)
    lines = content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert max(map(len, lines)) <= 75
    assert "„50 Kommunale Klimapartnerschaften".encode() in content.replace(b"\r\n ", b"")


def test_no_meeting_gives_an_empty_calendar(dataset, german):
    assert b"VEVENT" not in to_ics_bytes([], dataset, language=german)


def test_an_unknown_meeting_is_an_error(dataset, german):
    with pytest.raises(KeyError):
        to_ics_bytes(["nowhere"], dataset, language=german)
