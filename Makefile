# What a person does. Each target sets up what it needs first; the second time that is quick.
SHELL := /bin/bash
PYTHON_BIN := .venv/bin/python
export PYTHON

.PHONY: run test check full bench package docs format lock setup clean

run: setup ## improve the browser agent, end to end
	$(PYTHON_BIN) -m agentlab run experiments/browser.yaml

setup: ## make .venv, install what is pinned, find or install a Chromium and bubblewrap
	@scripts/bootstrap.sh

test: setup ## the test suite
	scripts/test.sh

check: setup ## what is either right or wrong: style, types, layers, dependencies, structure
	$(PYTHON_BIN) -m ruff check .
	$(PYTHON_BIN) -m ruff format --check .
	.venv/bin/lint-imports --no-cache
	$(PYTHON_BIN) -m deptry .
	$(PYTHON_BIN) -m mypy
	$(PYTHON_BIN) -m pytest -q tests/test_structure.py tests/test_imports.py

full: check test package bench ## all of it, and the tests that are slow
	$(PYTHON_BIN) -m pytest -m slow

bench: setup ## the programs in tests/benchmarks, one after the other
	for program in tests/benchmarks/*.py; do echo "== $$program"; $(PYTHON_BIN) "$$program" || exit 1; done

package: setup ## wheel, sdist and what is in them
	$(PYTHON_BIN) -m pytest -m packaging

docs: setup ## write docs/reference/ anew
	$(PYTHON_BIN) scripts/generate_reference.py

format: setup ## lay out the code
	$(PYTHON_BIN) -m ruff check --fix .
	$(PYTHON_BIN) -m ruff format .

lock: ## pin anew what pyproject.toml asks for; needs uv
	scripts/lock.sh

clean: ## forget everything that was made
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
