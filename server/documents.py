"""What a browser needs to draw maps, timeline and tables, loaded once per data set and language."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from types import MappingProxyType
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from geo.dataset import Dataset
from geo.errors import TablesError
from geo.language import Language
from geo.layers import DocumentName
from geo.meetings_document import to_meetings_document
from geo.network_document import to_network_document
from geo.talk import to_talk_document
from server.assets import FOR_A_YEAR
from server.store import available_languages, current_dataset

MOUNT = "documents"
MEDIA_TYPE = "application/json"
# A page that was opened before the tables changed still asks for its own document. There is one for each layer and
# language: so many are those of six data sets, about 30 MB.
KEPT = 90


class _Build(Protocol):
    def __call__(self, dataset: Dataset, *, language: Language) -> dict[str, Any]: ...


BUILDERS: Mapping[DocumentName, _Build] = MappingProxyType(
    {"network": to_network_document, "meetings": to_meetings_document, "talk": to_talk_document}
)
_documents: dict[str, bytes] = {}
_lock = Lock()


@lru_cache(maxsize=48)
def to_document(dataset: Dataset, name: DocumentName, language_code: str) -> str:
    """Make a document of a data set in a language; return its address, which changes with its content."""
    content = _write(dataset, name, language_code)
    address = f"{MOUNT}/{name}.{language_code}.{hashlib.sha256(content).hexdigest()[:10]}.json"
    with _lock:
        _documents.pop(address, None)  # made again, it is the youngest
        _documents[address] = content
        while len(_documents) > KEPT:
            del _documents[next(iter(_documents))]
    return address


def _write(dataset: Dataset, name: DocumentName, language_code: str) -> bytes:
    document = BUILDERS[name](dataset, language=available_languages()[language_code])
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def read_document(dataset: Dataset, name: DocumentName, language_code: str) -> str:
    """Return the content of a document as JSON, for who wants it as a whole and not its address."""
    address = to_document(dataset, name, language_code)
    # Newer ones may have pushed it out.
    return (_documents.get(address) or _write(dataset, name, language_code)).decode()


def build_documents() -> None:
    """Make all documents of today's tables. Raises TablesError when the tables have faults."""
    dataset = current_dataset()
    for name in BUILDERS:
        for code in available_languages():
            to_document(dataset, name, code)


def answer_document(request: Request) -> Response:
    """Answer with a document; 404 when neither today's tables nor recent ones make it, 503 while they are faulty."""
    address = f"{MOUNT}/{request.path_params['name']}"
    if address not in _documents:
        try:
            build_documents()
        except TablesError:
            return Response("The tables have faults", status_code=503, media_type="text/plain")
    content = _documents.get(address)
    if content is None:
        return Response("Not found", status_code=404, media_type="text/plain")
    return Response(content, media_type=MEDIA_TYPE, headers={"Cache-Control": FOR_A_YEAR})
