"""Signing in and out, and what the visitor is told about it."""

import logging
from time import time

import streamlit as st
from streamlit.errors import StreamlitAuthError

from server.publishing import NotAllowed, check_user, is_sign_in_offered
from server.returning import FAILED, OUTCOME, REFUSED
from ui.language import current_language
from ui.templating import to_plain_label

OUTCOME_SECONDS = 60.0
_OUTCOME = "sign_in_outcome"
_log = logging.getLogger(__name__)


def note_outcome() -> None:
    """Keep how a sign-in ended that did not succeed, and take it out of the address: a reload would say it again."""
    outcome = st.query_params.pop(OUTCOME, None)
    if outcome in (REFUSED, FAILED):
        st.session_state[_OUTCOME] = (outcome, time())


def is_signed_in() -> bool:
    """Say whether this visitor is signed in."""
    return is_sign_in_offered() and bool(st.user.get("is_logged_in"))


def may_publish() -> bool:
    """Say whether this visitor is signed in under an address that may publish."""
    if not is_signed_in():
        return False
    try:
        check_user(st.user.to_dict())
    except NotAllowed:
        return False
    return True


def show_sign_in() -> None:
    """Say who is signed in and offer to sign in or out; nothing where no service is configured."""
    if not is_sign_in_offered():
        return
    _ = current_language().gettext
    if is_signed_in():
        with st.container(horizontal=True, vertical_alignment="center", key="signed_in"):
            st.text(_("Angemeldet als {email}").format(email=st.user.get("email") or _("unbekannte Adresse")))
            st.button(_("Abmelden"), on_click=st.logout, key="sign_out", icon=":material/logout:")
        try:
            check_user(st.user.to_dict())
        except NotAllowed as refusal:
            st.warning(to_plain_label(_(refusal.problem).format(**refusal.details)), icon=":material/lock:")
        return
    outcome, at = st.session_state.get(_OUTCOME, (None, 0.0))
    if time() - at > OUTCOME_SECONDS:
        outcome = None
    if outcome == REFUSED:
        st.warning(_("Die Anmeldung wurde abgebrochen. Ihre Änderungen sind noch da."), icon=":material/info:")
    elif outcome == FAILED:
        st.error(
            _(
                "Die Anmeldung hat nicht geklappt: Der Anmeldedienst ist nicht erreichbar oder hat sie abgelehnt. Ihre "
                "Änderungen sind noch da. Versuchen Sie es in einigen Minuten noch einmal."
            ),
            icon=":material/error:",
        )
    st.button(_("Anmelden, um zu veröffentlichen"), on_click=_begin, key="sign_in", icon=":material/login:")


def _begin() -> None:
    st.session_state.pop(_OUTCOME, None)
    try:
        st.login()
    except StreamlitAuthError as error:
        _log.warning("Signing in failed: %s", error)
        st.session_state[_OUTCOME] = (FAILED, time())
