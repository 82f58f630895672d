"""What deploy/ offers to operators, as far as it can be checked without a cluster: no container engine runs here."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from server.health import PROCESS, TABLES
from tests.serving import ROOT

DEPLOY = ROOT / "deploy"
BIN = Path(sys.executable).parent


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_containerfile_follows_good_practice():
    ended = run(str(BIN / "hadolint"), "--failure-threshold", "info", str(DEPLOY / "Containerfile"))
    assert ended.returncode == 0, ended.stdout


def test_the_container_holds_every_folder_that_the_atlas_needs():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    copied = set(re.findall(r"^COPY (?:--\S+ )?(\S+) ", text, re.MULTILINE))
    needed = {"dashboard.py", "data", "geo", "locales", "pages", "server", "static", "ui", ".streamlit/config.toml"}
    assert copied == needed | {"requirements.txt"}
    assert PROCESS in text
    # The archive of the tables names those who published.
    assert "data/.*" in (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()


def test_kubernetes_accepts_the_manifest():
    ended = run(str(BIN / "kubernetes-validate"), "--strict", str(DEPLOY / "kubernetes.yaml"))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    text = (DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8")
    # It gives every pod variables named after its services, and the atlas refuses what is no setting of its own.
    assert "enableServiceLinks: false" in text
    assert f"path: /{PROCESS}" in text
    assert f"path: /{TABLES}" in text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not there")
def test_systemd_accepts_the_units(tmp_path):
    text = (DEPLOY / "systemd" / "atlas@.service").read_text(encoding="utf-8")
    # The program is at its place only on a server.
    there = re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", text)
    assert there != text
    (tmp_path / "atlas@.service").write_text(there, encoding="utf-8")
    shutil.copy(DEPLOY / "systemd" / "atlas.target", tmp_path)
    ended = run("systemd-analyze", "verify", str(tmp_path / "atlas@.service"))
    said = [line for line in ended.stderr.splitlines() if "atlas" in line]
    assert (ended.returncode, said) == (0, [])
