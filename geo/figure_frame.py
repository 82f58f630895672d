"""What every figure has around it: title, a sentence that says what is seen, and where it comes from."""

from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from matplotlib.lines import Line2D

from geo.dataset import Dataset
from geo.language import Language
from geo.map_words import ATTRIBUTION
from geo.paper import INK, MUTED, Fitted, Page, Region, Weight, fit_text

TITLE_SIZES = (22.0, 20.0, 18.0, 16.0, 14.0, 12.0, 10.0)
SENTENCE_SIZES = (12.0, 11.0, 10.0, 9.0, 8.0)
CREDIT_SIZES = (7.5, 7.0, 6.5, 6.0, 5.5)
# From so many sources on, they are named by their hosts.
MOST_ADDRESSES = 3
MOST_HOSTS = 60


def draw_frame(page: Page, *, title: str, sentence: str, credits_: Sequence[str], facts: Sequence[str] = ()) -> Region:
    """Write title and sentence on top and the credits at the bottom of a page; return the region between them.

    `facts` are further lines below the sentence. Long texts wrap and shrink; none ever leaves the page.
    """
    region = page.whole
    top = region.top
    texts: tuple[tuple[str, Sequence[float], Weight, int, float], ...] = (
        (title, TITLE_SIZES, "semibold", 3, 0.02),
        (sentence, SENTENCE_SIZES, "regular", 4, 0.02 if facts else 0.12),
        *((fact, SENTENCE_SIZES[2:], "regular", 3, 0.12 if fact is facts[-1] else 0.02) for fact in facts),
    )
    for text, sizes, weight, most_lines, room in texts:
        top = _write_down(page, text, top=top, sizes=sizes, weight=weight, most_lines=most_lines) - room
    bottom = region.bottom
    for fitted in reversed(_fit_credits(page, credits_)):
        bottom += fitted.height
        page.write_lines(fitted.lines, left=region.left, top=bottom, size=fitted.size, colour=MUTED)
    if credits_:
        bottom += 0.06
        rule = Line2D([region.left, region.right], [bottom, bottom], color=MUTED, linewidth=0.4)
        rule.set_transform(page.figure.dpi_scale_trans)
        page.figure.add_artist(rule)
        bottom += 0.12
    return Region(region.left, bottom, region.width, top - bottom)


def _fit_credits(page: Page, credits_: Sequence[str]) -> list[Fitted]:
    """Set all credits in the size that the longest one needs."""
    width, sizes = page.whole.width, _to_sizes(page, CREDIT_SIZES)
    fitted = [fit_text(text, width=width, sizes=sizes, most_lines=6) for text in credits_]
    smaller = [size for size in sizes if size <= min((each.size for each in fitted), default=0)]
    return [fit_text(text, width=width, sizes=smaller, most_lines=6) for text in credits_]


def _to_sizes(page: Page, sizes: Sequence[float]) -> list[float]:
    return [page.to_size(size) for size in sizes]


def _write_down(page: Page, text: str, *, top: float, sizes: Sequence[float], weight: Weight, most_lines: int) -> float:
    region = page.whole
    fitted = fit_text(text, width=region.width, sizes=_to_sizes(page, sizes), most_lines=most_lines, weight=weight)
    return page.write_lines(fitted.lines, left=region.left, top=top, size=fitted.size, weight=weight, colour=INK)


def to_credits(
    urls: Iterable[str], dataset: Dataset, *, language: Language, projection: str | None = None
) -> list[str]:
    """Return the credits of a figure: the evidence of its rows, then data, date, map and licence.

    `projection` says how the map was projected; None for a figure without a map.
    """
    _ = language.gettext
    saved = language.describe_dates(dataset.saved.date().isoformat())
    parts = [
        _("Atlas der Klimapartnerschaften"),
        _("Tabellen gespeichert am {date}").format(date=saved),
        _("CC BY 4.0, jede Zeile mit Quelle"),
    ]
    if projection is not None:
        parts += [f"{_('Karte und Koordinaten:')} {ATTRIBUTION}", projection]
    evidence = describe_evidence(urls, language=language)
    return [*([evidence] if evidence else []), " · ".join(parts)]


def describe_evidence(urls: Iterable[str], *, language: Language) -> str:
    """Name the sources of rows: up to MOST_ADDRESSES by their address, more by their hosts, the most used first."""
    counts = Counter(urls)
    if not counts:
        return ""
    label = language.ngettext("Beleg:", "Belege:", len(counts))
    if len(counts) <= MOST_ADDRESSES:
        return f"{label} {' · '.join(url for url, _ in counts.most_common())}"
    hosts = Counter[str]()
    for url, count in counts.items():
        hosts[(urlsplit(url).hostname or url).removeprefix("www.")] += count
    named = [host if count == 1 else f"{host} ({count})" for host, count in hosts.most_common(MOST_HOSTS)]
    rest = len(hosts) - len(named)
    if rest:
        more = language.ngettext("{count} weitere", "{count} weitere", rest)
        named.append(more.format(count=language.number(rest)))
    return f"{label} {', '.join(named)}"
