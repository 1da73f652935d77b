"""What every answer of the public process has in common."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from whitenoise.middleware import WhiteNoiseMiddleware

GetResponse = Callable[[HttpRequest], HttpResponseBase]
FILES = ("css/public.", "vendor/modern-normalize.", "img/icon.")  # below STATIC_URL; the CRM's own are not served here


class PublicFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # the package has no types
    """Static files, the few that public pages use."""

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        if url.removeprefix(self.static_prefix).startswith(FILES):
            super().add_file_to_dictionary(url, path, stat_cache)

    def candidate_paths_for_url(self, url: str) -> Any:
        """Only reached while developing with DEBUG."""
        if url.removeprefix(self.static_prefix).startswith(FILES):
            yield from super().candidate_paths_for_url(url)


class PublicMiddleware:
    """The language asked for (`?lang=en`; Chinese otherwise), and headers that keep a page out of caches and indexes.

    Links carry the language on: there is no cookie.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.GET.get("lang", "")
        language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers["Content-Language"] = language
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet"
        return response


def page(request: HttpRequest) -> dict[str, Any]:
    """What every template shows: the bank's name, and the same page in the other language."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    other = "en" if language.startswith("zh") else "zh-hans"
    return {
        "bank_name": settings.BANK_NAME,
        "LANGUAGE": language,
        "other_language": other,
        "other_address": f"{request.path}?{urlencode({'lang': other})}",
        "kept": "" if language == settings.LANGUAGE_CODE else f"?{urlencode({'lang': language})}",
    }
