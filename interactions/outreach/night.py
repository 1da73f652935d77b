"""The night's count of districts: how many customers, how old, and how many have nothing but deposits."""

from django.db.backends.utils import CursorWrapper

from crm.lib.night import Night, NightPublication
from interactions.outreach.finding import LONG_YEARS, OTHERS

# One pass over the bank, once a night: pages read some rows of a branch. Whose birth date is unknown counts as young.
_COUNT = """
INSERT INTO interactions_districtage AS d (branch_id, district, customers, aged_60, aged_65, depositors, day)
SELECT c.branch_id, c.district, count(*),
    count(*) FILTER (WHERE c.birth_date <= %(day)s::date - interval '60 years'),
    count(*) FILTER (WHERE c.birth_date <= %(day)s::date - interval '65 years'),
    count(*) FILTER (WHERE f.family_count >= 1 AND f.families !~ %(others)s
        AND coalesce(c.since, f.customer_since) <= %(day)s::date - make_interval(years => %(years)s)),
    %(day)s
FROM customers_customer AS c LEFT JOIN customers_features AS f ON f.customer_id = c.id
WHERE c.status = 'active' AND c.merged_into_id IS NULL
GROUP BY c.branch_id, c.district
ON CONFLICT (branch_id, district) DO UPDATE
SET customers = excluded.customers, aged_60 = excluded.aged_60, aged_65 = excluded.aged_65,
    depositors = excluded.depositors, day = excluded.day
WHERE (d.customers, d.aged_60, d.aged_65, d.depositors, d.day)
    IS DISTINCT FROM (excluded.customers, excluded.aged_60, excluded.aged_65, excluded.depositors, excluded.day)
"""
_GONE = "DELETE FROM interactions_districtage WHERE day <> %(day)s"


class PublishDistricts(NightPublication):
    """Counts the districts anew; one that has no customer any more goes."""

    name = "districts"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        cursor.execute(_COUNT, {"day": night.day, "others": f"({OTHERS})", "years": LONG_YEARS})
        count = int(cursor.rowcount)
        cursor.execute(_GONE, {"day": night.day})
        return count + int(cursor.rowcount)


PUBLISH_DISTRICTS = PublishDistricts()
