"""The visitor's own browser keeps the draft: a reload, a lost connection or a sign-in elsewhere loses no edit.

Only the changes are kept there, with the hashes of the files they were made from, and nothing of them on the server.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

import streamlit as st

from geo.changes import from_json_value, keep_fitting, to_json_value
from geo.checking import Texts, check_files
from geo.schema import TABLE_BY_NAME
from geo.tables import Files
from server.archive import ArchiveError, to_digests
from server.assets import base_path
from ui.browser_component import declare_component
from ui.language import current_language
from ui.loading import load_archive
from ui.upkeep.draft import Changes, current_draft, restore_changes

_KEY, _VISIT, _TOLD, _RESTORED, _FULL = "draft_keeper", "draft_visit", "draft_kept", "draft_restored", "draft_too_large"
NOTHING, TOO_LARGE = "", "full"
_keeper = declare_component("draft_keeper", script="scripts/draft-keeper.js")


def keep_draft(changes: Changes) -> None:
    """Have the browser keep these changes; in the first run of a visit it gives back what it has kept."""
    visit = st.session_state.setdefault(_VISIT, uuid4().hex)
    # Until there is a first change, what the browser holds from before must not be overwritten by an empty draft.
    draft = _write(changes, current_draft().files) if changes or _TOLD in st.session_state else None
    if draft is not None:
        st.session_state[_TOLD] = True
    if not changes:
        st.session_state.pop(_FULL, None)
    data = {"name": f"atlas-draft {base_path()}", "draft": draft, "visit": visit}
    _keeper(key=_KEY, data=data, on_picked=_take_kept)


def _write(changes: Changes, made_from: Files) -> str:
    if not changes:
        return NOTHING
    tables = {name: to_json_value(rows) for name, rows in changes.items()}
    now = datetime.now().astimezone().isoformat(timespec="minutes")
    return json.dumps({"at": now, "made_from": to_digests(made_from), "tables": tables}, ensure_ascii=False)


def _take_kept() -> None:
    kept = st.session_state[_KEY].get("picked")
    if kept == TOO_LARGE:
        st.session_state[_FULL] = True
        return
    st.session_state[_TOLD] = True
    if not kept:
        return
    try:
        value = json.loads(kept)
        at = datetime.fromisoformat(value["at"])
        changes = {
            name: keep_fitting(from_json_value(rows), table=TABLE_BY_NAME[name])
            for name, rows in value["tables"].items()
            if name in TABLE_BY_NAME
        }
        made_from = dict(value["made_from"]) if "made_from" in value else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return  # written by another version of the atlas, or by hand
    restore_changes(changes, made_from=_read_tables(made_from))
    st.session_state[_RESTORED] = at


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
    """Say once that a draft has come back, and as long as it is so that the browser cannot keep this one."""
    language = current_language()
    restored = st.session_state.pop(_RESTORED, None)
    if restored is not None:
        message = language.gettext("Der Entwurf, den dieser Browser am {moment} gesichert hat, ist wieder da.")
        st.info(message.format(moment=language.describe_moment(restored)), icon=":material/restore_page:")
    if st.session_state.get(_FULL):
        st.warning(
            language.gettext(
                "Ihr Browser kann so viele Änderungen nicht sichern. Laden Sie die Tabelle vorsorglich herunter."
            ),
            icon=":material/warning:",
        )
