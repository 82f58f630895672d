"""What can no longer be read of the list of versions."""

from collections.abc import Sequence

import streamlit as st

from geo.language import Language
from ui.language import current_language
from ui.templating import to_plain_label

MOST_LINES = 8


def show_damage(damaged: Sequence[int]) -> None:
    """Tell which lines of the journal are damaged, if any; see `Archive.damaged_lines`."""
    if damaged:
        st.warning(to_plain_label(describe_damage(damaged, language=current_language())), icon=":material/warning:")


def describe_damage(damaged: Sequence[int], *, language: Language) -> str:
    """Say in words which lines are damaged, what that means and what to do."""
    _ = language.gettext
    lines = [str(line) for line in damaged[:MOST_LINES]]
    if len(damaged) > MOST_LINES:
        lines.append(_("{count} weitere").format(count=language.number(len(damaged) - MOST_LINES)))
    what = language.ngettext(
        "Im Verzeichnis der Stände ({file}) ist Zeile {lines} beschädigt. Was darin stand, fehlt unter „Frühere "
        "Stände“.",
        "Im Verzeichnis der Stände ({file}) sind die Zeilen {lines} beschädigt. Was darin stand, fehlt unter „Frühere "
        "Stände“.",
        len(damaged),
    )
    meaning = _(
        "Die Tabellen selbst betrifft das nicht. Steht bei einem Stand „Dateien außerhalb des Atlas geändert“, kann es "
        "eine Veröffentlichung gewesen sein, deren Zeile beschädigt ist. Bitte geben Sie der Person Bescheid, die den "
        "Server betreut: In einer Sicherung ist das Verzeichnis vielleicht noch heil."
    )
    return what.format(file=".archive/journal.jsonl", lines=language.join(lines)) + " " + meaning
