# Sigap. Two commands to begin with: make demo, make test. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=
# More than the two cores of a small machine: many tests wait for a broker, a camera or a clock.
WORKERS ?= 3
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all lint format bench accuracy samples stills pictures schemas lock debian clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.installed: pyproject.toml deploy/locks/dev.txt
	@echo "Setting up $(VENV) from deploy/locks/dev.txt (once; a minute or two)"
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Sigap needs Python 3.11 or newer; set PYTHON=…")'
	@$(PYTHON) -m venv $(VENV)
	@$(INSTALL) --require-hashes -r deploy/locks/dev.txt
	@$(INSTALL) --no-deps -e .
	@touch $@

setup: $(VENV)/.installed ## install everything into .venv, pinned and hashed

demo: setup ## broker, cameras, box and centre on the sample videos; page at http://127.0.0.1:8080
	@$(BIN)/python -m scripts.demo $(ARGS)

debian: ## Debian packages that some tests use (says which and why; skipped without root)
	@deploy/debian-packages.sh

lint: setup ## ruff, mypy (strict), import rules, generated schemas
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m contract.schemas --check

format: setup ## let ruff put the code in order
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

# What the centre's database decides: on SQLite as well, which make demo uses (its pages are walked on it in tests/browser).
ON_SQLITE := tests/central/test_*.py \
  $(addprefix tests/central/,city_size complaints feed following incidents intake outbox reports routing verification)
# Those that wait longest begin first, or the last of them runs alone.
LONGEST := tests/end_to_end tests/browser tests/faults
BESIDE_THE_CENTRE := $(LONGEST) $(filter-out $(LONGEST) tests/central tests/__pycache__,$(patsubst %/,%,$(wildcard tests/*/)))

test: setup debian lint ## what every change must pass; under 15 minutes on 2 cores
	@$(BIN)/python -m pytest $(BESIDE_THE_CENTRE) $(ON_SQLITE) -m "not slow" \
	  -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)
	@echo "The centre, on PostgreSQL"
	@SIGAP_TEST_DB=postgres $(BIN)/python -m pytest tests/central -m "not slow" -n $(WORKERS) --dist loadfile $(ARGS)

test-all: setup debian lint ## the above and the long suites: accuracy, faults, load; the centre whole on both databases
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)
	@echo "The centre, on PostgreSQL"
	@SIGAP_TEST_DB=postgres $(BIN)/python -m pytest tests/central -n $(WORKERS) --dist loadfile $(ARGS)

bench: setup ## the figures of docs/benchmarks.md, measured here
	@$(BIN)/python -m scripts.bench $(ARGS)

accuracy: setup ## events against truth, on every clip there is; page in build/accuracy (ARGS="--strict --draw")
	@$(BIN)/python -m scripts.accuracy $(ARGS)

schemas: setup ## write contract/schemas/*.json again from the types
	@$(BIN)/python -m contract.schemas

.venv-render/.installed: deploy/locks/render.txt
	@$(PYTHON) -m venv .venv-render
	@.venv-render/bin/python -m pip install --quiet --require-hashes -r deploy/locks/render.txt
	@touch $@

samples: .venv-render/.installed ## render sample videos again (ARGS="flood_rises"; resumable)
	@.venv-render/bin/python -m scripts.render_scenes scene $(or $(ARGS),all)

stills: .venv-render/.installed ## render random training stills with labels (ARGS="2000 --out build/stills"; resumable)
	@.venv-render/bin/python -m scripts.render_scenes stills $(ARGS)

pictures: setup ## photograph the demo's pages for the docs (Debian's chromium)
	@$(BIN)/python -m scripts.pictures

LOCK = uv pip compile --quiet pyproject.toml --python-version 3.11 --generate-hashes --no-emit-index-url \
       --no-header --no-annotate
lock: ## pin the dependencies again (needs uv)
	@$(LOCK) --universal --extra edge -o deploy/locks/edge.txt
	@$(LOCK) --universal --extra central -o deploy/locks/central.txt
	@$(LOCK) --universal --extra edge --extra central --extra dev -o deploy/locks/dev.txt
	@$(LOCK) --extra render -o deploy/locks/render.txt
	@$(LOCK) --extra train -o deploy/locks/train.txt

clean: ## remove what the commands above made, but not the data in var/
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
