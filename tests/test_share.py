"""Links to hand on: whether they lead here from another machine, and as codes for telephones."""

import pytest

from ui.share import is_for_others, to_code_image


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://atlas.example.org/?phase=9", True),
        ("http://192.168.1.20:8501/talk", True),
        ("http://localhost:8501/", False),
        ("http://localhost/", False),
        ("http://127.0.0.1:8501/karte/", False),
        ("http://[::1]/", False),
        ("http://[::1]:8501/", False),
    ],
)
def test_a_link_to_this_machine_is_for_nobody_else(link, expected):
    assert is_for_others(link) is expected


def test_a_link_that_no_code_can_hold_has_none():
    assert to_code_image("x" * 2331).startswith("data:image/svg+xml")
    assert to_code_image("x" * 2332) == ""
