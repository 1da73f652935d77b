"""More branches and managers where the demo bank is large, so that a manager's book stays a manager's book."""

from dataclasses import dataclass
from typing import Any

from django.db.backends.utils import CursorWrapper

from crm.staff.models import Role

LARGE = 10_000  # customers from which the bank grows beyond its three branches
CUSTOMERS_PER_MANAGER = 250
CUSTOMERS_PER_BRANCH = 2_000
BRANCHES_PER_REGION = 25

_REGIONS = ["城东", "城西", "滨江", "高新", "临港", "空港", "大学城", "老城", "新城", "湖滨"]
_PLACES = [
    "人民",
    "解放",
    "中山",
    "建设",
    "文化",
    "新华",
    "和平",
    "学府",
    "滨河",
    "长寿",
    "康乐",
    "梧桐",
    "银杏",
    "桂花",
    "东湖",
    "西园",
    "南苑",
    "花园",
    "幸福",
    "光明",
    "兴业",
    "朝阳",
    "春晖",
    "安康",
    "永乐",
]
_KINDS = [
    "路",
    "街",
    "广场",
    "大道",
    "新村",
    "东路",
    "西路",
    "南路",
    "北路",
    "桥",
    "里",
    "花园",
    "公园",
    "中心",
    "开发区",
    "码头",
    "科技园",
    "市场",
    "城",
    "苑",
]


@dataclass(frozen=True)
class Size:
    """How far the bank grows beyond its three branches and eight managers."""

    branches: int
    managers: int
    owned_percent: int  # of the customers; the rest are the pools of the branches


def size_for(customers: int) -> Size:
    """The growth for so many customers: books average 200, between 160 and 240 customers a manager."""
    if customers < LARGE:
        return Size(branches=0, managers=0, owned_percent=34)
    return Size(
        branches=max(customers // CUSTOMERS_PER_BRANCH - 3, 0),
        managers=max(customers // CUSTOMERS_PER_MANAGER - 8, 0),
        owned_percent=80,
    )


_MORE_REGIONS = """
INSERT INTO staff_branch (code, name, parent_id)
SELECT lpad(region::text, greatest(length(region::text), 2), '0'),
       (%(regions)s::text[])[1 + mod(region - 3, cardinality(%(regions)s::text[]))] || '片区' ||
       CASE WHEN region - 3 < cardinality(%(regions)s::text[]) THEN '' ELSE (region - 2)::text END,
       (SELECT id FROM staff_branch WHERE code = '00')
FROM generate_series(3, 2 + ceil(%(branches)s::numeric / %(per_region)s)::int) AS region
"""
_MORE_BRANCHES = """
INSERT INTO staff_branch (code, name, parent_id)
SELECT region.code || lpad((mod(i, %(per_region)s) + 1)::text, 2, '0'),
       (%(places)s::text[])[1 + mod(i, cardinality(%(places)s::text[]))] ||
       (%(kinds)s::text[])[1 + mod(i / cardinality(%(places)s::text[]), cardinality(%(kinds)s::text[]))] || '支行',
       region.id
FROM generate_series(0, %(branches)s - 1) AS i
CROSS JOIN LATERAL (SELECT (3 + i / %(per_region)s)::text AS digits) AS above
JOIN staff_branch AS region ON region.code = lpad(above.digits, greatest(length(above.digits), 2), '0')
"""
# A password that begins with an exclamation mark matches nothing: these people exist to own customers, not to sign in.
_MORE_MANAGERS = """
WITH place AS (
    SELECT id, row_number() OVER (ORDER BY code) - 1 AS slot, count(*) OVER () AS places
    FROM staff_branch WHERE length(code) > 2 AND code NOT IN ('0101', '0102', '0201')
), named AS (
    SELECT n, surname.text || given.text AS name
    FROM generate_series(1, %(managers)s::bigint) AS n
    JOIN demo_surname AS surname ON surname.slot = pg_temp.draw(n, 'manager surname', %(surname_slots)s)
    JOIN demo_given AS given ON given.slot = pg_temp.draw(n, 'manager name', %(given_slots)s)
        AND given.gender = CASE pg_temp.draw(n, 'manager gender', 2) WHEN 0 THEN 'female' ELSE 'male' END
        AND given.decade = 1980 + 10 * pg_temp.draw(n, 'manager decade', 2)
), added AS (
    INSERT INTO staff_user (employee_number, display_name, branch_id, password, is_superuser, email, language, is_active,
        temporary_password, tour, tour_step)
    SELECT 'R' || 1008 + n, name, place.id, '!' || gen_random_uuid(), false, '', 'zh-hans', true, false, 'new', 0
    FROM named JOIN place ON place.slot = mod(n, place.places)
    ORDER BY n
    RETURNING id
)
INSERT INTO staff_user_groups (user_id, group_id)
SELECT added.id, role.id FROM added CROSS JOIN auth_group AS role WHERE role.name = %(role)s
"""


def grow(cursor: CursorWrapper, size: Size, *, surname_slots: int, given_slots: int) -> None:
    """Add the regions, branches and managers of `size`. Wants demo_surname, demo_given and pg_temp.draw."""
    facts: dict[str, Any] = {
        "branches": size.branches, "managers": size.managers, "per_region": BRANCHES_PER_REGION, "regions": _REGIONS,
        "places": _PLACES, "kinds": _KINDS, "role": Role.MANAGER.value, "surname_slots": surname_slots,
        "given_slots": given_slots,
    }  # fmt: skip
    if size.branches:
        cursor.execute(_MORE_REGIONS, facts)
        cursor.execute(_MORE_BRANCHES, facts)
    if size.managers:
        cursor.execute(_MORE_MANAGERS, facts)
