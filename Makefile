.DEFAULT_GOAL := help
.PHONY: help demo test check format browser gallery bench bench-orders lock messages

# The first Python that is neither too old nor untried.
PYTHON ?= $(or $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	2>/dev/null && echo $$p && break; done),python3)
BIN := .venv/bin
RUN := .venv/.run
DEV := .venv/.dev
AXE := .tools/node_modules/axe-core/axe.min.js

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(RUN) ## Open a demo shop on this computer (PORT=8000)
	@$(BIN)/python manage.py demo

# Each test goes to whichever process is free.
test: $(RUN) ## Run the tests, all but the browser's (ARGS="-k cart")
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

check: $(DEV) ## Formatting, lint, types and tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy aurora accounts storefront
	$(BIN)/python -m pytest -n auto --dist loadgroup

format: $(DEV) ## Put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

browser: $(DEV) $(AXE) ## Drive the shop in Chromium
	$(BIN)/python -m pytest -m browser tests/browser $(ARGS)

gallery: $(DEV) ## Photograph every page (ARGS="--only cart --widths 390")
	@$(BIN)/python -m tests.gallery $(ARGS)

bench: $(DEV) ## The catalogue's speed in tables of ratios (ARGS="--only growth")
	@$(BIN)/python -m benchmarks.catalogue $(ARGS)

bench-orders: $(RUN) ## Orders a second beside bare transactions, on DynamoDB Local
	@$(BIN)/python -m benchmarks.contention $(ARGS)

messages: $(RUN) ## Gather the texts to translate, make .mo files (needs GNU gettext)
	@DEBUG=true $(BIN)/python manage.py makemessages -l hi -l te -e html,txt,py \
		--no-obsolete --no-location --no-wrap -i tests -i benchmarks \
		-i staticfiles -i "requirements*" -i ".*"
	@DEBUG=true $(BIN)/python manage.py compilemessages -i ".*"

lock: $(DEV) ## Renew the exact versions in requirements*.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		--no-header deploy/requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		--no-header deploy/requirements-dev.in -o requirements-dev.txt

# What looks for obstacles on the pages; without npm its tests are skipped.
$(AXE):
	@if command -v npm >/dev/null; then npm install --prefix .tools --no-audit --no-fund \
		--ignore-scripts --silent --save-exact axe-core@4.14.1; fi

# Stamps, so that what is installed is not installed again.
$(RUN): requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(DEV): requirements-dev.txt $(RUN)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@
