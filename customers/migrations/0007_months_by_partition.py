"""The monthly summaries in partitions of their own, as what they are made of: a full night rewrites month by month."""

from django.db import migrations

TABLE = """
DROP TABLE customers_customermonth;
CREATE TABLE customers_customermonth (
    customer_id bigint NOT NULL,
    month date NOT NULL,
    inflow bigint NOT NULL,
    outflow bigint NOT NULL,
    salary bigint NOT NULL,
    business bigint NOT NULL,
    saved bigint NOT NULL,
    unsaved bigint NOT NULL,
    to_other_banks bigint NOT NULL,
    largest bigint NOT NULL,
    moves integer NOT NULL,
    fx_moves integer NOT NULL,
    overseas_moves integer NOT NULL,
    overseas_amount bigint NOT NULL,
    channels integer NOT NULL,
    hours integer NOT NULL,
    last_active_on date,
    balance_rows integer NOT NULL,
    balance_change bigint NOT NULL,
    balance_change_days bigint NOT NULL,
    PRIMARY KEY (customer_id, month)
) PARTITION BY RANGE (month);
"""
MONTHS = """
CREATE OR REPLACE FUNCTION customers_create_months(first date, last date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month date;
    parent text;
    child text;
    created integer := 0;
BEGIN
    IF first IS NULL OR last IS NULL OR first < '1900-01-01' OR last >= '2200-01-01' OR last < first THEN
        RAISE EXCEPTION 'no months from % to %', first, last;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('customers_create_months'));
    month := date_trunc('month', first)::date;
    WHILE month <= last LOOP
        FOREACH parent IN ARRAY ARRAY['customers_transaction', 'customers_balance', 'customers_customermonth'] LOOP
            child := format('%s_%s', parent, to_char(month, 'YYYY_MM'));
            IF to_regclass('public.' || child) IS NULL THEN
                EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
                               child, parent, month, (month + interval '1 month')::date);
                created := created + 1;
            END IF;
        END LOOP;
        month := (month + interval '1 month')::date;
    END LOOP;
    RETURN created;
END $$;
-- The months that movements and balances have already.
SELECT customers_create_months(month, month)
FROM (SELECT DISTINCT to_date(right(c.relname, 7), 'YYYY_MM') AS month
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent IN ('customers_transaction'::regclass, 'customers_balance'::regclass)) AS known;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_changes_by_day")]
    operations = [migrations.RunSQL(TABLE), migrations.RunSQL(MONTHS)]
