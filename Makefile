# What a person does. Each target sets up what it needs first; the second time that is quick.
SHELL := /bin/bash
PYTHON_BIN := .venv/bin/python
export PYTHON

.PHONY: run setup test check style types layers dependencies structure full package bench docs \
  pictures format lock clean

run: setup ## improve the browser agent, end to end
	$(PYTHON_BIN) -m agentlab run experiments/browser.yaml

setup: ## make .venv, install what is pinned, find or install a Chromium and bubblewrap
	@scripts/bootstrap.sh

test: setup ## the test suite
	scripts/test.sh

check: style types layers dependencies structure ## what is either right or wrong; seconds when warm

style: setup
	$(PYTHON_BIN) -m ruff check --quiet .
	$(PYTHON_BIN) -m ruff format --quiet --check .

types: setup
	$(PYTHON_BIN) -m mypy

layers: setup
	.venv/bin/lint-imports --no-cache

dependencies: setup
	$(PYTHON_BIN) -m deptry .

structure: setup
	$(PYTHON_BIN) -m pytest -q -m "not serial" tests/test_structure.py tests/test_imports.py

full: check test package bench ## all of it, and the tests that are slow
	$(PYTHON_BIN) -m pytest -m slow || [ $$? -eq 5 ] # 5: there is none

bench: setup ## the programs in tests/benchmarks, one after the other
	for program in tests/benchmarks/*.py; do \
	  name=$$(basename "$$program" .py); echo "== $$name"; $(PYTHON_BIN) -m "tests.benchmarks.$$name" || exit 1; \
	done

package: setup ## wheel, sdist and what is in them
	$(PYTHON_BIN) -m pytest -m packaging

docs: setup ## write docs/reference/ anew
	$(PYTHON_BIN) scripts/generate_reference.py

pictures: setup ## draw docs/pictures/ anew, and the table of keep rules: a minute
	$(PYTHON_BIN) -m scripts.draw_pictures
	$(PYTHON_BIN) -m scripts.draw_robot

format: setup ## lay out the code
	$(PYTHON_BIN) -m ruff check --fix .
	$(PYTHON_BIN) -m ruff format .

lock: ## pin anew what pyproject.toml asks for; needs uv
	scripts/lock.sh

clean: ## forget everything that was made
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
