"""Everything that may be wrong with a table: what is wrong, how to mend it, and whether it stops publishing.

Written for people who keep tables with Excel. Braces are filled by the findings, see geo/report.py.
"""

from collections.abc import Mapping
from types import MappingProxyType

from geo.errors import Problem, mark

# --- the file
NO_FILE = Problem(
    "no_file",
    mark("Die Datei fehlt."),
    mark("Stellen Sie die Tabelle wieder her, zum Beispiel aus einem früheren Stand."),
)
NOT_READABLE = Problem(
    "not_readable",
    mark("Die Datei lässt sich nicht öffnen: {reason}."),
    mark("Schließen Sie die Datei in anderen Programmen und versuchen Sie es noch einmal."),
)
EMPTY_FILE = Problem(
    "empty_file",
    mark("Die Datei ist leer: Es fehlt schon die Zeile mit den Spaltentiteln."),
    mark("Nehmen Sie einen früheren Stand der Tabelle als Vorlage."),
)
NO_FIRST_LINE = Problem(
    "no_first_line",
    mark("Die erste Zeile ist leer. In ihr müssen die Spaltentitel stehen."),
    mark("Löschen Sie die leeren Zeilen über den Spaltentiteln."),
)
TOO_LARGE = Problem(
    "too_large",
    mark("Die Datei ist größer als {megabytes} Megabyte."),
    mark("Löschen Sie, was nicht zur Tabelle gehört, zum Beispiel Bilder und weitere Blätter."),
)
TOO_MANY_ROWS = Problem(
    "too_many_rows",
    mark("Die Tabelle hat mehr als {rows} Zeilen."),
    mark("Löschen Sie leere oder überzählige Zeilen am Ende der Tabelle."),
)
TOO_MANY_COLUMNS = Problem(
    "too_many_columns",
    mark("Die Tabelle hat mehr als {most} Spalten."),
    mark("Löschen Sie, was rechts neben der Tabelle steht."),
)
UNKNOWN_ENCODING = Problem(
    "unknown_encoding",
    mark("Die Zeichen der Datei sind weder in UTF-8 noch in Windows-1252 noch in UTF-16 gespeichert."),
    mark(
        "Speichern Sie die Datei in Excel als „CSV UTF-8 (durch Trennzeichen getrennt)“ oder als Arbeitsmappe (.xlsx)."
    ),
)
BROKEN_QUOTES = Problem(
    "broken_quotes",
    mark("Von dieser Zeile an lässt sich die Datei nicht lesen: Ein Anführungszeichen ist nicht geschlossen."),
    mark("Ein Anführungszeichen im Text wird doppelt geschrieben, und die Zelle beginnt und endet mit einem."),
)
CELL_TOO_LONG = Problem(
    "cell_too_long",
    mark("Eine Zelle dieser Zeile hat mehr als {characters} Zeichen."),
    mark("Kürzen Sie den Text. Vielleicht fehlt auch ein schließendes Anführungszeichen."),
)
NO_TITLES = Problem(
    "no_titles",
    mark("In der ersten Zeile steht kein Spaltentitel dieser Tabelle."),
    mark("Setzen Sie die Zeile mit den Spaltentiteln davor. Vorgesehen sind: {allowed_values}."),
)
UNSETTLED = Problem(
    "unsettled",
    mark("Die Datei wird gerade ununterbrochen von einem anderen Programm geändert."),
    mark("Beenden Sie das Programm, das die Dateien abgleicht oder schreibt, und laden Sie die Seite neu."),
)
NO_DATABASE = Problem(
    "no_database",
    mark("Die Datenbank mit den Tabellen ist nicht zu erreichen oder gibt sie nicht her."),
    mark("Sagen Sie bitte der Person Bescheid, die den Server betreut; in seinem Protokoll steht mehr."),
)
NOT_A_WORKBOOK = Problem(
    "not_a_workbook",
    mark("Das ist keine Arbeitsmappe, die sich lesen lässt."),
    mark("Speichern Sie die Tabelle in Excel als „Excel-Arbeitsmappe (.xlsx)“ oder als CSV."),
)
OLD_WORKBOOK = Problem(
    "old_workbook",
    mark("Das ist eine Excel-Datei im alten Format (.xls) oder eine mit Kennwort."),
    mark("Speichern Sie sie ohne Kennwort als „Excel-Arbeitsmappe (.xlsx)“."),
)
MACROS = Problem(
    "macros",
    mark("Die Arbeitsmappe enthält Makros und wird deshalb nicht geöffnet."),
    mark("Speichern Sie sie als „Excel-Arbeitsmappe (.xlsx)“, also ohne Makros."),
)
SWELLING = Problem(
    "swelling",
    mark("Die Arbeitsmappe würde beim Öffnen auf mehr als {megabytes} Megabyte anwachsen."),
    mark("Kopieren Sie nur die Tabelle in eine neue Arbeitsmappe und speichern Sie diese."),
)

CHECK_FAILED = Problem(
    "check_failed",
    mark("Der Atlas hat beim Prüfen der Tabellen selbst einen Fehler gemacht: {reason}."),
    mark(
        "An Ihren Tabellen muss nichts falsch sein. Sagen Sie bitte der Person Bescheid, die den Server betreut; in "
        "seinem Protokoll steht mehr."
    ),
)

# --- columns and rows
OTHER_TABLE = Problem(
    "other_table",
    mark("Die Spaltentitel gehören zur Tabelle „{other}“."),
    mark("Wählen Sie diese Tabelle aus oder nehmen Sie die richtige Datei."),
)
NO_COLUMN = Problem(
    "no_column",
    mark("Diese Spalte fehlt."),
    mark("Ergänzen Sie die Spalte. Weiß niemand etwas dazu, bleiben ihre Zellen leer, soweit sie es dürfen."),
)
UNKNOWN_COLUMN = Problem(
    "unknown_column",
    mark("Diese Spalte ist nicht vorgesehen."),
    mark("Berichtigen Sie den Spaltentitel oder löschen Sie die Spalte. Vorgesehen sind: {allowed_values}."),
)
DOUBLE_COLUMN = Problem(
    "double_column",
    mark("Diese Spalte kommt mehrfach vor."),
    mark("Löschen Sie alle bis auf eine."),
)
WRONG_CELL_COUNT = Problem(
    "wrong_cell_count",
    mark("Die Zeile hat {found} Zellen, die Titelzeile aber {expected}."),
    mark("Steht das Trennzeichen in einem Text, muss der Text in Anführungszeichen stehen."),
)

# --- cells
EMPTY = Problem(
    "empty",
    mark("Die Zelle ist leer, muss aber ausgefüllt sein."),
    mark("Tragen Sie den Wert ein."),
)
NOT_AN_INTEGER = Problem(
    "not_an_integer",
    mark("Hier wird eine ganze Zahl erwartet."),
    mark("Schreiben Sie nur Ziffern, ohne Punkt, Komma und Einheit, zum Beispiel 2023."),
)
NOT_A_DECIMAL = Problem(
    "not_a_decimal",
    mark("Hier wird eine Zahl erwartet."),
    mark("Schreiben Sie Ziffern mit einem Komma oder Punkt, ohne Einheit, zum Beispiel 47,12."),
)
AMBIGUOUS_NUMBER = Problem(
    "ambiguous_number",
    mark("Die Zahl ist nicht eindeutig: Punkt und Komma können Tausender oder Nachkommastellen abtrennen."),
    mark("Schreiben Sie sie ohne Tausendertrennzeichen, zum Beispiel 47123,5 oder 47,1235."),
)
AMBIGUOUS_INTEGER = Problem(
    "ambiguous_integer",
    mark("Die Zahl ist nicht eindeutig: Punkt und Komma können Tausender oder Nachkommastellen abtrennen."),
    mark("Schreiben Sie nur Ziffern, zum Beispiel 1000."),
)
NOT_A_DATE = Problem(
    "not_a_date",
    mark("Hier wird ein Datum zwischen 1900 und 2100 erwartet."),
    mark("Schreiben Sie 27.09.2023, 09.2023 oder 2023 (oder 2023-09-27, 2023-09)."),
)
SHORT_MONTH = Problem(
    "short_month",
    mark("Excel hat aus einem Monat eine Kurzform gemacht, in der das Jahrhundert fehlt."),
    mark("Formatieren Sie die Zelle als Text und schreiben Sie den Monat als 09.2023. Vorschlag: {month}."),
)
FORMULA = Problem(
    "formula",
    mark("Hier steht eine Formel."),
    mark("Kopieren Sie die Zelle und fügen Sie sie mit „Inhalte einfügen – Werte“ wieder ein."),
)
SPREADSHEET_ERROR = Problem(
    "spreadsheet_error",
    mark("Hier steht ein Fehlerwert der Tabellenkalkulation."),
    mark("Tragen Sie den Wert von Hand ein oder leeren Sie die Zelle."),
)
GARBLED = Problem(
    "garbled",
    mark("Hier sind Buchstaben verloren gegangen, weil die Datei mit einer falschen Kodierung gespeichert wurde."),
    mark(
        "Schreiben Sie den Text neu oder nehmen Sie ihn aus einem früheren Stand. Speichern Sie in Excel als "
        "„CSV UTF-8“ oder als Arbeitsmappe (.xlsx)."
    ),
)
PERHAPS_GARBLED = Problem(
    "perhaps_garbled",
    mark("Hier sind vielleicht Buchstaben verloren gegangen: Mitten in einem Wort steht ein Zeichen, das stört."),
    mark(
        "Fehlt nur ein Leerzeichen, ergänzen Sie es. Sonst schreiben Sie den Text neu und speichern in Excel als "
        "„CSV UTF-8“ oder als Arbeitsmappe (.xlsx)."
    ),
    "warning",
)
DOUBLE_ROW = Problem(
    "double_row",
    mark("Diese Angaben stehen schon in Zeile {other_line}."),
    mark("Zusammen dürfen sie nur einmal vorkommen: {allowed_values}. Löschen oder berichtigen Sie eine der Zeilen."),
)
NOT_UNIQUE = Problem(
    "not_unique",
    mark("Dieser Wert kommt mehrfach vor, muss aber eindeutig sein."),
    mark("Löschen Sie die doppelte Zeile oder geben Sie ihr eine eigene Kennung."),
)
NOT_IN_LIST = Problem(
    "not_in_list",
    mark("Dieser Wert ist nicht vorgesehen."),
    mark("Erlaubt sind: {allowed_values}."),
)
NOT_AN_ID = Problem(
    "not_an_id",
    mark("Das ist keine Kennung."),
    mark("Kennungen bestehen aus Kleinbuchstaben, Ziffern und Bindestrichen, zum Beispiel mx-puebla."),
)
NOT_A_COUNTRY = Problem(
    "not_a_country",
    mark("Das ist kein Länderkürzel."),
    mark("Schreiben Sie das Kürzel nach ISO 3166-1 mit zwei Großbuchstaben, zum Beispiel MX."),
)
NOT_A_URL = Problem(
    "not_a_url",
    mark("Das ist keine vollständige Internetadresse."),
    mark("Kopieren Sie die Adresse aus der Adresszeile des Browsers; sie beginnt mit https:// oder http://."),
)
OUT_OF_RANGE = Problem(
    "out_of_range",
    mark("Der Wert muss zwischen {min_value} und {max_value} liegen."),
    mark("Berichtigen Sie die Zahl. Vielleicht ist eine Ziffer zu viel, oder ein Komma ist verrutscht."),
)
NOT_KNOWN = Problem(
    "not_known",
    mark("Diese Kennung gibt es in der Tabelle „{target}“ nicht."),
    mark("Berichtigen Sie die Kennung oder legen Sie dort eine Zeile dafür an."),
)

# --- rows, and rows beside each other
NOT_A_STATE = Problem(
    "not_a_state",
    mark("Für Deutschland steht hier das Bundesland."),
    mark("Erlaubt sind: {allowed_values}."),
)
NOT_A_WHOLE_PLACE = Problem(
    "not_a_whole_place",
    mark("Ort, Land, Breitengrad und Längengrad gehören zusammen, und hier fehlt eines davon."),
    mark("Füllen Sie alle vier aus oder, bei einem Treffen ohne Ort, keines."),
)
NOT_GERMAN = Problem(
    "not_german",
    mark("Diese Kommune liegt nicht in Deutschland."),
    mark(
        "In die Spalte „{north}“ gehört die deutsche Kommune, in die Spalte „{south}“ die andere. Vielleicht sind "
        "beide vertauscht."
    ),
)
BOTH_GERMAN = Problem(
    "both_german",
    mark("Beide Kommunen dieser Partnerschaft liegen in Deutschland."),
    mark("Wählen Sie in der Spalte „{south}“ die Partnerkommune im Globalen Süden."),
)
BEFORE_START = Problem(
    "before_start",
    mark("Das Ende liegt vor dem Beginn."),
    mark("Vielleicht sind Beginn und Ende vertauscht, oder das Jahr ist falsch."),
)
OUTSIDE_PHASE = Problem(
    "outside_phase",
    mark("Das liegt weit außerhalb der Phase {phase}, die von {begin} bis {end} dauert."),
    mark("Prüfen Sie Jahr und Phase. Stimmt beides, kann es so bleiben."),
    "warning",
)

# --- places
SWAPPED = Problem(
    "swapped",
    mark("Der Punkt liegt nicht im angegebenen Land ({country}): Breitengrad und Längengrad sind vertauscht."),
    mark("Tauschen Sie die beiden Zellen. Vorschlag: Breitengrad {latitude}, Längengrad {longitude}."),
)
WRONG_SIGN = Problem(
    "wrong_sign",
    mark("Der Punkt liegt nicht im angegebenen Land ({country}): Ein Minuszeichen fehlt oder ist zu viel."),
    mark(
        "Südliche Breiten und westliche Längen sind negativ. Vorschlag: Breitengrad {latitude}, Längengrad {longitude}."
    ),
)
SHIFTED = Problem(
    "shifted",
    mark("Der Punkt liegt nicht im angegebenen Land ({country}): Das Komma ist verrutscht."),
    mark("Setzen Sie das Komma neu. Vorschlag: Breitengrad {latitude}, Längengrad {longitude}."),
)
PERHAPS_SLIPPED = Problem(
    "perhaps_slipped",
    mark(
        "Der Punkt liegt {distance_km} km außerhalb des angegebenen Landes ({country}), wie die Weltkarte es zeichnet."
    ),
    mark(
        "Prüfen Sie die Koordinaten: Bei Breitengrad {latitude}, Längengrad {longitude} läge der Punkt im Land. Auf "
        "einer kleinen Insel, die der Karte fehlt, kann er auch so stimmen."
    ),
    "warning",
)
IN_OTHER_COUNTRY = Problem(
    "in_other_country",
    mark("Der Punkt liegt {distance_km} km außerhalb des angegebenen Landes ({country}), in einem anderen ({other})."),
    mark("Prüfen Sie Land und Koordinaten, zum Beispiel mit der Ortssuche."),
)
OTHER_OR_SHIFTED = Problem(
    "other_or_shifted",
    mark("Der Punkt liegt {distance_km} km außerhalb des angegebenen Landes ({country}), in einem anderen ({other})."),
    mark(
        "Prüfen Sie Land und Koordinaten. Vielleicht ist nur das Komma verrutscht: Bei Breitengrad {latitude}, "
        "Längengrad {longitude} läge der Punkt im angegebenen Land."
    ),
)
FAR_AWAY = Problem(
    "far_away",
    mark("Der Punkt liegt {distance_km} km vom angegebenen Land ({country}) entfernt, mitten im Meer."),
    mark("Prüfen Sie Land und Koordinaten, zum Beispiel mit der Ortssuche."),
)
AT_SEA = Problem(
    "at_sea",
    mark(
        "Der Punkt liegt {distance_km} km außerhalb des angegebenen Landes ({country}), wie die Weltkarte es zeichnet."
    ),
    mark("Prüfen Sie die Koordinaten. Auf einer kleinen Insel, die der Karte fehlt, kann der Punkt stimmen."),
    "warning",
)
SAME_PLACE = Problem(
    "same_place",
    mark("Diese Kommune liegt weniger als 2 km von „{name}“ (Zeile {other_line})."),
    mark("Ist es dieselbe Kommune, löschen Sie eine Zeile. Sind es zwei, kann es so bleiben."),
    "warning",
)
ALIKE = Problem(
    "alike",
    mark("Diese Kommune heißt fast wie „{name}“ (Zeile {other_line}) im selben Land."),
    mark("Ist es dieselbe Kommune, löschen Sie eine Zeile. Sind es zwei, kann es so bleiben."),
    "warning",
)

# --- the talk
NO_EXTRA_FILE = Problem(
    "no_extra_file",
    mark("Die Datei fehlt. Der Atlas zeigt alles andere."),
    mark("Stellen Sie die Tabelle wieder her, zum Beispiel aus einem früheren Stand."),
    "warning",
)
SCENE_NOT_KNOWN = Problem(
    "scene_not_known",
    mark("Diese Kennung gibt es in der Tabelle „{target}“ nicht. Der Vortrag übergeht die Szene."),
    mark("Berichtigen Sie die Kennung oder löschen Sie die Zeile."),
    "warning",
)
SCENE_EMPTY = Problem(
    "scene_empty",
    mark(
        "Zu Phasen, Land, Themen und Jahr passt keine Partnerschaft, oder nicht die der Szene. "
        "Der Vortrag übergeht die Szene."
    ),
    mark("Leeren Sie eine der Zellen oder ändern Sie ihren Wert."),
    "warning",
)
SCENE_OF_SEVERAL = Problem(
    "scene_of_several",
    mark("Eine Szene zeigt nur eines: Partnerschaft, Treffen oder Exkursionsort."),
    mark("Lassen Sie nur eine der Zellen stehen und legen Sie für das andere eine weitere Szene an."),
)

BY_NAME: Mapping[str, Problem] = MappingProxyType(
    {problem.name: problem for problem in list(vars().values()) if isinstance(problem, Problem)}
)
