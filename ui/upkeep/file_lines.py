"""Which line of the visitor's own file something was found in: it is there that they may mend it.

The rows of an uploaded file are put into the draft by their keys, so the grid counts others than the file does.
"""

from dataclasses import replace

import pandas as pd
import streamlit as st

from geo.changes import to_changes, to_keys
from geo.checking import Checked, Texts
from geo.errors import Finding
from geo.schema import TABLE_BY_NAME, Table
from geo.tables import FIRST_LINE

_FILES = "uploaded_tables"


def note_file(text: pd.DataFrame, *, table: Table) -> None:
    """Remember the last file of a table that was taken, as `read_table` has read it."""
    st.session_state[_FILES] = {**st.session_state.get(_FILES, {}), table.name: text}


def holds_file(table: Table) -> bool:
    """Say whether a file of a table was taken into the draft as it is now."""
    return table.name in st.session_state.get(_FILES, {})


def forget_files() -> None:
    """Forget the files: nothing of them is in the draft any more."""
    st.session_state.pop(_FILES, None)


def add_file_lines(checked: Checked) -> tuple[Finding, ...]:
    """Return what was found in the draft, with the line of the uploaded file where its cell is the same."""
    files: Texts = st.session_state.get(_FILES, {})
    findings = list(checked.findings)
    for name in {finding.table for finding in findings} & set(files):
        text, file, table = checked.texts[name], files[name], TABLE_BY_NAME[name]
        keys = dict(zip(text.index, to_keys(text, table=table), strict=True))
        lines = dict(zip(to_keys(file, table=table), file.index + FIRST_LINE, strict=True))
        # What was written here since, or is not from the file, the file does not show.
        others = {(row.key, cell.column) for row in to_changes(file, text, table=table) for cell in row.cells}
        for number, finding in enumerate(findings):
            if finding.table == name and finding.line is not None:
                key = keys[finding.line - FIRST_LINE]
                if key in lines and (key, finding.column) not in others:
                    findings[number] = replace(finding, file_line=int(lines[key]))
    return tuple(findings)
