# Lodestone. `make serve` and `make test` are all a new machine needs: each sets up what it uses.
# Each candidate is run: a version manager's shim may be on PATH and answer nothing.
PYTHON ?= $(shell for v in python3.13 python3.12 python3.11 python3 python; do \
  $$v -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$v; break; }; done)
BIN := .venv/bin

# The name of the stack that `make deploy` brings up to date.
STACK ?= lodestone

.PHONY: help setup serve test quick golden bench lint clean deploy emulator audit
help: # one line a target
	@echo "make serve   the whole funnel on this machine (ARGS='--port 9000')"
	@echo "make test    every test, offline; the browser tests need a Chromium"
	@echo "make quick   the tests that belong to every save: under a minute"
	@echo "make golden  write the mails of the examples anew, to be read as a diff; their sizes"
	@echo "make bench   how fast it is, printed"
	@echo "make setup   environment and libraries in .venv, nothing else"
	@echo "make deploy  build, sam build, sam deploy, publish, doctor (STACK=lodestone; needs python3.13 and credentials)"
	@echo "make emulator  an AWS on this machine, for the deploy tests (needs python3.13)"
	@echo "make lint    style, import order and types"
	@echo "make audit   what checkov says of the template"
	@echo "make clean   remove what was built; leads in .local/ stay"

setup: .venv/ready
serve: .venv/ready
	@$(BIN)/python build.py serve $(ARGS)
# A property is tried on few examples in `quick`, on all in `test`. What is marked in a test says what `quick` leaves out.
test: .venv/ready-test
	@HYPOTHESIS_PROFILE=$${HYPOTHESIS_PROFILE:-ci} $(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)
quick: .venv/ready-test
	@HYPOTHESIS_PROFILE=$${HYPOTHESIS_PROFILE:-dev} $(BIN)/python -m pytest -n auto --dist loadgroup \
	  -m 'not (slow or browser or stack or deploy)' --durations 5 --durations-min 1 $(ARGS)
golden: .venv/ready-test
	@$(BIN)/python -m tests.golden_mails
deploy: .venv/ready-deploy
	@$(BIN)/python build.py check
	@PATH="$(CURDIR)/$(BIN):$$PATH" sam build
	@PATH="$(CURDIR)/$(BIN):$$PATH" sam deploy --stack-name $(STACK) --resolve-s3 --capabilities CAPABILITY_IAM \
	  --no-fail-on-empty-changeset $(if $(or $(DEPLOY),$(wildcard samconfig.toml)),,--guided) $(DEPLOY)
	@$(BIN)/python build.py publish --stack $(STACK) $(PUBLISH)
	@$(BIN)/python build.py doctor --stack $(STACK)
emulator: .venv-emulator/ready
bench: .venv/ready-test
	@$(BIN)/python -m bench $(ARGS)
lint: .venv/ready-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
audit: .venv-audit/ready
	@.venv-audit/bin/checkov -f template.yaml --framework cloudformation --compact --quiet --skip-download
clean:
	rm -rf dist .dist-* .pytest_cache .hypothesis .ruff_cache .mypy_cache

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Lodestone needs Python 3.11 or newer, and found none on PATH."; \
	  echo "help: install it, or say where it is: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12"; exit 2; }
	@echo "setting up .venv with $$($(PYTHON) --version) …"
	@$(PYTHON) -m venv .venv

.venv/ready: pyproject.toml constraints.txt | .venv/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/ready-deploy: .venv/ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[deploy]'
	@touch $@

.venv/ready-test: .venv/ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

# The emulator runs the functions with its own interpreter, which must be the runtime's.
.venv-emulator/ready: tests/deploy/requirements.txt
	@python3.13 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null \
	  || { echo "the deploy tests need a real python3.13 on PATH; a version manager's shim is not enough."; exit 2; }
	@python3.13 -m venv .venv-emulator
	@.venv-emulator/bin/python -m pip install --quiet --disable-pip-version-check -r tests/deploy/requirements.txt
	@touch $@

.venv-audit/ready: tests/structure/audit.txt
	@$(PYTHON) -m venv .venv-audit
	@.venv-audit/bin/python -m pip install --quiet --disable-pip-version-check -r tests/structure/audit.txt
	@touch $@
