# How Watcher is tried, tested, checked and built: the manual of this repository. `make` alone lists it.
#
# Python 3.11 or newer, make and git have to be there; each target installs whatever else it needs, once: what
# requirements/*.txt pins by hash into $(VENV), and, as root on Debian and its kin, the missing system packages.
# It needs nothing from the network when all of that is there.

PYTHON ?= python3
VENV   ?= .venv
ARGS   ?=

BIN   := $(VENV)/bin
DEMO  := $(VENV)/demo-installed
DEV   := $(VENV)/dev-installed
BUILT := dist/.built
UV    ?= uv

# A second environment, which holds the built wheel as a user would have it and nothing of what developers use.
APART      := $(VENV)/apart
APART_DEMO := $(APART)/demo-installed
APART_OURS := $(APART)/wheel-installed

# A third, which holds what looks for known vulnerabilities in all that is locked, itself included.
AUDIT   := $(VENV)/audit
AUDITOR := $(AUDIT)/installed
LOCKS   := $(wildcard requirements/*.txt)

# A fourth for a neighbour that Watcher is measured beside.
ISBG     := $(VENV)/isbg
MEASURED := $(ISBG)/installed

# What goes into the packages; folders too, since they tell when a file has been taken away.
PACKAGED := $(shell find watcher docs/man systemd -name __pycache__ -prune -o -print) \
            pyproject.toml config.example.toml $(wildcard *.md) LICENSE

# Scripts that write a file of this repository from another; with --check they only say whether it is as it should be.
GENERATORS := $(wildcard tools/generate_*.py)
BENCHES    := $(wildcard bench/[a-z]*.py)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check audit format generate bench package lock clean system-packages peers cyrus

help: ## Print this list
	@echo 'Choose an interpreter with PYTHON=python3.13, another place than .venv with VENV=DIR.'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(DEMO) ## Show the main job on an inbox of its own; pass options as ARGS=--keep
	$(BIN)/watcher demo $(ARGS)

test: system-packages $(DEV) cyrus $(APART_OURS) ## Run all tests; choose some by ARGS="-k words"
	$(BIN)/pytest $(ARGS)

check: $(DEV) ## Check style, types, and that generated files are current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@set -e; for generator in $(GENERATORS); do echo "$$generator --check"; $(BIN)/python "$$generator" --check; done

audit: $(AUDITOR) ## Ask the index which of the locked packages have known vulnerabilities (needs its service)
	@set -e; for lock in $(LOCKS); do echo "$$lock"; \
	$(AUDIT)/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner=off --requirement "$$lock" $(ARGS); done

format: $(DEV) ## Mend what of the style can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

generate: $(DEV) ## Write the generated files anew
	@set -e; for generator in $(GENERATORS); do echo "$$generator"; $(BIN)/python "$$generator"; done

bench: peers $(DEV) $(MEASURED) ## Measure anew for docs/performance.md and docs/quality.md, beside `python -c pass`
	@echo 'Yardstick, python -c pass:'
	@$(BIN)/python -m timeit -n 1 -r 20 -s 'import subprocess, sys' 'subprocess.run([sys.executable, "-c", "pass"])'
	@set -e; for bench in $(BENCHES); do echo "$$bench"; $(BIN)/python "$$bench"; done

package: $(DEV) ## Build the wheel and the sdist into dist/
	rm -rf dist
	$(BIN)/python -m hatchling build
	@touch $(BUILT)

lock: ## Write requirements/*.txt anew from pyproject.toml (needs uv); newer releases by ARGS=--upgrade
	UV=$(UV) tools/lock $(ARGS)

clean: ## Remove all that these targets have made
	@if [ -e $(VENV)/pyvenv.cfg ]; then rm -r $(VENV); fi
	rm -rf dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -r {} +

system-packages:
	@tools/system-packages tests

# What others would use instead of Watcher.
peers:
	@tools/system-packages bench

# A second mail server, beside the first: the two cannot be installed together.
cyrus: | $(BIN)/python
	@tools/system-packages cyrus $(VENV)/cyrus

# The interpreter comes first, then what the lock files name, then the project itself, which adds nothing to them.
$(BIN)/python:
	@tools/system-packages venv $(PYTHON)
	$(PYTHON) -m venv $(VENV)

PIP = $(BIN)/python -m pip --disable-pip-version-check install --quiet
APART_PIP = $(BIN)/python -m pip --python $(APART)/bin/python --disable-pip-version-check install --quiet
ISBG_PIP = $(BIN)/python -m pip --python $(ISBG)/bin/python --disable-pip-version-check install --quiet

$(DEMO): requirements/demo.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/demo.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements/dev.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/dev.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $(DEMO) $@

# The same command as above, but only where something has changed since.
$(BUILT): $(PACKAGED) | $(DEV)
	@$(MAKE) --no-print-directory package

$(APART_DEMO): requirements/demo.txt | $(DEV)
	$(BIN)/python -m venv --clear --without-pip $(APART)
	$(APART_PIP) --require-hashes -r requirements/demo.txt
	@touch $@

$(APART_OURS): $(BUILT) $(APART_DEMO)
	$(APART_PIP) --no-deps --force-reinstall dist/*.whl
	@touch $@

$(AUDITOR): requirements/audit.txt | $(BIN)/python
	$(BIN)/python -m venv --clear --without-pip $(AUDIT)
	$(BIN)/python -m pip --python $(AUDIT)/bin/python --disable-pip-version-check install --quiet --require-hashes -r $<
	@touch $@

# It is built here from its source: what builds it comes first, so that pip fetches nothing that has no hash.
$(MEASURED): requirements/isbg.txt | $(BIN)/python
	$(BIN)/python -m venv --clear --without-pip $(ISBG)
	@sed -n '/^setuptools==/,/[^\\]$$/p' $< > $(ISBG)/builder.txt
	$(ISBG_PIP) --require-hashes -r $(ISBG)/builder.txt && \
	$(ISBG_PIP) --require-hashes --no-build-isolation -r $< && touch $@ || \
	echo 'isbg cannot be had here. This comparison is left out.' >&2
