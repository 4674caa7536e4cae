# Two commands do all the set-up in a fresh clone: `make demo` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: demo test test-faults test-cluster mutants lint bench bench-large catalogues lock clean

demo: $(VENV)/.runtime  ## build the sample archive and serve it
	$(BIN)/dau demo --host $(HOST) --port $(PORT)

test: $(VENV)/.dev  ## lint, types and every test
	tests/run.sh

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/mypy

test-faults: $(VENV)/.dev  ## every kill, power loss and flipped bit; figures go to build/faults.json
	$(BIN)/python -m tests.faults

test-cluster: $(VENV)/.dev  ## three nodes of OpenSearch (needs Java and Maven); figures go to build/cluster.json
	OPENSEARCH_NODES=3 $(BIN)/python -m pytest tests/cluster
	$(BIN)/python -m tests.cluster

mutants: $(VENV)/.dev  ## how many small faults the tests of a room catch: make mutants ROOMS=dates,places COUNT=40
	$(BIN)/python -m tests.mutants $(if $(ROOMS),--rooms $(ROOMS)) --count $(or $(COUNT),40) --seed $(or $(SEED),1)

bench: $(VENV)/.bench  ## the comparison table; figures also go to build/bench.json
	$(BIN)/python -m tests.bench.engines

bench-large: $(VENV)/.bench  ## a million mixed articles: rebuilt, and asked beside Tantivy (build/large keeps some 14 GB; figures: build/bench-large.json)
	$(BIN)/python -m tests.bench.large_rebuild --keep build/large
	$(BIN)/python -m tests.bench.large --keep build/large

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps -e .
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@

$(VENV)/.bench: requirements-bench.txt $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-bench.txt
	touch $@

# A message is what `say` and `count` are given, what `_` marks in a table, and what a parameter or an endpoint is for.
catalogues: $(VENV)/.dev  ## put new messages of the code into every catalogue and take out those that are gone
	mkdir -p build
	$(BIN)/pybabel -q extract -F pyproject.toml -k "say:2 count:2,3 _ Parameter:2 Endpoint:3" --add-location=never \
	  --no-wrap --sort-output --omit-header -o build/messages.pot search web
	$(BIN)/pybabel -q update -i build/messages.pot -d web/translations --no-wrap --no-fuzzy-matching --ignore-obsolete \
	  --ignore-pot-creation-date

lock:  ## refresh the locked versions (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements.txt pyproject.toml
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra documents --extra test -c requirements.txt -o requirements-dev.txt pyproject.toml
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra documents --extra test --extra bench -c requirements-dev.txt -o requirements-bench.txt pyproject.toml

clean:
	rm -rf $(VENV) build demo-index
