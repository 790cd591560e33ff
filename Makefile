# Run `make help` for what there is. Paths are relative and quoted nowhere, so the folder may have any name.

SHELL = /bin/sh
MAKEFLAGS += --no-print-directory
PYTHON ?=
WORKERS ?= 2
py = .venv/bin/python
install = python=$$(PYTHON="$(PYTHON)" sh tools/python.sh) && "$$python" tools/install.py
lock = uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --no-emit-index-url \
	--no-emit-find-links --python-version 3.11 pyproject.toml

.PHONY: help run test check bench screenshots admin lock installed installed-for-tests

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile

run: installed ## install what is missing and serve on http://127.0.0.1:8000 (PORT=8001 make run)
	@exec $(py) manage.py serve --end-with-parent

admin: installed ## make an account that may edit
	@exec $(py) manage.py make_admin

test: installed-for-tests ## every test, in real Postgres and real Chromium
	@$(py) tools/chromium.py
	@exec $(py) -m pytest -n $(WORKERS) $(ARGS)

check: installed-for-tests ## style, types, settings, migrations, and every number defended
	$(py) -m ruff check
	$(py) -m ruff format --check
	$(py) -m tools.check

bench: installed-for-tests ## how fast it is
	@$(py) tools/chromium.py
	@exec $(py) -m bench $(ARGS)

screenshots: installed-for-tests ## pictures of every kind of page, in docs/screenshots/
	@$(py) tools/chromium.py
	@exec $(py) -m tools.screenshots

lock: ## re-make both lock files (needs uv)
	$(lock) -o requirements.lock
	$(lock) --group dev -c requirements.lock -o requirements-dev.lock

installed:
	@$(install) requirements.lock

installed-for-tests: installed
	@$(install) requirements-dev.lock
