"""Who runs this atlas, for the pages that the law asks for.

The setting ATLAS_IMPRINT holds the imprint: its text, lines and all, or the address of a page that has it.
ATLAS_CONTACT is where visitors write to about barriers and their data: a mail address or the address of a form.
"""

import os
import re
from dataclasses import dataclass

IMPRINT_SETTING, CONTACT_SETTING = "ATLAS_IMPRINT", "ATLAS_CONTACT"
_ADDRESS = re.compile(r"https?://\S+")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


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
        return f"mailto:{self.contact}" if _MAIL.fullmatch(self.contact) else self.contact


def read_operator() -> Operator:
    """Read the settings. Raises ValueError when the contact is neither a mail address nor a web address."""
    imprint, contact = (os.environ.get(name, "").strip() for name in (IMPRINT_SETTING, CONTACT_SETTING))
    if contact and not _MAIL.fullmatch(contact) and not _ADDRESS.fullmatch(contact):
        raise ValueError(f"{CONTACT_SETTING}: {contact!r} is neither a mail address nor the address of a page")
    if _ADDRESS.fullmatch(imprint):
        return Operator(imprint_url=imprint, contact=contact)
    return Operator(imprint=tuple(imprint.splitlines()), contact=contact)
