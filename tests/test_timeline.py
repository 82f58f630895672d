"""Phases and meetings on the axis of time: what is not known to the day is never given one."""

from datetime import date

import pandas as pd

from geo.timeline import to_marks, to_phase_bars


def test_a_phase_lasts_from_its_first_day_to_its_last():
    phases = pd.DataFrame({"start": ["2015-03", "2012"], "end": ["2016", "2014-02"]}, index=[4, 2], dtype="string")
    bars = to_phase_bars(phases)
    assert bars.loc[4].tolist() == [date(2015, 3, 1), date(2016, 12, 31)]
    assert bars.loc[2].tolist() == [date(2012, 1, 1), date(2014, 2, 28)]


def test_marks_span_what_is_known():
    meetings = pd.DataFrame(
        {
            "start": ["2023-09-27", "2015-03", "2012", "2020-05-27", "2024-02"],
            "end": ["2023-09-29", None, None, None, "2024-02-10"],
            "place": ["Puebla", "Managua", "La Fortuna", None, "Bonn"],
            "phases": [("9",), ("4",), ("2", "4"), ("7",), ()],
        },
        index=["puebla", "managua", "la-fortuna", "online", "bonn"],
    ).astype({"start": "string", "end": "string", "place": "string"})
    marks = to_marks(meetings)
    assert marks.loc["puebla"].tolist() == [date(2023, 9, 27), date(2023, 9, 29), True, ("9",)]
    assert marks.loc["managua"].tolist() == [date(2015, 3, 1), date(2015, 3, 31), False, ("4",)]
    assert marks.loc["la-fortuna"].tolist() == [date(2012, 1, 1), date(2012, 12, 31), False, ("2", "4")]
    assert marks.loc["online"].tolist() == [date(2020, 5, 27), date(2020, 5, 27), True, ("online",)]
    assert marks.loc["bonn"].tolist() == [date(2024, 2, 1), date(2024, 2, 10), False, ("none",)]


def test_every_real_meeting_has_a_lane(dataset):
    marks = to_marks(dataset.meetings)
    assert marks["lanes"].map(len).min() == 1
    assert marks.loc[["2020-05-online", "2020-11-online", "2021-anniversary"], "lanes"].tolist() == [("online",)] * 3
    assert marks.loc["2017-11-bonn-cop23", "lanes"] == ("none",)
    assert sorted(marks.index[~marks["exact"]]) == [
        "2012-la-fortuna",
        "2014-berlin",
        "2015-03-managua",
        "2016-karlsruhe",
        "2017-05-jena",
        "2018-03-schwaebisch-hall",
        "2021-anniversary",
        "2024-09-dresden",
    ]
