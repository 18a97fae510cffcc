# The house's task runner: the same recipes for people and for CI. `make help` lists them.
# Everything is installed into .venv and built from the lock files; only the Debian packages
# that `make test` needs for its real servers and browser are installed on the machine itself.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
# `make test ARGS="-k storage"` hands options to pytest, `make bench ARGS=delivery` to the benchmarks.
ARGS ?=
FAST := -m "not soak and not bench"
# What is bound by waiting runs on all cores, a file at a time; whole installations and browsers have the machine alone.
ALONE := tests/e2e tests/browser
SIDE_BY_SIDE := -n auto --dist loadfile $(filter-out $(ALONE),$(wildcard tests/[a-z]*))
NONE_CHOSEN := [ $$? -eq 5 ]  # pytest's answer when ARGS leave nothing of a part
SETUP = python=$$(scripts/find-python.sh) && "$$python" scripts/setup.py

.PHONY: help run test check lint format bench locks docs clean setup setup-dev speech test-servers

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | \
		while IFS=$$'\t' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

run: setup ## set everything up and start the whole platform on http://127.0.0.1:8080 (Ctrl-C stops it)
	@exec $(BIN)/framehouse serve

test: setup-dev test-servers ## set everything up, real servers and browser included, and run all tests
	@failed=0; scripts/lint.sh || failed=1; \
		$(BIN)/pytest $(FAST) $(SIDE_BY_SIDE) $(ARGS) || $(NONE_CHOSEN) || failed=1; \
		$(BIN)/pytest $(FAST) $(ALONE) $(ARGS) || $(NONE_CHOSEN) || failed=1; exit $$failed

check: setup-dev ## lint, types, import rules and fast tests: the daily command
	@failed=0; scripts/lint.sh || failed=1; $(BIN)/pytest $(FAST) tests/architecture tests/unit $(ARGS) || failed=1; \
		exit $$failed

lint: setup-dev ## only the static checks: ruff, pyright, import-linter
	@scripts/lint.sh

format: setup-dev ## let ruff lay out the code and apply its safe fixes
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

bench: setup-dev ## run the benchmarks (minutes; a quiet machine)
	@$(BIN)/python -m benchmarks $(ARGS)

locks: setup-dev ## compile the lock files again from pyproject.toml (ARGS=--upgrade for newer versions)
	@scripts/compile-locks.sh $(ARGS)

docs: setup-dev ## write the generated reference pages again
	@$(BIN)/python scripts/generate-reference.py

setup: ## virtual environment, locked packages and web assets, without starting anything
	@$(SETUP) run

speech: ## the same, with the engines that recognise and translate by models of your own (350 MB)
	@$(SETUP) speech

setup-dev: ## the same, with the tools for development
	@$(SETUP) dev

test-servers: ## install the Debian packages that the tests' real servers and browser need
	@scripts/install-test-servers.sh

clean: ## remove everything that was built or installed here; ./data stays
	@rm -rf .venv build src/framehouse/web frontend/*/node_modules frontend/*/dist
	@rm -rf .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests scripts benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Removed what was built. Videos and the database under ./data are untouched."
