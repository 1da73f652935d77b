"""What `make lint` checks: one line a check."""

import secrets
from base64 import b64encode

# (title, arguments of Python, under production settings)
CHECKS: tuple[tuple[str, list[str], bool], ...] = (
    ("ruff", ["-m", "ruff", "check", "."], False),
    ("format", ["-m", "ruff", "format", "--check", "."], False),
    ("types", ["-m", "mypy", "crm", "customers", "interactions", "recommendations", "tests", "benchmarks"], False),
    # Its module does nothing when run as one.
    ("layers", ["-c", "from importlinter.cli import lint_imports_command as run; run()"], False),
    ("django", ["-m", "django", "check", "--settings=crm.settings"], False),
    ("deployment", ["-m", "django", "check", "--deploy", "--fail-level=WARNING", "--settings=crm.settings"], True),
    ("migrations", ["-m", "django", "makemigrations", "--check", "--dry-run", "--settings=crm.settings"], False),
    ("templates", ["-m", "django", "check_templates", "--settings=crm.settings"], False),
    ("translations", ["-m", "django", "messages", "--check", "--settings=crm.settings"], False),
)


def production_environment() -> dict[str, str]:
    """The least a bank must set; nothing answers at these addresses, and `check` asks nothing of them."""
    return {
        "ZHIKE_LOCAL": "0",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FIELD_KEYS": "1:" + b64encode(secrets.token_bytes(32)).decode(),
        "FIELD_INDEX_KEY": b64encode(secrets.token_bytes(32)).decode(),
        "DATABASE_URL": "postgres://zhike_app:x@db.bank.example/zhike",
        "DATABASE_OWNER_URL": "postgres://zhike_owner:x@db.bank.example/zhike",
        "REDIS_URL": "rediss://redis.bank.example/0",
        "ALLOWED_HOSTS": "crm.bank.example",
    }
