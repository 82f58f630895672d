"""The report on the tables, in a page: in place of all pages while there is nothing to show, and for those who edit."""

from collections.abc import Sequence

import streamlit as st

from geo.errors import Finding
from geo.report import describe_rest, to_report
from ui.language import current_language
from ui.templating import show_template


def show_unusable(findings: Sequence[Finding]) -> None:
    """Say that the tables cannot be shown, and list what to mend."""
    report = to_report(findings, language=current_language())
    with st.container(key="faults"):
        show_template("unusable.html", report=report, describe_rest=describe_rest)


def show_findings(findings: Sequence[Finding]) -> None:
    """List what was found: where, the value, what is wrong and how to mend it, errors first."""
    report = to_report(findings, language=current_language())
    show_template("findings.html", report=report, describe_rest=describe_rest)
