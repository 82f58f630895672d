"""The measure of all things: a Streamlit app that does nothing but answer a click."""

import streamlit as st

count = st.session_state.get("count", 0)


def add() -> None:
    """Count one click."""
    st.session_state["count"] = st.session_state.get("count", 0) + 1


st.button("add", on_click=add)
st.html(f"<p id='count'>{count}</p>")
