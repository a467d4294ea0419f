# Everything one does with this project. `make` alone lists it.
#
# Works from nothing but python3 (3.11 or newer) with pip, and make. All that is created lies under
# .venv/ and var/.

SHELL  := /bin/sh
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes --no-deps -r

define NEEDS_PYTHON
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
  echo 'Python 3.11 or newer is needed. Another one is named like this: make PYTHON=python3.12 ...' >&2; exit 1; }
endef

.DEFAULT_GOAL := help
.PHONY: help serve port install browser servers cluster test test-all test-faults test-next lint format coverage pictures catalogues messages \
        order lock audit bench clean
.DELETE_ON_ERROR:

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- Run --------------------------------------------------------------------------------------

serve: port $(VENV)/production ## The site with its staff area at http://127.0.0.1:8000 (PORT=8001 changes the port)
	@exec $(BIN)/python tools/serve.py

# Before anything is installed: nobody waits a minute to be told that the port is taken.
port:
	@$(NEEDS_PYTHON)
	@$(PYTHON) tools/serve.py --check-port

# --- Environment ------------------------------------------------------------------------------

# The stamps are newer than the lock once the lock is installed.
$(VENV)/created:
	@$(NEEDS_PYTHON)
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo 'Installing python3-venv'; \
	    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q python3-venv; } >/dev/null; \
	  else \
	    echo 'Python lacks its module venv. On Debian and Ubuntu: sudo apt-get install python3-venv' >&2; exit 1; \
	  fi; }
	@echo 'Creating $(VENV)'
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/production: requirements.txt $(VENV)/created
	@echo 'Installing requirements.txt'
	@$(PIP) requirements.txt
	@touch $@

$(VENV)/development: requirements-dev.txt $(VENV)/created
	@echo 'Installing requirements-dev.txt'
	@$(PIP) requirements-dev.txt
	@touch $@ $(VENV)/production

install: $(VENV)/development ## The developer's environment in .venv/

# Chromium and Firefox, what reads and draws their paper (poppler), and letters for Arabic, Greek and
# Georgian, without which pictures and widths are wrong.
BROWSERS := chromium firefox-esr poppler-utils fonts-noto-core
browser:
	@{ command -v chromium && command -v firefox-esr && command -v pdftoppm && \
	  { ! command -v dpkg || dpkg -s fonts-noto-core; }; } >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo 'Installing $(BROWSERS)'; \
	    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
	      $(BROWSERS); } >/dev/null; \
	  else \
	    echo 'The browser tests need: sudo apt-get install $(BROWSERS)' >&2; exit 1; \
	  fi; }

# Real servers, for what is exported. RUNLEVEL=1: installed here, they are not started.
servers:
	@{ [ -x /usr/sbin/nginx ] && command -v caddy >/dev/null; } || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo 'Installing nginx-light and caddy'; \
	    { apt-get update -q && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
	      nginx-light caddy; } >/dev/null; \
	  else \
	    echo 'The slow tests need nginx and Caddy. On Debian: sudo apt-get install nginx-light caddy' >&2; exit 1; \
	  fi; }

# What the fault tests break: a PostgreSQL of their own, and clocks (tests/faults/clock.c). One that runs already is not touched.
cluster:
	@{ ls /usr/lib/postgresql/*/bin/initdb && command -v cc && command -v ip; } >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo 'Installing postgresql, gcc and iproute2'; \
	    { apt-get update -q && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
	      postgresql gcc libc6-dev iproute2; } >/dev/null; \
	  else \
	    echo 'The fault tests need PostgreSQL, a C compiler and ip. On Debian: sudo apt-get install postgresql gcc libc6-dev iproute2' >&2; exit 1; \
	  fi; }

# --- Check ------------------------------------------------------------------------------------

# The settings have a value for everything once DEBUG is on. HTTPS, STATIC_ROOT and the like are
# unset so that a developer's own environment cannot change what the checks see.
CHECK_ENV := env -u SECRET_KEY -u ALLOWED_HOSTS -u SITE_URL -u HTTPS -u STATIC_ROOT -u ADMIN_PATH DEBUG=1 \
             HYPOTHESIS_STORAGE_DIRECTORY=var/hypothesis
SQLITE    := DATABASE_URL=sqlite:///$(CURDIR)/var/test.sqlite3
PYTEST    := $(BIN)/python -m pytest -n 2 --dist loadfile

test: SELECT := not slow and not faults
test: ON_POSTGRESQL := database and not browser and not roles
test: lint browser catalogues ## Style, types, imports, then all tests but the slow ones
	@$(RUN_TESTS)

test-all: SELECT := not faults
test-all: ON_POSTGRESQL := not browser or staff
test-all: lint browser servers catalogues ## The same with the slow tests
	@$(RUN_TESTS)

# One after the other: each has the machine for itself. Faults that need a disk or a network of their own need root.
test-faults: servers cluster catalogues ## Breaks a whole site on purpose (half an hour); writes docs/faults.md
	@$(CHECK_ENV) $(SQLITE) $(BIN)/python -m pytest -m faults tests/faults

# On SQLite, then once more on PostgreSQL: what needs no browser and is not long. What pytest says stands last.
define RUN_TESTS
	mkdir -p var; \
	case "$${DATABASE_URL:-}" in postgres*) other="$$DATABASE_URL"; where='DATABASE_URL';; *) other=; \
	  if $(BIN)/python -c 'import psycopg2; psycopg2.connect("host=127.0.0.1 port=5432 user=postgres dbname=postgres connect_timeout=3").close()' 2>/dev/null; \
	  then other=postgres://postgres@127.0.0.1:5432/say_no; where='127.0.0.1:5432'; fi;; esac; \
	if [ -n "$$other" ]; then echo "Databases: SQLite, then PostgreSQL ($$where)"; \
	else echo 'Database: SQLite only. No PostgreSQL answers at 127.0.0.1:5432 and DATABASE_URL names none.'; fi; \
	$(CHECK_ENV) $(SQLITE) $(PYTEST) -m '$(SELECT)' || exit $$?; \
	[ -n "$$other" ] || exit 0; \
	echo "PostgreSQL ($$where)"; \
	$(CHECK_ENV) DATABASE_URL="$$other" $(PYTEST) -m '($(SELECT)) and ($(ON_POSTGRESQL))'
endef

# With the next Django, on the Python it will ask for, in an environment of its own. All but the
# browser's tests and the slow ones: pages are the same bytes to a browser.
NEXT        := var/next
PYTHON_NEXT ?= python3.13

$(NEXT)/installed: requirements-next.txt
	@command -v $(PYTHON_NEXT) >/dev/null && $(PYTHON_NEXT) -c 'import sys; sys.exit(sys.version_info < (3, 13))' || { \
	  echo 'This needs Python 3.13 or newer: make test-next PYTHON_NEXT=/path/to/python3.13' >&2; exit 1; }
	@echo 'Installing requirements-next.txt for $(PYTHON_NEXT)'
	@$(PYTHON_NEXT) -m venv --clear $(NEXT)
	@$(NEXT)/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --no-deps -r requirements-next.txt
	@touch $@

test-next: $(NEXT)/installed catalogues ## The tests with the next Django (6.1) and Python 3.13
	@$(NEXT)/bin/python -c 'import django, sys; print("Django", django.__version__, "on Python", sys.version.split()[0])'
	@$(CHECK_ENV) DATABASE_URL=sqlite:///$(CURDIR)/var/test-next.sqlite3 \
	  $(NEXT)/bin/python -m pytest -n 2 --dist loadfile -m 'not slow and not browser and not faults'

# The cheapest first.
lint: $(VENV)/development ## Style, imports, Django's checks, migrations, types; a few seconds
	@mkdir -p var
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	@echo '$(BIN)/djade --check'
	@find templates content -name '*.html' -exec $(BIN)/djade --check --target-version 5.2 {} +
	@echo '$(BIN)/lint-imports'
	@$(BIN)/lint-imports --no-logo --cache-dir var/import_linter >var/lint-imports.log 2>&1 || { cat var/lint-imports.log; exit 1; }
	@echo 'manage.py check, makemigrations --check'
	@$(CHECK_ENV) $(SQLITE) $(MANAGE) check
	@$(CHECK_ENV) $(SQLITE) $(MANAGE) makemigrations --check --dry-run
	$(CHECK_ENV) $(BIN)/mypy

format: $(VENV)/development ## Put the code into the one style
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .
	find templates content -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} +
	find campaign content tests -name '*.py' ! -path '*/migrations/*' -exec $(BIN)/django-upgrade --target-version 5.2 {} +

pictures: browser catalogues ## The pictures of the handbook, made of the real screens (static/handbook/)
	@mkdir -p static/handbook
	@rm -f static/handbook/*.png
	@HANDBOOK=static/handbook $(CHECK_ENV) $(SQLITE) $(BIN)/python -m pytest -m browser tests/test_handbook_browser.py

coverage: browser catalogues $(VENV)/development ## Which lines no test reaches
	@mkdir -p var
	$(CHECK_ENV) $(SQLITE) $(PYTEST) --cov --cov-report=term --cov-report=html:var/coverage-html

# --- Texts ------------------------------------------------------------------------------------

catalogues: $(VENV)/development ## Compile locale/ (Babel; needs no gettext)
	@$(CHECK_ENV) $(SQLITE) $(MANAGE) compilecatalogues

# LANGUAGE counts only when written behind `make`: gettext has a variable of that name.
messages: $(VENV)/development ## Collect the frame's messages into locale/ (LANGUAGE=tr: one only; needs Debian's gettext)
	@command -v xgettext >/dev/null || { echo 'Collecting messages needs gettext: sudo apt-get install gettext' >&2; exit 1; }
	$(CHECK_ENV) $(SQLITE) $(MANAGE) makemessages $(if $(filter command,$(origin LANGUAGE)),--locale $(LANGUAGE),--all) \
	  --add-location file --ignore .venv --ignore var --ignore tests

order: $(VENV)/development ## The order of countries in each language (needs Node)
	PYTHONPATH=. $(BIN)/python tools/order_countries.py

# --- Dependencies -----------------------------------------------------------------------------

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
           --no-emit-index-url --no-emit-find-links --no-header $(if $(UPGRADE),--upgrade)

lock: $(VENV)/development ## Write the locks from requirements*.in (UPGRADE=1 takes the newest releases)
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) -c requirements.txt requirements-dev.in -o requirements-dev.txt
	$(subst 3.11,3.13,$(COMPILE)) --override requirements-next.in requirements-dev.in -o requirements-next.txt

.PHONY: proof
proof: browser catalogues $(VENV)/development ## Open every page in a browser; write what it found for the page about privacy
	@mkdir -p var
	PROOF=write $(CHECK_ENV) $(SQLITE) $(BIN)/python -m pytest -m slow tests/test_proof.py

bench: servers catalogues $(VENV)/development ## Measures the site beside others (an hour); writes docs/performance.md
	@command -v wrk >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get install -y -q wrk >/dev/null; \
	  else echo 'This needs wrk. On Debian: sudo apt-get install wrk' >&2; exit 1; fi; }
	$(BIN)/python -m benchmarks.report

audit: $(VENV)/created ## Known weaknesses in what is locked (needs the network)
	@[ -x var/audit/bin/pip-audit ] || { $(PYTHON) -m venv var/audit && var/audit/bin/pip install --quiet pip-audit; }
	var/audit/bin/pip-audit --disable-pip --require-hashes -r requirements.txt
	var/audit/bin/pip-audit --disable-pip --require-hashes -r requirements-dev.txt

.PHONY: sbom
sbom: $(VENV)/production ## What the site is made of: var/sbom.json (CycloneDX)
	@mkdir -p var
	$(BIN)/python tools/sbom.py >var/sbom.json

# var/ is kept: it may hold a database that somebody wrote into.
clean: ## Remove the environment, caches and compiled catalogues; var/ with its database stays
	rm -rf $(VENV) .import_linter_cache var/static var/mypy var/ruff var/pytest var/hypothesis var/import_linter var/audit var/next var/coverage var/coverage-html var/serve.json var/baked
	find campaign content tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete
