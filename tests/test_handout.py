"""The hand-out of the talk, read by a program that is not ours."""

import subprocess

import pytest

from geo.figure_orders import to_handout_name
from geo.figures import find_sources
from geo.handout import make_handout
from geo.talk import to_scenes


@pytest.fixture(scope="module")
def pages(dataset, german, tmp_path_factory):
    path = tmp_path_factory.mktemp("handout") / "handout.pdf"
    path.write_bytes(make_handout(dataset, language=german))
    text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout
    return text.removesuffix("\f").split("\f")


def test_every_scene_has_a_page_with_its_words_facts_and_sources(pages, dataset, german):
    scenes = to_scenes(dataset, language=german)
    assert len(pages) > len(scenes)
    for number, (page, scene) in enumerate(zip(pages, scenes, strict=False), start=1):
        words = " ".join(page.split())
        for text in (scene.title, scene.text, *scene.facts):
            assert " ".join(text.split()) in words
        assert f"{number} / {len(scenes)}" in words
        assert "Natural Earth" in words
        assert "Tabellen gespeichert am" in words
    assert "lag21.de" in pages[4]
    sources = {url for scene in scenes for url in find_sources(scene.shown, dataset)}
    assert {url for url in sources if url not in "".join("".join(pages[len(scenes) :]).split())} == set()


def test_the_file_is_named_after_the_date_of_the_data(dataset, german, english):
    day = dataset.saved.date().isoformat()
    assert to_handout_name(dataset, language=german) == f"vortrag-{day}.pdf"
    assert to_handout_name(dataset, language=english) == f"presentation-{day}.pdf"
