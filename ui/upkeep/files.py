"""A table as a file: taken along to be changed elsewhere, and brought back."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd
import streamlit as st

from geo.archive import ArchiveError, to_digests
from geo.changes import Conflict, RowChange, apply_changes, to_changes
from geo.checking import check_files, read_table
from geo.language import Language
from geo.report import describe_form
from geo.schema import Table
from geo.sheets import MAX_BYTES, MEGABYTE
from geo.table_files import to_plain_bytes, to_spreadsheet_bytes
from ui.language import current_language
from ui.loading import load_archive, load_languages
from ui.report_view import show_findings
from ui.session import has_value
from ui.templating import to_plain_label
from ui.upkeep.actions import do_later
from ui.upkeep.differences import show_overwritten
from ui.upkeep.draft import Draft, current_draft, edit_table, note_merge
from ui.upkeep.file_lines import holds_file, note_file

_UPLOAD, _UPLOADS, _REFUSED, _TAKEN = "upload", "uploads", "upload_refused", "upload_taken"
# Streamlit refuses files in English, and only on pointing at them: what is somewhat too large is ours to tell.
# The server itself takes no larger ones either, see `maxUploadSize` in .streamlit/config.toml.
WIDGET_MEGABYTES = 4 * MAX_BYTES // MEGABYTE
# The file's name says which version it was made from: others may publish until it comes back. A browser or Windows adds
# ` (1)` to a second one of the same name.
_VERSION = r"{names}-stand-([1-9][0-9]{{0,5}})(?: ?\([0-9]+\))?\.[a-z]+"


@dataclass(frozen=True)
class _Taken:
    """A file that was taken into the draft: what is told of it, and what became of the visitor's own changes.

    `changes` are the file's. `has_others`: the draft holds changes to the table that are not the file's. `overwritten`:
    cells that were changed here and in the file.
    """

    table: Table
    message: str
    changes: tuple[RowChange, ...]
    has_others: bool
    overwritten: tuple[Conflict, ...]


def show_table_downloads(table: Table, draft: Draft) -> None:
    """Offer a table, with the changes made so far, for Excel and as plain text."""
    language = current_language()
    _ = language.gettext
    text = draft.after[table.name]
    version = _find_version_number(draft)
    suffix = f"-stand-{version}.csv" if version else ".csv"
    st.download_button(
        _("Für Excel herunterladen"),
        lambda: to_spreadsheet_bytes(text, table=table),
        file_name=f"{_(table.title).lower()}{suffix}",
        mime="text/csv",
        key="download_excel",
        icon=":material/download:",
        on_click="ignore",
    )
    st.download_button(
        _("Als einfache CSV-Datei (UTF-8)"),
        lambda: to_plain_bytes(text),
        file_name=f"{table.name}{suffix}",
        mime="text/csv",
        key="download_plain",
        icon=":material/download:",
        on_click="ignore",
    )


def _find_version_number(draft: Draft) -> int | None:
    """Return the number of the version that a draft was made from; None where the archive has none."""
    try:
        versions = load_archive().versions()
    except ArchiveError:
        return None  # the page says so where it lists the versions
    return versions[-1].number if versions and versions[-1].tables == to_digests(draft.files) else None


def show_upload(table: Table) -> None:
    """Take a changed file of a table into the draft; a file that cannot be read is refused with the reasons."""
    language = current_language()
    _ = language.gettext
    refused = st.session_state.get(_REFUSED)
    with st.expander(_("Geänderte Datei hochladen"), icon=":material/upload:", expanded=refused is not None):
        # Another number is another widget: an upload that was taken does not stand there for good.
        key = f"{_UPLOAD}_{table.name}_{st.session_state.get(_UPLOADS, 0)}"
        st.file_uploader(
            _("Datei der Tabelle „{table}“ (.csv, .txt oder .xlsx, bis {megabytes} MB)").format(
                table=_(table.title), megabytes=MAX_BYTES // MEGABYTE
            ),
            max_upload_size=WIDGET_MEGABYTES,
            key=key,
            on_change=_take_upload,
            args=(table, key, language),
        )
        if refused is not None and refused[0] == table.name:
            st.error(to_plain_label(refused[1]), icon=":material/error:")
            show_findings(refused[2])
    taken = st.session_state.get(_TAKEN)
    if taken is not None and taken.table == table and holds_file(table):
        st.success(to_plain_label(taken.message), icon=":material/check:")
        _show_own(taken)


def _show_own(taken: "_Taken") -> None:
    """Tell what became of the visitor's own changes when a file was taken; nothing where there were none."""
    _ = current_language().gettext
    show_overwritten({taken.table.name: taken.overwritten})
    if not taken.has_others:
        return
    st.text(_("Ihre Änderungen an dieser Tabelle, die nicht in der Datei stehen, bleiben im Entwurf."))
    with st.popover(_("Nur die Änderungen aus der Datei behalten"), icon=":material/delete:"):
        st.text(_("Ihre anderen Änderungen an dieser Tabelle lassen sich danach nicht zurückholen."))
        st.button(
            _("Ja, nur die Datei behalten"),
            on_click=do_later,
            args=(partial(_keep_file_alone, taken),),
            key="keep_file_alone",
        )


def _take_upload(table: Table, key: str, language: Language) -> None:
    if not has_value(key):
        return
    file = st.session_state[key]
    st.session_state.pop(_REFUSED, None)
    st.session_state.pop(_TAKEN, None)
    if file is not None:
        do_later(partial(_read_upload, table, file.name, file.getvalue(), language))


def _read_upload(table: Table, name: str, content: bytes, language: Language) -> None:
    _, ngettext = language.gettext, language.ngettext
    text, form, findings = read_table(content, table=table)
    taken_for = describe_form(form, language=language) if form is not None else ""
    if text is None:
        message = _("{file} wurde nicht übernommen.").format(file=name)
        if taken_for:
            message += " " + _("Gelesen wurde die Datei als {form}.").format(form=taken_for)
        st.session_state[_REFUSED] = (table.name, message, findings)
        return
    draft = current_draft()
    before, after = draft.before[table.name], draft.after[table.name]
    number, base = _read_base(table, name) or (None, before)
    changes = to_changes(base, text, table=table)
    alone, conflicts = apply_changes(before, changes, table=table)
    edited, overwritten = apply_changes(after, changes, table=table)
    edit_table(table.name, edited)
    note_file(text, table=table)
    note_merge({table.name: to_changes(base, before, table=table)}, {table.name: conflicts})
    st.session_state[_UPLOADS] = st.session_state.get(_UPLOADS, 0) + 1
    message = ngettext(
        "{file} wurde gelesen als {form}: {count} Zeile.", "{file} wurde gelesen als {form}: {count} Zeilen.", len(text)
    )
    message = message.format(file=name, form=taken_for, count=language.number(len(text)))
    compared = (
        _("Verglichen ist sie mit Stand {number}, aus dem sie stammt.").format(number=number)
        if number is not None
        else _("Verglichen ist sie mit dem jetzigen Stand.")
    )
    message += " " + compared
    own = tuple(conflict for conflict in overwritten if conflict not in conflicts)
    st.session_state[_TAKEN] = _Taken(table, message, changes, bool(to_changes(alone, edited, table=table)), own)


def _keep_file_alone(taken: "_Taken") -> None:
    before = current_draft().before[taken.table.name]
    edit_table(taken.table.name, apply_changes(before, taken.changes, table=taken.table)[0])
    st.session_state[_TAKEN] = replace(taken, has_others=False, overwritten=())


def _read_base(table: Table, name: str) -> tuple[int, pd.DataFrame] | None:
    """Return the version that a file's name states, and the table as it was in it; None when it states none of ours."""
    number = to_version_number(name, table=table)
    try:
        for version in load_archive().versions() if number else ():
            if version.number == number:
                text = check_files(load_archive().read_version(version)).texts.get(table.name)
                return None if text is None else (version.number, text)
    except ArchiveError:
        return None  # compared with what is published now, as a file without a version is
    return None


def to_version_number(name: str, *, table: Table) -> int | None:
    """Return the version that the name of a file states if the atlas has given it this name, in any language.

    `Themen Stand 01.12.2024.csv` is a name that somebody has thought of, and states a day.
    """
    titles = [language.gettext(table.title) for language in load_languages().values()]
    names = "|".join(re.escape(each.lower()) for each in (table.name, *titles))
    # macOS writes umlauts as two characters.
    stated = re.fullmatch(_VERSION.format(names=f"(?:{names})"), unicodedata.normalize("NFC", name).lower())
    return int(stated[1]) if stated else None
