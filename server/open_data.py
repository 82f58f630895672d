"""The open data below /open-data/: files made once per set of filters, and what describes them to programs.

Everybody may read them, from any website (CORS). A request that cannot be right is answered with 400 and what is wrong.
"""

import gzip
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from hashlib import sha256
from threading import Lock

from anyio import CapacityLimiter, to_thread
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
from geo.filters import LONGEST_SEARCH, YEAR_FILTERS, Selection
from geo.indexes import Indexes, build_indexes
from geo.language import Language
from geo.open_data import FILES, OpenFile, build_file
from server.assets import base_path
from server.settings import current_settings
from server.store import available_languages, current_store
from server.tiles import HOST

MOUNT = "open-data"
# The page that describes the files, below the app's root.
PAGE = "data"
DATAPACKAGE = "datapackage.json"
CATALOGUES = {f"catalogue.{ending}": form for ending, form in FORMATS.items()}
# Whoever asks again within this time may be given what a cache on the way has kept.
KEPT_SECONDS = 60
KEPT_BYTES = 96_000_000
# What a file takes beside its content and its name.
ENTRY_BYTES = 1_000
LONGEST_QUERY = 2_000
# One file is made at a time, and so many requests wait for their turn: visitors come first.
MOST_WAITING = 20
_FOR_ALL = {"Cross-Origin-Resource-Policy": "cross-origin"}

UNKNOWN_FILTER = mark("„{name}“ ist hier kein Filter. Möglich sind: {choices}.")
NO_FILTERS = mark("„{name}“ ist hier kein Filter: Diese Datei gibt es nur ganz.")
UNKNOWN_VALUE = mark("„{value}“ gibt es bei „{name}“ nicht. Möglich sind: {choices}.")
NO_YEAR = mark("„{value}“ bei „{name}“ ist keine Jahreszahl.")
ONE_VALUE = mark("„{name}“ kann nur einmal genannt werden.")
TOO_LONG = mark("Die Anfrage ist zu lang: höchstens {most} Zeichen.")
BUSY = mark("Gerade werden andere Dateien erstellt. Bitte versuchen Sie es gleich noch einmal.")
NO_TABLES = mark("Zurzeit gibt es keine Tabellen ohne Fehler.")


class BadQueryError(ValueError):
    """A request that cannot be right: `problem` in German with braces, and what fills them."""

    def __init__(self, problem: str, **details: object) -> None:
        super().__init__(problem, details)
        self.problem, self.details = problem, details

    def describe(self, language: Language) -> str:
        """Say what is wrong in the reader's language."""
        return language.gettext(self.problem).format(**self.details)


# A file's name, the query, and what else changes its content.
Key = tuple[str, str, str]


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
        self._bytes = 0
        self._dataset: Dataset | None = None
        self._files: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = Lock()

    def find(self, dataset: Dataset, key: Key) -> Kept | None:
        """Return a file that is there."""
        with self._lock:
            if dataset is not self._dataset or key not in self._files:
                return None
            self._files.move_to_end(key)
            return self._files[key]

    def make(self, dataset: Dataset, key: Key, build: Callable[[], bytes]) -> Kept:
        """Return a file that is there, or make it."""
        kept = self.find(dataset, key)
        if kept is None:
            kept = to_kept(build())
            self._add(dataset, key, kept)
        return kept

    def _add(self, dataset: Dataset, key: Key, kept: Kept) -> None:
        with self._lock:
            if dataset is not self._dataset:
                self._dataset, self._bytes = dataset, 0
                self._files.clear()
            self._files[key] = kept
            self._bytes += _measure(key, kept)
            while len(self._files) > 1 and self._bytes > self._most:
                self._bytes -= _measure(*self._files.popitem(last=False))


def _measure(key: Key, kept: Kept) -> int:
    return kept.size + sum(map(len, key)) + ENTRY_BYTES


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
            found[name] = _to_year(name, values[0]) if name in YEAR_FILTERS else values[0].strip()[:LONGEST_SEARCH]
    return replace(Selection(), **found)  # type: ignore[arg-type]


def _to_known(name: str, value: str, known: Iterable[int | str]) -> int | str:
    options = {str(option): option for option in known}
    if value not in options:
        choices = ", ".join(map(str, sorted(options.values(), key=lambda one: (len(str(one)), str(one)))))
        raise BadQueryError(UNKNOWN_VALUE, name=name, value=value[:50], choices=choices)
    return options[value]


def _to_year(name: str, value: str) -> int:
    if not re.fullmatch("[1-9][0-9]{3}", value):
        raise BadQueryError(NO_YEAR, name=name, value=value[:50])
    return int(value)


async def answer_file(request: Request) -> Response:
    """Answer with a file.

    400 for a query that cannot be right, 404 for a name that does not exist, 414 for a query that is too long, 429
    while busy, 503 while there are no tables.
    """
    if len(request.url.query) > LONGEST_QUERY:
        problem = BadQueryError(TOO_LONG, most=LONGEST_QUERY)
        return _say(problem.describe(_find_language(request)), status=414)
    state = current_store().unchanged()
    if state is not None and state.dataset is not None:
        # What is there takes less time than handing the request to a thread.
        kept = _shelf.find(state.dataset, _to_key(request))
        if kept is not None:
            return _send(request, kept)
    makers = _makers()
    if makers.statistics().tasks_waiting >= MOST_WAITING:
        return _say(_find_language(request).gettext(BUSY), status=429, retry_seconds=5)
    # Its own place to wait: what visitors need has threads of its own.
    return await to_thread.run_sync(_make_answer, request, limiter=makers)


@cache
def _makers() -> CapacityLimiter:
    # Made only once there is an event loop.
    return CapacityLimiter(1)


def _to_key(request: Request) -> Key:
    name = request.path_params["name"]
    depends = ""
    if name.endswith(".ics"):
        depends = _find_language(request).code
    elif name not in FILES:
        depends = f"{_find_language(request).code} {find_address(request)}"
    return name, request.url.query, depends


def _make_answer(request: Request) -> Response:
    language = _find_language(request)
    state = current_store().state()
    try:
        dataset = state.to_dataset()
    except TablesError:
        return _say(language.gettext(NO_TABLES), status=503, retry_seconds=60)
    name = request.path_params["name"]
    try:
        if name in FILES:
            file = FILES[name]
            selection = read_selection(request.query_params, file, build_indexes(dataset))
            build = partial(build_file, file, dataset, state.texts, selection, language=language)
        elif name == DATAPACKAGE or name in CATALOGUES:
            read_selection(request.query_params, OpenFile(name, "", ""), build_indexes(dataset))
            build = partial(_describe, request, dataset, language)
        else:
            return _say("Not found", status=404)
    except BadQueryError as error:
        return _say(error.describe(language), status=400)
    return _send(request, _shelf.make(dataset, _to_key(request), build))


def _describe(request: Request, dataset: Dataset, language: Language) -> bytes:
    name, address = request.path_params["name"], find_address(request)
    if name == DATAPACKAGE:
        described = build_datapackage(dataset, address=address, language=language)
        return json.dumps(described, ensure_ascii=False, indent=2).encode()
    publisher = current_settings().publisher
    graph = build_catalogue(dataset, address=address, publisher=publisher, languages=available_languages())
    return graph.serialize(format=CATALOGUES[name][0], encoding="utf-8")


def _to_media_type(name: str) -> str:
    if name in FILES:
        return FILES[name].media_type
    return CATALOGUES[name][1] if name in CATALOGUES else "application/json"


def find_address(request: Request) -> str:
    """Return where the files lie for the outside world, with `/` at the end; below this host if its name is none."""
    host = request.headers.get("host", "")
    here = f"{request.url.scheme}://{host}" if HOST.fullmatch(host) else ""
    return f"{current_settings().public_address or here + base_path()}/{MOUNT}/"


def _find_language(request: Request) -> Language:
    """Take the language that is asked for, or the one that the reader's program prefers most, or German."""
    languages = available_languages()
    wanted = [request.query_params.get("lang", ""), *_to_preferred(request.headers.get("accept-language", "")[:200])]
    codes = [code for one in wanted for code in (one.replace("-", "_"), one.replace("_", "-").partition("-")[0])]
    return languages[next((code for code in codes if code in languages), next(iter(languages)))]


def _to_preferred(header: str) -> list[str]:
    # `de-CH, en;q=0.7`, RFC 9110, 12.5.4
    found = re.findall(r"([\w-]+)\s*(?:;\s*q=([0-9.]{1,5}))?", header)
    return [code for code, _ in sorted(found, key=lambda each: -_to_weight(each[1]))]


def _to_weight(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


def _send(request: Request, kept: Kept) -> Response:
    name = request.path_params["name"]
    media_type = _to_media_type(name)
    headers = {
        **_FOR_ALL,
        "ETag": kept.tag,
        "Cache-Control": f"public, max-age={KEPT_SECONDS}",
        "Vary": "Accept-Encoding, Accept-Language",
    }
    if _is_known(request.headers.get("if-none-match", ""), kept.tag):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'inline; filename="{name}"'
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
