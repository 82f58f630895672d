"""The tables as they are now, for those who keep them."""

import streamlit as st

from geo.schema import TABLES
from ui.frame import show_header
from ui.language import current_language
from ui.loading import load_dataset
from ui.templating import show_template

show_header()

dataset, language = load_dataset(), current_language()
st.title(language.gettext("Die Tabellen des Atlas"), anchor=False)
show_template(
    "upkeep.html",
    saved=dataset.saved.date().isoformat(),
    tables=[
        {"name": f"{table.name}.csv", "rows": len(dataset.tables[table.name]), "columns": list(table.schema.columns)}
        for table in TABLES
    ],
)
