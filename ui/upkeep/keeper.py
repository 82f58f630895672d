"""The visitor's own browser keeps the draft: a reload, a lost connection or a sign-in elsewhere loses no edit.

Only the changes are kept there, with the hashes of the files they were made from, and nothing of them on the server.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import streamlit as st

from geo.archive import ArchiveError, to_digests
from geo.changes import from_json_value, keep_fitting, to_json_value
from geo.checking import Texts, check_files
from geo.errors import mark
from geo.schema import TABLE_BY_NAME
from geo.tables import Files
from server.assets import base_path
from ui.browser_component import declare_component, read_picked
from ui.language import current_language
from ui.loading import load_archive
from ui.upkeep.draft import Changes, current_draft, restore_changes

_KEY, _VISIT, _TOLD, _RESTORED, _UNKEPT = "draft_keeper", "draft_visit", "draft_kept", "draft_restored", "draft_unkept"
_TAKEN = "draft_taken"
NOTHING, KEPT_AFTER_ALL = "", "kept"
# Why a browser does not keep the draft: what the script says, and what it means to the reader.
NOT_KEPT = {
    "full": mark("Ihr Browser kann so viele Änderungen nicht sichern. Laden Sie die Tabelle vorsorglich herunter."),
    "blocked": mark(
        "Ihr Browser erlaubt dieser Website nicht, etwas zu speichern. Wenn Sie die Seite neu laden, schließen oder "
        "sich anmelden, ist der Entwurf verloren; laden Sie vorher jede geänderte Tabelle herunter. Erlauben Sie der "
        "Website dann Cookies und Websitedaten, sichert der Browser künftige Entwürfe."
    ),
}
_keeper = declare_component("draft_keeper", script="scripts/draft-keeper.js")


def keep_draft(changes: Changes) -> None:
    """Have the browser keep these changes; in the first run of a visit it gives back what it has kept."""
    visit = st.session_state.setdefault(_VISIT, uuid4().hex)
    # Until there is a first change, what the browser holds from before must not be overwritten by an empty draft.
    draft = _write(changes, current_draft().files) if changes or _TOLD in st.session_state else None
    if draft is not None:
        st.session_state[_TOLD] = True
    if not changes:
        st.session_state.pop(_UNKEPT, None)
    data = {
        "name": f"atlas-draft {base_path()}",
        "draft": draft,
        "visit": visit,
        "taken": _TAKEN in st.session_state,
        "unkept": st.session_state.get(_UNKEPT),
    }
    _keeper(key=_KEY, data=data, on_picked=_take_kept)


def _write(changes: Changes, made_from: Files) -> str:
    if not changes:
        return NOTHING
    tables = {name: to_json_value(rows) for name, rows in changes.items()}
    now = datetime.now().astimezone().isoformat(timespec="minutes")
    return json.dumps({"at": now, "made_from": to_digests(made_from), "tables": tables}, ensure_ascii=False)


def _take_kept() -> None:
    kept = read_picked(_KEY)
    if kept == KEPT_AFTER_ALL:
        st.session_state.pop(_UNKEPT, None)
        return
    if isinstance(kept, str):
        if kept in NOT_KEPT:
            st.session_state[_UNKEPT] = kept
        return
    if not kept:
        return
    # Only now may the browser overwrite what it has kept, and forget what other tabs have left.
    st.session_state[_TOLD] = st.session_state[_TAKEN] = True
    own, *others = kept
    left = sorted(filter(None, map(_read, others)), key=lambda each: each.at, reverse=True)
    mine = _read(own)
    # Of two tabs that changed the same, the one that is here stays, then the one that was used last.
    for draft in [mine, *left] if mine else left:
        restore_changes(draft.changes, made_from=_read_tables(draft.made_from), by_other_tab=draft is not mine)
        st.session_state[_RESTORED] = [*st.session_state.get(_RESTORED, []), draft.at]


@dataclass(frozen=True)
class _Kept:
    """A draft that the browser has kept: since when, the changes, the hashes of the files they were made from."""

    at: datetime
    changes: Changes
    made_from: dict[str, object] | None


def _read(kept: str | None) -> _Kept | None:
    """Read what `_write` wrote; None for what another version of the atlas wrote, or somebody by hand."""
    try:
        value = json.loads(kept or "null")
        changes = {
            name: keep_fitting(from_json_value(rows), table=TABLE_BY_NAME[name])
            for name, rows in value["tables"].items()
            if name in TABLE_BY_NAME
        }
        made_from = dict(value["made_from"]) if "made_from" in value else None
        return _Kept(datetime.fromisoformat(value["at"]).astimezone(), changes, made_from)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _read_tables(digests: Mapping[str, object] | None) -> Texts | None:
    """Return the tables with these hashes as text; None where neither the draft nor the archive has them."""
    draft = current_draft()
    if digests == to_digests(draft.files):
        return draft.before
    try:
        versions = [version for version in load_archive().versions() if version.tables == digests]
        return check_files(load_archive().read_version(versions[-1])).texts if versions else None
    except ArchiveError:
        return None  # the page says so where it lists the versions


def show_restored() -> None:
    """Say once that drafts have come back."""
    language = current_language()
    restored = st.session_state.pop(_RESTORED, [])
    if restored:
        one = language.gettext("Der Entwurf, den dieser Browser am {moment} gesichert hat, ist wieder da.")
        several = language.gettext(
            "Die Entwürfe aus mehreren Fenstern dieses Browsers sind wieder da, zu einem vereint. Der letzte wurde am "
            "{moment} gesichert."
        )
        message = several if len(restored) > 1 else one
        st.info(message.format(moment=language.describe_moment(max(restored))), icon=":material/restore_page:")


def show_unkept() -> None:
    """Say for as long as it is so that the browser does not keep the draft, and why."""
    if unkept := st.session_state.get(_UNKEPT):
        st.warning(current_language().gettext(NOT_KEPT[unkept]), icon=":material/warning:")
