"""Settings of Zhike: one file, everything that differs between places comes from the environment (12-factor).

`make run` writes a private `.local/env`; a bank sets the same names itself. Without `ZHIKE_LOCAL=1` the settings
are production's: they refuse to start without secrets of their own, without TLS, or on the embedded servers.
"""

import sys
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

# Lets ModelAdmin[Customer] and QuerySet[Customer] be written at run time, for the type checker.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".local" / "env", overwrite=False)

LOCAL = env.bool("ZHIKE_LOCAL", default=False)
DEBUG = LOCAL and env.bool("DEBUG", default=False)


def _required(name: str) -> str:
    """The environment's value of `name`; raises ImproperlyConfigured in one line when it is absent or empty."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. See “Deploy” in README.md; `make run` sets it for trying.")
    return str(value)


SECRET_KEY = _required("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if LOCAL else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Field encryption: `1:base64,2:base64`, the last one encrypts, the others still decrypt. See customers/crypto.py.
FIELD_KEYS = _required("FIELD_KEYS")
FIELD_INDEX_KEY = _required("FIELD_INDEX_KEY")
FIELD_CIPHER = env.str("FIELD_CIPHER", default="international")  # or "guomi": SM4-GCM and HMAC-SM3

INSTALLED_APPS = [
    "crm.audit.apps.ZhikeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "lucide",
    "guardian",
    "tree_queries",
    "axes",
    "csp",
    "crm.apps.CrmConfig",
    "crm.staff",
    "crm.audit.apps.AuditConfig",
    "customers",
    "interactions",
    "recommendations",
    "crm.nightly",
    "crm.dashboards",
    "crm.workspace",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.audit.middleware.AuditMiddleware",
    "crm.staff.middleware.IdleTimeoutMiddleware",
    "crm.staff.middleware.NoStoreMiddleware",
    "crm.staff.middleware.LanguageMiddleware",
    "crm.staff.middleware.SignInRequiredMiddleware",
    "crm.staff.middleware.TemporaryPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = env.str("ROOT_URLCONF", default="crm.urls")
WSGI_APPLICATION = "crm.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.workspace.context.shell",
                "crm.nightly.context.night",
            ],
        },
    }
]

# Two roles on one database: `default` runs the app and cannot alter tables or touch audit rows; `owner` migrates.
# Server-side prepared statements are off: after five runs psycopg's generic plans scan for prefix and array searches
# (measured 40 x slower), and poolers in transaction mode cannot keep them anyway.
_DATABASE_OPTIONS: dict[str, object] = {"prepare_threshold": None}


def _database(name: str, fallback: str = "") -> dict[str, object]:
    """Django's dict for the database URL in `name`, with this project's options added."""
    url = env.str(name, default="") or fallback or _required(name)
    config: dict[str, object] = env.db_url_config(url)
    options = config.get("OPTIONS")
    config["OPTIONS"] = {**(options if isinstance(options, dict) else {}), **_DATABASE_OPTIONS}
    return config


DATABASE_URL = _required("DATABASE_URL")
DATABASES = {
    "default": _database("DATABASE_URL"),
    "owner": _database("DATABASE_OWNER_URL", fallback=DATABASE_URL),
}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"]["OPTIONS"],  # type: ignore[dict-item]
    "pool": {"min_size": 0, "max_size": env.int("DATABASE_POOL_SIZE", default=8), "timeout": 10},
}


def _refuse_unsafe_databases() -> None:
    """Production stands on a bank's own servers and on two different roles: anything else stops the start."""
    if any(place in DATABASE_URL + env.str("REDIS_URL", default="") for place in ("/.local/", "/var/lib/zhike/")):
        raise ImproperlyConfigured("The embedded servers are for trying Zhike: set DATABASE_URL and REDIS_URL.")
    if DATABASES["default"]["USER"] == DATABASES["owner"]["USER"]:
        raise ImproperlyConfigured(
            "DATABASE_OWNER_URL must name another role than DATABASE_URL: see “Deploy” in README.md."
        )


if not LOCAL:
    _refuse_unsafe_databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Whether the tour of the first day comes by itself to whoever signs in for the first time; it can always be asked for.
FIRST_DAY_TOUR = env.bool("FIRST_DAY_TOUR", default=True)

REDIS_URL = _required("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 6 * 3600
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = env.str("BEAT_SCHEDULE_FILE", default=str(BASE_DIR / ".local" / "beat"))

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
# Where people open Zhike: what mails link to.
SITE_URL = env.str("SITE_URL", default=next(iter(CSRF_TRUSTED_ORIGINS), "http://localhost:8000")).rstrip("/")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="zhike@localhost")

CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# People: five failures lock for 30 minutes, 30 minutes idle sign out, passwords of 8+ from four classes (MLPS level 3).
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "crm.staff.backends.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["employee_number", "display_name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "crm.staff.passwords.FourClassesValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = ["username"]
# What the form sends: the default is the model field's name, and then nothing ever locks.
AXES_USERNAME_FORM_FIELD = "username"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "crm.staff.views.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_IPWARE_PROXY_COUNT = env.int("PROXY_COUNT", default=0)
SESSION_IDLE = timedelta(minutes=env.int("SESSION_IDLE_MINUTES", default=30))
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "zhike"
SESSION_COOKIE_SAMESITE = "Lax"
PROXY_COUNT = env.int("PROXY_COUNT", default=0)

# Guardian carries exceptions (cover, sharing) through tables of its own; its has_perm backend stays out on purpose,
# since it knows no expiry: nothing may grant access but crm.staff.scope and customers.access.
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
# axes.W006: the lock is on the account, whatever address the guesses come from, as MLPS asks.
SILENCED_SYSTEM_CHECKS = ["guardian.W001", "axes.W006"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "zhike_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
TIME_ZONE = env.str("BANK_TIME_ZONE", default="Asia/Shanghai")
USE_TZ = True
CELERY_TIMEZONE = TIME_ZONE
# A bank of the past can be tried on its own day (1994-03-31); empty: the calendar's.
BANK_DAY = env.str("BANK_DAY", default="")
# Thresholds and AUM are in this currency; amounts in others are converted at the rate of their day.
BASE_CURRENCY = env.str("BASE_CURRENCY", default="CNY")
HOME_COUNTRY = env.str("HOME_COUNTRY", default="CN")

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_USE_FINDERS = DEBUG

# No page needs more than its own origin; no inline script or style exists, so none is allowed.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "crm.workspace.views.csrf_failed"
if not LOCAL:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    if PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Kinds of `manage.py import`, by the room that owns them: name -> dotted path of its ImportKind.
IMPORT_KINDS = {
    "customers": "customers.importing.customers.KIND",
    "consents": "customers.importing.consents.KIND",
    "accounts": "customers.importing.accounts.KIND",
    "account-parties": "customers.importing.account_parties.KIND",
    "balances": "customers.importing.balances.KIND",
    "transactions": "customers.importing.transactions.KIND",
    "holdings": "customers.importing.holdings.KIND",
    "standing-orders": "customers.importing.standing_orders.KIND",
    "loans": "customers.importing.loans.KIND",
    "credit-scores": "customers.importing.credit_scores.KIND",
    "risk-assessments": "customers.importing.risk_assessments.KIND",
    "interactions": "interactions.importing.interactions.KIND",
    "channel-events": "interactions.importing.channel_events.KIND",
}

# What is called with the name of the kind once a file was imported.
AFTER_IMPORT = ["interactions.after_import.remind"]
# What that leaves of a customer (table -> condition), and what makes an import stand for good.
IMPORT_TRACES = ["interactions.after_import.TRACES"]
IMPORT_STANDS_AFTER = ["crm.nightly.freshness.begun_since"]
# What is called (customer, event, by) when a life event was written down, in the same transaction.
AFTER_LIFE_EVENT = ["interactions.care.pausing.pause_sales"]
# A list brought in the browser: rows and bytes at most.
UPLOAD_MOST_ROWS = env.int("UPLOAD_MOST_ROWS", default=100_000)
UPLOAD_MOST_BYTES = env.int("UPLOAD_MOST_BYTES", default=30 << 20)

# What comes over when two customers are merged: callables (cursor, from id, to id) -> rows of the journal.
MERGE_MOVERS = [
    "customers.belongings.BELONGINGS",
    "interactions.merging.MOVES",
    "recommendations.merging.MOVES",
]

# What the rooms contribute to the night (crm/lib/night.py), in order; published in two transactions.
NIGHT_STEPS = [
    "customers.night.months.MONTHS",
    "customers.night.features.FEATURES",
    "customers.night.segments.SEGMENTS",
    "customers.portrait.night.PORTRAITS",
    "customers.night.findings.FINDINGS",
    "recommendations.night.suggestions.SUGGESTIONS",
    "interactions.night.step.REMINDERS",
    "interactions.night.hours.HOURS",
]
NIGHT_WORKLIST = [
    "customers.night.segments.PUBLISH_SEGMENTS",
    "customers.night.features.PUBLISH_FEATURES",
    "customers.portrait.night.PUBLISH_PORTRAITS",
    "customers.night.life.PROPOSE_LIFE_EVENTS",
    "customers.night.findings.PUBLISH_FINDINGS",
    "recommendations.night.needs.PUBLISH_NEEDS",
    "recommendations.night.publication.PUBLISH_SUGGESTIONS",
    "recommendations.night.counting.PUBLISH_FUNNEL",
    "interactions.keeping.night.PUBLISH_EPISODES",
    "recommendations.night.aside.PUBLISH_RULES_ASIDE",
    "interactions.night.publication.PUBLISH_REMINDERS",
    "interactions.night.cases.REMIND_OF_COMPLAINTS",
    "customers.night.months.CHANGES",
]
NIGHT_STATISTICS = [
    "recommendations.learning.night.PUBLISH_LEARNING",
    "crm.dashboards.night.PUBLISH_MEASURES",
    "crm.dashboards.fairness.counting.PUBLISH_FAIRNESS",
    "crm.dashboards.scorecard.reminding.REMIND_OF_OBJECTIONS",
    "customers.night.duplicates.PUBLISH_DUPLICATES",
    "interactions.outreach.night.PUBLISH_DISTRICTS",
]
# What makes a night compute everything anew: other definitions, or a reason that a room has (or None).
NIGHT_DEFINITIONS = ["customers.night.definitions.fingerprint"]
NIGHT_FULL_REASONS = ["customers.night.months.everybody_changed"]
NIGHT_CLEANUP = [
    "customers.night.staging.clear",
    "interactions.night.staging.clear",
    "recommendations.night.staging.clear",
]
NIGHT_ASIDE = [
    "customers.night.staging.leave_aside",
    "interactions.night.staging.leave_aside",
    "recommendations.night.staging.leave_aside",
]
NIGHT_WORKERS = env.int("NIGHT_WORKERS", default=2)
NIGHT_CHUNK = env.int("NIGHT_CHUNK", default=25_000)  # customers
NIGHT_WORK_MEMORY = env.str("NIGHT_WORK_MEMORY", default="128MB")
NIGHT_LEASE_SECONDS = env.float("NIGHT_LEASE_SECONDS", default=60)
NIGHT_SET_ASIDE_MOST = 1000  # more say that something general is wrong
NIGHT_DUE = time(6, 0)  # bank time
NIGHT_MAIL_TO = env.list("NIGHT_MAIL_TO", default=[])

# Of the customers a rule was offered to, the share that may be annoyed before its owner is told (usual, no rule).
RULE_ANNOYANCE_LIMIT = env.float("RULE_ANNOYANCE_LIMIT", default=0.5)

# Reminders: so many a manager and day, the rest waits; days between conversations where no segment says (both usual).
REMINDERS_A_DAY = env.int("REMINDERS_A_DAY", default=40)
CONTACT_INTERVAL_DEFAULT = env.int("CONTACT_INTERVAL_DEFAULT", default=90)

# Walking in: how long a stated reason opens a customer, and how many look-ups by an identifier a person has a day.
WALK_IN_DURATION = timedelta(minutes=30)
WALK_IN_DAILY_LIMIT = env.int("WALK_IN_DAILY_LIMIT", default=60)

# Words that no text for customers may hold, besides those of crm/lib/forbidden_words.py.
FORBIDDEN_WORDS = env.list("FORBIDDEN_WORDS", default=[])

# Contact policy (interactions/contact_policy.py): marketing contacts in any so many days on end, by all channels and
# people together (0: none, "unlimited"); how long a refused topic rests at first; when nobody is to be disturbed.
_budget = env.str("CONTACT_BUDGET", default="3")
CONTACT_BUDGET = None if _budget == "unlimited" else int(_budget)
CONTACT_BUDGET_DAYS = env.int("CONTACT_BUDGET_DAYS", default=30)
CONTACT_REST_DAYS = env.int("CONTACT_REST_DAYS", default=45)
# Whose words also name a topic: TextChoices of higher rooms.
TOPIC_WORDS = ["recommendations.models.Need", "interactions.satisfaction.words.SurveyTopic"]
QUIET_FROM = time.fromisoformat(env.str("QUIET_FROM", default="21:00"))
QUIET_UNTIL = time.fromisoformat(env.str("QUIET_UNTIL", default="09:00"))

# Public pages (crm/public): where customers reach them; at most one survey in so many days, its link's and the
# preference link's days of validity.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8001").rstrip("/")
SURVEY_REST_DAYS = env.int("SURVEY_REST_DAYS", default=90)
SURVEY_VALID_DAYS = env.int("SURVEY_VALID_DAYS", default=14)
PREFERENCE_VALID_DAYS = env.int("PREFERENCE_VALID_DAYS", default=30)
# The ways by which a customer gets the code that opens what they had closed, in order (interactions/preferences).
CODE_SENDERS = ["interactions.preferences.sending.by_mail"]
if LOCAL:
    CODE_SENDERS.append("interactions.preferences.sending.to_console")
# From one address so many wrong links or codes in so many seconds, then it gets the same page for all; from all
# addresses together so many, then those who keep watch are told.
PUBLIC_WRONG_WITHIN = 15 * 60
PUBLIC_WRONG_OF_ONE = 20
PUBLIC_WRONG_OF_ALL = 1000
# By whose name the public pages greet.
BANK_NAME = env.str("BANK_NAME", default="示范银行" if LOCAL else "")

# Messages (interactions/messaging). Without a gateway and a sender nothing goes out by itself: people copy the text.
# The gateway takes SMS and WeChat Work; GATEWAY_SECRET signs both ways.
GATEWAY_URL = env.str("GATEWAY_URL", default="")
GATEWAY_SECRET = env.str("GATEWAY_SECRET", default="")
MESSAGE_FROM = env.str("MESSAGE_FROM", default="")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "stream": sys.stderr}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {"zhike": {"level": "INFO"}},
}
