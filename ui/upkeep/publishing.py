"""Publishing a draft."""

from functools import partial
from time import time
from typing import Literal

import streamlit as st

from geo.archive import ArchiveError, ChangedMeanwhile
from geo.checking import Checked
from geo.errors import TablesError
from geo.language import Language
from geo.tables import Files
from server.publishing import LONGEST_REASON, NotAllowed, is_broken, is_sign_in_offered, publish
from ui.language import current_language
from ui.loading import load_archive
from ui.templating import show_template, to_plain_label
from ui.upkeep.actions import do_later
from ui.upkeep.draft import current_draft, settle_published
from ui.upkeep.signing_in import is_signed_in, may_publish, show_sign_in

MESSAGE_SECONDS = 20.0
_REASON, _PROPOSED, _MESSAGE = "publish_reason", "publish_proposed_reason", "publish_message"


def show_publishing(checked: Checked) -> None:
    """Offer to publish the draft, or say what is missing for it."""
    language = current_language()
    _ = language.gettext
    st.subheader(_("Veröffentlichen"), anchor=False)
    if is_broken():
        st.error(
            _(
                "Anmelden geht gerade nicht: Auf dem Server lässt sich die Datei secrets.toml nicht lesen. Bitte "
                "wenden Sie sich an die Person, die ihn betreut; im Protokoll des Servers steht, was fehlt. Häufig "
                "ist die Datei als „UTF-8 mit BOM“ gespeichert statt als „UTF-8“."
            ),
            icon=":material/error:",
        )
        return
    if not is_sign_in_offered():
        show_template("publishing_off.html")
        return
    show_sign_in()
    if not is_signed_in():
        return
    if checked.errors:
        st.info(_("Veröffentlichen geht, sobald alle Fehler behoben sind. Hinweise halten nicht auf."))
    if _PROPOSED in st.session_state:
        st.session_state[_REASON] = st.session_state.pop(_PROPOSED)
    st.text_input(
        _("Warum ändern Sie die Tabellen? Ein Satz, der in der Liste der Stände steht."),
        key=_REASON,
        max_chars=LONGEST_REASON,
    )
    st.button(
        _("Jetzt veröffentlichen"),
        type="primary",
        on_click=_begin,
        disabled=bool(checked.errors) or not may_publish(),
        key="publish",
        icon=":material/publish:",
    )


def _begin() -> None:
    # What is published was made from the files that the visitor has seen, whatever others publish until then.
    st.session_state.pop(_MESSAGE, None)
    # The reason is that of the click: the field is no more once the page is left.
    why = st.session_state.get(_REASON, "")
    do_later(partial(_publish, current_draft().files, why, current_language()))


def _publish(seen: Files, why: str, language: Language) -> None:
    _ = language.gettext
    draft = current_draft()
    files = draft.to_files(draft.to_changes())
    try:
        version = publish(load_archive(), files, expected=seen, user=st.user.to_dict(), why=why)
    except NotAllowed as refusal:
        tell("error", _(refusal.problem).format(**refusal.details))
    except TablesError:
        tell("error", _("Es wurde nichts veröffentlicht: Die Tabellen haben noch Fehler."))
    except (ArchiveError, ChangedMeanwhile) as failure:
        tell("error", _(failure.problem).format(**getattr(failure, "details", {})))
    else:
        settle_published(files)
        propose_reason("")
        message = _("Veröffentlicht als Stand {number}. Alle Besuchenden sehen die Änderung ab jetzt.")
        tell("success", message.format(number=version.number))


def tell(kind: Literal["success", "warning", "error"], message: str) -> None:
    """Have the next runs say how something ended."""
    st.session_state[_MESSAGE] = (kind, message, time())


def propose_reason(reason: str) -> None:
    """Fill in the reason in the next run; a widget that is there already cannot be changed in this one."""
    st.session_state[_PROPOSED] = reason


def show_message() -> None:
    """Say how publishing or going back ended, for a while: runs that follow at once must not wipe it."""
    kind, message, at = st.session_state.get(_MESSAGE, (None, "", 0.0))
    if time() - at > MESSAGE_SECONDS:
        st.session_state.pop(_MESSAGE, None)
        return
    if kind == "success":
        st.success(to_plain_label(message), icon=":material/check_circle:")
    elif kind == "warning":
        st.warning(to_plain_label(message), icon=":material/warning:")
    elif kind:
        st.error(to_plain_label(message), icon=":material/error:")
