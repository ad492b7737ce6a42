# Two commands on a fresh machine: `make demo` and `make test`. Both need python3 (3.11 or 3.12),
# make and a package index, and work offline once installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := $(shell sha256sum requirements.lock pyproject.toml | sha256sum | cut -c1-16)
READY := $(VENV)/.ready-$(LOCK)
DEMO := demo-run
WORKERS ?= 2

.PHONY: setup demo test lint bad-input bench clean

setup: $(READY)

# One environment, made once and remade when the lock changes.
$(READY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' || \
	  { echo "python3 is $$($(PYTHON) --version): Python 3.11 or 3.12 is needed (PYTHON=python3.11 make ...)" >&2; exit 1; }
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	touch $@

demo: $(READY)
	$(BIN)/apothecary run --config resources/demo/config.yaml --out $(DEMO)
	@echo "The batch page: $(CURDIR)/$(DEMO)/index.html"

test: $(READY)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/mypy
	$(BIN)/python -m snakemake --lint --configfile resources/demo/config.yaml

# The 110 rows of bad input: how many hold, and why any does not.
bad-input: $(READY)
	$(BIN)/python tests/bad_input/summary.py

# The figures of README and docs; those on real data need APOTHECARY_SHARED.
bench: $(READY)
	status=0; for benchmark in benchmarks/[a-z]*.py; do $(BIN)/python $$benchmark || status=1; done; exit $$status

clean:
	rm -rf $(VENV) $(DEMO) build results logs .snakemake .pytest_cache .mypy_cache .ruff_cache .hypothesis
