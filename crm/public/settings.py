"""Settings of the public process: the CRM's, less everything by which a person of the bank works.

No session, no sign-in, no admin, no messages, no script: a page is answered from its signed link alone. A
browser sends nothing by itself that a foreign page could abuse, so there is no CSRF token either: it would want a
cookie, and its check the referrer that these pages withhold.
"""

from csp.constants import NONE, SELF

from crm.settings import *  # noqa: F403
from crm.settings import BASE_DIR, INSTALLED_APPS, LOGGING

ROOT_URLCONF = "crm.public_urls"
WSGI_APPLICATION = "crm.public.wsgi.application"

_OF_STAFF = {
    "crm.audit.apps.ZhikeAdminConfig",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django_htmx",
    "template_partials",
    "axes",
    "crm.nightly",
    "crm.dashboards",
    "crm.workspace",
}
INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in _OF_STAFF]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "crm.public.middleware.PublicFiles",
    "csp.middleware.CSPMiddleware",
    "crm.audit.middleware.AuditMiddleware",
    "crm.public.middleware.PublicMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
AUTHENTICATION_BACKENDS = []
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" / "public"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "crm.public.middleware.page"],
            "libraries": {"i18n": "django.templatetags.i18n", "static": "django.templatetags.static"},
        },
    }
]
APPEND_SLASH = False
# A link that opens nothing may still open something tomorrow: it stands in no log.
LOGGING = {**LOGGING, "loggers": {**LOGGING["loggers"], "django.request": {"level": "ERROR"}}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "no-referrer"
