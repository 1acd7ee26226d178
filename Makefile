# Everything a developer or a visitor does with this tree. `make` alone lists it.
# Needed: python3 (3.11 or newer) and make; node with npm for the few front-end packages.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
PG ?= wheel

PY := .venv/bin/python
STAMPS := .tools/stamps
CATALOGUES := $(wildcard src/tightrope/*/locale/*/LC_MESSAGES/django.po)

# The Python that is here is the one to use: none is downloaded.
export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON := $(PYTHON)
# Authorities that this machine trusts are trusted for downloads too (a company may run its own).
export UV_SYSTEM_CERTS ?= true
export UV_NATIVE_TLS ?= true
# Without a home folder that can be written, caches stay in the tree.
ifneq ($(shell test -n "$$HOME" && test -w "$$HOME" && echo yes),yes)
export HOME := $(CURDIR)/.tools/home
export UV_CACHE_DIR := $(CURDIR)/.tools/cache/uv
export npm_config_cache := $(CURDIR)/.tools/cache/npm
endif

.PHONY: help setup run demo test cover check bench faults messages format clean vendor programs

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-10s %s\n", $$1, $$2}'
	@echo
	@echo "  PORT=8001 make run        another port           ARGS='-k mail' make test   some tests"
	@echo "  PG=system make test       on the distribution's PostgreSQL instead of the embedded one"

setup: $(STAMPS)/develop vendor $(STAMPS)/messages ## everything needed to run, test and change it

run: $(STAMPS)/runtime vendor $(STAMPS)/messages ## start it with a demo company at http://localhost:8000
	@exec $(PY) -m tightrope serve --demo --host $(HOST) --port $(PORT) $(ARGS)

demo: $(STAMPS)/runtime $(STAMPS)/messages ## fill an empty database with the demo company
	@exec $(PY) -m tightrope demo $(ARGS)

test: setup programs ## all tests (ARGS for pytest)
	TIGHTROPE_TEST_POSTGRES=$(PG) $(PY) -m pytest -p tightrope.runtime.testing -n 2 --dist worksteal \
		-m "$$(sh scripts/markers.sh $(STAMPS)/markers 'not browser')" src tests scripts $(ARGS)
	@# The browser is driven in a process of its own: its loop and a test's transactions do not mix.
	TIGHTROPE_TEST_POSTGRES=$(PG) $(PY) -m pytest -p tightrope.runtime.testing -p no:randomly \
		-m "$$(sh scripts/markers.sh $(STAMPS)/markers browser)" src/tightrope/ui tests/browser $(ARGS); \
		ended=$$?; [ $$ended -eq 0 ] || [ $$ended -eq 5 ] || exit $$ended

COVERED := */actions.py,*/actions/*,*/access.py,*/config/policy.py,*/worktime/*
cover: setup programs ## which lines of acts, permissions and clocks no test reaches (long)
	@mkdir -p var/coverage && $(PY) -m coverage erase
	TIGHTROPE_TEST_POSTGRES=$(PG) $(PY) -m coverage run -m pytest -p tightrope.runtime.testing -n 2 --dist worksteal \
		-m "$$(sh scripts/markers.sh $(STAMPS)/markers 'not browser')" src tests $(ARGS)
	@$(PY) -m coverage combine -q
	@$(PY) -m coverage report --include="$(COVERED)"

check: setup ## form, style, types, imports, templates, migrations, translations
	@sh scripts/check.sh

bench: setup ## measure load, lists, search and plans against their goals (long)
	$(PY) -m benchmarks $(ARGS)

faults: setup ## kill parts at random and fail every step once; afterwards nothing may be lost (long)
	TIGHTROPE_TEST_POSTGRES=$(PG) $(PY) -m pytest -p tightrope.runtime.testing -p no:randomly tests/faults $(ARGS)

messages: $(STAMPS)/develop ## bring the Chinese catalogues up to date with the source
	$(PY) scripts/messages.py update $(ARGS)
	$(PY) scripts/messages.py compile

format: $(STAMPS)/develop ## let ruff and djade put everything into form
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .
	find src -path '*/templates/*' -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --target-version 5.2

clean: ## remove what set-up made (not the data in var/)
	rm -rf .venv .tools frontend/node_modules src/tightrope/ui/static/vendor .mypy_cache .ruff_cache .pytest_cache
	find src -name '*.mo' -delete

# --- set-up: nothing is done twice while its source is unchanged ------------------------------------------

$(STAMPS)/uv: scripts/uv.sh
	@mkdir -p $(STAMPS)
	@sh scripts/uv.sh $(PYTHON) > $@

$(STAMPS)/runtime: uv.lock pyproject.toml $(STAMPS)/uv
	@$$(cat $(STAMPS)/uv) sync --quiet --frozen --no-default-groups --inexact
	@touch $@

$(STAMPS)/develop: uv.lock pyproject.toml $(STAMPS)/uv
	@$$(cat $(STAMPS)/uv) sync --quiet --frozen --all-extras --all-groups
	@touch $(STAMPS)/runtime $@

vendor:
	@sh scripts/vendor.sh $(PYTHON) $(STAMPS)/vendor

$(STAMPS)/messages: $(STAMPS)/runtime $(CATALOGUES) scripts/messages.py
	@$(PY) scripts/messages.py compile
	@touch $@

programs:
	@mkdir -p $(STAMPS)
	@sh scripts/programs.sh $(PG) $(STAMPS)/markers
