"""The texts on the maps themselves."""

from geo.arcs import MOST_ARCS
from geo.geodata import NORTH, SOUTH
from geo.language import Language

ATTRIBUTION = "Natural Earth / visionscarto · GeoNames (CC BY 4.0)"


def to_words(language: Language) -> dict[str, str]:
    """Return the texts on the map itself."""
    _ = language.gettext
    return {
        "lang": language.tag,
        "network_map": _("Karte der Klimapartnerschaften"),
        "bundles_map": _("Karte der Klimapartnerschaften, gebündelt"),
        "bundling": _("Nach Ländern"),
        "bundling_must": _("Mehr als {most} Partnerschaften werden immer gebündelt.").format(most=MOST_ARCS),
        "bundle_of_one": language.ngettext("{count} Partnerschaft", "{count} Partnerschaften", 1),
        "bundle_of_many": language.ngettext("{count} Partnerschaft", "{count} Partnerschaften", 2),
        "bundle_by_country": _(
            "Partnerschaften nach Land: Breite und Zahl sagen, wie viele; ein Punkt zeigt seine Zahl beim Vergrößern"
        ),
        "bundle_by_state": _("Partnerschaften nach Bundesland: Breite und Zahl sagen, wie viele"),
        "bundle_keys": _(
            "Bündel: Pfeiltasten führen von einem zum nächsten, die Eingabetaste zeigt die Partnerschaften"
        ),
        "meetings_map": _("Karte der Treffen"),
        "changes_map": _("Karte der Änderungen"),
        "sites_map": _("Karte der Exkursionsorte"),
        "world": _("Welt"),
        NORTH: _("Deutschland"),
        SOUTH: _("Globaler Süden"),
        "delegations": _("Delegationen"),
        "town": _("Tagungsort"),
        "all_sites": _("Alle Orte"),
        "site_itself": _("Gewählter Ort"),
        "all_changes": _("Alle Änderungen"),
        "point_before": _("Bisher"),
        "point_after": _("Nach der Änderung"),
        "views": _("Ausschnitt der Karte"),
        "zoom_in": _("Vergrößern"),
        "zoom_out": _("Verkleinern"),
        "arc_keys": _("Partnerschaften: Pfeiltasten führen von einer zur nächsten, die Eingabetaste wählt aus"),
        "municipality_keys": _("Kommunen: Pfeiltasten führen von einer zur nächsten, die Eingabetaste wählt aus"),
        "meeting_keys": _("Treffen und Orte: Pfeiltasten führen von einem zum nächsten, die Eingabetaste wählt aus"),
        "site_keys": _("Exkursionsorte: Pfeiltasten führen von einem zum nächsten, die Eingabetaste wählt aus"),
        "phase": _("Phase"),
        "legend": _("Legende"),
        "north_marker": _("Deutsche Kommune"),
        "south_marker": _("Partnerkommune im Globalen Süden"),
        "uncertain": _("Lage ungenau"),
        "host": _("Tagungsort"),
        "delegation": _("Bogen von den Partnerkommunen der Phase"),
        "country_delegation": _("Bogen von einem Land, ohne Partnerkommune der Phase"),
        "whole_country": _("Nur das Land der Delegation ist bekannt"),
        "site": _("Exkursionsort"),
        "precision": _("So genau ist die Lage bekannt"),
        "rings": _("Entfernung vom Tagungsort"),
        "years": _("Wachstum des Netzwerks"),
        "until": _("Begonnen bis zum Jahr"),
        "all_years": _("Alle Jahre"),
        "new_links": _("{count} neu"),
        "play": _("Wachstum abspielen"),
        "pause": _("Anhalten"),
        "detail_show": _("Detailkarte laden"),
        "detail_hide": _("Detailkarte ausblenden"),
        "detail_question": _(
            "Die Detailkarte „{name}“ kommt von {host}. Dieser Server erfährt dabei Ihre Internetadresse. "
            "Die Wahl gilt nur für diesen Besuch."
        ),
        "detail_agree": _("Einverstanden, laden"),
        "detail_refuse": _("Nein, danke"),
        "detail_failure": _("Die Detailkarte ist nicht erreichbar. Die eingebaute Karte bleibt."),
        "detail_again": _("Noch einmal versuchen"),
        "timeline": _("Phasen und Treffen auf einer Zeitachse"),
        "span": _("Nur Monat oder Jahr bekannt"),
        "attribution": ATTRIBUTION,
    }
