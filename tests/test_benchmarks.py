"""Benchmarks are no part of the tests; that they still find what they import is."""

from importlib import import_module

import pytest

from tests.serving import ROOT

# Those that end so are pages, which Streamlit runs.
NAMES = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py") if not path.stem.endswith("_app"))


@pytest.mark.parametrize("name", NAMES)
def test_every_benchmark_finds_what_it_imports(name):
    import_module(f"benchmarks.{name}")
