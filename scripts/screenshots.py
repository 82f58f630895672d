"""Make the pictures of the README from the running app.

python scripts/screenshots.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.driving import open_browser, settle  # noqa: E402
from tests.serving import serve  # noqa: E402

PICTURES = {
    "map.png": ("/?partnership=wolfsburg--puebla-9", "path.arc.selected"),
    "meetings.png": ("/meetings?meeting=2023-09-puebla", "path.arc"),
}


def main() -> None:
    """Open each page in a desktop window and save what it shows."""
    with serve() as url, open_browser() as page:
        for name, (path, sign) in PICTURES.items():
            page.goto(url + path)
            frame = page.frame_locator(".st-key-map iframe")
            for selector in (sign, "path.land"):
                frame.locator(selector).first.wait_for(state="attached")
            settle(page)
            page.screenshot(path=ROOT / "docs" / "images" / name)


if __name__ == "__main__":
    main()
