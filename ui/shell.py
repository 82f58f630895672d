"""The script Streamlit runs for every visitor and every click: frame, language, navigation, then the page."""

import streamlit as st

from geo.errors import TablesError
from ui.frame import begin_anew_after_reconnect, prepare_page, show_dropped, show_footer, show_ignored
from ui.language import settle_language
from ui.loading import open_dataset
from ui.navigation import FOOTER_PAGES, ICON, PAGES, UPKEEP, to_page
from ui.page_words import speak_page_words
from ui.report_view import show_unusable
from ui.session import asked_language, open_view
from ui.upkeep.actions import drop_actions
from ui.upkeep.signing_in import note_outcome

# Without an image of its own, Streamlit takes the page's symbol, and that from a foreign host.
st.set_page_config(page_icon=str(ICON), layout="wide")
language = settle_language(asked_language())
page = st.navigation([to_page(entry, language=language) for entry in (*PAGES, *FOOTER_PAGES)], position="hidden")
st.set_page_config(page_title=" · ".join([page.title, language.gettext("Atlas der Klimapartnerschaften")]))
begin_anew_after_reconnect()
try:
    open_dataset()
except TablesError as error:
    speak_page_words()
    show_unusable(error.findings)
    st.stop()
note_outcome()
ignored = open_view(page.url_path)
prepare_page()
show_ignored(ignored)
if page.url_path != UPKEEP.path and drop_actions():
    show_dropped()
page.run()
speak_page_words()
show_footer()
