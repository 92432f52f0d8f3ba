# Gloed. `make run` starts it, `make test` tries it, `make check` is what CI runs.
.PHONY: run test test-postgresql check lint messages bench screenshots docs clean help

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c '$(NEW_ENOUGH)' 2>/dev/null && command -v $$p && break; done)
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -n 2
POSTGRESQL := $(BIN)/python tests/environment/postgresql.py
# What failed, once more and alone: a defect fails again, and a test that only fell over among others
# stands in the output twice.
AGAIN := $(BIN)/python -m pytest --last-failed --last-failed-no-failures none

help:
	@echo "make run     install what is missing, load the sample, serve on http://127.0.0.1:8000"
	@echo "make test    the whole test suite on SQLite"
	@echo "make check   everything CI runs: style, types, contracts, docs, the suite on SQLite,"
	@echo "             and on PostgreSQL what asks a database"
	@echo "make screenshots  every page as a picture, to be looked at"
	@echo "make bench   the benchmarks, as ratios against their limits"

.venv/made:
	@test -n "$(PYTHON)" && $(PYTHON) -c '$(NEW_ENOUGH)' || \
		{ echo "Gloed needs Python 3.11 or newer; set PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ echo "The venv module is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@touch $@

.venv/installed: .venv/made pyproject.toml constraints.txt hatch_build.py
	@echo "Installing Gloed into .venv …"
	@PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/installed-dev: .venv/made pyproject.toml constraints.txt hatch_build.py
	@echo "Installing Gloed and what its tests need into .venv …"
	@PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@$(BIN)/python tests/environment/chromium.py
	@-$(BIN)/python tests/environment/node_client.py
	@touch .venv/installed $@

run: .venv/installed
	@$(BIN)/gloed serve --demo

test: .venv/installed-dev
	$(PYTEST)

test-postgresql: .venv/installed-dev
	$(POSTGRESQL) $(PYTEST)

lint: .venv/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	find src -path '*/templates/*' -name '*.html' | xargs $(BIN)/djade --target-version 5.2 --check
	$(BIN)/mypy
	$(BIN)/mypy tests/typing
	$(BIN)/lint-imports
	GLOED_DATA=$$(mktemp -d) $(BIN)/python manage.py makemigrations --check --dry-run

check: lint
	$(PYTEST) || $(AGAIN)
	$(POSTGRESQL) $(PYTEST) --only-database || $(POSTGRESQL) $(AGAIN) --only-database

screenshots: .venv/installed-dev
	SCREENSHOTS=screenshots $(PYTEST) tests/pages/test_every_page.py
	@echo "The pictures are in screenshots/."

bench: .venv/installed-dev
	$(BIN)/python -m benchmarks

messages: .venv/installed-dev
	$(BIN)/python hatch_build.py

clean:
	rm -rf .venv build dist screenshots .mypy_cache .ruff_cache .pytest_cache
