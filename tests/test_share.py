"""Links to hand on: whether they lead here from another machine."""

import pytest

from ui.share import is_for_others


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
