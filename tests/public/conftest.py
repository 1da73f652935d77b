"""The public process inside a test: its settings over the CRM's, and a browser that comes from one address."""

import pytest
from django.core.cache import cache
from django.test import Client

from crm.public import settings as public_settings


@pytest.fixture
def public(settings, db) -> Client:
    for name in ("ROOT_URLCONF", "MIDDLEWARE", "TEMPLATES", "APPEND_SLASH", "CONTENT_SECURITY_POLICY",
                 "SECURE_REFERRER_POLICY"):  # fmt: skip
        setattr(settings, name, getattr(public_settings, name))
    cache.clear()
    yield Client()
    cache.clear()


@pytest.fixture
def path_of(settings):
    """The path of an address that was handed to a customer."""
    return lambda address: address.removeprefix(settings.PUBLIC_URL)
