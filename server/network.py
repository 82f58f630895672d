"""The network document: all geometry and names a browser needs, loaded once per data set and language."""

import hashlib
import json
from functools import lru_cache
from threading import Lock

from starlette.requests import Request
from starlette.responses import Response

from geo.dataset import Dataset
from geo.errors import TablesError
from geo.layers import to_network_document
from server.assets import FOR_A_YEAR
from server.store import available_languages, current_dataset

MEDIA_TYPE = "application/json"
# A page that was opened before the tables changed still asks for its own document.
KEPT = 16
_documents: dict[str, bytes] = {}
_lock = Lock()


@lru_cache(maxsize=KEPT)
def to_document(dataset: Dataset, language_code: str) -> str:
    """Make the document of a data set in a language; return its address, which changes with its content."""
    document = to_network_document(dataset, language=available_languages()[language_code])
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    address = f"network/{language_code}.{hashlib.sha256(content).hexdigest()[:10]}.json"
    with _lock:
        _documents[address] = content
        while len(_documents) > KEPT:
            del _documents[next(iter(_documents))]
    return address


def answer_network(request: Request) -> Response:
    """Answer with a document; 404 when neither today's tables nor recent ones make it, 503 while they are faulty."""
    address = f"network/{request.path_params['name']}"
    code = request.path_params["name"].split(".")[0]
    if address not in _documents and code in available_languages():
        try:
            to_document(current_dataset(), code)
        except TablesError:
            return Response("The tables have faults", status_code=503, media_type="text/plain")
    content = _documents.get(address)
    if content is None:
        return Response("Not found", status_code=404, media_type="text/plain")
    return Response(content, media_type=MEDIA_TYPE, headers={"Cache-Control": FOR_A_YEAR})
