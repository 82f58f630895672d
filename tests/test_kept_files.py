"""Files with a hash in their names: answered from memory, compressed for who takes that, and nothing else with them."""

import gzip

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from server.kept_files import STREAMLIT_FOLDER, KeptFiles

SCRIPT = "/static/js/part.DfjdtC_p.js"


@pytest.fixture
def client(tmp_path):
    (tmp_path / "js").mkdir()
    for name in ("part.DfjdtC_p.js", "plain.js"):
        (tmp_path / "js" / name).write_text("draw();" * 200, encoding="utf-8")
    (tmp_path / "letter.BsWL4Kly.woff2").write_bytes(b"wOF2" + bytes(500))
    (tmp_path.parent / "secret.BsWL4Kly.js").write_text("secret", encoding="utf-8")
    app = Starlette(
        routes=[Route("/{path:path}", lambda request: PlainTextResponse("the app"), methods=["GET", "POST"])],
        middleware=[Middleware(KeptFiles, folders={"/static/": tmp_path})],
    )
    return TestClient(app)


def test_a_script_comes_compressed_to_be_kept_for_a_year(client):
    with client.stream("GET", SCRIPT, headers={"Accept-Encoding": "gzip, br"}) as answer:
        body = b"".join(answer.iter_raw())
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert gzip.decompress(body) == b"draw();" * 200


@pytest.mark.parametrize(
    ("path", "accepted", "content"),
    [
        (SCRIPT, "identity", b"draw();" * 200),
        (SCRIPT, "", b"draw();" * 200),
        ("/static/letter.BsWL4Kly.woff2", "gzip", b"wOF2" + bytes(500)),
    ],
)
def test_who_takes_no_compression_and_what_gains_nothing_by_it_get_the_file_as_it_is(client, path, accepted, content):
    answer = client.get(path, headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.content == content


def test_a_changed_file_is_not_read_again_since_its_name_would_have_changed_too(client, tmp_path):
    client.get(SCRIPT)
    (tmp_path / "js" / "part.DfjdtC_p.js").unlink()
    assert client.get(SCRIPT).text == "draw();" * 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/static/js/plain.js",  # its name would not change with its content
        "/static/js/none.DfjdtC_p.js",
        "/static/../secret.BsWL4Kly.js",
        "/static/%2e%2e/secret.BsWL4Kly.js",
        "/static/js",
    ],
)
def test_everything_else_is_left_to_the_app(client, path):
    assert client.get(path).text == "the app"


def test_only_reading_is_answered(client):
    assert client.post(SCRIPT).text == "the app"
    answer = client.head(SCRIPT)
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_scripts_that_streamlits_page_begins_with_are_among_them():
    files = KeptFiles(None, folders={"/static/": STREAMLIT_FOLDER}).paths
    page = (STREAMLIT_FOLDER.parent / "index.html").read_text(encoding="utf-8")
    named = {path for path in files if f'"./{path.removeprefix("/")}"' in page}
    assert sum(path.endswith(".js") for path in named) > 20
