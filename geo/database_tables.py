"""The tables of the atlas as tables of PostgreSQL with PostGIS, in the schema `atlas`.

Each has its columns as text, as they stand in the files: so nothing is lost, and a wrong cell is found and explained as
in a file. People may change rows with SQL or a GIS. `row_id` belongs to the database and stays with a row; rows are in
the order of `row_order`, and those without one, as SQL adds them, come last. Where a table has coordinates, `geom` is
made from them. Columns of any other name belong to others, and keep their values.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd
import sqlalchemy as sa

from geo.cells import DECIMAL
from geo.schema import TABLE_BY_NAME, TABLES, Table
from geo.table_files import to_plain_bytes

SCHEMA = "atlas"
CHANNEL = "atlas"
# Tells who listens; PostgreSQL sends it on at the end of the transaction, and once only.
_TELL = f"""
CREATE OR REPLACE FUNCTION {SCHEMA}.tell_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('{CHANNEL}', TG_TABLE_NAME); RETURN NULL; END $$
"""
_GEOM = f"""
geometry(Point, 4326) GENERATED ALWAYS AS (
    CASE WHEN latitude ~ '^({DECIMAL})$' AND longitude ~ '^({DECIMAL})$'
    THEN ST_SetSRID(ST_MakePoint(longitude::float8, latitude::float8), 4326) END
) STORED
"""
# What cannot be seen is found all the same: that it may not be read is said when it is read.
_COLUMNS = """
SELECT class.relname, attribute.attname FROM pg_attribute AS attribute
JOIN pg_class AS class ON class.oid = attribute.attrelid
JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
WHERE namespace.nspname = :schema AND class.relkind IN ('r', 'p')
    AND attribute.attnum > 0 AND NOT attribute.attisdropped
ORDER BY attribute.attnum
"""
# Changes with every row, and also where no trigger has told it: when tables are restored, emptied, replaced or altered.
_FINGERPRINT = f"""
SELECT class.relname, class.oid::text, class.relfilenode::text, class.relnatts,
       counted.n_tup_ins, counted.n_tup_upd, counted.n_tup_del
FROM pg_class AS class JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
LEFT JOIN pg_stat_user_tables AS counted ON counted.relid = class.oid
WHERE namespace.nspname = '{SCHEMA}' AND class.relname IN ({", ".join(f"'{table.name}'" for table in TABLES)})
ORDER BY class.relname
"""


def make_schema(connection: sa.Connection) -> None:
    """Make the schema, where there is none, and the function that tells who listens."""
    if not sa.inspect(connection).has_schema(SCHEMA):
        connection.execute(sa.schema.CreateSchema(SCHEMA))
    connection.execute(sa.text(_TELL))


def find_columns(connection: sa.Connection) -> dict[str, list[str]]:
    """Find the tables of the atlas and their columns: the schema's in its order, then texts in more languages."""
    found: dict[str, list[str]] = {}
    for name, column in connection.execute(sa.text(_COLUMNS), {"schema": SCHEMA}):
        found.setdefault(name, []).append(column)
    return {name: to_ordered(found[name], table=table) for name, table in TABLE_BY_NAME.items() if name in found}


def to_ordered(columns: Iterable[str], *, table: Table) -> list[str]:
    """Return those columns that are a table's: the schema's in its order, then texts in more languages by name."""
    there, expected = set(columns), list(table.schema.columns)
    more = sorted(name for name in there if name not in expected and table.is_translation(name))
    return [*(name for name in expected if name in there), *more]


def find_fingerprint(driver: Any) -> object:
    """Return what is another once tables have changed, of a connection of psycopg; it may be so a little later."""
    return driver.execute(_FINGERPRINT).fetchall()


def lock_tables(connection: sa.Connection, names: Iterable[str], *, mode: str) -> None:
    """Lock tables of the schema, before anything is read: what is read then is of one moment."""
    locked = ", ".join(f"{SCHEMA}.{name}" for name in names)
    if locked:
        connection.execute(sa.text(f"LOCK TABLE {locked} IN {mode} MODE"))


def read_tables(connection: sa.Connection) -> dict[str, bytes]:
    """Read all tables, by name, written as data/ keeps them; one that is missing is absent.

    Raises SQLAlchemy's DBAPIError.
    """
    files = {}
    for name, columns in find_columns(connection).items():
        # Whoever keeps the database may have given a column another type.
        cells = [sa.cast(sa.column(column), sa.Text) for column in columns]
        order = sa.text("row_order NULLS LAST, row_id")
        rows = connection.execute(sa.select(*cells).select_from(sa.table(name, schema=SCHEMA)).order_by(order))
        files[name] = to_plain_bytes(pd.DataFrame(list(map(tuple, rows)), columns=columns, dtype="string"))
    return files


def write_table(connection: sa.Connection, text: pd.DataFrame, *, table: Table) -> None:
    """Give a table these rows, which `table.key` tells apart; it is made where there is none.

    Rows with a key that was there before are updated, so that they keep what is not the atlas's. Raises SQLAlchemy's
    DBAPIError, or psycopg's Error while rows are sent.
    """
    columns = list(map(str, text.columns))
    found = find_columns(connection).get(table.name)
    if found is None:
        _make_table(connection, columns, table=table)
    else:
        _fit_columns(connection, table.name, found=found, wanted=columns)
    _load(connection, text)
    _merge(connection, f"{SCHEMA}.{table.name}", columns, key=table.key)
    connection.execute(sa.text("DROP TABLE new_rows"))


def _make_table(connection: sa.Connection, columns: list[str], *, table: Table) -> None:
    made = ["row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "row_order integer"]
    made += [f"{_quote(name)} text" for name in columns]
    if {"latitude", "longitude"} <= set(columns):
        made.append(f"geom {_GEOM}")
    name = f"{SCHEMA}.{table.name}"
    connection.execute(sa.text(f"CREATE TABLE {name} ({', '.join(made)})"))
    trigger = f"CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {name}"
    connection.execute(sa.text(f"{trigger} FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.tell_change()"))


def _fit_columns(connection: sa.Connection, name: str, *, found: list[str], wanted: list[str]) -> None:
    for column in wanted:
        if column not in found:
            connection.execute(sa.text(f"ALTER TABLE {SCHEMA}.{name} ADD COLUMN {_quote(column)} text"))
    for column in found:
        if column not in wanted:
            connection.execute(sa.text(f"ALTER TABLE {SCHEMA}.{name} DROP COLUMN {_quote(column)}"))


def _load(connection: sa.Connection, text: pd.DataFrame) -> None:
    columns = [_quote(str(name)) for name in text.columns]
    made = ", ".join(f"{column} text" for column in columns)
    connection.execute(sa.text(f"CREATE TEMPORARY TABLE new_rows (row_order integer, {made}) ON COMMIT DROP"))
    cells = text.astype(object).where(text.notna(), None)
    driver: Any = connection.connection.driver_connection
    command = f"COPY new_rows (row_order, {', '.join(columns)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(command) as copy:
        for number, row in enumerate(cells.itertuples(index=False, name=None), start=1):
            copy.write_row((number, *row))
    # Without it, PostgreSQL would compare every row with every other.
    connection.execute(sa.text("ANALYZE new_rows"))


def _merge(connection: sa.Connection, name: str, columns: list[str], *, key: Iterable[str]) -> None:
    same = " AND ".join(f"old.{_quote(column)} = new.{_quote(column)}" for column in key)
    cells = ["row_order", *map(_quote, columns)]
    listed, old, new = (", ".join(f"{prefix}{cell}" for cell in cells) for prefix in ("", "old.", "new."))
    assigned = ", ".join(f"{cell} = new.{cell}" for cell in cells)
    kept = f"SELECT min(old.row_id) FROM {name} AS old JOIN new_rows AS new ON {same} GROUP BY new.row_order"
    for command in (
        f"DELETE FROM {name} WHERE row_id NOT IN ({kept})",
        f"UPDATE {name} AS old SET {assigned} FROM new_rows AS new WHERE {same} AND ({old}) IS DISTINCT FROM ({new})",
        f"INSERT INTO {name} ({listed}) SELECT {listed} FROM new_rows AS new "
        f"WHERE NOT EXISTS (SELECT FROM {name} AS old WHERE {same}) ORDER BY row_order",
    ):
        connection.execute(sa.text(command))


def _quote(name: str) -> str:
    # Names of the schema hold no quotation mark, but `end` is a word of SQL.
    return f'"{name}"'
