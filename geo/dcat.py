"""The atlas as an entry of open-data catalogues: DCAT-AP.de 2.0, https://www.dcat-ap.de/def/dcatde/2.0/spec/.

Left out is the number of the body that delivers to GovData (dcatde:contributorID): GovData gives it to the operator.
"""

from rdflib import DCAT, DCTERMS, FOAF, RDF, XSD, BNode, Graph, Literal, Namespace, URIRef

from geo.dataset import Dataset
from geo.language import PROJECT_LANGUAGES, Language
from geo.open_data import CSV, FILES, GEOJSON, GEOPACKAGE, HOLDS, TITLE, OpenFile

DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
_EU = "http://publications.europa.eu/resource/authority"
LICENCE = URIRef("http://dcat-ap.de/def/licenses/cc-by/4.0")
CREDIT = "Atlas der Klimapartnerschaften (CC BY 4.0); Koordinaten: GeoNames (CC BY 4.0)"
# Environment; international issues; regions and cities.
_THEMES = ("ENVI", "INTR", "REGI")
# The European list of file types has no calendars.
_FILE_TYPES = {CSV: "CSV", GEOJSON: "GEOJSON", GEOPACKAGE: "GPKG"}
_LANGUAGES = dict(zip(PROJECT_LANGUAGES, ("DEU", "ENG", "SPA", "FRA", "POR"), strict=True))
FORMATS = {"ttl": ("turtle", "text/turtle"), "jsonld": ("json-ld", "application/ld+json")}


def build_catalogue(dataset: Dataset, *, address: str, publisher: str, languages: dict[str, Language]) -> Graph:
    """Describe the files as a catalogue with one data set, in every language.

    `address` is where the files lie, with `/` at its end; `publisher` the name of the body that runs the atlas, empty
    where nobody is named.
    """
    graph = Graph()
    graph.bind("dcatde", DCATDE)
    catalogue, entry = URIRef(f"{address}#catalogue"), URIRef(f"{address}#dataset")
    graph.add((catalogue, RDF.type, DCAT.Catalog))
    graph.add((catalogue, DCAT.dataset, entry))
    graph.add((entry, RDF.type, DCAT.Dataset))
    for language in languages.values():
        for thing in (catalogue, entry):
            _say(graph, thing, DCTERMS.title, TITLE, language)
            _say(graph, thing, DCTERMS.description, HOLDS, language)
    for thing in (catalogue, entry):
        graph.add(
            (thing, DCTERMS.modified, Literal(dataset.saved.isoformat(timespec="seconds"), datatype=XSD.dateTime))
        )
        _name_publisher(graph, thing, publisher)
    for code in languages:
        if code in _LANGUAGES:
            graph.add((entry, DCTERMS.language, URIRef(f"{_EU}/language/{_LANGUAGES[code]}")))
    for theme in _THEMES:
        graph.add((entry, DCAT.theme, URIRef(f"{_EU}/data-theme/{theme}")))
    for keyword in ("Klimapartnerschaften", "Kommunen", "Globaler Süden", "Klimaschutz"):
        graph.add((entry, DCAT.keyword, Literal(keyword, lang="de")))
    graph.add((entry, DCTERMS.accessRights, URIRef(f"{_EU}/access-right/PUBLIC")))
    level = URIRef("http://dcat-ap.de/def/politicalGeocoding/Level/international")
    graph.add((entry, DCATDE.politicalGeocodingLevelURI, level))
    graph.add((entry, DCAT.landingPage, URIRef(address)))
    for file in FILES.values():
        graph.add((entry, DCAT.distribution, _describe_file(graph, file, dataset, address, languages)))
    return graph


def _describe_file(
    graph: Graph, file: OpenFile, dataset: Dataset, address: str, languages: dict[str, Language]
) -> URIRef:
    place = URIRef(f"{address}{file.name}")
    thing = URIRef(f"{address}#{file.name}")
    graph.add((thing, RDF.type, DCAT.Distribution))
    graph.add((thing, DCAT.accessURL, place))
    graph.add((thing, DCAT.downloadURL, place))
    graph.add((thing, DCTERMS.license, LICENCE))
    graph.add((thing, DCATDE.licenseAttributionByText, Literal(CREDIT, lang="de")))
    graph.add((thing, DCAT.mediaType, URIRef(f"https://www.iana.org/assignments/media-types/{file.media_type}")))
    graph.add((thing, DCTERMS.modified, Literal(dataset.saved.isoformat(timespec="seconds"), datatype=XSD.dateTime)))
    if file.media_type in _FILE_TYPES:
        graph.add((thing, DCTERMS["format"], URIRef(f"{_EU}/file-type/{_FILE_TYPES[file.media_type]}")))
    for language in languages.values():
        graph.add((thing, DCTERMS.title, Literal(file.name, lang=language.code)))
        _say(graph, thing, DCTERMS.description, file.holds, language)
    return thing


def _say(graph: Graph, thing: URIRef, what: URIRef, text: str, language: Language) -> None:
    graph.add((thing, what, Literal(language.gettext(text), lang=language.code)))


def _name_publisher(graph: Graph, thing: URIRef, publisher: str) -> None:
    if publisher:
        agent = BNode("publisher")
        graph.add((agent, RDF.type, FOAF.Agent))
        graph.add((agent, FOAF.name, Literal(publisher, lang="de")))
        graph.add((thing, DCTERMS.publisher, agent))
