"""Pages, panels and search: against the trivial views of the same server, and against a bank of 10,000."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.client import Call, Rounds, measure
from benchmarks.report import Row, Spread, at_least_share, at_most_times
from benchmarks.sample import HEAD, MANAGER

PAGE_DENOMINATOR = 12
GROWTH_LIMIT = 1.3
SEARCH_LIMIT = 10
PING, SELECT1 = "ping", "select1"

# The panels of the customer page and their addresses.
PANELS = {
    **{name: f"/customers/{{}}/{name}/" for name in (
        "header", "brief", "holdings", "movements", "profile", "segment", "warnings", "consents", "looks",
    )},
    **{name: f"/interactions/{{}}/{name}/" for name in ("timeline", "log", "complaints", "policy")},
    "suggestions": "/suggestions/{}/",
}  # fmt: skip
# Which of the pages also stand in the growth rows.
GROWING = (
    "list, own book", "list, branch pool", "list, whole bank", "list, whole bank, deep", "customer page", "Today",
    "board", *(f"panel {name}" for name in PANELS),
)  # fmt: skip


@dataclass(frozen=True)
class Bank:
    """A running server on a bank, and what to ask it for."""

    customers: int
    port: int
    sample: Mapping[str, Any]


@dataclass(frozen=True)
class Effort:
    """How often everything is asked."""

    rounds: int
    a_round: int


def page_calls(sample: Mapping[str, Any]) -> dict[str, list[Call]]:
    """The requests of each page and panel by name, the floor first."""
    manager, head = sample["sessions"][MANAGER], sample["sessions"][HEAD]
    own_deep, bank_deep = sample["cursors"]["own"], sample["cursors"]["branch"]
    numbers = sample["numbers"]
    calls = {
        PING: [Call("/bench/ping")],
        "list, own book": [Call("/customers/?book=own", manager)],
        "list, own book, next 50": [Call(f"/customers/?book=own&after={own_deep}", manager, htmx=True)],
        "list, branch pool": [Call("/customers/?book=pool", manager)],
        "list, whole bank": [Call("/customers/?book=branch", head)],
        "list, whole bank, deep": [Call(f"/customers/?book=branch&after={bank_deep}", head, htmx=True)],
    }
    for sort in ("number", "since", "age", "updated"):
        calls[f"list, whole bank, by {sort}"] = [Call(f"/customers/?book=branch&sort={sort}", head)]
    calls["customer page"] = [Call(f"/customers/{number}/", manager) for number in numbers]
    for panel, path in PANELS.items():
        calls[f"panel {panel}"] = [Call(path.format(number), manager, htmx=True) for number in numbers]
    calls["Today"] = [Call("/today/", manager)]
    calls["board"] = [Call("/dashboards/", head)]
    calls["opportunities"] = [Call("/suggestions/", manager)]
    return calls


def search_calls(sample: Mapping[str, Any], person: str) -> list[Call]:
    """The palette's request for everything that `person` types."""
    session = sample["sessions"][person]
    return [Call("/search/", session, form={"q": text}, htmx=True) for _kind, text in sample["typed"][person]]


def measure_pages(bank: Bank, small: Bank, effort: Effort) -> tuple[list[Row], dict[str, Any]]:
    """Rows for every page against the ping, and for the growth from `small` to `bank`; and milliseconds by name."""
    pages, fewer = page_calls(bank.sample), page_calls(small.sample)
    plan = {name: (bank.port, calls) for name, calls in pages.items()}
    plan |= {_at(small, name): (small.port, fewer[name]) for name in GROWING}
    times = measure(plan, rounds=effort.rounds, a_round=effort.a_round)
    rows = [
        at_least_share(f"{name}: rate / trivial view", _rates(times, name), PAGE_DENOMINATOR)
        for name in pages
        if name != PING
    ]
    rows += [_growth(name, times[name], times[_at(small, name)], bank, small) for name in GROWING]
    return rows, milliseconds(times)


def measure_search(bank: Bank, small: Bank, effort: Effort) -> tuple[list[Row], dict[str, Any]]:
    """Rows for search as one types, of a manager and of the head office; and milliseconds by what was typed."""
    rows: list[Row] = []
    facts: dict[str, Any] = {}
    for person, scope in ((MANAGER, "a manager's customers"), (HEAD, "the whole bank")):
        name, small_name = f"search in {scope}", _at(small, f"search in {scope}")
        calls, fewer = search_calls(bank.sample, person), search_calls(small.sample, person)
        plan = {
            SELECT1: (bank.port, [Call("/bench/select1")]),
            name: (bank.port, calls),
            small_name: (small.port, fewer),
        }
        rounds = len(calls) * effort.rounds // (effort.a_round * 16) + 1
        times = measure(plan, rounds=rounds, a_round=effort.a_round)
        floor = Spread.of(list(_flat(times[SELECT1])))
        found = Spread.of(list(_flat(times[name])))
        spread = Spread(*(value / floor.p50 for value in (found.p50, found.p10, found.p90, found.p95)))
        rows.append(at_most_times(f"{name}: p95 / SELECT 1", spread.p95, SEARCH_LIMIT, spread))
        rows.append(_growth(name, times[name], times[small_name], bank, small))
        kinds = [kind for kind, _text in bank.sample["typed"][person]]
        facts |= milliseconds(times) | {f"{name}, by kind": _by_kind(kinds, times[name], effort.a_round)}
    return rows, facts


def milliseconds(times: Rounds) -> dict[str, dict[str, float]]:
    """Spread of the single requests by name, in milliseconds."""
    return {name: _in_ms(list(_flat(rounds))) for name, rounds in times.items()}


def _at(bank: Bank, name: str) -> str:
    return f"{name}, at {bank.customers:,}"


def _flat(rounds: list[list[float]]) -> Iterator[float]:
    for taken in rounds:
        yield from taken


def _rates(times: Rounds, name: str) -> list[float]:
    """Per round: requests a second of `name` as a share of the ping's, by medians: whatever else the machine does
    interrupts a long request more often than a short one."""
    return [Spread.of(floor).p50 / Spread.of(taken).p50 for floor, taken in zip(times[PING], times[name], strict=True)]


def _growth(name: str, large: list[list[float]], small: list[list[float]], bank: Bank, less: Bank) -> Row:
    ratios = [
        Spread.of(many).p50 / Spread.of(few).p50 for many, few in zip(large, small, strict=True)
    ]  # fmt: skip
    value = Spread.of(list(_flat(large))).p50 / Spread.of(list(_flat(small))).p50
    title = f"{name}: p50 at {bank.customers:,} / {less.customers:,}"
    return at_most_times(title, value, GROWTH_LIMIT, Spread.of(ratios))


def _by_kind(kinds: list[str], rounds: list[list[float]], a_round: int) -> dict[str, dict[str, float]]:
    """Milliseconds by kind of text; the warm-up round took the first `a_round` texts."""
    by_kind: dict[str, list[float]] = {}
    for position, taken in enumerate(_flat(rounds), start=a_round):
        by_kind.setdefault(kinds[position % len(kinds)], []).append(taken)
    return {kind: _in_ms(values) for kind, values in by_kind.items()}


def _in_ms(values: list[float]) -> dict[str, float]:
    spread = Spread.of(values)
    return {name: round(1000 * getattr(spread, name), 3) for name in ("p50", "p10", "p90", "p95")}
