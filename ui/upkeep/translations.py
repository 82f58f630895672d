"""Which texts of the tables lack a language."""

import streamlit as st

from geo.checking import Texts
from geo.schema import TABLE_BY_NAME
from geo.translations import find_gaps
from ui.language import current_language
from ui.templating import show_template

MOST_GAPS = 50


def show_translation_gaps(texts: Texts) -> None:
    """List the texts that are not there in all languages; readers of these see the German one, marked as such."""
    language = current_language()
    gaps = find_gaps(texts)
    with st.expander(language.gettext("Übersetzungen der Texte in den Tabellen"), icon=":material/translate:"):
        if not gaps:
            st.text(language.gettext("Alle Texte sind in allen Sprachen da."))
            return
        rows = [
            {
                "table": language.gettext(TABLE_BY_NAME[gap.table].title),
                "line": gap.line,
                "column": language.gettext(TABLE_BY_NAME[gap.table].about(f"{gap.name}_de").title),
                "text": gap.text,
                "missing": language.join([language.language(code) for code in gap.missing]),
            }
            for gap in gaps[:MOST_GAPS]
        ]
        show_template("gaps.html", gaps=rows, rest=len(gaps) - len(rows))
