"""Pages as files: PNG at 300 dpi, SVG, and PDF of one page or many.

Text in a PDF stays text, with its fonts embedded as TrueType. In an SVG every letter is an outline: browsers would take
a font from inside the file, but Inkscape and Word take only fonts that are installed and would set everything in
another one, where names no longer fit. What is written stays readable for machines and screen readers: each outline is
titled with its text, and the file with all of it.

The same page gives the same file: no random names, and the date of the data instead of the clock's.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal
from xml.etree import ElementTree

from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.text import Text

from geo.paper import DPI, Page

STYLE: Mapping[Any, Any] = MappingProxyType(
    {"pdf.fonttype": 42, "svg.fonttype": "path", "svg.hashsalt": "atlas", "path.simplify": True}
)
_SVG = "http://www.w3.org/2000/svg"


@dataclass(frozen=True)
class About:
    """What a file says of itself: title, description, who made it, its language, and the date of the data."""

    title: str
    description: str
    author: str
    language: str
    saved: datetime


def write_page(page: Page, *, file_format: Literal["png", "svg"], about: About) -> bytes:
    """Write one page as a picture."""
    return _WRITERS[file_format](page, about)


def write_pdf(pages: Sequence[Page], about: About) -> bytes:
    """Write pages as one PDF, in their order."""
    buffer = io.BytesIO()
    details = {
        "Title": about.title,
        "Author": about.author,
        "Subject": about.description,
        "Creator": about.author,
        "Producer": None,
        "CreationDate": about.saved,
    }
    with rc_context(dict(STYLE)), PdfPages(buffer, metadata=details) as file:
        for page in pages:
            file.savefig(page.figure)
    return buffer.getvalue()


def _write_png(page: Page, about: About) -> bytes:
    buffer = io.BytesIO()
    details = {
        "Title": about.title,
        "Author": about.author,
        "Description": about.description,
        "Creation Time": about.saved.isoformat(),
        "Software": None,
    }
    page.figure.savefig(buffer, format="png", dpi=DPI, metadata=details, pil_kwargs={"compress_level": 4})
    return buffer.getvalue()


def _write_svg(page: Page, about: About) -> bytes:
    buffer = io.BytesIO()
    written = page.figure.findobj(Text)
    texts = {}
    for number, text in enumerate(written):
        if text.get_text() and text.get_gid() is None:
            text.set_gid(f"words-{number}")
            texts[f"words-{number}"] = text.get_text()
    details = {
        "Title": about.title,
        "Description": about.description,
        "Creator": about.author,
        "Language": about.language,
        "Date": about.saved.isoformat(),
    }
    with rc_context(dict(STYLE)):
        page.figure.savefig(buffer, format="svg", metadata=details)
    return _add_words(buffer.getvalue(), texts, about)


def _add_words(content: bytes, texts: Mapping[str, str], about: About) -> bytes:
    """Title the outlines of each text, and the whole picture, for those who do not see it."""
    for prefix, address in (("", _SVG), ("xlink", "http://www.w3.org/1999/xlink")):
        ElementTree.register_namespace(prefix, address)
    root = ElementTree.fromstring(content)
    root.set("role", "img")
    root.set("{http://www.w3.org/XML/1998/namespace}lang", about.language)
    for name, text in (("desc", about.description), ("title", about.title)):
        for old in root.findall(f"{{{_SVG}}}{name}"):
            root.remove(old)
        element = ElementTree.Element(f"{{{_SVG}}}{name}")
        element.text = text
        root.insert(0, element)
    for group in root.iter(f"{{{_SVG}}}g"):
        words = texts.get(group.get("id", ""))
        if words:
            title = ElementTree.Element(f"{{{_SVG}}}title")
            title.text = words
            group.insert(0, title)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


_WRITERS = {"png": _write_png, "svg": _write_svg}
