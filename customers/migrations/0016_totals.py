"""Sums of minor units that stay bigint, as the night makes them by the million, and the few accounts that are debts."""

from django.db import migrations

# Too large a sum fails, as the cast of a numeric to bigint did.
TOTAL = """
CREATE AGGREGATE customers_total(bigint) (SFUNC = int8pl, STYPE = bigint, COMBINEFUNC = int8pl, PARALLEL = SAFE);
-- A full night asks month by month which accounts are no assets.
CREATE INDEX customers_account_debts ON customers_account (id) WHERE family IN ('card', 'loan');
"""
UNDO = """
DROP INDEX customers_account_debts;
DROP AGGREGATE customers_total(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0015_portrait")]

    operations = [migrations.RunSQL(TOTAL, UNDO)]
