"""From the tables to what is drawn: pure functions on frames, without Streamlit.

Imports run one way: errors, language, schema, tables, geodata, arcs, dataset, records, filters, related, style, layers,
maps.
"""
