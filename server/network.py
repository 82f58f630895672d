"""The network document: all geometry and names a browser needs, loaded once per data set and language."""

import hashlib
import json
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response

from geo.dataset import Dataset
from geo.errors import TablesError
from geo.layers import to_network_document
from server.assets import FOR_A_YEAR
from server.store import available_languages, current_dataset

MEDIA_TYPE = "application/json"


@lru_cache(maxsize=16)
def to_document(dataset: Dataset, language_code: str) -> tuple[str, bytes]:
    """Return the document's address below the app's root, which changes with its content, and the document."""
    document = to_network_document(dataset, language=available_languages()[language_code])
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return f"network/{language_code}.{hashlib.sha256(content).hexdigest()[:10]}.json", content


async def answer_network(request: Request) -> Response:
    """Answer with the document of a language.

    An address from before an update gets the document of today, which is then not kept; while the tables are
    faulty the answer is 503.
    """
    code = request.path_params["name"].split(".")[0]
    if code not in available_languages():
        return Response("Not found", status_code=404, media_type="text/plain")
    try:
        address, content = to_document(current_dataset(), code)
    except TablesError:
        return Response("The tables have faults", status_code=503, media_type="text/plain")
    caching = FOR_A_YEAR if request.url.path.endswith(address) else "no-cache"
    return Response(content, media_type=MEDIA_TYPE, headers={"Cache-Control": caching})
