"""The supervisors' board: its numbers, who sees them, what is behind them."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.audit.models import Action, Entry
from crm.dashboards import reading
from crm.dashboards.behind import BEHIND
from crm.dashboards.models import BranchMeasure
from crm.lib.dates import month_of, months_before
from crm.staff.models import Branch, Role
from tests.dashboards.bank import DAY, ago, complain, event, feature, measured, publish, remind, suggest, talk
from tests.factories import make_customer, make_person

BOARD = "dashboards:board"


@pytest.fixture
def filled(bank):
    """Twelve customers of the owner with two answers each, three of the colleague with one, one of another branch."""
    made = []
    for number in range(12):
        one = make_customer(f"6203{number:08d}", "魏紫薇", bank.branch, owner=bank.owner, phone="+8613800138000")
        for days in (1, 40):
            talk(one, bank.owner, ago(days), satisfaction=2 if number == 0 else 5)
        remind(one, bank.owner, DAY - timedelta(days=2), state="done", ended_at=ago(2 if number % 4 else 1))
        feature(one, family_count=2, last_active_on=DAY)
        suggest(one, bank.owner, "refused" if number < 2 else "interested" if number < 5 else "later")
        made.append(one)
    for number in range(3):
        one = make_customer(f"6204{number:08d}", "罗小满", bank.branch, owner=bank.colleague)
        talk(one, bank.colleague, ago(1), satisfaction=1)
        remind(one, bank.colleague, DAY - timedelta(days=1))
    complain(made[0], ago(20), DAY - timedelta(days=5))
    far = make_customer("620500000001", "何远山", bank.other_branch, owner=bank.outsider)
    talk(far, bank.outsider, ago(1), satisfaction=3)
    event(far, ago(1))
    publish()
    return made


def text(answer) -> str:
    """What the page says, in one line."""
    body = answer.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body[body.index("<main") :]))


def tiles(answer) -> dict[str, str]:
    board = answer.context["board"]
    return {tile.label: " / ".join(piece.text for piece in tile.values) for tile in board.tiles}


def notes(answer, label: str) -> list[str]:
    tile = next(tile for tile in answer.context["board"].tiles if tile.label == label)
    return [f"{piece.label} {piece.text}".strip() for piece in (tile.about, *tile.notes)]


def test_the_tiles_say_what_the_bank_did(bank, filled, sign_in):
    page = sign_in(bank.supervisor).get(reverse(BOARD))
    assert tiles(page) | {"Use of the system": ""} == {
        "Satisfaction": "81.5%",  # 22 of 24 + 0 of 3
        "Active customers": "80.0%",  # 12 of 15
        "Spoken to": "100.0%" if month_of(DAY) == month_of(ago(1).date()) else "0.0%",
        "Follow-ups on time": "60.0%",  # 9 of 15
        "Complaints open": "1",
        "Suggestions": "25.0% / 16.7%",
        "Products per customer": "2.00",
        "Use of the system": "",
        "Would recommend (NPS)": "small sample",
        "Effort (CES)": "small sample",
        "Complaints settled in": "—",
        "Out of touch": "100.0%",  # of 15, since nobody knows when they came
        "Used a channel": "0.0%",
        "Took part": "0.0%",
        "About to leave": "0.0%",
        "Kept at maturity": "small sample",
        "Assets": "—",
        "Profiles known": "0.0%",
        "Without a phone number": "3",
        "Without a date of birth": "15",
        "Risk assessment run out": "0",
        "Perhaps known twice": "0",
        "Channel names not made sure of": "0",
    }
    assert notes(page, "Satisfaction") == ["n = 27", "rated 4 or 5 22", "95 per cent interval 63.3% – 91.8%"]
    assert notes(page, "Follow-ups on time") == ["done on their day", "due in 30 days 15", "late and open 3"]
    assert notes(page, "Complaints open")[1:] == ["past their day 1", "open on average 20.0 days"]


def test_few_answers_give_neither_rate_nor_rank(bank, filled, sign_in):
    lines = sign_in(bank.supervisor).get(reverse(BOARD)).context["board"].lines
    assert [(line.name, line.total) for line in lines] == [("林悦", "86"), ("罗倩", "")]
    assert [bar.width for bar in lines[0].bars] == [32.1, 18.8, 15.0, 15.0, 5.0]  # of 35, 25, 15, 15, 10
    assert lines[1].cells[1][0].text == "small sample n=3"


def test_a_bank_with_few_answers_says_so(bank, sign_in):
    talk(make_customer("620300000001", "魏紫薇", bank.branch, owner=bank.owner), bank.owner, ago(1), satisfaction=5)
    publish()
    page = sign_in(bank.supervisor).get(reverse(BOARD))
    assert tiles(page)["Satisfaction"] == "small sample"
    assert "95 per cent interval 20.7% – 100.0%" in notes(page, "Satisfaction")
    assert "Nobody stands out" in text(page)


def test_before_the_first_night_the_page_says_so(bank, sign_in):
    assert "No measures yet" in text(sign_in(bank.supervisor).get(reverse(BOARD)))


def test_a_supervisor_of_elsewhere_sees_nothing_of_here(bank, filled, sign_in):
    other = make_person("S2002", "沈岚", Role.SUPERVISOR, bank.other_branch)
    browser = sign_in(other)
    page = browser.get(reverse(BOARD))
    assert [line.name for line in page.context["board"].lines] == ["何川"]
    assert "城南支行" not in text(page)
    assert "林悦" not in text(page)
    assert page.context["board"].tiles[0].about.text == "1"
    assert browser.get(reverse(BOARD), {"branch": "0101"}).status_code == 404
    asked = {"measure": "active", "of": "whole"}
    assert browser.get(reverse("dashboards:behind"), asked | {"branch": "0101"}).status_code == 404
    found = browser.get(reverse("dashboards:behind"), asked | {"manager": "R1001"})
    assert found.context["rows"] == []
    assert [row.number for row in browser.get(reverse("dashboards:behind"), asked).context["rows"]] == ["620500000001"]


def test_the_head_office_sees_its_subtree_and_narrows_it(bank, filled, sign_in):
    head = make_person("S2009", "顾明远", Role.SUPERVISOR, Branch.objects.get(code="00"))
    browser = sign_in(head)
    assert browser.get(reverse(BOARD)).context["board"].tiles[0].about.text == "28"
    assert browser.get(reverse(BOARD), {"branch": "0201"}).context["board"].tiles[0].about.text == "1"
    assert browser.get(reverse(BOARD), {"branch": "9999"}).status_code == 404
    assert browser.get(reverse(BOARD), {"back": "2"}).status_code == 404


def test_more_managers_than_a_table_holds_are_shown_by_branch(bank, filled, sign_in, monkeypatch):
    monkeypatch.setattr(reading, "MOST_MANAGERS", 1)
    head = make_person("S2009", "顾明远", Role.SUPERVISOR, Branch.objects.get(code="00"))
    board = sign_in(head).get(reverse(BOARD)).context["board"]
    assert board.by_branch
    answers = {line.name: line.cells[0][0].text for line in board.lines}
    assert answers == {"城南支行": "15", "城北支行": "1", "总行": "0"}
    assert "branch=0101" in next(line.url for line in board.lines if line.name == "城南支行")


CUSTOMERS = {  # measures that count customers or things of which each customer here has one
    ("csat", "part"), ("complaints_open", "part"), ("complaints_open", "whole"), ("active", "part"),
    ("active", "whole"), ("contacted", "part"), ("contacted", "whole"), ("cared", "part"), ("cared", "whole"), ("on_time", "part"), ("on_time", "whole"),
    ("late", "part"), ("late", "whole"), ("welcomed", "part"), ("welcomed", "whole"), ("refused", "part"),
    ("refused", "whole"), ("products", "whole"),
}  # fmt: skip


@pytest.mark.parametrize(("measure", "of"), sorted(BEHIND))
def test_behind_each_number_stand_its_customers(measure, of, bank, filled, sign_in):
    answer = sign_in(bank.supervisor).get(
        reverse("dashboards:behind"), {"measure": measure, "of": of, "branch": "0101", "manager": "R1001"}
    )
    part, whole = measured().get((measure, "0101", "R1001"), (0, 0))
    rows = answer.context["rows"]
    assert all(row.owner == "林悦" for row in rows)
    assert all(count == 1 for count in Counter(row.number for row in rows).values())
    if measure == "csat":  # two answers a customer
        assert len(rows) * 2 == (part if of == "part" else whole)
    elif (measure, of) in CUSTOMERS:
        assert len(rows) == (part if of == "part" else whole)
    assert of not in ("part", "whole") or rows or (part if of == "part" else whole) == 0


def test_lists_behind_numbers_are_masked_paged_and_audited(bank, filled, sign_in):
    for number in range(60):
        make_customer(f"6206{number:08d}", "安安", bank.branch, phone="+8613912345678")
    browser = sign_in(bank.supervisor)
    asked = {"measure": "active", "of": "whole"}
    first = browser.get(reverse("dashboards:behind"), asked)
    body = first.content.decode()
    assert "138****8000" in body or "139****5678" in body
    assert "13912345678" not in body
    assert len(first.context["rows"]) == 50
    entry = Entry.objects.filter(action=Action.LIST, actor_id=bank.supervisor.pk).latest("id")
    assert entry.object_ids == [row.pk for row in first.context["rows"]]
    assert entry.detail["measure"] == "active"
    rest = browser.get(f"{reverse('dashboards:behind')}?{first.context['following']}", headers={"HX-Request": "true"})
    more = rest.content.decode()
    seen = [*(row.number for row in first.context["rows"]), *re.findall(r'<td class="nw">(\d{12})</td>', more)]
    assert len(seen) == len(set(seen)) == 75
    assert more.lstrip().startswith("<tr>")


@pytest.mark.parametrize(
    "asked",
    [
        {}, {"measure": "used", "of": "part"}, {"measure": "csat", "of": "neither"},
        {"measure": "csat", "of": "whole", "branch": "00"},
    ],
)  # fmt: skip
def test_what_no_number_counts_is_not_there(asked, bank, filled, sign_in):
    assert sign_in(bank.supervisor).get(reverse("dashboards:behind"), asked).status_code == 404


def test_every_number_that_is_a_link_leads_somewhere(bank, filled, sign_in):
    browser = sign_in(bank.supervisor)
    body = browser.get(reverse(BOARD)).content.decode()
    links = set(re.findall(r'href="(/dashboards/behind/[^"]+)"', body))
    assert len(links) > 20
    for url in sorted(links):
        answer = browser.get(url.replace("&amp;", "&"))
        assert answer.status_code == 200, url
        assert answer.context["rows"], url


def test_months_are_drawn_and_stand_in_the_table(bank, filled, sign_in):
    for back in range(1, 13):
        day = months_before(month_of(DAY), back - 1) - timedelta(days=1)
        BranchMeasure.objects.create(day=day, measured="csat", branch=bank.branch, part=100 - back, whole=100)
    page = sign_in(bank.supervisor).get(reverse(BOARD), {"back": "12"})
    board = page.context["board"]
    assert len(board.months) == 13
    assert [words[0] for _day, words in board.months][:3] == ["81.5%", "99.0%", "98.0%"]
    assert board.tiles[0].change == "-6.5 points"
    assert board.tiles[0].drawn.words == "Satisfaction by month, from 88.0% to 81.5%"
    assert board.trend.series[0].path.count("L") == 12


def test_nothing_of_warnings_or_cases_is_on_it(bank, filled, sign_in):
    said = text(sign_in(bank.supervisor).get(reverse(BOARD))).partition("Service board")[2].casefold()
    assert "satisfaction" in said
    for word in ("warning", "case", "laundering", "threshold", "compliance"):
        assert word not in said


def test_queries_do_not_grow_with_managers_months_or_customers(bank, filled, sign_in):
    browser = sign_in(bank.supervisor)
    browser.get(reverse(BOARD))
    counts = []
    for time in range(2):
        with CaptureQueriesContext(connection) as board:
            assert browser.get(reverse(BOARD)).status_code == 200
        with CaptureQueriesContext(connection) as behind:
            browser.get(reverse("dashboards:behind"), {"measure": "csat", "of": "whole", "manager": "R1001"})
        counts.append((len(board), len(behind)))
        for number in range(3):
            manager = make_person(f"R8{time}{number}", "新人", Role.MANAGER, bank.branch)
            one = make_customer(f"6208{time}{number:07d}", "魏紫薇", bank.branch, owner=manager)
            talk(one, manager, ago(1), satisfaction=5)
            talk(
                make_customer(f"6209{time}{number:07d}", "魏紫薇", bank.branch, owner=bank.owner),
                bank.owner,
                ago(1),
                satisfaction=5,
            )
        publish()
        publish(DAY - timedelta(days=35 * (time + 1)))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12, counts
