"""The journal of the archive as bytes: one line of JSON per version."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Version:
    """The tables as they were once. `who` and `why` are None where files were changed outside the atlas.

    `at`: when it was written down; `saved`: when the youngest of its files was saved, which may be long before.
    """

    number: int
    at: datetime
    who: str | None
    why: str | None
    changed: tuple[str, ...]
    tables: Mapping[str, str]
    saved: datetime


def read_lines(content: bytes) -> tuple[Version, ...]:
    """Read the versions from the content of the journal, the oldest first."""
    return tuple(version for line in content.split(b"\n") if (version := parse(line, to_version)) is not None)


def to_line(version: Version) -> bytes:
    """Return a version as a line of the journal, without the line's end."""
    return to_json(to_document(version))


def to_document(version: Version) -> dict[str, Any]:
    """Return a version as JSON knows it."""
    return asdict(version) | {"at": version.at.isoformat(), "saved": version.saved.isoformat()}


def to_version(document: Mapping[str, Any]) -> Version:
    """Return the version that a document says. Raises what `parse` takes for damage."""
    return Version(
        number=int(document["number"]),
        at=datetime.fromisoformat(document["at"]),
        who=document["who"],
        why=document["why"],
        changed=tuple(document["changed"]),
        tables=dict(document["tables"]),
        # Earlier lines do not say it.
        saved=datetime.fromisoformat(document.get("saved", document["at"])),
    )


def to_json(document: Mapping[str, Any]) -> bytes:
    """Write a document as one line."""
    # Half a character, as a broken paste may bring it, is written as JSON's own escape of it.
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "backslashreplace")


def parse(text: bytes, convert: Callable[[dict[str, Any]], T]) -> T | None:
    """Read a document; None when the text is damaged."""
    # A line that was torn by a crash is no JSON: its last brace is missing.
    try:
        return convert(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
