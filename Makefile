# `make run` serves the atlas, `make test` checks everything; both install what they need into .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
# A fifth of the time that pip takes. It does not read pip's settings: where only those lead to the packages, pip does it.
INSTALL := VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode --requirement

.PHONY: run test ready lint types catalogues lock bench screenshots clean

run: $(VENV)/.run
	$(BIN)/streamlit run dashboard.py

test:
	$(MAKE) --jobs=2 ready
	$(BIN)/pytest --numprocesses 2 --dist worksteal

# What can be done before the tests, at the same time: types are checked while the programs that they drive are fetched.
ready: lint types $(VENV)/.programs

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

# Collect the texts of the source and bring every catalogue up to date; new texts are then translated by hand.
catalogues: $(VENV)/.run
	$(BIN)/pybabel -q extract -F babel.cfg -k mark --no-location --sort-output --omit-header -o locales/atlas.pot .
	$(BIN)/pybabel -q update -i locales/atlas.pot -d locales -D atlas --no-fuzzy-matching --ignore-obsolete --omit-header
	rm locales/atlas.pot

# Pin everything that requirements.in and requirements-dev.in bring along, for all systems.
lock: $(VENV)/.test
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate requirements-dev.in -o requirements-dev.txt

bench: $(VENV)/.test $(VENV)/.programs
	$(BIN)/python -m benchmarks.filter_click
	$(BIN)/python -m benchmarks.meeting_click
	$(BIN)/python -m benchmarks.cold_start
	$(BIN)/python -m benchmarks.takeaway
	$(BIN)/python -m benchmarks.talk_scene
	$(BIN)/python -m benchmarks.report
	$(BIN)/python -m benchmarks.figures
	$(BIN)/python -m benchmarks.publish_kill
	$(BIN)/python -m benchmarks.open_data
	$(BIN)/python -m benchmarks.pipeline
	$(BIN)/python -m benchmarks.scale
	$(BIN)/python -m benchmarks.load

screenshots: $(VENV)/.test $(VENV)/.programs
	$(BIN)/python scripts/screenshots.py

clean:
	rm -rf $(VENV)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	-$(PIP) --constraint requirements-dev.txt uv

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	$(INSTALL) requirements.txt || $(PIP) --requirement requirements.txt
	touch $@

$(VENV)/.test: $(VENV)/.run requirements-dev.txt
	$(INSTALL) requirements-dev.txt || $(PIP) --requirement requirements-dev.txt
	touch $@

# Playwright's own browser belongs to its version.
$(VENV)/.programs: scripts/install_test_programs.sh requirements-dev.txt | $(VENV)/.test
	sh scripts/install_test_programs.sh $(BIN)/playwright
	touch $@
