"""Two processes that know nothing of one another's addresses."""

import subprocess
import sys
from collections.abc import Iterator

from django.urls import URLPattern, get_resolver

from crm.public import settings as public_settings


def routes(urlconf: str) -> Iterator[str]:
    def walk(patterns, prefix=""):
        for each in patterns:
            here = prefix + str(each.pattern)
            if isinstance(each, URLPattern):
                yield here
            else:
                yield from walk(each.url_patterns, here)

    yield from walk(get_resolver(urlconf).url_patterns)


def test_neither_knows_the_others_pages():
    public, crm = set(routes("crm.public_urls")), set(routes("crm.urls"))
    assert public == {
        "healthz", "robots.txt", "s/<str:link>/", "p/<str:link>/", "p/<str:link>/code/", "receipts/messages/",
    }  # fmt: skip
    assert public & crm == {"healthz"}


def test_the_public_process_has_no_way_to_sign_in():
    assert public_settings.ROOT_URLCONF == "crm.public_urls"
    assert not public_settings.AUTHENTICATION_BACKENDS
    for names in (public_settings.MIDDLEWARE, public_settings.INSTALLED_APPS):
        assert not [name for name in names if any(word in name for word in ("session", "admin", "axes", "crm.staff.m"))]


def test_it_starts_as_itself_whatever_the_environment_says():
    script = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'crm.settings'; os.environ['ROOT_URLCONF'] = 'crm.urls'\n"
        "import crm.public.wsgi\n"
        "from django.conf import settings; from django.urls import resolve, Resolver404\n"
        "import sys\n"
        "assert settings.ROOT_URLCONF == 'crm.public_urls'\n"
        "for path in ('/customers/', '/admin/', '/sign-in/', '/today/', '/'):\n"
        "    try: resolve(path)\n"
        "    except Resolver404: continue\n"
        "    raise SystemExit(path)\n"
        "resolve('/s/x/')\n"
        "assert 'crm.urls' not in sys.modules and 'crm.workspace.views' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_its_own_files_are_served(public):
    from django.contrib.staticfiles.storage import staticfiles_storage

    assert public.get(staticfiles_storage.url("css/public.css")).status_code == 200
    for name in ("css/zhike.css", "js/shell.js", "js/talk.js"):
        assert public.get(staticfiles_storage.url(name)).status_code == 404
