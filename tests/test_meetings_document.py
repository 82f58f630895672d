"""The meetings document: everything timeline, map and table show of meetings and sites."""

import json

import pytest

from geo.meetings_document import to_meetings_document


@pytest.fixture(scope="module")
def document(dataset, german):
    return json.loads(json.dumps(to_meetings_document(dataset, language=german)))


def find(entries, name):
    return next(entry for entry in entries if entry["id"] == name)


def test_meetings_stand_in_the_order_of_their_dates(document, dataset):
    assert [meeting["id"] for meeting in document["meetings"]] == list(dataset.meetings.index)
    starts = [meeting["record"]["start"] for meeting in document["meetings"]]
    assert starts == sorted(starts)


def test_puebla_with_its_seven_delegations(document):
    puebla = find(document["meetings"], "2023-09-puebla")
    assert (puebla["dates"], puebla["place"]) == ("27.–29. September 2023", "Puebla, Mexiko")
    assert (puebla["span"], puebla["exact"], puebla["lanes"]) == (["2023-09-27", "2023-09-29"], True, ["9"])
    assert [delegation["country"] for delegation in puebla["delegations"]] == [
        "Argentinien",
        "Bolivien",
        "Dominikanische Republik",
        "Ghana",
        "Mexiko",
        "Senegal",
        "Tunesien",
    ]
    ghana = puebla["delegations"][3]["origins"]
    assert len(ghana) == 3
    assert all(origin["arc"][-1][-1] == puebla["at"] for origin in ghana)
    assert puebla["record"]["countries"].endswith("Senegal und Tunesien")


def test_an_online_meeting_has_no_point_and_its_own_lane(document):
    online = find(document["meetings"], "2020-05-online")
    assert online["at"] is None
    assert online["lanes"] == ["online"]
    assert (online["town"], online["place"]) == ("online", "online")
    origins = [origin for delegation in online["delegations"] for origin in delegation["origins"]]
    assert len(origins) == 11
    assert all(origin["arc"] is None for origin in origins)


def test_reduced_dates_are_spans(document):
    assert find(document["meetings"], "2012-la-fortuna")["span"] == ["2012-01-01", "2012-12-31"]
    assert find(document["meetings"], "2015-03-managua")["span"] == ["2015-03-01", "2015-03-31"]
    assert not find(document["meetings"], "2015-03-managua")["exact"]


def test_only_the_country_is_known(document):
    (origin,) = next(
        delegation["origins"]
        for delegation in find(document["meetings"], "2016-07-munoz")["delegations"]
        if delegation["country"] == "Nepal"
    )
    assert (origin["municipality"], origin["role"], origin["name"]) == (None, None, "Nepal")


def test_sites_say_how_precisely_they_are_known(document):
    site = find(document["sites"], "puebla-valsequillo-dam")
    assert (site["at"], site["precision_m"], site["precision"]) == (
        [18.9167, -98.1828],
        9000,
        "Lage auf ± 9 km genau",
    )
    assert (site["name"], site["meeting"]) == ("Talsperre Valsequillo", "2023-09-puebla")


def test_lanes_are_the_phases_and_what_stands_beside_them(document):
    assert [lane["id"] for lane in document["lanes"]] == [*map(str, range(1, 10)), "online", "none"]
    assert find(document["lanes"], "4")["span"] == ["2015-03-01", "2016-12-31"]
    assert "span" not in find(document["lanes"], "online")


def test_every_kind_shown_has_a_name_and_a_shape_of_its_own(document):
    shapes = [json.dumps(document["symbols"][kind]) for kind in document["kinds"]]
    assert len(set(shapes)) == len(shapes) == 6


def test_the_document_stays_small(document):
    assert len(json.dumps(document, ensure_ascii=False, separators=(",", ":"))) < 250_000
