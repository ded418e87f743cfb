# The machine's own uv, else one that is installed beside the source.
UV := $(or $(shell command -v uv),.tools/bin/uv)

setup: $(UV) ## Install the dependencies, exactly as locked
	$(UV) sync --locked

run: .venv ## Run on this machine
	$(UV) run --locked python -m app

lint: .venv ## Check style, format and types
	$(UV) run --locked ruff check .
	$(UV) run --locked ruff format --check .
	$(UV) run --locked mypy

test: .venv ## Run the unit tests
	$(UV) run --locked pytest --ignore=tests/integration

test-integration: .venv ## Run the tests that start the whole service
	$(UV) run --locked pytest -rs tests/integration

build: .venv ## Compile every file, and so find what cannot be loaded
	$(UV) run --locked python -m compileall -q app

.venv: uv.lock $(UV)
	$(UV) sync --locked
	@touch $@

.tools/bin/uv:
	python3 -m venv .tools
	.tools/bin/pip install --quiet uv==0.13.9
