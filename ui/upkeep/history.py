"""The versions of the tables, and the way back to any of them."""

from functools import partial

import streamlit as st

from geo.archive import ArchiveError, to_digests
from geo.checking import check_files
from geo.journal import Version
from geo.language import Language
from geo.schema import TABLE_BY_NAME
from ui.language import current_language
from ui.loading import load_archive
from ui.templating import show_template, to_plain_label
from ui.upkeep.actions import do_later
from ui.upkeep.damage import show_damage
from ui.upkeep.draft import current_draft, replace_tables
from ui.upkeep.file_lines import forget_files
from ui.upkeep.publishing import propose_reason, tell
from ui.upkeep.signing_in import may_publish

_RESTORE = "restore_version"
MOST_VERSIONS = 50


def show_history(*, changed: bool) -> None:
    """List the versions, the newest first, and offer to take an earlier one as draft.

    `changed`: there are changes of the visitor's own, which an earlier version would replace.
    """
    language = current_language()
    _ = language.gettext
    try:
        versions, damaged = load_archive().versions(), load_archive().damaged_lines()
    except ArchiveError as failure:
        st.error(to_plain_label(_(failure.problem).format(**failure.details)))
        return
    show_damage(damaged)
    newest = list(reversed(versions))
    with st.expander(_("Frühere Stände"), icon=":material/history:"):
        if not newest:
            st.text(_("Es gibt noch keinen festgehaltenen Stand."))
            return
        rows = [to_version_view(version, language=language) for version in newest[:MOST_VERSIONS]]
        # Anyone may read this page; the addresses of colleagues are for colleagues.
        show_template("versions.html", versions=rows, rest=len(newest) - len(rows), named=may_publish())
        # Broken files are no version: the last good one can be brought back as well.
        current = to_digests(current_draft().files)
        earlier = [version for version in newest if version.tables != current]
        if not earlier:
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = st.selectbox(
                _("Diesen Stand zurückholen"),
                earlier,
                format_func=lambda version: _describe_version(version, language=language),
                index=None,
                placeholder=_("Stand wählen"),
                key=_RESTORE,
            )
            st.button(
                _("Als Entwurf laden"),
                on_click=do_later,
                args=(partial(_take_version, chosen, language),) if chosen else (),
                disabled=chosen is None or changed,
                key="restore",
                icon=":material/settings_backup_restore:",
            )
        if changed:
            st.caption(_("Veröffentlichen oder verwerfen Sie zuerst Ihre Änderungen."))
        else:
            st.caption(_("Der Stand wird zum Entwurf: Sie sehen die Unterschiede, und erst das Veröffentlichen gilt."))


def _take_version(version: Version, language: Language) -> None:
    _ = language.gettext
    try:
        texts = check_files(load_archive().read_version(version)).texts
    except ArchiveError as failure:
        tell("error", _(failure.problem).format(**failure.details))
        return
    replace_tables({name: text.reset_index(drop=True) for name, text in texts.items()})
    forget_files()
    propose_reason(_("Stand {number} zurückgeholt").format(number=version.number))
    lost = [_(table.title) for name, table in TABLE_BY_NAME.items() if name not in texts]
    if lost:
        message = language.ngettext(
            "Aus Stand {number} lässt sich eine Tabelle nicht lesen: {tables}. Sie bleibt im Entwurf, wie sie "
            "jetzt ist.",
            "Aus Stand {number} lassen sich einige Tabellen nicht lesen: {tables}. Sie bleiben im Entwurf, wie sie "
            "jetzt sind.",
            len(lost),
        )
        tell("warning", message.format(number=version.number, tables=language.join(lost)))


def to_version_view(version: Version, *, language: Language) -> dict[str, object]:
    """Put a version into words for the template."""
    titles = {name: language.gettext(table.title) for name, table in TABLE_BY_NAME.items()}
    return {
        "number": version.number,
        "at": language.describe_moment(version.at),
        "who": version.who or "",
        "why": version.why or language.gettext("Dateien außerhalb des Atlas geändert"),
        "tables": language.join([titles[name] for name in version.changed if name in titles]),
    }


def _describe_version(version: Version, *, language: Language) -> str:
    parts = [str(version.number), language.describe_moment(version.at), version.why or ""]
    return " · ".join(part for part in parts if part)
