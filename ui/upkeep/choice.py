"""Which of the tables is looked at."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from geo.report import describe_form
from geo.schema import Table
from ui.language import current_language
from ui.loading import load_tables_state
from ui.session import change_view, current_view, follow_view, has_value
from ui.templating import to_plain_label
from ui.upkeep.actions import do_later, is_acting

_KEY = "table_choice"


def choose_table(tables: Sequence[Table]) -> Table:
    """Let the visitor choose a table; the choice stands in the address."""
    language = current_language()
    by_name = {table.name: table for table in tables}
    chosen = current_view().table or "partnerships"
    if not is_acting():
        follow_view(_KEY, chosen)
    st.segmented_control(
        language.gettext("Tabelle"),
        list(by_name),
        format_func=lambda name: to_plain_label(language.gettext(by_name[name].title)),
        required=True,
        key=_KEY,
        on_change=_take,
    )
    table = by_name[chosen]
    form = load_tables_state().checked.forms.get(table.name)
    taken_for = (
        language.gettext("Datei gelesen als {form}").format(form=describe_form(form, language=language)) if form else ""
    )
    st.caption(to_plain_label(" · ".join(filter(None, [language.gettext(table.holds), taken_for]))))
    return table


def _take() -> None:
    if has_value(_KEY):
        do_later(partial(change_view, table=st.session_state[_KEY]))
