# Newsroom. `make run` serves the demo newsroom, `make test` runs every test; both set up all
# they need in .venv first.

VENV := .venv/bin
MARK := .venv/installed
MARK_DEV := .venv/installed-dev
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run demo-password test soak bench check format messages screenshots lock clean

run: $(MARK)
	@exec $(VENV)/python manage.py serve

demo-password: $(MARK)
	@$(VENV)/python manage.py demo_password

test: $(MARK_DEV) check
	@exec $(VENV)/python -m tests.run

# The tests that have a size, in full; SEED=… does the same again.
soak: $(MARK_DEV)
	@SOAK=1 exec $(VENV)/python -m tests.run -m soak -rP

# How quick it is, beside others: docs/bench.md. BENCH=--quick takes three minutes and changes no
# file of docs/, BENCH=--help tells more.
BENCH ?= --docs
bench: $(MARK_DEV)
	@exec $(VENV)/python -m bench $(BENCH)

check: $(MARK_DEV)
	$(VENV)/ruff check
	$(VENV)/ruff format --check
	$(VENV)/djade --check $$(git ls-files 'templates/*.html')
	$(VENV)/mypy
	$(VENV)/python manage.py makemigrations --check --dry-run
	SITE_URL=https://news.example.org SMTP_URL=smtps://mail.example.org \
	    $(VENV)/python manage.py check --deploy --fail-level WARNING

format: $(MARK_DEV)
	$(VENV)/ruff check --fix
	$(VENV)/ruff format
	$(VENV)/djade $$(git ls-files 'templates/*.html')

# The catalogues of translations: docs/translating.md.
messages: $(MARK_DEV)
	@DJANGO_SETTINGS_MODULE=newsroom.settings $(VENV)/python -m tests.catalogue

# Every kind of page, light and dark, wide and narrow, on paper and mirrored: build/screenshots.
screenshots: $(MARK_DEV)
	@exec $(VENV)/python -m bench.screenshots

# The requirements of pyproject.toml with all they need, pinned with hashes, for every Python
# and system that is supported.
lock: $(MARK_DEV)
	$(VENV)/pip install --quiet uv==0.13.9
	$(VENV)/uv pip compile pyproject.toml --universal --python-version 3.12 --generate-hashes \
	    --quiet --custom-compile-command 'make lock' -o requirements.txt
	$(VENV)/uv pip compile pyproject.toml --universal --python-version 3.12 --generate-hashes \
	    --extra postgres --group dev \
	    --quiet --custom-compile-command 'make lock' -o requirements-dev.txt

clean:
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache

# --- The virtual environment ------------------------------------------------------------------

.venv/made:
	@python=$$(sh .ci/find-python) && rm -rf .venv && "$$python" -m venv .venv && touch $@

$(MARK): .venv/made requirements.txt
	@echo 'Installing the requirements into .venv …'
	@$(VENV)/pip install -qq --require-hashes -r requirements.txt
	@touch $@

$(MARK_DEV): $(MARK) requirements-dev.txt
	@echo 'Installing the requirements for development into .venv …'
	@$(VENV)/pip install -qq --require-hashes -r requirements-dev.txt
	@touch $@
