"""Who may publish tables, and publishing itself. All of it is decided here, at the moment of publishing.

The secrets file of Streamlit names the sign-in service (`[auth]`, see Streamlit's st.login) and the addresses of those
who may publish (`[publishing]`, `allowed`).
"""

import logging
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from geo.archive import Archive
from geo.checking import check_files
from geo.errors import AtlasError, mark
from geo.journal import Version
from geo.tables import Files

AUTH_KEYS = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
LONGEST_REASON = 200
NOT_SIGNED_IN = mark("Sie sind nicht angemeldet. Bitte melden Sie sich an und veröffentlichen Sie dann noch einmal.")
NOT_VERIFIED = mark("Der Anmeldedienst hat Ihre Adresse {email} nicht bestätigt. Deshalb wird nichts veröffentlicht.")
NOT_LISTED = mark(
    "Die Adresse {email} steht nicht auf der Liste derer, die veröffentlichen dürfen. Bitte wenden Sie sich an die "
    "Person, die den Server betreut."
)
LIST_BROKEN = mark(
    "Die Liste derer, die veröffentlichen dürfen, lässt sich nicht lesen. Deshalb wird nichts veröffentlicht. Bitte "
    "wenden Sie sich an die Person, die den Server betreut; in dessen Protokoll steht, was fehlt."
)
NO_REASON = mark("Bitte sagen Sie in einem Satz, warum Sie die Tabellen ändern.")

_log = logging.getLogger(__name__)


class NotAllowed(AtlasError):  # noqa: N818 - says what is so, not what went wrong
    """This visitor may not publish now; `problem` is marked for the catalogues, `details` fills its braces."""

    def __init__(self, problem: str, **details: str) -> None:
        self.problem, self.details = problem, details
        super().__init__(problem.format(**details))


def is_sign_in_offered() -> bool:
    """Say whether a sign-in service is configured."""
    try:
        auth = st.secrets.get("auth", {})
    except (OSError, UnicodeDecodeError) as error:
        # A broken file, or none: Streamlit's own error for it is an OSError too.
        if has_secrets_file():
            names = ", ".join(st.get_option("secrets.files"))
            _log_once("The sign-in service is off: Streamlit cannot read %s: %s", names, str(error))
        return False
    return isinstance(auth, Mapping) and set(AUTH_KEYS) <= set(auth)


def is_broken() -> bool:
    """Say whether there are secrets that Streamlit cannot read, so that no sign-in is offered."""
    try:
        st.secrets.get("auth")
    except (OSError, UnicodeDecodeError):
        return has_secrets_file()
    return False


def has_secrets_file() -> bool:
    """Say whether there is any secrets file."""
    return any(Path(name).exists() for name in st.get_option("secrets.files"))


def read_allowed() -> frozenset[str]:
    """Read the addresses that may publish, as the secrets files say now, in the form of `_to_comparable`.

    Raises NotAllowed when a file is broken, where Streamlit itself would go on with what it has read before.
    """
    allowed: frozenset[str] = frozenset()
    for name in st.get_option("secrets.files"):
        try:
            # Windows' editor may begin it with a byte order mark.
            section = tomllib.loads(Path(name).read_text(encoding="utf-8-sig")).get("publishing")
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            _log_once("Nobody may publish: %s cannot be read: %s", name, str(error))
            raise NotAllowed(LIST_BROKEN) from None
        if section is not None:
            entries = section.get("allowed") if isinstance(section, dict) else None
            allowed = frozenset(
                _to_comparable(entry)
                for entry in (entries if isinstance(entries, list) else [])
                if isinstance(entry, str) and entry.strip()
            )
    return allowed


@lru_cache(maxsize=64)
def _log_once(message: str, *details: str) -> None:
    # Asked with every click of every visitor.
    _log.error(message, *details)


def _to_comparable(address: str) -> str:
    # Only A to Z: in small letters, signs of other addresses would become these (the Kelvin sign a k).
    return "".join(character.lower() if character.isascii() else character for character in address.strip())


def check_user(user: Mapping[str, Any]) -> str:
    """Return the address under which a visitor may publish now. `user` is Streamlit's `st.user`.

    Raises NotAllowed when nobody is signed in, or an address that is not listed or that the service says is unverified,
    and when the list cannot be read.
    """
    email = str(user.get("email") or "").strip()
    if not user.get("is_logged_in"):
        raise NotAllowed(NOT_SIGNED_IN)
    # Some services say nothing about it, some say it as text.
    if str(user.get("email_verified", True)).lower() != "true":
        raise NotAllowed(NOT_VERIFIED, email=email)
    if _to_comparable(email) not in read_allowed():
        raise NotAllowed(NOT_LISTED, email=email)
    return email


def publish(archive: Archive, files: Files, *, expected: Files, user: Mapping[str, Any], why: str) -> Version:
    """Replace the tables by `files` if this visitor may and the tables are without errors.

    `expected` are the files the change was made from. Raises NotAllowed, TablesError, and what `Archive.publish` does.
    """
    who = check_user(user)
    shown = "".join(character if character.isprintable() else " " for character in why)
    reason = " ".join(shown.split())[:LONGEST_REASON].strip()
    if not reason:
        raise NotAllowed(NO_REASON)
    check_files(files).to_tables()
    return archive.publish(files, expected=expected, who=who, why=reason)
