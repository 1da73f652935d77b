"""`manage.py check_templates`: every template compiles, and none needs what the content policy forbids."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template import TemplateSyntaxError
from django.template.loader import get_template

# Each would be refused by the browser under the project's Content-Security-Policy, silently for the person.
TAG = re.compile(r"{%.*?%}")
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*="),
    "an inline handler": re.compile(r"\s(on[a-z]+|hx-on[:a-z-]*)\s*="),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>"),
    "an inline stylesheet": re.compile(r"<style[\s>]"),
    "a value that evaluates script": re.compile(r"=\s*['\"](javascript|js):"),
}


def problems(folder: Path) -> list[str]:
    """What is wrong with the templates below `folder`, a line each."""
    found = []
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder).as_posix()
        text = path.read_text(encoding="utf-8")
        written = TAG.sub("", text)  # what tags compare is no attribute of an element
        found += [f"{name}: {what}" for what, pattern in FORBIDDEN.items() if pattern.search(written)]
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            found.append(f"{name}: {error}")
    return found


class Command(BaseCommand):
    help = "Fails on a template that does not compile or holds inline script or style."

    def handle(self, *args: Any, **options: Any) -> None:
        found = problems(Path(settings.BASE_DIR) / "templates")
        for problem in found:
            self.stderr.write(problem)
        if found:
            raise CommandError(f"{len(found)} problems in templates")
