"""Who runs this atlas, for the pages that the law asks for.

A setting holds the imprint: its text, lines and all, or the address of a page that has it. Another one is where
visitors write to about barriers and their data: a mail address or the address of a form.
"""

from dataclasses import dataclass

from server.settings import ADDRESS, MAIL, current_settings


@dataclass(frozen=True)
class Operator:
    """The body that runs the atlas. `imprint`: lines of text; `imprint_url`: where it stands instead; `contact`.

    Each is empty where nothing is set.
    """

    imprint: tuple[str, ...] = ()
    imprint_url: str = ""
    contact: str = ""

    @property
    def contact_url(self) -> str:
        """The address that a click on the contact opens."""
        return f"mailto:{self.contact}" if MAIL.fullmatch(self.contact) else self.contact


def current_operator() -> Operator:
    """Return the body that the settings name."""
    settings = current_settings()
    if ADDRESS.fullmatch(settings.imprint):
        return Operator(imprint_url=settings.imprint, contact=settings.contact)
    return Operator(imprint=tuple(settings.imprint.splitlines()), contact=settings.contact)
