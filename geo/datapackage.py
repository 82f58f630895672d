"""The tables described for programs: a Data Package after Frictionless (specs.frictionlessdata.io, version 1)."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from geo.dataset import Dataset
from geo.language import Language
from geo.open_data import FILES, HOLDS, TITLE
from geo.schema import TABLES, Kind, Table

DATE = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
# Dates may be as short as a year, and lists are texts with `;`: neither is a date or a list as the standard has them.
_TYPES: dict[Kind, str] = {
    "text": "string",
    "integer": "integer",
    "decimal": "number",
    "date": "string",
    "list": "string",
}


def build_datapackage(dataset: Dataset, *, address: str, language: Language) -> dict[str, Any]:
    """Describe all tables: columns with title, meaning, type and limits, keys, and which column points to which.

    `address` is where the files lie, with `/` at its end. Titles and meanings are in the reader's language.
    """
    _ = language.gettext
    return {
        "profile": "tabular-data-package",
        "name": "klimapartnerschaften",
        "title": _(TITLE),
        "description": _(HOLDS),
        "homepage": address,
        "created": f"{dataset.saved.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "licenses": [
            {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "CC BY 4.0"}
        ],
        "sources": [{"title": "GeoNames", "path": "https://www.geonames.org/"}],
        "resources": [_describe_table(table, dataset, language=language) for table in TABLES],
    }


def _describe_table(table: Table, dataset: Dataset, *, language: Language) -> dict[str, Any]:
    _ = language.gettext
    name = f"{table.name}.csv"
    columns = [str(column) for column in dataset.tables[table.name].columns]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": _(table.title),
        "description": _(table.holds),
        "path": name,
        "format": "csv",
        "mediatype": FILES[name].media_type,
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": {
            "fields": [_describe_column(column, table, language=language) for column in columns],
            "primaryKey": list(table.key),
            "foreignKeys": list(_describe_references(table)),
            "missingValues": [""],
        },
    }


def _describe_column(column: str, table: Table, *, language: Language) -> dict[str, Any]:
    _ = language.gettext
    about, kind = table.about(column), table.kind(column)
    known = table.schema.columns.get(column)
    constraints: dict[str, Any] = {"required": known is not None and not known.nullable}
    if known is not None and known.unique:
        constraints["unique"] = True
    if table.choices(column) and kind != "list":
        constraints["enum"] = list(table.choices(column))
    if kind == "date":
        constraints["pattern"] = DATE
    for check in known.checks if known is not None else ():
        if "min_value" in (check.statistics or {}):
            constraints |= {"minimum": check.statistics["min_value"], "maximum": check.statistics["max_value"]}
    description = _(about.meaning) + (f" ({_(about.unit)})" if about.unit else "")
    return {
        "name": column,
        "title": table.to_title(column, language),
        "description": description,
        "type": _TYPES[kind],
        "example": about.example,
        "constraints": constraints,
    }


def _describe_references(table: Table) -> Iterator[dict[str, Any]]:
    for column, (target, key) in table.references.items():
        if table.kind(column) != "list":
            yield {"fields": column, "reference": {"resource": target, "fields": key}}
