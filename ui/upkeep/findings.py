"""What the check finds in a draft, and the proposals to mend it."""

from functools import partial

import streamlit as st

from geo import problems
from geo.checking import Checked
from geo.report import describe_counts, to_report
from ui.language import current_language
from ui.loading import load_tables_state
from ui.report_view import show_findings
from ui.upkeep.actions import do_later
from ui.upkeep.draft import Draft, take_proposals
from ui.upkeep.file_lines import add_file_lines


def show_unreadable(draft: Draft) -> None:
    """Say which files cannot be read at all, why, and that the last good tables stand in their place."""
    _ = current_language().gettext
    found = [
        finding
        for finding in load_tables_state().checked.findings
        if finding.table in draft.unreadable or finding.problem in (problems.NOT_READABLE, problems.CHECK_FAILED)
    ]
    if not found:
        return
    message = _("Diese Dateien lassen sich nicht lesen. An ihrer Stelle steht hier der letzte gute Stand.")
    if draft.unreadable:
        message += " " + _("Wer ihn veröffentlicht, ersetzt damit die Dateien.")
    st.warning(message, icon=":material/warning:")
    show_findings(found)


def show_draft_findings(checked: Checked) -> None:
    """List what was found; where better values are known, offer to take them over."""
    if not checked.findings:
        return
    language = current_language()
    st.subheader(language.gettext("Was zu prüfen ist"), anchor=False)
    st.text(describe_counts(to_report(checked.findings, language=language), language=language))
    show_findings(add_file_lines(checked))
    proposed = [finding for finding in checked.findings if finding.proposal]
    if proposed:
        label = language.ngettext("{count} Vorschlag übernehmen", "{count} Vorschläge übernehmen", len(proposed))
        st.button(
            label.format(count=language.number(len(proposed))),
            on_click=do_later,
            args=(partial(take_proposals, proposed, checked.texts),),
            key="take_proposals",
            icon=":material/auto_fix_high:",
        )
