"""`python -m geo.check` as a colleague runs it: the report, the exit status, and never a stack trace."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from geo.check import ERRORS, NOTHING, WARNINGS, main
from tests.test_report import read_html

# Reading it fails, even for root.
UNREADABLE = Path("/proc/self/mem")


@pytest.fixture(scope="module")
def runs(root, tmp_path_factory):
    """Run all commands at the same time: each loads the whole of pandas. Gives (status, output, errors) of each."""
    folders = {}
    for name in ("good", "warning", "error", "unreadable"):
        target = tmp_path_factory.mktemp(name) / "data"
        folders[name] = shutil.copytree(root / "data", target, ignore=shutil.ignore_patterns(".*"))
    for name, old, new in (
        ("warning", ",1,2011,2008,", ",1,2017,2008,"),
        ("error", "de-bonn,gh-cape", "<b>de-bon,gh-c"),
    ):
        path = folders[name] / "partnerships.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    if UNREADABLE.exists():
        (folders["unreadable"] / "themes.csv").unlink()
        (folders["unreadable"] / "themes.csv").symlink_to(UNREADABLE)
    commands = {
        "good": [str(folders["good"])],
        "warning": [str(folders["warning"]), "--format", "json"],
        "error": [str(folders["error"]), "--format", "html", "--language", "en"],
        "missing": [str(folders["good"] / "nothing" / "here")],
        "unreadable": [str(folders["unreadable"])],
    }
    # A terminal that knows ASCII alone changes nothing.
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    started = {
        name: subprocess.Popen(
            [sys.executable, "-m", "geo.check", *arguments],
            cwd=root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for name, arguments in commands.items()
    }
    ended = {name: (process, *process.communicate(timeout=60)) for name, process in started.items()}
    return {name: (process.returncode, out.decode(), err.decode()) for name, (process, out, err) in ended.items()}


def test_good_tables_end_with_0_and_say_how_they_were_read(runs):
    status, output, errors = runs["good"]
    assert (status, errors) == (NOTHING, "")
    assert output.startswith("Alle Tabellen sind in Ordnung.\n\nGelesen als:\n    Phasen: UTF-8, Komma\n")


def test_warnings_alone_end_with_1(root, runs):
    status, output, errors = runs["warning"]
    assert (status, errors) == (WARNINGS, "")
    report = json.loads(output)
    assert (report["errors"], report["warnings"]) == (0, 1)
    assert [(row["severity"], row["problem"], row["line"]) for row in report["rows"]] == [
        ("warning", "outside_phase", 2)
    ]
    assert set(report["forms"]) == {path.stem for path in (root / "data").glob("*.csv")}


def test_errors_end_with_2_and_values_stay_text(runs):
    status, output, errors = runs["error"]
    assert (status, errors) == (ERRORS, "")
    assert output.startswith('<!doctype html>\n<html lang="en">')
    assert "&lt;b&gt;de-bon" in output
    assert "b" not in read_html(output).tags


@pytest.mark.parametrize(
    "name",
    [
        "missing",
        pytest.param("unreadable", marks=pytest.mark.skipif(not UNREADABLE.exists(), reason="there is no such file")),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_one_sentence(runs, name):
    status, output, errors = runs[name]
    assert (status, output) == (2, "")
    assert "Traceback" not in errors
    told = errors.splitlines()[-1]
    assert told.startswith("python -m geo.check: error: ")
    assert {"missing": "here: kein Ordner", "unreadable": "Input/output error"}[name] in told
    assert "None" not in told


def test_the_folder_of_the_project_is_the_usual_one(capsysbinary):
    assert main([]) == NOTHING
    assert "Alle Tabellen sind in Ordnung." in capsysbinary.readouterr().out.decode()


@pytest.mark.parametrize("form", ["text", "json", "html"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_form_in_every_language_tells_what_is_missing(tmp_path, capsysbinary, form, language):
    assert main([str(tmp_path), "--format", form, "--language", language]) == ERRORS
    output = capsysbinary.readouterr().out.decode()
    if form == "json":
        assert [row["problem"] for row in json.loads(output)["rows"]] == ["no_file"] * 8 + ["no_extra_file"]
    else:
        assert output.count("municipalities.csv" if form == "text" else '<tr class="error">') == (
            1 if form == "text" else 8
        )


def test_a_file_held_by_another_program_is_named(folder, monkeypatch, capsys):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(SystemExit) as ended:
        main([str(folder)])
    assert ended.value.code == ERRORS
    assert f"{folder / 'phases.csv'}: Permission denied" in capsys.readouterr().err
