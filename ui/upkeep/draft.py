"""What one visitor has changed in the tables and not yet published, tied to the files it began with.

When the files change meanwhile, the visitor's changes are made to the new ones, and what others changed is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeVar, cast

import pandas as pd
import streamlit as st

from geo.changes import Conflict, RowChange, apply_changes, to_changes
from geo.checking import Checked, Same, Texts, check_files, check_texts
from geo.errors import Finding
from geo.schema import TABLE_BY_NAME, Table
from geo.table_files import to_plain_bytes
from geo.tables import FIRST_LINE, Files
from server.store import State
from ui.loading import load_tables_state
from ui.upkeep.file_lines import forget_files

Changes = dict[str, tuple[RowChange, ...]]
T = TypeVar("T")
_DRAFT, _MERGE = "draft", "draft_merge"


@dataclass(frozen=True, eq=False)
class Draft:
    """All tables as text, before and after the visitor's changes.

    `files` are the files of before. `generation` rises whenever a table changed by other means than the grid, which
    must then begin anew. While a grid stands, its rows keep their index, with gaps where some were deleted. The files
    of the tables named `unreadable` cannot be read: in their place stand the last good ones, which publishing writes
    back.
    """

    files: Files
    before: Texts
    after: Texts
    unreadable: frozenset[str] = frozenset()
    generation: int = 0

    def to_changes(self) -> Changes:
        """Return what was changed, by table; tables without a change are left out."""
        edited = [name for name, text in self.after.items() if text is not self.before[name]]
        compared = {name: to_changes(self.before[name], self.after[name], table=TABLE_BY_NAME[name]) for name in edited}
        return {name: changes for name, changes in compared.items() if changes}

    def to_files(self, changes: Changes) -> Files:
        """Return the complete files that publishing the changes would leave: others' files as they are, to the byte."""
        changed = {
            name: to_plain_bytes(apply_changes(self.before[name], rows, table=TABLE_BY_NAME[name])[0])
            for name, rows in changes.items()
        }
        mended = {name: to_plain_bytes(self.after[name]) for name in self.unreadable}
        return {**self.files, **mended, **changed}


@dataclass(frozen=True, eq=False)
class Merge:
    """What others changed while this draft was open, and where both sides changed the same.

    `apart`: what the visitor changed the one way in this tab and another way in one that is closed.
    """

    theirs: Changes
    conflicts: dict[str, tuple[Conflict, ...]] = field(default_factory=dict)
    apart: dict[str, tuple[Conflict, ...]] = field(default_factory=dict)


def open_draft() -> Draft:
    """Return the visitor's draft; a new one begins with the newest files."""
    if _DRAFT not in st.session_state:
        state = load_tables_state()
        before = _to_texts(state)
        st.session_state[_DRAFT] = Draft(state.files, before, dict(before), to_unreadable(state))
    return current_draft()


def is_behind() -> bool:
    """Say whether there are newer files than those the draft was made from."""
    state, draft = load_tables_state(), current_draft()
    return draft.files is not state.files and draft.files != state.files


def follow_files() -> None:
    """Bring the draft up to the newest files, with the visitor's changes made to them.

    What others changed meanwhile is kept for the visitor to see, if there are own changes that it may concern.
    """
    state, draft = load_tables_state(), current_draft()
    before, mine = _to_texts(state), draft.to_changes()
    after, conflicts = make_changes(before, mine)
    theirs = {name: to_changes(draft.before[name], before[name], table=TABLE_BY_NAME[name]) for name in before}
    if mine:
        note_merge(theirs, conflicts)
    st.session_state[_DRAFT] = Draft(state.files, before, after, to_unreadable(state), draft.generation + 1)


def to_unreadable(state: State) -> frozenset[str]:
    """Name the tables whose newest file cannot be read at all."""
    return frozenset(TABLE_BY_NAME) - frozenset(state.checked.texts)


def note_merge(
    theirs: Changes,
    conflicts: Mapping[str, tuple[Conflict, ...]],
    *,
    apart: Mapping[str, tuple[Conflict, ...]] | None = None,
) -> None:
    """Keep what others changed, and where both sides changed the same, beside what the visitor has not yet noted."""
    known = current_merge() or Merge({})
    merge = Merge(_join(known.theirs, theirs), _join(known.conflicts, conflicts), _join(known.apart, apart or {}))
    if merge.theirs or merge.conflicts or merge.apart:
        st.session_state[_MERGE] = merge


def _join(known: Mapping[str, tuple[T, ...]], more: Mapping[str, tuple[T, ...]]) -> dict[str, tuple[T, ...]]:
    # Two tabs may have been left with the same files behind them: what others changed since is told once.
    joined = {name: tuple(dict.fromkeys((*known.get(name, ()), *more.get(name, ())))) for name in {**known, **more}}
    return {name: each for name, each in joined.items() if each}


def settle_published(files: Files) -> None:
    """Note that the draft has been published as these files: its changes are none any more, and the grid stays."""
    draft = current_draft()
    before = {name: text.reset_index(drop=True) for name, text in check_files(files).texts.items()}
    # The grid goes on with its rows; a cell that it reports late is a change to what was published.
    after = {name: draft.after[name] for name in before}
    st.session_state[_DRAFT] = Draft(files, before, after, frozenset(), draft.generation)
    forget_files()


def make_changes(before: Texts, changes: Changes) -> tuple[Texts, dict[str, tuple[Conflict, ...]]]:
    """Make changes to tables that may be later ones than those they were made from; see `apply_changes`."""
    after, conflicts = dict(before), {}
    for name, rows in changes.items():
        after[name], found = apply_changes(before[name], rows, table=TABLE_BY_NAME[name])
        if found:
            conflicts[name] = found
    return after, conflicts


def current_draft() -> Draft:
    """Return the draft as it is, for a widget's callback."""
    return cast(Draft, st.session_state[_DRAFT])


def edit_table(name: str, text: pd.DataFrame, *, by_grid: bool = False) -> None:
    """Put a table as it is now into the draft."""
    draft = current_draft()
    if by_grid and not to_changes(draft.after[name], text, table=TABLE_BY_NAME[name]):
        return
    generation = draft.generation if by_grid else draft.generation + 1
    st.session_state[_DRAFT] = replace(draft, after={**draft.after, name: text}, generation=generation)


def replace_tables(texts: Texts) -> None:
    """Put these tables into the draft in place of all its changes; tables left out are as in the files."""
    draft = current_draft()
    st.session_state[_DRAFT] = replace(draft, after={**draft.before, **texts}, generation=draft.generation + 1)


def restore_changes(changes: Changes, *, made_from: Texts | None, by_other_tab: bool = False) -> None:
    """Make changes to the draft that were kept elsewhere, and keep what others changed since for the visitor to see.

    `made_from` are the tables they were made from, None where these are no longer known: then it is told only where
    both sides changed the same. What is in the draft already is later, and stays: a page whose server was lost begins
    with the grid as it shows it. Where another tab had changed the same, that is told.
    """
    draft = current_draft()
    restored, conflicts = make_changes(draft.before, changes)
    theirs = {
        name: to_changes(text, draft.before[name], table=TABLE_BY_NAME[name])
        for name, text in (made_from or {}).items()
        if text is not draft.before[name]
    }
    after, apart = make_changes(restored, draft.to_changes())
    if changes:
        note_merge(theirs, conflicts, apart=apart if by_other_tab else None)
    replace_tables(after)


def number_lines() -> None:
    """Give the rows of all tables the index 0, 1, 2 … again, before a grid begins with them."""
    draft = current_draft()
    after = {
        name: text if text.index.equals(pd.RangeIndex(len(text))) else text.reset_index(drop=True)
        for name, text in draft.after.items()
    }
    st.session_state[_DRAFT] = replace(draft, after=after)


def to_key(text: pd.DataFrame, row: int, *, table: Table) -> tuple[str, ...] | None:
    """Return the key of the row with this index, to find it again by; None where there is no such row."""
    return tuple(text[name].fillna("")[row] for name in table.key) if row in text.index else None


def take_proposals(findings: Sequence[Finding], seen: Texts) -> None:
    """Put the better values that the check has found in `seen` into the draft; rows that are others by now are left."""
    after = dict(current_draft().after)
    for finding in findings:
        if finding.line is None:
            continue
        row, table = finding.line - FIRST_LINE, TABLE_BY_NAME[finding.table]
        text = after[table.name].copy()
        # An earlier proposal may have mended a part of the key: asked is the draft as it was.
        key = to_key(current_draft().after[table.name], row, table=table)
        if key is not None and key == to_key(seen[table.name], row, table=table):
            text.loc[row, list(finding.proposal)] = list(finding.proposal.values())
            after[table.name] = text
    replace_tables(after)


def discard_draft() -> None:
    """Forget all changes."""
    replace_tables({})
    forget_merge()
    forget_files()


def current_merge() -> Merge | None:
    """Return what others changed meanwhile, until the visitor has taken note of it."""
    return cast(Merge | None, st.session_state.get(_MERGE))


def forget_merge() -> None:
    """Forget what others changed: the visitor has taken note of it."""
    st.session_state.pop(_MERGE, None)


@lru_cache(maxsize=2)
def _to_texts(state: State) -> Texts:
    """Return the tables as text; of a file that cannot be read at all, the one that is shown."""
    texts = {**state.texts, **state.checked.texts}
    return {name: text.reset_index(drop=True) for name, text in texts.items()}


def check_draft(draft: Draft) -> Checked:
    """Check the tables as they would be; the same draft is checked once."""
    return _check(tuple(Same(draft.after[name]) for name in TABLE_BY_NAME))


@lru_cache(maxsize=4)
def _check(frames: tuple[Same, ...]) -> Checked:
    return check_texts(dict(zip(TABLE_BY_NAME, (same.frame for same in frames), strict=True)))
