"""Ten thousand random histories: the contact policy against a slow and obvious reading of its rules.

The model knows no windows that slide and no next moments: it counts every stretch of days, asks whether a moment is
allowed, and finds the first free one by asking about every quarter of an hour that could matter.
"""

import random
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from interactions.contact_policy import (
    Ask,
    Code,
    Complained,
    Contact,
    Known,
    Limits,
    Paused,
    QuietHours,
    Refused,
    Rules,
    may_contact,
)

BANK = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 12)
CHANNELS = ("phone", "sms", "wechat", "email", "app", "visit")
WRITTEN = ("sms", "wechat", "email", "app")
ZONES = (None, None, None, ZoneInfo("Europe/Prague"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/New_York"))
HORIZON = 120  # days


# The model


@cache
def quiet_minutes(hours):
    """Walk the clock from the start of the quiet hours to their end, minute by minute."""
    at, end, met = hours.start.hour * 60 + hours.start.minute, hours.end.hour * 60 + hours.end.minute, set()
    while at != end:
        met.add(at)
        at = (at + 1) % 1440
    return met


def full(contacts, day, limits):
    """Whether some stretch of days that holds `day` would have more than the cap with one more contact."""
    if limits.cap is None:
        return False
    for back in range(limits.days):
        first, last = day - timedelta(days=back), day - timedelta(days=back - limits.days + 1)
        if len([one for one in contacts if first <= one <= last]) + 1 > limits.cap:
            return True
    return False


def quiet_at(ask, known, rules, moment):
    hours = known.wish or rules.channel_quiet.get(ask.channel) or rules.quiet
    local = moment.astimezone(known.zone or BANK)
    return local.hour * 60 + local.minute in quiet_minutes(hours)


def inactive_at(ask, known, rules, moment):
    if ask.channel not in WRITTEN or not known.active:
        return False
    local = moment.astimezone(BANK)
    quarters = [local.replace(hour=h, minute=m, second=0, microsecond=0) for h in known.active for m in (0, 15, 30, 45)]
    usable = {quarter.hour for quarter in quarters if not quiet_at(ask, known, rules, quarter)}
    return bool(usable) and local.hour not in usable


def against(ask, known, rules, moment):
    """The codes of everything against the ask at `moment`."""
    day = moment.astimezone(BANK).date()
    answer = known.channels.get(ask.channel, "given")
    offer = ask.purpose == "marketing"
    days = [contact.day for contact in known.marketing]
    own = [contact.day for contact in known.marketing if contact.channel == ask.channel]
    runs = [p for p in known.pauses if p.since <= day < p.until and (offer or p.reason != "wish")]
    rests = [r for r in known.refusals if r.topic == ask.topic != "" and (r.until is None or r.until > day)]
    not_service = ask.purpose != "service"
    checks = {
        Code.NOT_SERVED: not known.served,
        Code.COMPLAINT_OPEN: offer and any(c.open for c in known.complaints),
        Code.COMPLAINT_UNACKNOWLEDGED: offer and any(not c.open for c in known.complaints),
        Code.PAUSED: not_service and bool(runs),
        Code.TOPIC_RESTS: offer and bool(rests),
        Code.CHANNEL_REFUSED: not_service and answer in ("refused", "withdrawn"),
        Code.BUDGET_SPENT: offer and full(days, day, rules.total),
        Code.CHANNEL_BUDGET_SPENT: offer
        and ask.channel in rules.channels
        and full(own, day, rules.channels[ask.channel]),
        Code.CHANNEL_UNASKED: offer and answer in ("never_asked", "outdated"),
        Code.QUIET_HOURS: not_service and quiet_at(ask, known, rules, moment),
        Code.INACTIVE_HOURS: not_service and inactive_at(ask, known, rules, moment),
    }
    return {code for code, holds in checks.items() if holds}


FOR_GOOD = {
    Code.NOT_SERVED, Code.COMPLAINT_OPEN, Code.COMPLAINT_UNACKNOWLEDGED, Code.CHANNEL_REFUSED, Code.CHANNEL_UNASKED,
}  # fmt: skip


def first_free(ask, known, rules):
    """The first quarter of an hour from the ask on, and the moment itself, with nothing against it; None: not soon."""
    if against(ask, known, rules, ask.at) & FOR_GOOD:
        return None
    if not against(ask, known, rules, ask.at):
        return ask.at
    local = ask.at.astimezone(BANK)
    day = local.date()
    for _n in range(HORIZON):
        noon_free = any(
            not against(ask, known, rules, datetime.combine(day, time(hour), tzinfo=BANK)) - HOURLY for hour in (0, 12)
        )
        quarters = (datetime.combine(day, time(q // 4, q % 4 * 15), tzinfo=BANK) for q in range(96 if noon_free else 0))
        for moment in quarters:
            if moment > ask.at and not against(ask, known, rules, moment):
                return moment
        day += timedelta(days=1)
    return None


HOURLY = {Code.QUIET_HOURS, Code.INACTIVE_HOURS}


# The histories


def draw_limits(rng):
    return Limits(rng.choice([None, 0, 1, 2, 3, 3, 4]), rng.choice([1, 3, 7, 14, 30]))


def draw_hours(rng):
    quarter = lambda: time(rng.randrange(24), rng.choice((0, 0, 0, 15, 30, 45)))  # noqa: E731
    return rng.choice([QuietHours(time(21), time(9)), QuietHours(quarter(), quarter()), QuietHours(time(0), time(0))])


def draw_rules(rng):
    some = rng.sample(CHANNELS, rng.randrange(3))
    return Rules(
        total=rng.choice([Limits(3, 30), draw_limits(rng)]), quiet=rng.choice([QuietHours(time(21), time(9)), draw_hours(rng)]),
        channels={channel: draw_limits(rng) for channel in some},
        channel_quiet={channel: draw_hours(rng) for channel in rng.sample(CHANNELS, rng.randrange(2))}, zone=BANK,
    )  # fmt: skip


def day_around(rng, back=50, ahead=50):
    return DAY + timedelta(days=rng.randint(-back, ahead))


def draw_known(rng, pk):
    rarely = lambda share, made: [made() for _n in range(rng.randrange(1, 3))] if rng.random() < share else []  # noqa: E731
    answers = ["given"] * 8 + ["refused", "withdrawn", "never_asked", "outdated"]
    return Known(
        customer_id=pk,
        served=rng.random() > 0.02,
        complaints=rarely(0.06, lambda: Complained("TS", rng.random() < 0.5)),
        pauses=rarely(0.2, lambda: Paused(day_around(rng), day_around(rng), rng.choice(["wish", "personal"]))),
        refusals=rarely(0.4, lambda: Refused(rng.choice("ab"), rng.choice([None, *[day_around(rng)] * 5]))),
        marketing=[Contact(day_around(rng, 40, 3), rng.choice(CHANNELS)) for _n in range(rng.randrange(7))],
        channels={channel: rng.choice(answers) for channel in CHANNELS},
        preferred=rng.choice(("", *CHANNELS)),
        wish=draw_hours(rng) if rng.random() < 0.2 else None,
        zone=rng.choice(ZONES),
        active=frozenset(rng.sample(range(24), rng.randrange(1, 6))) if rng.random() < 0.4 else frozenset(),
    )


def draw_ask(rng, pk):
    at = datetime.combine(DAY, time(rng.randrange(24), rng.randrange(60)), tzinfo=rng.choice((BANK, UTC)))
    purpose = rng.choice(("marketing",) * 8 + ("care", "service"))
    return Ask(pk, rng.choice(CHANNELS), purpose, rng.choice(("", "a", "b")), at)


def test_ten_thousand_histories_are_judged_as_the_slow_model_does():
    rng = random.Random(20261112)
    free = later = 0
    for _batch in range(100):
        rules = draw_rules(rng)
        known = {pk: draw_known(rng, pk) for pk in range(100)}
        asks = [draw_ask(rng, pk) for pk in known]
        for ask, verdict in zip(asks, may_contact(asks, known, rules), strict=True):
            of_whom = known[ask.customer_id]
            expected = against(ask, of_whom, rules, ask.at)
            assert {reason.code for reason in verdict.reasons} == expected, (ask, of_whom, rules)
            assert verdict.allowed == (not expected)
            free += verdict.allowed
            later += not verdict.allowed and verdict.next_free is not None
            assert verdict.prefer not in {name for name, said in of_whom.channels.items() if said in NO}
            if rng.random() < 0.15:
                assert_first(ask, of_whom, rules, verdict)
    assert free > 1500, "histories in which nothing is allowed prove little"
    assert later > 1500


NO = ("refused", "withdrawn")


def assert_first(ask, known, rules, verdict):
    """The next free moment is free, and the model finds no earlier one."""
    found = first_free(ask, known, rules)
    within = verdict.next_free and verdict.next_free < ask.at + timedelta(days=HORIZON - 2)
    if found is not None or within:
        assert verdict.next_free == found, (ask, known, rules)
        assert not against(ask, known, rules, verdict.next_free)
