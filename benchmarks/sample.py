"""What to ask a bench database for: signed-in sessions, customers, cursors deep in a list, and things people type.

Run as `python -m benchmarks.sample` with the database in the environment: Django is set up in that process alone, and
the answer is JSON.
"""

import json
import os
import random
import subprocess
import sys
from importlib import import_module
from typing import Any

from benchmarks.databases import BASE, Environment

MANAGER, HEAD = "R1001", "S2002"  # a manager with a cover, and the supervisor of the whole bank
PAGES = 60  # customers whose pages are opened in turn
TYPED = 40  # customers whose names, numbers and phones are typed


def sample(env: Environment) -> dict[str, Any]:
    """The sample of the database of `env`: sessions, numbers, cursors (by book), typed (by person: [kind, text])."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.sample"], cwd=BASE, env=env, check=True, stdout=subprocess.PIPE
    )
    content: dict[str, Any] = json.loads(done.stdout)
    return content


def _session(user: Any) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils import timezone

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["seen"] = timezone.now().timestamp()
    session.create()
    return str(session.session_key)


def _typed(customer: Any) -> list[tuple[str, str]]:
    phone = customer.identifier("phone")
    return [
        *((f"pinyin, {length} letters", customer.pinyin[:length]) for length in range(2, 7)),
        ("initials, 2 letters", customer.initials[:2]),
        ("initials, whole", customer.initials),
        ("surname and next character", customer.name[:2]),
        ("last two characters", customer.name[-2:]),
        ("customer number, 8 digits", customer.number[:8]),
        ("customer number, whole", customer.number),
        ("phone, last 4 digits", phone[-4:]),
        ("phone, whole", phone[3:]),
    ]


def _answer() -> dict[str, Any]:
    from crm.lib import keyset
    from crm.staff.models import User
    from customers.access import books
    from customers.lists import FIELDS, PAGE_SIZE, SORTS

    chance = random.Random(1)
    answer: dict[str, Any] = {"sessions": {}, "numbers": [], "cursors": {}, "typed": {}}
    for person, book in ((MANAGER, "own"), (HEAD, "branch")):
        user = User.objects.get(employee_number=person)
        customers = books(user)[book]
        answer["sessions"][person] = _session(user)
        ids = list(customers.order_by("pk").values_list("pk", flat=True))
        middle = customers.order_by("sort_name", "pk")[len(ids) // 2]
        deep = keyset.page(customers.filter(sort_name__gte=middle.sort_name), FIELDS, SORTS["name"], "", PAGE_SIZE)
        answer["cursors"][book] = deep.next_cursor
        typists = customers.filter(pk__in=chance.sample(ids, TYPED))
        answer["typed"][person] = [pair for customer in typists for pair in _typed(customer)]
        if person == MANAGER:
            # Of who is only stored there is no page to write on.
            served = sorted(customers.in_service().values_list("pk", flat=True))
            opened = customers.filter(pk__in=chance.sample(served, PAGES))
            answer["numbers"] = list(opened.values_list("number", flat=True))
    return answer


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django

    django.setup()
    print(json.dumps(_answer()))
