"""From the tables to what is drawn: functions on frames, and the archives that keep the tables. Without Streamlit.

Imports run one way, in the order of tests/test_architecture.py.
"""
