# Two commands for a stranger: `make demo` and `make test`. Everything lives in .venv; a second run starts at once.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo run test test-fast search screenshots step lint types layers benchmarks clean

demo: $(VENV)/.run
	@echo "Starting the playground ..."
	@exec $(BIN)/klatch demo

run: $(VENV)/.run
	@exec $(BIN)/klatch run

test: $(VENV)/.dev
	$(BIN)/pytest -n 2 --dist worksteal

# A minute and a half on two cores: no browser, SQLite only, nothing that takes long by its nature.
test-fast: $(VENV)/.dev
	$(BIN)/pytest -n 2 --dist worksteal -m "not slow" -k "not postgresql"

# Properties and machines with inputs of chance; what is found is kept in .hypothesis/found and printed.
SECONDS ?= 600
search: $(VENV)/.dev
	$(BIN)/python -m tests.search --seconds $(SECONDS)

# The README's pictures, anew; needs Chromium and fonts with Chinese and emoji.
screenshots: $(VENV)/.dev
	$(BIN)/python -m tests.screenshots

# The next step of the database, written from what models/tables have: make step NAME=bookmarks
step: $(VENV)/.dev
	@step=$$($(BIN)/python -m migrations $(NAME) | tail -n 1) && $(BIN)/ruff format --quiet "$$step" && \
	  $(BIN)/ruff check --quiet --fix "$$step" && $(BIN)/ruff format --quiet "$$step" && echo "Read it over, and say in its first line what it is for: $$step"

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

layers: $(VENV)/.dev
	$(BIN)/lint-imports

benchmarks: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks

# The stamps are made anew when what they were made from changes.
$(VENV)/.run: pyproject.toml constraints.txt
	@echo "Preparing $(VENV): what Klatch needs is fetched once, for a minute or two ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	@echo "Preparing $(VENV): what the tests need is fetched once, for a minute or two ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache build *.egg-info
