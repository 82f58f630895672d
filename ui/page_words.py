"""The words that Streamlit's widgets and its menu bring along in English, in the language of the page.

Streamlit has no catalogue of its own. What its parameters let us say is said there; the rest is changed in the browser,
where static/scripts/page-words.js finds it.
"""

from geo.errors import mark
from ui.browser_component import declare_component
from ui.language import current_language

# As they stand in Streamlit 1.67, by where they are met.
WORDS = {
    # the frame of the page and its menu
    "Skip to main content": mark("Zum Inhalt springen"),
    "Main menu": mark("Menü"),
    "Theme": mark("Farben"),
    "System": mark("System"),
    "Light": mark("Hell"),
    "Dark": mark("Dunkel"),
    "Print": mark("Drucken"),
    "Record screen": mark("Bildschirm aufnehmen"),
    "Made with Streamlit v": mark("Erstellt mit Streamlit "),
    "Copy version to clipboard": mark("Version kopieren"),
    "Copied": mark("Kopiert"),
    "Close": mark("Schließen"),
    "Page not found": mark("Seite nicht gefunden"),
    "The page that you have requested does not seem to exist. Running the app's main page.": mark(
        "Diese Seite gibt es nicht. Gezeigt wird die Karte."
    ),
    "Connection error": mark("Keine Verbindung"),
    "Streamlit server is not responding. Are you connected to the internet?": mark(
        "Der Atlas antwortet nicht. Besteht eine Verbindung zum Netz?"
    ),
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:": mark(
        "Der Atlas antwortet nicht. Wenn er auf diesem Rechner beendet wurde, starten Sie ihn bitte neu."
    ),
    "Connection lost. Please wait for the app to reconnect, then try again.": mark(
        "Die Verbindung ist unterbrochen. Bitte warten Sie, bis sie wieder besteht, und versuchen Sie es noch einmal."
    ),
    # files
    "Failed to generate file for download": mark(
        "Die Datei ließ sich nicht herstellen. Laden Sie die Seite neu und versuchen Sie es noch einmal."
    ),
    "Upload": mark("Datei wählen"),
    "file upload": mark("Datei wählen"),
    "Add files": mark("Weitere Datei wählen"),
    "Drag and drop a file here": mark("Datei hier ablegen"),
    "Network error": mark("Die Verbindung ist unterbrochen."),
    # choosing and searching
    "Clear entry": mark("Eingabe löschen"),
    "Clear value": mark("Auswahl aufheben"),
    "Clear all": mark("Auswahl aufheben"),
    "Open": mark("Öffnen"),
    "No results": mark("Nichts gefunden"),
    "No options": mark("Nichts gefunden"),
    "Select all": mark("Alle auswählen"),
    # the grid of a table
    "Add row": mark("Zeile anfügen"),
    "Delete row(s)": mark("Zeilen löschen"),
    "Clear selection": mark("Auswahl aufheben"),
    "Show/hide columns": mark("Spalten zeigen und verbergen"),
    "Search": mark("Suchen"),
    "Type to search": mark("Suchbegriff eingeben"),
    "Previous Result": mark("Voriger Treffer"),
    "Next Result": mark("Nächster Treffer"),
    "Close Search": mark("Suche schließen"),
    "Fullscreen": mark("Ganzer Bildschirm"),
    "Close fullscreen": mark("Ganzen Bildschirm verlassen"),
    "Dataframe column menu": mark("Menü der Spalte"),
    "Copy column name": mark("Spaltentitel kopieren"),
    "Sort ascending": mark("Aufsteigend sortieren"),
    "Sort descending": mark("Absteigend sortieren"),
    "Autosize": mark("Breite anpassen"),
    "Pin column": mark("Spalte festhalten"),
    "Unpin column": mark("Spalte loslassen"),
    "Hide column": mark("Spalte verbergen"),
}
_speak = declare_component("page_words", script="scripts/page-words.js")


def speak_page_words() -> None:
    """Have the browser say Streamlit's own words in the language of this run."""
    language = current_language()
    # In English as well: some of Streamlit's messages are meant for whoever wrote an app.
    own = {english: language.gettext(word) for english, word in WORDS.items()}
    _speak(key="page_words", data={"words": own, "label": language.label("{title}", "{text}")})
