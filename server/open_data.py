"""The open data below /open-data/: files made once per set of filters, and what describes them to programs.

Everybody may read them, from any website (CORS). A request that cannot be right is answered with 400 and what is wrong.
"""

import gzip
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from threading import Lock, Semaphore

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from geo.datapackage import build_datapackage
from geo.dataset import Dataset
from geo.dcat import FORMATS, build_catalogue
from geo.errors import TablesError, mark
from geo.filters import Selection
from geo.indexes import Indexes, build_indexes
from geo.language import Language
from geo.open_data import FILES, OpenFile, build_file
from server.assets import base_path
from server.operator import current_operator
from server.settings import current_settings
from server.store import State, available_languages, current_store

MOUNT = "open-data"
# The page that describes the files, below the app's root.
PAGE = "data"
DATAPACKAGE = "datapackage.json"
CATALOGUES = {f"catalogue.{ending}": form for ending, form in FORMATS.items()}
# Whoever asks again within this time may be given what a cache on the way has kept.
KEPT_SECONDS = 60
KEPT_BYTES = 96_000_000
LONGEST_QUERY = 2_000
LONGEST_SEARCH = 100
# One file is made at a time, and a request waits for its turn no longer than this: visitors come first.
PATIENCE_SECONDS = 20.0
_YEARS = ("until", "year_from", "year_to")
_FOR_ALL = {"Cross-Origin-Resource-Policy": "cross-origin"}

UNKNOWN_FILTER = mark("„{name}“ ist hier kein Filter. Möglich sind: {choices}.")
NO_FILTERS = mark("„{name}“ ist hier kein Filter: Diese Datei gibt es nur ganz.")
UNKNOWN_VALUE = mark("„{value}“ gibt es bei „{name}“ nicht. Möglich sind: {choices}.")
NO_YEAR = mark("„{value}“ bei „{name}“ ist keine Jahreszahl.")
ONE_VALUE = mark("„{name}“ kann nur einmal genannt werden.")
TOO_LONG = mark("Die Anfrage ist zu lang: höchstens {most} Zeichen.")
BUSY = mark("Gerade werden andere Dateien gemacht. Bitte versuchen Sie es gleich noch einmal.")
NO_TABLES = mark("Zurzeit gibt es keine Tabellen ohne Fehler.")


class BadQueryError(ValueError):
    """A request that cannot be right: `problem` in German with braces, and what fills them."""

    def __init__(self, problem: str, **details: object) -> None:
        super().__init__(problem, details)
        self.problem, self.details = problem, details

    def describe(self, language: Language) -> str:
        """Say what is wrong in the reader's language."""
        return language.gettext(self.problem).format(**self.details)


@dataclass(frozen=True)
class Kept:
    """A file as it is sent, plain and compressed, and the tag by which a reader knows it again."""

    content: bytes
    compressed: bytes
    tag: str

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return len(self.content) + len(self.compressed)


class Shelf:
    """The files asked for last, of one data set, up to so many bytes."""

    def __init__(self, *, most_bytes: int) -> None:
        self._most = most_bytes
        self._dataset: Dataset | None = None
        self._files: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()
        self._turn = Semaphore()

    def find(self, dataset: Dataset, key: Hashable) -> Kept | None:
        """Return a file that is there."""
        with self._lock:
            if dataset is not self._dataset or key not in self._files:
                return None
            self._files.move_to_end(key)
            return self._files[key]

    def make(self, dataset: Dataset, key: Hashable, build: Callable[[], bytes]) -> Kept | None:
        """Return a file that is there, or make it; None when others are being made for too long."""
        if kept := self.find(dataset, key):
            return kept
        if not self._turn.acquire(timeout=PATIENCE_SECONDS):
            return None
        try:
            # Somebody else may have asked for the same.
            return self.find(dataset, key) or self._add(dataset, key, to_kept(build()))
        finally:
            self._turn.release()

    def _add(self, dataset: Dataset, key: Hashable, kept: Kept) -> Kept:
        with self._lock:
            if dataset is not self._dataset:
                self._dataset = dataset
                self._files.clear()
            self._files[key] = kept
            while len(self._files) > 1 and sum(each.size for each in self._files.values()) > self._most:
                self._files.popitem(last=False)
        return kept


_shelf = Shelf(most_bytes=KEPT_BYTES)


def to_kept(content: bytes) -> Kept:
    """Compress a file, and give it a tag. It is a weak one: the compressed file is other bytes."""
    return Kept(content, gzip.compress(content, 6, mtime=0), f'W/"{sha256(content).hexdigest()[:20]}"')


def read_selection(parameters: QueryParams, file: OpenFile, indexes: Indexes) -> Selection:
    """Read the filters of a request. Raises BadQueryError for one that does not apply or holds an unknown value."""
    found: dict[str, object] = {}
    for name in dict.fromkeys(parameters.keys()):
        if name == "lang":
            continue
        if name not in file.filters:
            problem = UNKNOWN_FILTER if file.filters else NO_FILTERS
            raise BadQueryError(problem, name=name[:50], choices=", ".join(file.filters))
        values = [value for value in parameters.getlist(name) if value]
        if name in indexes.known:
            found[name] = tuple(_to_known(name, value, indexes.known[name]) for value in dict.fromkeys(values))
        elif len(values) > 1:
            raise BadQueryError(ONE_VALUE, name=name)
        elif values:
            found[name] = _to_year(name, values[0]) if name in _YEARS else values[0].strip()[:LONGEST_SEARCH]
    return replace(Selection(), **found)  # type: ignore[arg-type]


def _to_known(name: str, value: str, known: Iterable[int | str]) -> int | str:
    options = {str(option): option for option in known}
    if value not in options:
        choices = ", ".join(map(str, sorted(options.values(), key=lambda one: (len(str(one)), str(one)))))
        raise BadQueryError(UNKNOWN_VALUE, name=name, value=value[:50], choices=choices)
    return options[value]


def _to_year(name: str, value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) == 4):
        raise BadQueryError(NO_YEAR, name=name, value=value[:50])
    return int(value)


async def answer_file(request: Request) -> Response:
    """Answer with a file: 400 for a query that cannot be right, 404 for a name that does not exist, 503 while busy."""
    state = current_store().unchanged()
    if state is not None and state.dataset is not None:
        # What is there takes less time than handing the request to a thread.
        kept = _shelf.find(state.dataset, _to_key(request))
        if kept is not None:
            return _send(request, kept, media_type=FILES[request.path_params["name"]].media_type)
    return await run_in_threadpool(_make_answer, request)


def _to_key(request: Request) -> tuple[str, str, str]:
    # Only the calendar has texts in a language.
    name = request.path_params["name"]
    return name, request.url.query, _find_language(request).code if name.endswith(".ics") else ""


def _make_answer(request: Request) -> Response:
    language = _find_language(request)
    if len(request.url.query) > LONGEST_QUERY:
        return _say(BadQueryError(TOO_LONG, most=LONGEST_QUERY).describe(language), status=414)
    state = current_store().state()
    try:
        dataset = state.to_dataset()
    except TablesError:
        return _say(language.gettext(NO_TABLES), status=503, retry_seconds=60)
    name = request.path_params["name"]
    try:
        if name in FILES:
            return _answer_table(request, FILES[name], state, dataset, language)
        if name == DATAPACKAGE or name in CATALOGUES:
            return _answer_description(request, name, dataset, language)
    except BadQueryError as error:
        return _say(error.describe(language), status=400)
    return _say("Not found", status=404)


def _answer_table(request: Request, file: OpenFile, state: State, dataset: Dataset, language: Language) -> Response:
    selection = read_selection(request.query_params, file, build_indexes(dataset))

    def build() -> bytes:
        return build_file(file, dataset, state.texts, selection, language=language)

    kept = _shelf.make(dataset, _to_key(request), build)
    if kept is None:
        return _say(language.gettext(BUSY), status=503, retry_seconds=5)
    return _send(request, kept, media_type=file.media_type)


def _answer_description(request: Request, name: str, dataset: Dataset, language: Language) -> Response:
    unknown = [one for one in request.query_params if one != "lang"]
    if unknown:
        raise BadQueryError(NO_FILTERS, name=unknown[0][:50])
    address = find_address(request)
    if name == DATAPACKAGE:
        described = build_datapackage(dataset, address=address, language=language)
        content, media_type = json.dumps(described, ensure_ascii=False, indent=2), "application/json"
    else:
        form, media_type = CATALOGUES[name]
        operator = current_operator()
        publisher = operator.imprint[0] if operator.imprint else ""
        graph = build_catalogue(dataset, address=address, publisher=publisher, languages=available_languages())
        content = graph.serialize(format=form)
    return _send(request, to_kept(content.encode()), media_type=media_type)


def find_address(request: Request) -> str:
    """Return where the files lie for the outside world, with `/` at the end."""
    root = current_settings().public_address or f"{request.base_url.scheme}://{request.base_url.netloc}{base_path()}"
    return f"{root}/{MOUNT}/"


def _find_language(request: Request) -> Language:
    """Take the language that is asked for, or the first that the reader's program prefers, or German."""
    languages = available_languages()
    preferred = [
        part.split(";")[0].strip().replace("-", "_") for part in request.headers.get("accept-language", "").split(",")
    ]
    asked = [request.query_params.get("lang", ""), *preferred[:20], *(code.split("_")[0] for code in preferred[:20])]
    return languages[next((code for code in asked if code in languages), next(iter(languages)))]


def _send(request: Request, kept: Kept, *, media_type: str) -> Response:
    headers = {
        **_FOR_ALL,
        "ETag": kept.tag,
        "Cache-Control": f"public, max-age={KEPT_SECONDS}",
        "Vary": "Accept-Encoding, Accept-Language",
    }
    if _is_known(request.headers.get("if-none-match", ""), kept.tag):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'inline; filename="{request.path_params["name"]}"'
    text = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(kept.compressed, media_type=text, headers=headers)
    return Response(kept.content, media_type=text, headers=headers)


def _is_known(tags: str, tag: str) -> bool:
    # Compared as weak ones, as a cache does (RFC 9110, 13.1.2).
    given = {one.strip().removeprefix("W/") for one in tags.split(",")}
    return "*" in given or tag.removeprefix("W/") in given


def _say(text: str, *, status: int, retry_seconds: int | None = None) -> Response:
    again: Mapping[str, str] = {} if retry_seconds is None else {"Retry-After": str(retry_seconds)}
    return PlainTextResponse(text, status_code=status, headers={**_FOR_ALL, "Cache-Control": "no-store", **again})


async def answer_folder(request: Request) -> Response:
    """Lead to the page that describes the files."""
    return RedirectResponse(f"{base_path()}/{PAGE}", status_code=303)


def open_data_route() -> Mount:
    """Return the route of everything below /open-data/."""
    reading = Middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD"],
        allow_headers=["If-None-Match"],
        expose_headers=["ETag", "Retry-After"],
        max_age=86_400,
    )
    return Mount(
        f"{base_path()}/{MOUNT}",
        routes=[Route("/", answer_folder), Route("/{name}", answer_file)],
        middleware=[reading],
    )
