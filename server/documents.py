"""What a browser needs to draw maps, timeline and tables, loaded once per data set and language."""

import hashlib
import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from threading import Lock
from types import MappingProxyType
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.responses import Response

from geo.bundles import is_large, to_bundles_document
from geo.dataset import Dataset
from geo.errors import TablesError
from geo.indexes import build_indexes
from geo.language import Language
from geo.layers import DocumentName, Shown, ShownBundles, ShownLinks
from geo.meetings_document import to_meetings_document
from geo.network_document import to_network_document
from geo.talk import to_talk_document
from server.kept_files import FOR_A_YEAR
from server.store import available_languages, current_dataset

MOUNT = "documents"
MEDIA_TYPE = "application/json"
# A page that was opened before the tables changed still asks for its own document. There is one for each layer and
# language: so many are those of six data sets, about 30 MB.
KEPT = 120
# Of a large table a document holds what one view shows: up to 300 links, about 0.15 MB.
PARTS_KEPT = 200


class _Build(Protocol):
    def __call__(self, dataset: Dataset, *, language: Language) -> dict[str, Any]: ...


def _build_network(dataset: Dataset, *, language: Language) -> dict[str, Any]:
    # Of a large table each view has a document of its own: see to_links_document.
    return to_network_document(dataset, language=language, positions=() if is_large(dataset) else None)


def _build_bundles(dataset: Dataset, *, language: Language, **ends: str | None) -> dict[str, Any]:
    return to_bundles_document(dataset, build_indexes(dataset).links, language=language, **ends)


def _build_talk(dataset: Dataset, *, language: Language) -> dict[str, Any]:
    return to_talk_document(dataset, language=language, find=lambda shown: to_drawn(dataset, shown, language.code))


BUILDERS: Mapping[DocumentName, _Build] = MappingProxyType(
    {
        "network": _build_network,
        "bundles": _build_bundles,
        "meetings": to_meetings_document,
        "talk": _build_talk,
    }
)


class _Kept:
    """The documents asked for last, by their address."""

    def __init__(self, *, most: int) -> None:
        self.most = most
        self.documents: dict[str, bytes] = {}
        self.lock = Lock()

    def add(self, address: str, content: bytes) -> None:
        with self.lock:
            self.documents.pop(address, None)  # made again, it is the youngest
            self.documents[address] = content
            while len(self.documents) > self.most:
                del self.documents[next(iter(self.documents))]

    def touch(self, address: str) -> bool:
        """Keep a document as if it had been made now; say whether it is there."""
        with self.lock:
            content = self.documents.pop(address, None)
            if content is not None:
                self.documents[address] = content
            return content is not None


_whole, _parts = _Kept(most=KEPT), _Kept(most=PARTS_KEPT)
# The addresses of parts, for as long as their data set is in use.
_addresses: WeakKeyDictionary[Dataset, dict[Hashable, str]] = WeakKeyDictionary()


@lru_cache(maxsize=64)
def to_document(dataset: Dataset, name: DocumentName, language_code: str) -> str:
    """Make a document of a data set in a language; return its address, which changes with its content."""
    return _keep(BUILDERS[name](dataset, language=_language(language_code)), name, language_code, kept=_whole)


def to_drawn(dataset: Dataset, shown: Shown, language_code: str) -> tuple[str, Shown]:
    """Make the document that the map draws a view from; return its address, and what is to be shown of it."""
    if isinstance(shown, ShownBundles):
        return _to_bundles(dataset, language_code, state=shown.state, country=shown.country), shown
    if isinstance(shown, ShownLinks):
        address, numbers = to_links_document(dataset, shown.links, language_code)
        return address, replace(shown, links=numbers)
    return to_document(dataset, shown.document, language_code), shown


def to_links_document(dataset: Dataset, positions: Sequence[int], language_code: str) -> tuple[str, list[int]]:
    """Make a document that holds these links; return its address, and the numbers of the links in it.

    It holds all links of the data set, or only these where all would be too many to be sent.
    """
    if not is_large(dataset):
        return to_document(dataset, "network", language_code), list(positions)
    return _to_part(dataset, tuple(positions), language_code), list(range(len(positions)))


def _to_part(dataset: Dataset, positions: tuple[int, ...], language_code: str) -> str:
    def build() -> dict[str, Any]:
        return to_network_document(dataset, language=_language(language_code), positions=positions)

    return _find_part(dataset, "network", language_code, positions, build=build)


def _to_bundles(dataset: Dataset, language_code: str, *, state: str | None, country: str | None) -> str:
    if not (state or country):
        return to_document(dataset, "bundles", language_code)

    def build() -> dict[str, Any]:
        return _build_bundles(dataset, language=_language(language_code), state=state, country=country)

    return _find_part(dataset, "bundles", language_code, (state, country), build=build)


def _find_part(
    dataset: Dataset,
    name: DocumentName,
    language_code: str,
    part: Hashable,
    *,
    build: Callable[[], dict[str, Any]],
) -> str:
    known = _addresses.setdefault(dataset, {})
    key = (name, language_code, part)
    address = known.get(key)
    if address is None or not _parts.touch(address):
        address = _keep(build(), name, language_code, kept=_parts)
        with _parts.lock:
            known[key] = address
            while len(known) > PARTS_KEPT:
                del known[next(iter(known))]
    return address


def _language(code: str) -> Language:
    return available_languages()[code]


def _keep(document: dict[str, Any], name: DocumentName, language_code: str, *, kept: _Kept) -> str:
    content = _write(document)
    address = f"{MOUNT}/{name}.{language_code}.{hashlib.sha256(content).hexdigest()[:10]}.json"
    kept.add(address, content)
    return address


def to_compact_json(document: dict[str, Any]) -> str:
    """Write a document without blanks between its parts."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _write(document: dict[str, Any]) -> bytes:
    return to_compact_json(document).encode()


def read_document(dataset: Dataset, name: DocumentName, language_code: str) -> str:
    """Return the content of a document as JSON, for who wants it as a whole and not its address."""
    address = to_document(dataset, name, language_code)
    content = _whole.documents.get(address)
    # Newer ones may have pushed it out.
    return (content or _write(BUILDERS[name](dataset, language=_language(language_code)))).decode()


def build_documents() -> None:
    """Make all documents of today's tables. Raises TablesError when the tables have faults."""
    dataset = current_dataset()
    for name in BUILDERS:
        for code in available_languages():
            to_document(dataset, name, code)


def answer_document(request: Request) -> Response:
    """Answer with a document; 404 when neither today's tables nor recent ones make it, 503 while they are faulty."""
    address = f"{MOUNT}/{request.path_params['name']}"
    if address not in _whole.documents and address not in _parts.documents:
        try:
            build_documents()
        except TablesError:
            return Response("The tables have faults", status_code=503, media_type="text/plain")
    content = _whole.documents.get(address) or _parts.documents.get(address)
    if content is None:
        return Response("Not found", status_code=404, media_type="text/plain")
    return Response(content, media_type=MEDIA_TYPE, headers={"Cache-Control": FOR_A_YEAR})
