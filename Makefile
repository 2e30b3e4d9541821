# Two commands on a fresh machine with Python 3.11 or newer: `make run` and `make test`.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv/bin
LAUNCH = $(PYTHON) -m servicedesk.launcher
ARGS ?=
BENCH ?=

.PHONY: help run test test-fast browser lint types nightly mutations rules secrets bench chaos lock python
.DEFAULT_GOAL := help

help:
	@echo "make run        start the desk with demonstration data; Ctrl-C stops it"
	@echo "make test       every test, browser included (ARGS='tests/tickets -k gate' to choose)"
	@echo "make test-fast  every test that needs no browser and starts no second desk"
	@echo "make browser    the browser tests and journeys"
	@echo "make lint       format, lint and layering;  make types  the type checker"
	@echo "make nightly    the long forms;  make chaos  the fault plan (ARGS='-k f7_');  make bench [BENCH=name]  the benchmarks"
	@echo "make mutations  take away what the desk relies on, piece by piece: the named test must go red (ARGS=word)"
	@echo "make rules      the table of proved rules;  make secrets  .env for compose;  make lock  the lock files"

python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found on the PATH."; exit 1; }

run: python
	@$(LAUNCH) run

test: python
	@$(LAUNCH) test -- $(ARGS)

test-fast: python
	@$(LAUNCH) exec -- $(VENV)/python -m pytest -m "not alone and not apart and not browser and not slow" \
		--ignore=tests/browser --ignore=tests/web -n 2 --dist loadfile $(ARGS)

browser: python
	@$(LAUNCH) test -- tests/browser tests/journeys $(ARGS)

lint: python
	@$(LAUNCH) sync dev
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/lint-imports

types: python
	@$(LAUNCH) sync dev
	DESK_ENV=test $(VENV)/mypy

nightly: python
	@DESK_NIGHTLY=1 $(LAUNCH) test -- $(ARGS)
	@test -n "$(ARGS)" || $(MAKE) mutations

mutations: python
	@$(LAUNCH) exec -- $(VENV)/python -m tests.mutations $(ARGS)

rules: python
	@rm -f .rules-seen; DESK_RULES_SEEN=$(CURDIR)/.rules-seen $(LAUNCH) test -- $(ARGS)
	@$(VENV)/python -m tests.rules_plugin .rules-seen docs/rules.md && rm -f .rules-seen

secrets: python
	@$(LAUNCH) secrets

bench: python
	@$(LAUNCH) exec --durable -- $(VENV)/python manage.py bench_desk $(BENCH)

chaos: python
	@DESK_CHAOS=1 DESK_NIGHTLY=1 $(LAUNCH) test -- -m fault $(ARGS)

lock: python
	@$(LAUNCH) sync dev
	for name in run dev uv; do $(VENV)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate requirements/$$name.in -o requirements/$$name.txt || exit 1; done
