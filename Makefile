# make demo   a complete small world on this machine: crawl, verdicts, report; no account, no token, no internet
# make test   the test suite
# make check  all that must hold before a commit: lint, types, tests, slow tests
# make lint   ruff and mypy alone
# make bench  the figures: speed, memory, verdicts against the known truth
# make bench-matching  how well the material is recognised, beside what others use, and at what cost
# make bench-news      how well articles are read, how fast, and what a daily run asks of quiet sites
# make bench-report    how long a regency's report takes in every format, and the questions over a country's verdicts
# make fuzz   a million damaged inputs for every reader of outside text; some 20 minutes, ARGS="--cases 10000" for fewer
# make bench-faults    kills survived, service faults that end as named, false accusations (minutes)
# make docs-faults     writes docs/faults.md anew from the tests that hold it
# make bench-audit     how fast the audit reads evidence, and how many of 100 random changes it finds
# make audit-deps     versions and licences of all packages, and their known faults (that asks a service on the internet)
# make clean  removes what the others made, but for the environment
#
# The environment is made once, in .venv; from then on nothing here needs the internet.

VENV ?= .venv
DEMO ?= demo
PYTHON ?=
BIN = $(VENV)/bin
# Three files of tests at a time, for two cores: half of the time they wait for servers and processes. What is set up
# once stays in one process (tests/conftest.py).
BESIDE = -n 3 --dist loadscope
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: demo test lint check bench bench-matching bench-news bench-report bench-faults bench-audit docs-faults audit-deps fuzz clean

demo: $(VENV)/.installed
	$(BIN)/tayang demo --dir "$(DEMO)"

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m "not slow" $(BESIDE)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy

check: lint
	$(BIN)/python -m pytest $(BESIDE)

bench: $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench

bench-matching: $(VENV)/.installed-bench
	$(BIN)/python -m tests.matching $(ARGS)

bench-news: $(VENV)/.installed-dev
	$(BIN)/python -m tests.dates
	$(BIN)/python -m tests.news $(ARGS)
	$(BIN)/python -m tests.quiet_sites

bench-report: $(VENV)/.installed-dev
	$(BIN)/python -m tests.national

fuzz: $(VENV)/.installed-dev
	$(BIN)/python -m tests.fuzz --cases 1000000 $(ARGS)

bench-faults: $(VENV)/.installed-dev
	$(BIN)/python -m tests.faults $(ARGS)

docs-faults: $(VENV)/.installed-dev
	$(BIN)/python -m tests.faults.page > docs/faults.md
bench-audit: $(VENV)/.installed-dev
	$(BIN)/python -m tests.audit_bench $(ARGS)

audit-deps: $(VENV)/.installed-bench
	-$(PIP) pip-audit
	$(BIN)/python -m tests.dependencies

clean:
	rm -rf "$(DEMO)" .bench build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing Tayang into $(VENV) (once, a minute or two) ..."
	$(PIP) -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing Tayang and its test tools into $(VENV) (once, a minute or two) ..."
	$(PIP) -e ".[dev]"
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	$(PIP) -e ".[dev,bench]"
	@touch $@

$(BIN)/python:
	@for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do \
	  "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || continue; \
	  "$$python" -m venv "$(VENV)" && exit 0; \
	  rm -f "$(BIN)/python"; echo "No environment could be made with $$python (Debian, Ubuntu: apt install python3-venv)." >&2; exit 1; \
	done; \
	echo "Tayang needs Python 3.11, 3.12 or 3.13. Found: $$($(or $(PYTHON),python3) --version 2>&1)." >&2; \
	echo "Install one (python.org, apt, uv, pyenv) and call: make PYTHON=/path/to/python3.12 ..." >&2; \
	exit 1
