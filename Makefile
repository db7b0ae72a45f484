# `make` lists what there is.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto
CATALOGUE := locale/it/LC_MESSAGES/django
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export DJANGO_SETTINGS_MODULE ?= config.settings.dev

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: $(VENV)/run $(CATALOGUE).mo ## Start the site and its worker; the first time with the demonstration city
	@$(BIN)/python manage.py start $(if $(PORT),--port $(PORT))

.PHONY: test
test: $(VENV)/test $(CATALOGUE).mo browser ## Run every test, browser journeys included
	@DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ARGS)

.PHONY: check
check: $(VENV)/test $(CATALOGUE).mo gettext ## Check imports, style, types, templates, migrations and translations
	$(BIN)/lint-imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python manage.py lintmigrations --project-root-path . --quiet ok ignore --include-apps home commons residents stories budgeting proposals
	$(BIN)/python manage.py check_translations

.PHONY: demo
demo: $(VENV)/run $(CATALOGUE).mo ## Drop the database and load the demonstration city anew
	@$(BIN)/python manage.py start --only-prepare --anew

.PHONY: messages
messages: $(VENV)/test gettext ## Collect the texts of the interface for translation
	@$(BIN)/python manage.py makemessages --locale it --no-obsolete --add-location file --ignore '.venv/*' --ignore 'var/*' --ignore 'tests/*' --ignore 'benchmarks/*'

.PHONY: bench
bench: $(VENV)/test $(CATALOGUE).mo ## Measure speed and memory, and print the figures
	@$(BIN)/python -m benchmarks $(ARGS)

# Other counting libraries have an environment of their own: nothing of theirs is needed to use ours.
.PHONY: bench-peers
bench-peers: $(VENV)/test .venv-peers/done ## Count past elections beside pabutools, and print the ratios
	@$(BIN)/python -m benchmarks._peers $(ARGS)

.venv-peers/done: benchmarks/peers.txt
	@test -x .venv-peers/bin/python || $(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/pip install --quiet --requirement benchmarks/peers.txt
	@touch $@

.PHONY: stop
stop: $(VENV)/run ## Stop the embedded PostgreSQL
	@$(BIN)/python manage.py stop_database

$(VENV)/run: pyproject.toml constraints.txt
	@test -x $(BIN)/python || { echo "Making a virtual environment in $(VENV) …"; $(PYTHON) -m venv $(VENV); }
	@echo "Installing what the site needs …"
	@$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/test: $(VENV)/run
	@echo "Installing what the tests need …"
	@$(BIN)/pip install --quiet --constraint constraints.txt --editable .[test]
	@touch $@

$(CATALOGUE).mo: $(CATALOGUE).po $(VENV)/run
	@$(BIN)/pybabel --quiet compile --input-file $(CATALOGUE).po --output-file $@ --locale it

# The browser journeys need Debian's chromium, the translations' check Debian's gettext. Both are
# installed when this user may; what cannot be tested without them is said.
.PHONY: browser
browser:
	@command -v chromium >/dev/null || $(call debian-package,chromium,the browser journeys)

.PHONY: gettext
gettext:
	@command -v xgettext >/dev/null || $(call debian-package,gettext,the completeness of the translations)

define debian-package
{ test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	&& echo "Installing $(1) …" \
	&& apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes $(1) >/dev/null; } \
	|| { echo; echo "*** NOT TESTED: $(2). Install $(1) (apt install $(1)) and run again. ***"; echo; }
endef
