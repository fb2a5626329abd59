# 问哈村长：常用命令。第一次用：make demo（看一天），make test（全部测试）。
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
PYTEST := $(BIN)/pytest -n auto --maxprocesses 4 --dist loadscope

.PHONY: setup demo test check crash sim bench fix lock browser
.DEFAULT_GOAL := setup

setup: $(STAMP)  ## create .venv from the lock; quick when nothing changed

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "需要 Python 3.11 或更新版本；可用 PYTHON=python3.11 make … 指定。"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: setup  ## play the scripted day, then open the sandbox
	@$(BIN)/wenha demo --script
	@$(BIN)/wenha demo

browser:  ## Debian's chromium for the browser journey, installed once
	@deploy/install-browser.sh

test: setup browser  ## every test
	$(PYTEST)

check: setup browser  ## format, lint, types, import contracts, every test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST)

bench: setup  ## ratios against a baseline in the same run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	$(BIN)/python -m bench

crash: setup  ## heavier: 250 kills -9 at chosen and random moments
	$(BIN)/python -m tests.crash_many --kills 250 --seed 1

sim: setup  ## heavier: 10,000 steps of random histories, everything looked at
	$(BIN)/python -m tests.fuzz --histories 20 --steps 500 --seed 1

fix: setup  ## let ruff repair what it can
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

lock:  ## renew both lock files (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --extra dev pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --extra bench pyproject.toml -o requirements-bench.lock
