# Everything happens in crm/local. `make run PORT=8001`, `make test ARGS="tests/customers -k search"`.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PYTHON := $(or $(PYTHON),python3)
LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links

.PHONY: run test lint shell messages bench lock clean
run test lint shell messages bench:
	@$(PYTHON) -m crm.local $@ $(ARGS)

lock:
	$(LOCK) --output-file=requirements.txt requirements.in
	$(LOCK) --output-file=requirements-dev.txt requirements-dev.in

clean:
	rm -rf .venv node_modules staticfiles static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis
