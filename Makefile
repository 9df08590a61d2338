# Everything a fresh checkout needs: `make run` and `make test` set themselves up.
#   make run [GPU=cuda|vulkan|metal|cpu] [ARGS="chat --learner Amira"]
#   make test [ARGS="tests/cli -k ask"]
PYTHON ?= python3
GPU ?=
ARGS ?=
VENV := .venv/bin
SETUP := $(PYTHON) packaging/set_up.py

.PHONY: run test lint screenshots translations map clean help

run:
	@$(SETUP) run --gpu "$(GPU)"
	@$(VENV)/python -m tutor $(ARGS)

test:
	@$(SETUP) test --gpu "$(GPU)"
	@$(VENV)/python -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

lint:
	@$(SETUP) test
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/lint-imports

screenshots:
	@$(SETUP) test
	$(VENV)/python -m tutor.qt.screenshots screenshots

translations:
	@$(SETUP) test
	$(VENV)/python packaging/extract_strings.py

map:
	@$(PYTHON) packaging/file_map.py

clean:
	rm -rf .venv build dist screenshots workshop-out .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache *.egg-info
	find tutor tests packaging -name __pycache__ -type d -prune -exec rm -rf {} +

help:
	@sed -n '1,3s/^# \{0,1\}//p' Makefile
	@echo "  make lint | screenshots | translations | map | clean"
