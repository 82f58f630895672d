"""Phases and meetings on an axis of time: which lane, and from which day to which."""

import pandas as pd

from geo.language import to_date_span

ONLINE, NO_PHASE = "online", "none"


def to_phase_bars(phases: pd.DataFrame) -> pd.DataFrame:
    """Return the first and the last day of each phase.

    Takes `start` and `end` (ISO 8601, possibly reduced) indexed by phase; returns `first` and `last` (dates). Raises
    ValueError for what is no date.
    """
    return _to_days(phases["start"], phases["end"])


def _to_days(starts: pd.Series, ends: pd.Series) -> pd.DataFrame:
    spans = [(to_date_span(start)[0], to_date_span(end)[1]) for start, end in zip(starts, ends, strict=True)]
    return pd.DataFrame(spans, index=starts.index, columns=["first", "last"], dtype=object)


def to_marks(meetings: pd.DataFrame) -> pd.DataFrame:
    """Return where each meeting stands on the timeline.

    Takes the meetings indexed by id, with `start`, `end`, `place` and `phases`. Returns, in the same order: `first` and
    `last` (dates) – of a reduced date the whole month or year, never a made-up day –, `exact` (whether the days are
    known) and `lanes`: the meeting's phases, ONLINE for a meeting without a place, NO_PHASE for one that belongs to no
    phase. Raises ValueError for what is no date.
    """
    ends = meetings["end"].fillna(meetings["start"])
    marks = _to_days(meetings["start"], ends)
    lanes = [
        (ONLINE,) if pd.isna(place) else tuple(phases) or (NO_PHASE,)
        for place, phases in zip(meetings["place"], meetings["phases"], strict=True)
    ]
    exact = meetings["start"].str.len().eq(10) & ends.str.len().eq(10)
    return marks.assign(exact=exact.to_numpy(bool), lanes=pd.Series(lanes, index=meetings.index, dtype=object))
