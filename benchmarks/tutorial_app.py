"""The peer: the app one would write after an afternoon with the tutorials of Streamlit, folium and streamlit-folium.

    ATLAS_DATA=FOLDER streamlit run benchmarks/tutorial_app.py

The tables are read once, everything else is done anew in each run, as the tutorials do it: a row becomes a line and two
markers with popups, and `st_folium` is handed the whole map. Neither slowed down nor tuned, but for one thing: the map
has no tiles, for they would come from a foreign host and nothing that is measured is to depend on a network. Leaflet
and what else folium loads from foreign hosts is answered by whoever drives the page (see `answer_foreign_hosts`).
"""

import os
from pathlib import Path

import folium
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

FOLDER = os.environ.get("ATLAS_DATA") or Path(__file__).absolute().parent.parent / "data"


@st.cache_data
def read_partnerships(folder: str) -> pd.DataFrame:
    """Read the partnerships with the names and places of both ends."""
    towns = pd.read_csv(f"{folder}/municipalities.csv")[["id", "name", "latitude", "longitude"]]
    partnerships = pd.read_csv(f"{folder}/partnerships.csv")
    for end in ("north", "south"):
        partnerships = partnerships.merge(towns.add_prefix(f"{end}_"), left_on=end, right_on=f"{end}_id")
    return partnerships


partnerships = read_partnerships(str(FOLDER))

st.title("Climate partnerships")
phases = st.pills("Phase", sorted(partnerships["phase"].unique()), selection_mode="multi", key="phase")
if phases:
    partnerships = partnerships[partnerships["phase"].isin(phases)]

m = folium.Map(location=[20, 0], zoom_start=2, tiles=None)
for _, row in partnerships.iterrows():
    north = [row["north_latitude"], row["north_longitude"]]
    south = [row["south_latitude"], row["south_longitude"]]
    folium.PolyLine([north, south], weight=2).add_to(m)
    folium.Marker(north, popup=row["north_name"]).add_to(m)
    folium.Marker(south, popup=row["south_name"]).add_to(m)
st_folium(m, width=725)

st.dataframe(partnerships)
