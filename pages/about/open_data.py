"""Which files there are as open data, and how to ask for a part of them."""

from urllib.parse import urlencode

import streamlit as st

from geo.open_data import FILES
from server.open_data import CATALOGUES, DATAPACKAGE, MOUNT
from ui.frame import show_header
from ui.language import current_language
from ui.link import to_parameters
from ui.loading import to_page_url
from ui.session import current_view
from ui.share import to_root
from ui.templating import show_template

show_header()
st.title(current_language().gettext("Offene Daten"), anchor=False)
parameters = to_parameters(current_view())
# A visitor who comes from a filtered map finds the same rows here.
filters = {
    file.name: {name: parameters[name] for name in file.filters if name in parameters} for file in FILES.values()
}
in_language = {"lang": [current_language().code]}
queries = {name: urlencode(found, doseq=True) for name, found in filters.items()}
for spoken in ("meetings.ics", DATAPACKAGE):
    queries[spoken] = urlencode(filters.get(spoken, {}) | in_language, doseq=True)
show_template(
    "open_data.html",
    files=list(FILES.values()),
    folder=to_page_url(MOUNT),
    queries={name: f"?{query}" if query else "" for name, query in queries.items()},
    filtered=any(filters.values()),
    example=f"{to_root()}/{MOUNT}/partnerships.geojson?phase=9&country=MX",
    datapackage=DATAPACKAGE,
    catalogues=CATALOGUES,
)
