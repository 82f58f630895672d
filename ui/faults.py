"""The report in place of the pages while the tables have faults."""

import streamlit as st

from geo.errors import TablesError
from ui.language import current_language
from ui.templating import show_template

# A wrong delimiter makes every cell wrong; the first faults tell as much as all of them.
MOST_LISTED = 200


def show_faults(error: TablesError) -> None:
    """List every fault: table, line as a spreadsheet counts it, column, value, and what is allowed."""
    translate = current_language().gettext
    rows = [(fault, fault.describe(translate)) for fault in error.faults[:MOST_LISTED]]
    with st.container(key="faults"):
        show_template("faults.html", rows=rows, count=len(error.faults), rest=len(error.faults) - len(rows))
