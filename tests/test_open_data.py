"""Open data, read by other programs than those that wrote it, from a real server."""

import csv
import gzip
import io
import json
import os
import re
import subprocess
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from http.client import HTTPConnection
from itertools import pairwise
from urllib.parse import quote, urlencode, urlsplit

import pytest
import shapely
from frictionless import Package
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from rdflib import DCAT, DCTERMS, RDF, Graph, Literal, URIRef
from starlette.datastructures import QueryParams

from geo.calendars import UID_DOMAIN
from geo.datapackage import build_datapackage
from geo.filters import Selection, to_mask
from geo.indexes import build_indexes
from geo.open_data import FILES, build_layers, to_geopackage_bytes
from server.open_data import (
    CATALOGUES,
    DATAPACKAGE,
    ENTRY_BYTES,
    LONGEST_QUERY,
    PAGE,
    BadQueryError,
    Shelf,
    read_selection,
)
from tests.serving import ROOT, start_server
from ui.navigation import FOOTER_PAGES


@pytest.fixture(scope="module")
def url():
    """Below a base path, as behind a proxy; a setting names who publishes."""
    environment = {"ATLAS_PUBLISHER": "Beispielstadt"}
    with start_server(options=("--server.baseUrlPath", "atlas"), environment=environment) as server:
        yield f"{server.url}/open-data/"


def ask(url, *, method="GET", **headers):
    """Return status, headers and content of an answer, whatever its status. Headers are named with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, method=method, headers=named)
    try:
        answer = urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers, answer.read()


def load(url):
    status, _, content = ask(url)
    assert status == 200, content.decode()
    return json.loads(content)


def run(*command):
    """Run a program and return what it prints; warnings are errors."""
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=os.environ)
    assert not re.search("warning|error", ended.stderr, re.IGNORECASE), ended.stderr
    return ended.stdout


# --- formats, each with a foreign reader


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".csv")])
def test_every_table_is_there_as_it_is_kept(url, name):
    status, headers, content = ask(url + name)
    assert status == 200
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    kept = (ROOT / "data" / name).read_text(encoding="utf-8")
    assert list(csv.reader(io.StringIO(content.decode()))) == list(csv.reader(io.StringIO(kept)))


@pytest.mark.parametrize(
    ("name", "count", "kind"),
    [("partnerships", 80, "Line String"), ("municipalities", 152, "Point"), ("sites", 8, "Point")],
)
def test_gdal_reads_the_geojson(url, tmp_path, name, count, kind):
    path = tmp_path / f"{name}.geojson"
    path.write_bytes(ask(f"{url}{name}.geojson")[2])
    told = run("ogrinfo", "-so", "-al", str(path))
    assert f"Feature Count: {count}" in told
    assert f"Geometry: {kind}" in told
    assert 'ID["EPSG",4326]' in told


def test_a_link_is_the_arc_between_both_ends_longitude_first(url):
    (feature,) = load(url + "partnerships.geojson?phase=9&country=MX")["features"]
    assert feature["id"] == "wolfsburg--puebla-9"
    facts = feature["properties"]
    assert (facts["phase"], facts["since"], facts["twinned_since"]) == (9, 2022, 2011)
    assert facts["themes"] == ["forests", "adaptation", "urban"]
    assert (facts["north_name"], facts["south_name"], facts["south_country"]) == ("Wolfsburg", "Puebla", "MX")
    # Wolfsburg lies at 52.42° N, 10.78° E, Puebla at 19.05° N, 98.21° W; between them are some 9,570 km.
    points = feature["geometry"]["coordinates"]
    assert points[0] == pytest.approx([10.78, 52.42], abs=0.02)
    assert points[-1] == pytest.approx([-98.21, 19.05], abs=0.02)
    assert facts["distance_km"] == pytest.approx(9_570, abs=30)
    # The shortest way leads over the north, and no segment jumps.
    assert max(latitude for _, latitude in points) > 56
    assert max(abs(one[0] - other[0]) for one, other in pairwise(points)) < 6


def test_geojson_is_as_rfc_7946_wants_it(url):
    for name in ("partnerships", "municipalities", "sites"):
        collection = load(f"{url}{name}.geojson")
        assert set(collection) <= {"type", "features", "bbox"}  # no crs
        for feature in collection["features"]:
            shape = shapely.geometry.shape(feature["geometry"])
            west, south, east, north = shape.bounds
            assert -180 <= west <= east <= 180
            assert -90 <= south <= north <= 90
            assert set(feature) == {"type", "id", "properties", "geometry"}
    missing = [
        one for one in load(url + "partnerships.geojson")["features"] if one["properties"]["twinned_since"] is None
    ]
    assert missing


def test_gdal_reads_every_layer_of_the_geopackage(url, tmp_path):
    path = tmp_path / "atlas.gpkg"
    path.write_bytes(ask(url + "atlas.gpkg")[2])
    told = run("ogrinfo", "-so", "-al", str(path))
    found = dict(re.findall(r"Layer name: (\w+)\n(?:.*\n)*?Feature Count: (\d+)", told))
    wanted = {name.removesuffix(".csv") for name in FILES if name.endswith(".csv")}
    assert set(found) == wanted
    for name in wanted:
        assert (
            int(found[name]) == sum(1 for _ in csv.reader((ROOT / "data" / f"{name}.csv").open(encoding="utf-8"))) - 1
        )
    assert re.search(r"Layer name: partnerships\nGeometry: Multi Line String", told)
    assert re.search(r"Layer name: themes\nGeometry: None", told)
    puebla = run("ogrinfo", "-q", str(path), "municipalities", "-where", "id='mx-puebla'")
    assert "POINT (-98." in puebla
    assert "country (String) = MX" in puebla


def test_the_geopackage_is_the_same_file_each_time(dataset):
    layers = build_layers(dataset, {})
    assert to_geopackage_bytes(layers, dataset) == to_geopackage_bytes(layers, dataset)


def test_calendars_are_read_in_the_language_asked_for(url):
    calendar = Calendar.from_ical(ask(url + "meetings.ics?phase=9&kind=southern_network_meeting&lang=en")[2])
    (event,) = calendar.walk("VEVENT")
    assert event["uid"] == f"2023-09-puebla@{UID_DOMAIN}"
    assert event.decoded("dtstart").isoformat() == "2023-09-27"


@pytest.mark.parametrize(
    ("preferred", "title"),
    [
        ("xx, de-AT;q=0.9", "Treffen der Kommunalen Klimapartnerschaften"),
        ("de-CH, en;q=0.7", "Treffen der Kommunalen Klimapartnerschaften"),
        ("de;q=0.3, pt-BR;q=0.8", "Encontros das Parcerias Climáticas Municipais"),
        ("fr;q=0, en", "Meetings of the Municipal Climate Partnerships"),
        ("", "Treffen der Kommunalen Klimapartnerschaften"),
    ],
)
def test_a_program_is_answered_in_the_language_that_it_prefers(url, preferred, title):
    assert title in ask(url + "meetings.ics", Accept_Language=preferred)[2].decode().replace("\r\n ", "")


def test_frictionless_finds_the_tables_as_they_are_described(url, tmp_path):
    report = Package(url + "datapackage.json").validate()
    assert report.valid, report.flatten(["title", "message"])
    assert len(report.tasks) == 9
    package = load(url + "datapackage.json")
    partnerships = next(one for one in package["resources"] if one["name"] == "partnerships")
    assert {"fields": "north", "reference": {"resource": "municipalities", "fields": "id"}} in partnerships["schema"][
        "foreignKeys"
    ]
    # It could fail: a table with a pointer to nowhere is found.
    for resource in package["resources"]:
        (tmp_path / resource["path"]).write_bytes(ask(url + resource["path"])[2])
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    table = tmp_path / "partnerships.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("mx-puebla", "mx-pueblo"), encoding="utf-8")
    broken = Package(str(tmp_path / "datapackage.json")).validate()
    assert {error.type for task in broken.tasks for error in task.errors} == {"foreign-key"}


@pytest.mark.parametrize(("name", "form"), [("catalogue.ttl", "turtle"), ("catalogue.jsonld", "json-ld")])
def test_catalogues_find_what_dcat_ap_de_demands(url, name, form):
    graph = Graph().parse(data=ask(url + name)[2], format=form)
    (entry,) = graph.subjects(RDF.type, DCAT.Dataset)
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    assert (catalogue, DCAT.dataset, entry) in graph
    for thing in (catalogue, entry):
        assert {text.language for text in graph.objects(thing, DCTERMS.title)} == {"de", "en", "es", "fr", "pt"}
        assert any(graph.objects(thing, DCTERMS.description))
        (publisher,) = graph.objects(thing, DCTERMS.publisher)
        assert Literal("Beispielstadt", lang="de") in set(graph.objects(publisher))
    distributions = list(graph.objects(entry, DCAT.distribution))
    assert len(distributions) == len(FILES)
    for distribution in distributions:
        (place,) = graph.objects(distribution, DCAT.downloadURL)
        assert graph.value(distribution, DCTERMS.license) == URIRef("http://dcat-ap.de/def/licenses/cc-by/4.0")
        status, headers, _ = ask(str(place))
        assert status == 200
        kind = str(graph.value(distribution, DCAT.mediaType)).removeprefix(
            "https://www.iana.org/assignments/media-types/"
        )
        assert headers["Content-Type"].partition(";")[0] == kind
    assert datetime.fromisoformat(str(graph.value(entry, DCTERMS.modified)))


def test_the_limits_of_numbers_are_told(dataset, german):
    package = build_datapackage(dataset, address="https://atlas.example.org/", language=german)
    (places,) = [one for one in package["resources"] if one["name"] == "municipalities"]
    limits = {field["name"]: field["constraints"] for field in places["schema"]["fields"]}
    assert (limits["latitude"]["minimum"], limits["latitude"]["maximum"]) == (-90, 90)
    assert "minimum" not in limits["name"]


@pytest.mark.parametrize("host", ["a b", 'x"><script>', "x/y", "[::1", ""])
@pytest.mark.parametrize("name", ["catalogue.ttl", "catalogue.jsonld", "datapackage.json"])
def test_a_host_that_is_no_name_is_named_nowhere(url, name, host):
    status, _, content = ask(url + name, Host=host)
    assert status in (200, 400)
    if status == 200:
        assert not host or host.encode() not in content
        assert b"/atlas/open-data/" in content


# --- filters


@pytest.mark.parametrize(
    "query",
    [
        {"phase": ["9"]},
        {"phase": ["1", "9"], "country": ["MX", "TZ"]},
        {"theme": ["water"], "state": ["NW"]},
        {"q": ["köln"]},
        {"until": ["2013"]},
        {"country": ["NA"]},
    ],
)
def test_filters_leave_what_they_leave_on_the_map(url, dataset, query):
    numbers = {name: tuple(map(int, values)) for name, values in query.items() if name == "phase"}
    rest = {name: tuple(values) for name, values in query.items() if name in ("country", "theme", "state")}
    single = {"q": query.get("q", [""])[0], "until": int(query["until"][0]) if "until" in query else None}
    index = build_indexes(dataset).links
    wanted = set(dataset.links.index[to_mask(index, Selection(**numbers, **rest, **single))])
    assert 0 < len(wanted) < 80
    asked = urlencode(query, doseq=True)
    features = load(f"{url}partnerships.geojson?{asked}")["features"]
    assert {feature["id"] for feature in features} == wanted
    rows = csv.DictReader(io.StringIO(ask(f"{url}partnerships.csv?{asked}")[2].decode()))
    assert {row["id"] for row in rows} == wanted
    towns = {feature["id"] for feature in load(f"{url}municipalities.geojson?{asked}")["features"]}
    ends = dataset.links.loc[sorted(wanted), ["north", "south"]].to_numpy().ravel()
    assert towns == set(ends)


def test_delegations_and_programme_follow_their_meetings(url):
    for name in ("delegations", "agenda"):
        rows = list(csv.DictReader(io.StringIO(ask(f"{url}{name}.csv?year_from=2023&country=TN")[2].decode())))
        assert "2023-09-puebla" in {row["meeting"] for row in rows}
        assert all(row["meeting"] >= "2023" for row in rows)
    rows = list(csv.DictReader(io.StringIO(ask(f"{url}sites.csv?meeting=2023-09-puebla")[2].decode())))
    assert len(rows) == 3


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("partnerships.csv?phase=99", "„99“ gibt es bei „phase“ nicht. Möglich sind: 1, 2, 3, 4, 5, 6, 7, 8, 9."),
        ("partnerships.csv?phase=09", "„09“ gibt es bei „phase“ nicht."),
        ("partnerships.csv?country=mx", "„mx“ gibt es bei „country“ nicht."),
        ("partnerships.csv?kind=anniversary", "„kind“ ist hier kein Filter. Möglich sind: phase, country, theme"),
        ("themes.csv?phase=9", "„phase“ ist hier kein Filter: Diese Datei gibt es nur ganz."),
        ("datapackage.json?phase=9", "„phase“ ist hier kein Filter"),
        ("partnerships.csv?until=20x3", "„20x3“ bei „until“ ist keine Jahreszahl."),
        ("partnerships.csv?until=0000", "„0000“ bei „until“ ist keine Jahreszahl."),
        ("partnerships.csv?q=a&q=b", "„q“ kann nur einmal genannt werden."),
        ("partnerships.csv?phase=99&lang=en", "“99” does not exist for “phase”."),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(url, asked, said):
    status, headers, content = ask(url + asked)
    assert status == 400
    assert said in content.decode()
    assert headers["Cache-Control"] == "no-store"


# --- HTTP


def test_what_is_known_is_not_sent_again_and_all_else_compressed(url):
    status, headers, content = ask(url + "partnerships.geojson", Accept_Encoding="gzip")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    tag = headers["ETag"]
    status, plain, text = ask(url + "partnerships.geojson")
    assert plain["Content-Encoding"] is None
    assert gzip.decompress(content) == text
    assert plain["ETag"] == tag
    assert "Accept-Encoding" in plain["Vary"]
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        status, again, nothing = ask(url + "partnerships.geojson", If_None_Match=known)
        assert (status, again["ETag"], nothing) == (304, tag, b"")
    assert ask(url + "partnerships.geojson", If_None_Match='W/"other"')[0] == 200
    assert ask(url + "partnerships.geojson?phase=9")[1]["ETag"] != tag
    status, headers, nothing = ask(url + "partnerships.geojson", method="HEAD")
    assert (status, headers["ETag"], nothing) == (200, tag, b"")


def test_any_website_may_read_but_nobody_write(url):
    _, headers, _ = ask(url + "sites.geojson", Origin="https://www.example.org")
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in headers["Access-Control-Expose-Headers"]
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    asking = {"Access_Control_Request_Method": "GET", "Access_Control_Request_Headers": "if-none-match"}
    status, headers, _ = ask(url + "sites.geojson", method="OPTIONS", Origin="https://www.example.org", **asking)
    assert status == 200
    assert "GET" in headers["Access-Control-Allow-Methods"]
    assert ask(url + "sites.geojson", method="POST")[0] == 405


def test_the_folder_leads_to_the_page_about_it(url):
    class Staying(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.build_opener(Staying).open(url)
    assert (answer.value.code, answer.value.headers["Location"]) == (303, f"/atlas/{PAGE}")
    assert PAGE in {entry.path for entry in FOOTER_PAGES}


def test_too_much_is_refused(url):
    assert ask(f"{url}partnerships.csv?q={'x' * LONGEST_QUERY}")[0] == 414


@given(path=st.text(max_size=40), query=st.text(max_size=60), tag=st.text('abc"W/*, ', max_size=20))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_is_answered_without_a_failure_and_never_with_another_file(url, path, query, tag):
    address = f"{url}{quote(path, safe='/.%')}?{quote(query, safe='=&%')}"
    status, headers, content = ask(address, If_None_Match=tag)
    assert status in (200, 304, 400, 404, 414)
    assert b"Traceback" not in content
    if status == 200 and not headers["Content-Type"].startswith("text/html"):  # a page of the atlas
        assert headers["Content-Disposition"].split('"')[1] in {*FILES, DATAPACKAGE, *CATALOGUES}


@pytest.mark.parametrize(
    "path",
    [
        "../data/partnerships.csv",
        "..%2f..%2frequirements.txt",
        "%2e%2e/%2e%2e/.streamlit/secrets.toml",
        "..\\..\\requirements.txt",
        "....//....//requirements.txt",
        "/etc/passwd",
        "%00partnerships.csv",
        "partnerships.csv%00.geojson",
    ],
)
@pytest.mark.parametrize("folder", ["open-data", "assets", "documents", "static", "component/x", "media"])
def test_no_path_leads_to_a_file_that_is_not_offered(url, folder, path):
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=30)
    connection.putrequest("GET", f"/atlas/{folder}/{path}", skip_accept_encoding=True)
    connection.endheaders()
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status < 500
    for secret in (b"streamlit==", b"root:", b"cookie_secret", b"bonn--cape-coast-1"):
        assert secret not in content
    connection.close()


# --- the shelf


def test_a_file_is_made_once_and_the_oldest_goes_when_there_is_no_room(dataset):
    made = []

    def key(name):
        return name, "", ""

    def build(name):
        def make():
            made.append(name)
            return os.urandom(400)

        return make

    shelf = Shelf(most_bytes=2 * (800 + 60 + ENTRY_BYTES))
    first = shelf.make(dataset, key("a"), build("a"))
    assert shelf.make(dataset, key("a"), build("a")) is first
    shelf.make(dataset, key("b"), build("b"))
    shelf.make(dataset, key("a"), build("a"))
    shelf.make(dataset, key("c"), build("c"))
    assert made == ["a", "b", "c"]
    assert shelf.find(dataset, key("b")) is None
    assert shelf.find(dataset, key("a")) is first
    # Other tables: nothing of those before is left. What a backup brings back has been saved earlier.
    for days in (1, -1):
        other = replace(dataset, saved=dataset.saved + timedelta(days=days))
        kept = shelf.make(other, key("a"), build(f"a of another day {days}"))
        assert shelf.find(dataset, key("a")) is None
        assert shelf.find(other, key("a")) is kept
    assert made[-2:] == ["a of another day 1", "a of another day -1"]


def test_many_who_want_what_is_not_made_yet_are_asked_to_wait_and_visitors_are_served(url):
    with ThreadPoolExecutor(60) as readers:
        answers = [readers.submit(ask, f"{url}atlas.gpkg?q={number}&until=2030") for number in range(60)]
        assert ask(url.replace("open-data/", "readyz"))[0] == 200
        found = [answer.result() for answer in answers]
    assert {status for status, _, _ in found} <= {200, 429}
    assert 200 in {status for status, _, _ in found}
    for status, headers, content in found:
        if status == 429:
            assert headers["Retry-After"] == "5"
            assert "Gerade werden andere Dateien erstellt." in content.decode()
    assert 429 in {status for status, _, _ in found}


def test_an_empty_value_is_no_filter(dataset):
    parameters = QueryParams("phase=&q=&until=&lang=de")
    assert read_selection(parameters, FILES["partnerships.csv"], build_indexes(dataset)) == Selection()
    with pytest.raises(BadQueryError):
        read_selection(QueryParams("x="), FILES["partnerships.csv"], build_indexes(dataset))
