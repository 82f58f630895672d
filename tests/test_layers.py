"""The call that says what of a document the map shows."""

import json
import re

from geo.layers import ShownLinks, ShownMeetings, ShownSites, build_shown_layer

CALL = re.compile(
    r"window\.shown=(\{.*?\});window\.showOnMap\?window\.showOnMap\(window\.shown\):"
    r"import\(new URL\(\"([^\"]+)\",document\.baseURI\)\)\.then\(\(map\)=>map\.show\(window\.shown\),"
    r"\(\)=>\{document\.getElementById\('map_div'\)\.textContent=window\.shown\.failure\}\);"
)
FAILURE = "Die Karte konnte nicht geladen werden. Bitte laden Sie die Seite neu."


def build(shown, language):
    call = build_shown_layer(
        shown, script_url="../../a/map.js", document_url=f"../../{shown.document}.json", language=language
    )
    message, script = CALL.fullmatch(call).groups()
    assert script == "../../a/map.js"
    return call, json.loads(message)


def test_the_layer_of_links_is_small_and_carries_no_geometry(german):
    call, message = build(ShownLinks(list(range(80)), partnership="wolfsburg--puebla-9", years=(2011, 2024)), german)
    assert len(call) < 900
    assert message == {
        "layer": "network",
        "document": "../../network.json",
        "links": list(range(80)),
        "partnership": "wolfsburg--puebla-9",
        "municipality": None,
        "view": None,
        "until": None,
        "years": [2011, 2024],
        "bundling": None,
        "selectable": True,
        "failure": FAILURE,
    }


def test_meetings_and_sites_come_from_one_document(german):
    _, meetings = build(ShownMeetings([3, 4], meeting="2023-09-puebla"), german)
    assert (meetings["layer"], meetings["document"]) == ("meetings", "../../meetings.json")
    assert (meetings["meetings"], meetings["meeting"]) == ([3, 4], "2023-09-puebla")
    _, sites = build(ShownSites([], site=None), german)
    assert (sites["layer"], sites["document"], sites["sites"]) == ("sites", "../../meetings.json", [])
