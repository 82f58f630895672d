"""The journal of the archive as bytes: one line of JSON per version.

Nothing is ever taken out of it. A line that cannot be read is either the beginning of one whose writing was cut short,
which the next line says anew, or damaged: that is told, and its number is given to no other version.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

T = TypeVar("T")

# A number in what is left of a line; inside a text, the quotation mark would be escaped.
_NUMBER = re.compile(rb'"number": ([0-9]{1,6})(?![0-9])')
# How a line begins that names who published.
_NAMED = b'"who": "'


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


@dataclass(frozen=True)
class Journal:
    """The versions, the oldest first; the numbers of the damaged lines, from 1; and the highest number ever given."""

    versions: tuple[Version, ...]
    damaged: tuple[int, ...]
    highest: int

    @property
    def last(self) -> Version | None:
        """The last version that can be read."""
        return self.versions[-1] if self.versions else None


def read_journal(content: bytes, *, announced: bytes = b"") -> Journal:
    """Read the content of the journal. `announced`: the line that an interrupted publication is still to write."""
    lines = content.split(b"\n")
    read = [parse(line, to_version) for line in lines]
    versions, damaged, highest = [], [], 0
    written_anew = _written_anew(lines, read, announced)
    for number, (line, version, anew) in enumerate(zip(lines, read, written_anew, strict=True), start=1):
        if version is not None:
            versions.append(version)
            highest = max(highest, version.number)
        elif line.strip() and not _is_begun(line, anew=anew, number=highest + 1):
            damaged.append(number)
            highest = max([highest + 1, *map(int, _NUMBER.findall(line))])
    return Journal(tuple(versions), tuple(damaged), highest)


def _written_anew(lines: Sequence[bytes], read: Sequence[Version | None], announced: bytes) -> list[bytes | None]:
    """Return for each line the one that would say it again, had it not been finished: the next that can be read.

    The last line lacks its end while it is being written, so that what is still to come may say it again; for a line
    that has its end and none after it, there is None.
    """
    anew: list[bytes | None] = [announced]
    later: bytes | None = None
    for line, version in zip(reversed(lines[1:]), reversed(read[1:]), strict=True):
        later = later if version is None else line
        anew.append(later)
    return list(reversed(anew))


def _is_begun(line: bytes, *, anew: bytes | None, number: int) -> bool:
    """Tell whether a line is the beginning of one that was never finished; see `_written_anew`.

    A publication is said again word for word. Files that were only noted are noted again, at another time but with the
    same number; nobody published them.
    """
    beginning = b'{"number": %d, ' % number
    if anew is None or (anew and not anew.startswith(beginning)):
        return False
    return anew.startswith(line) or ((line.startswith(beginning) or beginning.startswith(line)) and _NAMED not in line)


def to_line(version: Version) -> bytes:
    """Return a version as a line of the journal, without the line's end."""
    return to_json(to_document(version))


def to_document(version: Version) -> dict[str, Any]:
    """Return a version as JSON knows it."""
    return vars(version) | {"at": version.at.isoformat(), "saved": version.saved.isoformat()}


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
    # The beginning of a document is no JSON: its last brace is missing.
    try:
        return convert(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None
