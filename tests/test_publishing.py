"""Who may publish, asked anew each time, and that nothing is written for anyone else."""

import json

import pytest
from streamlit import config
from streamlit.runtime.secrets import secrets_singleton

from geo.archive import ChangedMeanwhile
from geo.errors import TablesError
from geo.folder_archive import FolderArchive
from geo.schema import TABLES
from geo.tables import read_files
from server import publishing as module
from server.publishing import (
    LIST_BROKEN,
    LONGEST_REASON,
    NO_REASON,
    NOT_LISTED,
    NOT_SIGNED_IN,
    NOT_VERIFIED,
    NotAllowed,
    check_user,
    is_broken,
    is_sign_in_offered,
    publish,
    read_allowed,
)

NAMES = [table.name for table in TABLES]
ADA = {"is_logged_in": True, "email": "ada@example.org"}
SERVICE = dict.fromkeys(module.AUTH_KEYS, "x")


@pytest.fixture
def secrets(tmp_path, monkeypatch):
    """Write secrets files, of which Streamlit is told; called without a text, it makes none."""
    # As if they were: nothing is to watch these files after the test.
    monkeypatch.setattr(secrets_singleton, "_file_watchers_installed", True)
    before = config.get_option("secrets.files")

    def write(*texts):
        paths = [tmp_path / f"secrets-{number}.toml" for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            if text is not None:
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
        config.set_option("secrets.files", [str(path) for path in paths])
        secrets_singleton._reset()
        return paths

    write(None)
    yield write
    config.set_option("secrets.files", before)
    secrets_singleton._reset()


def allow(*addresses):
    return f"[publishing]\nallowed = {json.dumps(addresses, ensure_ascii=False)}\n"


def refusal_of(user):
    with pytest.raises(NotAllowed) as caught:
        check_user(user)
    return caught.value.problem


# --- the list


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([allow("ada@example.org", "Bo@Example.org")], {"ada@example.org", "bo@example.org"}),
        ([allow("  ada@example.org\t")], {"ada@example.org"}),
        (["publishing.allowed = ['ada@example.org']"], {"ada@example.org"}),
        ([None], set()),
        ([], set()),
        ([""], set()),
        (["[auth]\nclient_id = 'x'"], set()),
        (["[publishing]"], set()),
        ([allow()], set()),
        ([allow("", " ")], set()),
        (["\ufeff" + allow("ada@example.org")], {"ada@example.org"}),
        (["publishing = 'ada@example.org'"], set()),
        (["publishing = ['ada@example.org']"], set()),
        (["[[publishing]]\nallowed = ['ada@example.org']"], set()),
        (["[publishing]\nallowed = 'ada@example.org'"], set()),
        (["[publishing]\nallowed = true"], set()),
        (["[publishing.allowed]\n'ada@example.org' = true"], set()),
        (["[publishing]\nallowed = [1, true, ['x@y'], 'ada@example.org']"], {"ada@example.org"}),
        # As Streamlit reads several files: a later one replaces the whole section, and a missing one changes nothing.
        ([allow("ada@example.org"), allow("bo@example.org")], {"bo@example.org"}),
        ([allow("ada@example.org"), "[publishing]"], set()),
        ([allow("ada@example.org"), "publishing = 1"], set()),
        ([allow("ada@example.org"), "[other]\nx = 1"], {"ada@example.org"}),
        ([allow("ada@example.org"), None], {"ada@example.org"}),
        ([None, allow("ada@example.org")], {"ada@example.org"}),
    ],
)
def test_the_list_is_what_the_files_say(secrets, texts, expected):
    secrets(*texts)
    assert read_allowed() == expected


@pytest.mark.parametrize(
    "texts",
    [
        [allow("ada@example.org") + "["],
        [allow("ada@example.org").encode() + b"# \xff"],
        [allow("ada@example.org"), "["],
        ["[", allow("ada@example.org")],
    ],
)
def test_a_broken_file_allows_nobody_and_stands_in_the_log(secrets, caplog, texts):
    paths = secrets(*texts)
    assert refusal_of(ADA) == LIST_BROKEN
    assert [str(path) in caplog.text for path in paths].count(True) == 1
    # Once is enough: it is asked with every click.
    assert refusal_of(ADA) == LIST_BROKEN
    assert len(caplog.records) == 1


def test_a_file_that_cannot_be_read_allows_nobody(secrets):
    paths = secrets(allow("ada@example.org"), None)
    paths[1].mkdir()
    assert refusal_of(ADA) == LIST_BROKEN


def test_the_list_is_read_anew_each_time(secrets):
    (path,) = secrets(allow("ada@example.org"))
    assert check_user(ADA) == "ada@example.org"
    path.write_text(allow("bo@example.org"), encoding="utf-8")
    assert refusal_of(ADA) == NOT_LISTED
    path.write_text("[", encoding="utf-8")
    assert refusal_of(ADA) == LIST_BROKEN
    path.unlink()
    assert refusal_of(ADA) == NOT_LISTED
    path.write_text(allow("ada@example.org"), encoding="utf-8")
    assert check_user(ADA) == "ada@example.org"


# --- the user


def test_a_listed_user_may_publish(secrets):
    secrets(allow("Ada@Example.org"))
    assert check_user(ADA) == "ada@example.org"
    assert check_user({**ADA, "email": " ADA@example.ORG "}) == "ADA@example.ORG"


@pytest.mark.parametrize(
    "user",
    [
        {},
        {"email": "ada@example.org"},
        {"is_logged_in": False, "email": "ada@example.org"},
        {"is_logged_in": None, "email": "ada@example.org", "email_verified": True},
    ],
)
def test_who_is_not_signed_in_may_not(secrets, user):
    secrets(allow("ada@example.org"))
    assert refusal_of(user) == NOT_SIGNED_IN


@pytest.mark.parametrize("verified", [True, "true", "True"])
def test_an_address_that_the_service_has_verified_may(secrets, verified):
    secrets(allow("ada@example.org"))
    assert check_user({**ADA, "email_verified": verified}) == "ada@example.org"


@pytest.mark.parametrize("verified", [False, "false", "False", 0, None, "", "no", []])
def test_an_address_that_the_service_has_not_verified_may_not(secrets, verified):
    secrets(allow("ada@example.org"))
    assert refusal_of({**ADA, "email_verified": verified}) == NOT_VERIFIED


@pytest.mark.parametrize("listed", [(), ("",), (" ",), ("None",), ("ada@example.org",)])
@pytest.mark.parametrize("email", [{}, {"email": ""}, {"email": " "}, {"email": None}, {"email": False}])
def test_who_has_no_address_may_not(secrets, listed, email):
    secrets(allow(*listed))
    assert refusal_of({"is_logged_in": True, **email}) == NOT_LISTED


@pytest.mark.parametrize(
    ("listed", "email"),
    [
        ("ada@example.org", "bo@example.org"),
        ("ada@example.org", "ada@example.org.evil.org"),
        ("ada@example.org", "da@example.org"),
        ("ada@example.org", "ada@example.org,bo@example.org"),
        ("ada@example.org", "ada@\u200bexample.org"),
        ("ada@example.org", ["ada@example.org"]),
        ("kim@example.org", "\u212aim@example.org"),  # the Kelvin sign is k in small letters
        ("sam@example.org", "\u017fam@example.org"),  # the long s is another s when case is folded
        ("strasse@example.org", "straße@example.org"),
        ("ada@example.org", "ada@example.org\ud800"),
        ("{0}@example.org", "{email}@example.org"),
    ],
)
def test_an_address_that_is_only_alike_may_not(secrets, listed, email):
    secrets(allow(listed))
    with pytest.raises(NotAllowed) as caught:
        check_user({"is_logged_in": True, "email": email})
    assert caught.value.problem == NOT_LISTED
    assert caught.value.details == {"email": str(email)}
    assert str(email) in str(caught.value)


# --- whether signing in is offered


def to_toml(section, entries):
    return "\n".join([f"[{section}]", *(f"{name} = {json.dumps(value)}" for name, value in entries.items())])


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([to_toml("auth", SERVICE)], True),
        ([None, to_toml("auth", SERVICE)], True),
        ([to_toml("auth", dict.fromkeys(module.AUTH_KEYS[1:], "x"))], False),
        ([to_toml("auth.google", SERVICE)], False),
        (["[auth]"], False),
        (["auth = 'x'"], False),
        ([allow("ada@example.org")], False),
        ([None], False),
        (["["], False),
        ([b"\xff"], False),
    ],
)
def test_signing_in_is_offered_where_a_service_is_configured(secrets, texts, expected):
    secrets(*texts)
    assert is_sign_in_offered() is expected


@pytest.mark.parametrize("text", ["[", b"\xff", "\ufeff" + to_toml("auth", SERVICE)])
def test_secrets_that_cannot_be_read_are_no_missing_ones(secrets, caplog, text):
    secrets(text)
    assert not is_sign_in_offered()
    assert is_broken()
    assert "The sign-in service is off" in caplog.text


@pytest.mark.parametrize("texts", [[], [None], ["[other]"], [to_toml("auth", SERVICE)]])
def test_missing_or_whole_secrets_are_not_broken(secrets, caplog, texts):
    secrets(*texts)
    is_sign_in_offered()
    assert not is_broken()
    assert caplog.text == ""


# --- publishing


@pytest.fixture
def archive(folder, secrets):
    secrets(allow("ada@example.org"))
    return FolderArchive(folder, names=NAMES)


@pytest.fixture
def before(folder):
    return read_files(folder)


@pytest.fixture
def after(before):
    return {**before, "municipalities": before["municipalities"].replace(b"mx-puebla,Puebla,", b"mx-puebla,Pueblo,")}


def snapshot(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_who_may_publishes_under_the_own_address(archive, before, after):
    version = publish(archive, after, expected=before, user={**ADA, "email": " Ada@Example.org"}, why="Name")
    assert (version.who, version.why, version.changed) == ("Ada@Example.org", "Name", ("municipalities",))
    assert archive.read_files() == after
    assert archive.versions()[-1] == version


@pytest.mark.parametrize(
    ("user", "problem"),
    [
        ({}, NOT_SIGNED_IN),
        ({**ADA, "is_logged_in": False}, NOT_SIGNED_IN),
        ({**ADA, "email_verified": False}, NOT_VERIFIED),
        ({**ADA, "email": "bo@example.org"}, NOT_LISTED),
    ],
)
def test_for_anyone_else_nothing_is_written(archive, folder, before, after, monkeypatch, user, problem):
    untouched = snapshot(folder)
    # Whoever may not publish costs no check either.
    monkeypatch.setattr(module, "check_files", None)
    with pytest.raises(NotAllowed) as caught:
        publish(archive, after, expected=before, user=user, why="Name")
    assert caught.value.problem == problem
    assert snapshot(folder) == untouched


def test_faulty_tables_are_not_published(archive, folder, before):
    untouched = snapshot(folder)
    faulty = {**before, "partnerships": before["partnerships"].replace(b"za-durban,1,2011", b"za-durban,1,x")}
    with pytest.raises(TablesError, match=r"partnerships\.csv"):
        publish(archive, faulty, expected=before, user=ADA, why="Name")
    incomplete = {name: content for name, content in before.items() if name != "themes"}
    with pytest.raises(TablesError, match=r"themes\.csv"):
        publish(archive, incomplete, expected=before, user=ADA, why="Name")
    assert snapshot(folder) == untouched


@pytest.mark.parametrize("why", ["", " ", "\n\t\u00a0", "\u200b\u202e", "\x00"])
def test_a_reason_is_needed(archive, folder, before, after, why):
    untouched = snapshot(folder)
    with pytest.raises(NotAllowed) as caught:
        publish(archive, after, expected=before, user=ADA, why=why)
    assert caught.value.problem == NO_REASON
    assert snapshot(folder) == untouched


@pytest.mark.parametrize(
    ("why", "kept"),
    [
        ("  Neuer\r\n\tName\u00a0für  Puebla ", "Neuer Name für Puebla"),
        ("Name\u202e\x07\ud800 neu", "Name neu"),
        ("<b>{x}</b> „ß“", "<b>{x}</b> „ß“"),
        ("x" * (LONGEST_REASON + 1), "x" * LONGEST_REASON),
        ("x" * (LONGEST_REASON - 1) + " y", "x" * (LONGEST_REASON - 1)),
    ],
)
def test_a_reason_is_one_line_of_some_length(archive, before, after, monkeypatch, why, kept):
    monkeypatch.setattr(module, "check_files", lambda files: Good())
    assert publish(archive, after, expected=before, user=ADA, why=why).why == kept
    assert archive.versions()[-1].why == kept


class Good:
    def to_tables(self):
        return {}


def test_who_was_overtaken_is_told(archive, folder, before, after):
    (folder / "themes.csv").write_bytes(before["themes"] + b"\n")
    with pytest.raises(ChangedMeanwhile) as caught:
        publish(archive, after, expected=before, user=ADA, why="Name")
    assert caught.value.files == read_files(folder)
    assert caught.value.files["municipalities"] == before["municipalities"]
    assert publish(archive, after, expected=caught.value.files, user=ADA, why="Name").who == "ada@example.org"


def test_who_loses_the_right_meanwhile_may_no_longer(archive, folder, before, after, secrets):
    publish(archive, after, expected=before, user=ADA, why="Name")
    published = read_files(folder)
    secrets(allow("bo@example.org"))
    with pytest.raises(NotAllowed):
        publish(archive, before, expected=after, user=ADA, why="Zurück")
    assert read_files(folder) == published
