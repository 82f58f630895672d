"""A view of the atlas as one HTML file that needs nothing else: no server, no network.

It holds what a browser is given on a page: Leaflet, our own modules and styles, the base map, the document of one
language, and the message that says what of it to show (see layers.py). static/scripts/takeaway.js stands in for the
app.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import quote

import numpy as np
from markupsafe import Markup

from geo.dataset import Dataset
from geo.filter_words import IN_ORDER, to_filter_titles, to_option_names
from geo.filters import Index, Selection, to_mask, to_reset
from geo.language import Language, to_search_forms
from geo.layers import ShownLinks, ShownMeetings, ShownSites
from geo.map_words import ATTRIBUTION
from geo.maps import BASE_MAP, LEAFLET_CSS, LEAFLET_JS, MAP_STYLE, PLACES, to_leaflet_options, to_start_options
from geo.report import open_templates
from geo.sentences import (
    LayerName,
    describe_selection,
    say_countries,
    say_ends,
    say_filter,
    say_none,
    say_online,
    say_places,
    say_shown,
    say_until,
    say_visited,
)

Taken = ShownLinks | ShownMeetings | ShownSites
ReadAsset = Callable[[str], str]

# Our modules by the name under which they import each other. A module in a `data:` address has no neighbours, so the
# file's import map names each of them.
MODULES = (
    "load",
    "make",
    "map",
    "map-bundles",
    "map-card",
    "map-changes",
    "map-flight",
    "map-keys",
    "map-meetings",
    "map-network",
    "map-places",
    "map-shapes",
    "map-tiles",
    "map-years",
    "record-table",
    "takeaway",
    "takeaway-cards",
    "takeaway-filters",
    "takeaway-words",
    "talk",
    "timeline",
)
STYLES = (LEAFLET_CSS, MAP_STYLE, "styles/cards.css", "styles/takeaway.css")
# Parts that are drawn in a shadow root, each with a style of its own.
PART_STYLES = {
    "table": "styles/record-table.css",
    "timeline": "styles/timeline.css",
    "talk": "styles/talk.css",
}
# Libraries with their licences; D3 draws the timeline.
LEAFLET = (LEAFLET_JS, "vendor/leaflet/LICENSE")
D3 = ("vendor/d3/d3.min.js", "vendor/d3/LICENSE")
# Held by the browser: the file asks nobody for anything, whatever is in it.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'unsafe-inline' data:",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
)
# Filters that the file has no control for: they stay as they are until the reader takes them away.
_FIXED = (("q",), ("year_from", "year_to"))
_MAKES_DATA_ADDRESS_SAFE = "!$&'()*+,/:;=?@[]{} <>|^`~"


@dataclass(frozen=True)
class TakenTalk:
    """The talk in a file: its document and those that its scenes are drawn from, as JSON by name.

    `link` and `code`: where the audience finds the talk, as an address and as the address of a picture.
    """

    documents: Mapping[str, str]
    link: str
    code: str


@dataclass(frozen=True)
class Takeaway:
    """What a file begins with, and what it can be asked for.

    `title`, `sentence`: as on the page. `shown`: what the map shows; `selection`: the filters that chose it.
    `document`: what the map reads, and `places`: names of towns near by as in places.json, both as JSON. `cards`: HTML
    by the id of what it tells of, every text in it escaped; `programmes` the same for the programmes of meetings.
    `phases`: number, years and focus of each phase. `table_words`: texts of the table. `talk`: what the file opens
    with, if it came from the talk.
    """

    title: str
    sentence: str
    shown: Taken
    selection: Selection
    document: str
    places: str
    cards: Mapping[str, str]
    programmes: Mapping[str, str]
    phases: list[dict[str, Any]]
    table_words: Mapping[str, str]
    talk: TakenTalk | None = None


def to_file_name(what: LayerName | Literal["talk"], dataset: Dataset, *, language: Language) -> str:
    """Name the file after what it shows and the day on which the tables were saved."""
    _ = language.gettext
    match what:
        case "talk":
            name = _("vortrag-{date}.html")
        case "network":
            name = _("klimapartnerschaften-{date}.html")
        case "meetings":
            name = _("treffen-{date}.html")
        case "sites":
            name = _("exkursionsorte-{date}.html")
    return name.format(date=dataset.saved.date().isoformat())


def to_html_bytes(
    taken: Takeaway, dataset: Dataset, *, index: Index, read_asset: ReadAsset, language: Language
) -> bytes:
    """Write the file. `index` is that of the rows shown, `read_asset` returns the text of a file in static/.

    The same view of the same tables is always the same file.
    """
    html = (
        open_templates()
        .get_template("takeaway.html")
        .render(
            _=language.gettext,
            language=language,
            taken=taken,
            layer=taken.shown.layer,
            policy=POLICY,
            attribution=ATTRIBUTION,
            saved=language.describe_dates(dataset.saved.date().isoformat()),
            list_title=_to_list_title(taken.shown.layer, language=language),
            **_to_fixed_parts(read_asset, with_timeline=taken.shown.layer == "meetings"),
            view=Markup(to_script_json(to_view(taken, dataset, index=index, language=language))),
            documents=[
                (name, Markup(_to_script_text(text)))
                for name, text in {
                    taken.shown.document: taken.document,
                    PLACES: taken.places,
                    **(taken.talk.documents if taken.talk else {}),
                }.items()
            ],
            cards=[(f"card-{name}", Markup(html)) for name, html in taken.cards.items()]
            + [(f"programme-{name}", Markup(html)) for name, html in taken.programmes.items()],
        )
    )
    return html.encode()


@lru_cache(maxsize=4)
def _to_fixed_parts(read_asset: ReadAsset, *, with_timeline: bool) -> dict[str, Any]:
    """Return what is the same in every file, ready for the template."""
    libraries = (LEAFLET, D3) if with_timeline else (LEAFLET,)
    return {
        "libraries": [
            (Markup(read_asset(licence)), Markup(_to_script(read_asset(name)))) for name, licence in libraries
        ],
        "import_map": Markup(to_script_json(_to_import_map(read_asset))),
        "styles": Markup("\n".join(_to_style(read_asset(name)) for name in STYLES)),
        "part_styles": [(name, Markup(_to_style(read_asset(file)))) for name, file in PART_STYLES.items()],
        "base_map": (BASE_MAP, Markup(_to_script_text(read_asset(BASE_MAP)))),
    }


def to_view(taken: Takeaway, dataset: Dataset, *, index: Index, language: Language) -> dict[str, Any]:
    """Return all that takeaway.js needs beside the document, ready to be written as JSON.

    `shown`: the message to begin with. `facets`: see `to_facets`. `restrictions`: filters without a control, each with
    its words and the positions of the rows that it keeps. `until`: the last year, where the map has a control for it.
    `order`: names of filters in the order of the sentence. `says`: the messages of the sentence. `talk`: where the
    audience finds the talk, None in a file without it.
    """
    shown, selection = taken.shown, taken.selection
    until = shown.until if isinstance(shown, ShownLinks) and shown.years else None
    fixed = _FIXED if until or not selection.until else (*_FIXED, ("until",))
    restrictions = []
    for names in fixed:
        only = to_reset(selection, [name for name in index.names if name not in names])
        words = describe_selection(only, dataset, index=index, language=language)
        if words:
            rows = np.flatnonzero(to_mask(index, only)).tolist()
            name = next(name for name in names if name in index.names and getattr(selection, name))
            restrictions.append({"name": name, "words": ", ".join(words), "rows": rows})
    return {
        "title": taken.title,
        "sentence": taken.sentence,
        "shown": {
            "layer": shown.layer,
            **vars(replace(shown, selectable=True)),
            "document": shown.document,
        },
        "locale": language.tag,
        "options": to_leaflet_options(),
        "start": to_start_options(base_map=BASE_MAP, places=PLACES, tiles=None),
        "facets": to_facets(index, selection, dataset, language=language),
        "restrictions": restrictions,
        "until": until,
        "order": list(index.names),
        "phases": taken.phases,
        "says": _to_messages(shown.layer, total=len(index.begin), language=language),
        "words": _to_words(shown.layer, language=language),
        "table": dict(taken.table_words),
        "talk": {"link": taken.talk.link, "code": taken.talk.code} if taken.talk else None,
    }


def to_facets(index: Index, selection: Selection, dataset: Dataset, *, language: Language) -> list[dict[str, Any]]:
    """Return the filters that have a list of options, as a browser needs them to filter and count by itself.

    `options`: the names in the order in which they are offered; `rows`: the numbers of the options that each row has;
    `unoffered` and `chosen`: numbers of options. `says`: the words of the sentence in every plural form.
    """
    titles = to_filter_titles(language)
    names = to_option_names(index, selection, dataset, language=language)
    facets = []
    for name in index.names:
        if name not in index.facets:
            continue
        facet = index.facets[name]
        chosen = getattr(selection, name)
        # What was chosen on another page may be no option here; it is had by no row.
        codes = [*facet.options, *(code for code in chosen if code not in facet.options)]
        labels = {code: names[name][str(code)] if name in names else str(code) for code in codes}
        if name not in IN_ORDER:
            codes.sort(key=lambda code: to_search_forms(labels[code]))
        number = {code: place for place, code in enumerate(codes)}
        facets.append(
            {
                "name": name,
                "title": titles[name],
                "options": [labels[code] for code in codes],
                "rows": [sorted(number[facet.options[column]] for column in columns) for columns in facet.split()],
                "unoffered": sorted(number[code] for code in facet.unoffered),
                "chosen": [number[code] for code in chosen],
                "says": _to_filter_forms(name, language),
            }
        )
    return facets


def _to_filter_forms(name: str, language: Language) -> dict[str, str]:
    return language.plural_forms(lambda count: say_filter(name, count, language=language))


def _to_messages(layer: LayerName, *, total: int, language: Language) -> dict[str, Any]:
    def forms(say: Callable[..., str]) -> dict[str, str]:
        return language.plural_forms(lambda count: say(count, language=language))

    own: dict[LayerName, dict[str, Any]] = {
        "network": {"ends": forms(say_ends), "countries": forms(say_countries), "until": say_until(language=language)},
        "meetings": {"places": forms(say_places), "countries": forms(say_countries), "online": forms(say_online)},
        "sites": {"visited": forms(say_visited)},
    }
    return {
        "shown": say_shown(layer, total, language=language),
        "none": say_none(layer, language=language),
        **own[layer],
    }


def _to_list_title(layer: LayerName, *, language: Language) -> str:
    _ = language.gettext
    match layer:
        case "network":
            return _("Die gezeigten Partnerschaften als Tabelle")
        case "meetings":
            return _("Die gezeigten Treffen als Tabelle")
        case "sites":
            return _("Die gezeigten Exkursionsorte")


def _to_words(layer: LayerName, *, language: Language) -> dict[str, Any]:
    _ = language.gettext
    own: dict[LayerName, dict[str, Any]] = {
        "network": {
            "heading": _("Klimapartnerschaften auf der Weltkarte"),
            "clear": _("Auswahl aufheben"),
            "hidden": _("Was Sie ausgewählt haben, ist bei diesen Filtern nicht zu sehen."),
            "hint": _("Klicken Sie auf einen Bogen oder eine Kommune, um mehr zu erfahren."),
            "overview": _("Die Projektphasen"),
            "choice": _("{name} ({country}), Phase {phase}"),
            "count": language.plural_forms(
                lambda count: language.ngettext("{count} Partnerschaft", "{count} Partnerschaften", count)
            ),
        },
        "meetings": {
            "heading": _("Treffen des Netzwerks"),
            "clear": _("Alle Treffen"),
            "hidden": _("Das gewählte Treffen gehört nicht zu denen, die diese Filter zeigen."),
            "hint": _("Wählen Sie ein Treffen: auf der Zeitachse, auf der Karte oder in der Tabelle."),
            "overview": _("Die gezeigten Treffen nach Art"),
        },
        "sites": {
            "heading": _("Exkursionsorte"),
            "clear": _("Alle Exkursionsorte"),
            "hidden": _("Der gewählte Ort gehört nicht zu denen, die diese Filter zeigen."),
            "show": _("Auf der Karte zeigen"),
            "list": _("Die gezeigten Exkursionsorte"),
            "others": _("Weitere Exkursionsorte"),
        },
    }
    return {
        "reset": _("Alle zeigen"),
        "label": language.label("{title}", "{text}"),
        "lift": _("Diese Einschränkung aufheben"),
        "failure": _("Die Karte konnte nicht gezeichnet werden."),
        **own[layer],
    }


def to_script_json(value: Any) -> str:
    """Write a value as JSON that can stand inside a script element."""
    return _to_script_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _to_script_text(text: str) -> str:
    # Nothing else ends a script element or begins a comment in it; in JSON a `<` stands in texts only.
    return text.replace("<", "\\u003c")


def _to_script(source: str) -> str:
    # Developer tools would ask for the map of the source.
    return re.sub(r"\n//# sourceMappingURL=.*", "", source)


def _to_style(source: str) -> str:
    # Leaflet's pictures belong to controls that the map does not have.
    return re.sub(r"url\((?!data:)[^)]*\)", "none", source)


def _to_import_map(read_asset: ReadAsset) -> dict[str, dict[str, str]]:
    return {"imports": {f"atlas/{name}": _to_data_address(read_asset(f"scripts/{name}.js")) for name in MODULES}}


def _to_data_address(source: str) -> str:
    bare = re.sub(r'from "\./([\w-]+)\.js"', r'from "atlas/\1"', source)
    return f"data:text/javascript;charset=utf-8,{quote(bare, safe=_MAKES_DATA_ADDRESS_SAFE)}"
