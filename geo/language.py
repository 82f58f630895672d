"""Languages: message catalogues and the names, numbers and dates of each language.

German is the language of the source. Every folder `locales/<code>/LC_MESSAGES/atlas.po` adds a language; the
catalogue is compiled in memory when it is read, so adding one needs no code and no build step.
"""

import gettext as gettext_module
import io
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

SOURCE_LANGUAGE = "de"
# The languages in which the partners speak; countries are found under their name in each of them.
PROJECT_LANGUAGES = ("de", "en", "es", "fr", "pt")
DOMAIN = "atlas"
# English as it is written in Europe: 27–29 September 2023.
_FORMATS = {"en": "en_150"}
_UNITS = {"y": "year", "M": "month", "d": "day"}
# Every plural category of whole numbers shows itself below this one, but for those of millions. 1 comes first: where a
# category holds 0 as well, a catalogue without plural rules of its own may know only 1 as singular.
SAMPLE_NUMBERS = (1, *range(200))
# Spanish sets no point into a number of four digits (CLDR: minimumGroupingDigits).
_UNGROUPED_BELOW = {"es": 10_000}
# Letters that Unicode does not take apart into a base letter and an accent.
WHOLE_LETTERS = str.maketrans({"ß": "ss", "đ": "d", "ð": "d", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})
_GERMAN_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@dataclass(frozen=True, eq=False)
class Language:
    """One language of the atlas: messages, names (`locale`) and formats of numbers and dates from the Unicode CLDR."""

    code: str
    locale: Locale
    formats: Locale
    catalogue: gettext_module.NullTranslations

    @property
    def tag(self) -> str:
        """The code as HTML and JavaScript want it (BCP 47): with a hyphen before a region."""
        return self.code.replace("_", "-")

    def gettext(self, message: str) -> str:
        """Translate a German message."""
        return self.catalogue.gettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Translate a German message in the form that fits a number."""
        return self.catalogue.ngettext(singular, plural, number)

    def label(self, title: str, text: str) -> str:
        """Put a title before a text: `Land: Mexiko`, with the blank that some languages set before the colon."""
        return self.gettext("{title}: {text}").format(title=title, text=text)

    def country(self, code: str) -> str:
        """Name a country by its ISO 3166-1 alpha-2 code; an unknown code names itself."""
        return str(self.locale.territories.get(code, code))

    def language(self, code: str) -> str:
        """Name a language by its code; an unknown code names itself."""
        return str(self.locale.languages.get(code, code))

    def plural_forms(self, say: Callable[[int], str]) -> dict[str, str]:
        """Ask for a message in each of its forms, by plural category of the CLDR, such as `one`.

        `say` returns the message for a number. A browser picks among the forms with Intl.PluralRules.
        """
        samples: dict[str, int] = {}
        for number in SAMPLE_NUMBERS:
            samples.setdefault(str(self.locale.plural_form(number)), number)
        return {category: say(number) for category, number in samples.items()}

    @lru_cache(maxsize=4096)  # noqa: B019 - languages live as long as the process
    def number(self, value: float, *, digits: int = 0) -> str:
        """Write a number with the language's separators, rounded to `digits` decimals."""
        grouped = abs(value) >= _UNGROUPED_BELOW.get(self.code, 0)
        return str(format_decimal(round(value, digits), locale=self.formats, group_separator=grouped))

    def degrees(self, value: float | Decimal) -> str:
        """Write a coordinate in decimal degrees with the language's decimal separator, every digit it has."""
        text = format_decimal(value, locale=self.formats, decimal_quantization=False, group_separator=False)
        return str(text)

    def join(self, words: Sequence[str]) -> str:
        """Join words as the language lists them: `A, B und C`."""
        text = str(format_list(words, locale=self.locale))
        # Before the same sound the Spanish word for "and" is another one: `Brasil e Italia`.
        return re.sub(r" y (?=h?i(?!e)[^,]*$)", " e ", text, flags=re.IGNORECASE) if self.code == "es" else text

    def describe_dates(self, start: str, end: str | None = None) -> str:
        """Write a date or a span of two, each ISO 8601 and possibly reduced: `27.–29. September 2023`, `März 2015`.

        Raises ValueError when a text is no such date.
        """
        precision = min(len(start), len(end or start))
        first, last = (to_date_span(text[:precision])[0] for text in (start, end or start))
        if first == last and precision == 10:
            return str(format_date(first, "long", locale=self.formats))
        if first == last:
            return str(format_skeleton({4: "y", 7: "yMMMM"}[precision], first, locale=self.formats))
        # For most languages the CLDR has spans of days with the month cut short only; written out it reads better.
        days = "yMMMMd" if "yMMMMd" in self.formats.interval_formats else "yMMMd"
        skeleton = {4: "y", 7: "yMMMM", 10: days}[precision]
        spans = self.formats.interval_formats[skeleton]
        unit = next(unit for unit in ("y", "M", "d") if getattr(first, _UNITS[unit]) != getattr(last, _UNITS[unit]))
        return "".join(
            str(format_date(day, re.sub(r"M{3,4}", "MMMM", pattern), locale=self.formats))
            for day, pattern in zip((first, last), spans[unit], strict=True)
        )

    def describe_moment(self, moment: datetime) -> str:
        """Write a date and time in this machine's time zone: `24. November 2026, 10:32`."""
        local = moment.astimezone()
        return f"{format_date(local, 'long', locale=self.formats)}, {format_time(local, 'short', locale=self.formats)}"

    def describe_day(self, day: str) -> str:
        """Write a date with its weekday: `Dienstag, 8. November 2022`; a reduced one as `describe_dates` does.

        Raises ValueError when the text is no such date.
        """
        first, last = to_date_span(day)
        return str(format_date(first, "full", locale=self.formats)) if first == last else self.describe_dates(day)

    def column(self, name: str, columns: Iterable[str]) -> str:
        """Pick the column of a text that is kept per language: this language's, else German, else English.

        Raises KeyError when there is none.
        """
        available = set(columns)
        for code in (self.code, "de", "en"):
            if f"{name}_{code}" in available:
                return f"{name}_{code}"
        raise KeyError(name)


def to_date_span(text: str) -> tuple[date, date]:
    """Return the first and the last day of an ISO 8601 date, which may be reduced to a month or a year (EDTF 0).

    Raises ValueError when the text is not such a date or names a month or day that does not exist.
    """
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", text):
        raise ValueError(text)
    year, *rest = (int(part) for part in text.split("-"))
    first, last = [*rest, 1, 1][:2], [*rest, 12, 31][:2]
    if len(rest) == 1:
        last[1] = monthrange(year, rest[0])[1]
    return date(year, *first), date(year, *last)


@lru_cache(maxsize=4096)
def to_search_forms(text: str) -> tuple[str, str]:
    """Fold a text for searching: lower case, no accents, once with `ü` as `u` and once as `ue`."""
    lowered = text.casefold().translate(WHOLE_LETTERS)
    return _strip_accents(lowered), _strip_accents(unicodedata.normalize("NFC", lowered).translate(_GERMAN_LETTERS))


def _strip_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def read_languages(folder: Path) -> dict[str, Language]:
    """Read German and every catalogue `<code>/LC_MESSAGES/atlas.po` in a folder, by code, German first.

    Raises babel's UnknownLocaleError for a folder that names no language, PoFileError for a broken catalogue.
    """
    languages = {
        SOURCE_LANGUAGE: Language(
            SOURCE_LANGUAGE,
            Locale.parse(SOURCE_LANGUAGE),
            Locale.parse(SOURCE_LANGUAGE),
            gettext_module.NullTranslations(),
        )
    }
    for path in sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        locale = Locale.parse(path.parts[-3])
        with path.open("rb") as file:
            catalogue = read_po(file, locale=locale, domain=DOMAIN, abort_invalid=True)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        formats = Locale.parse(_FORMATS.get(str(locale), str(locale)))
        languages[str(locale)] = Language(str(locale), locale, formats, gettext_module.GNUTranslations(compiled))
    return languages
