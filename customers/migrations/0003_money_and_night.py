"""Accounts, money, positions, features, segments, warnings. Balances and transactions are partitioned by month."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Partitions are made by a function of the owner: the app's role may not create tables, yet imports meet any month.
MONEY = """
CREATE TABLE customers_transaction (
    account_id bigint NOT NULL,
    customer_id bigint NOT NULL,
    booked_on date NOT NULL,
    reference varchar(40) COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    currency varchar(3) NOT NULL,
    base_amount bigint NOT NULL,
    category varchar(12) NOT NULL,
    channel varchar(8) NOT NULL,
    booked_at time,
    counterparty varchar(80) NOT NULL,
    counterparty_key bigint,
    counterparty_tail varchar(4) NOT NULL,
    counterparty_bank varchar(40) NOT NULL,
    country varchar(2) NOT NULL,
    own boolean NOT NULL,
    batch_id bigint,
    PRIMARY KEY (account_id, booked_on, reference)
) PARTITION BY RANGE (booked_on);
CREATE INDEX transaction_customer_day ON customers_transaction (customer_id, booked_on);

CREATE TABLE customers_balance (
    account_id bigint NOT NULL,
    customer_id bigint NOT NULL,
    day date NOT NULL,
    amount bigint NOT NULL,
    base_amount bigint NOT NULL,
    change bigint NOT NULL,
    PRIMARY KEY (account_id, day)
) PARTITION BY RANGE (day);
CREATE INDEX balance_customer_day ON customers_balance (customer_id, day);

CREATE FUNCTION customers_create_months(first date, last date) RETURNS integer
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
        FOREACH parent IN ARRAY ARRAY['customers_transaction', 'customers_balance'] LOOP
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
"""
UNDO_MONEY = """
DROP FUNCTION customers_create_months(date, date);
DROP TABLE customers_balance;
DROP TABLE customers_transaction;
"""

# A night leaves as many staged rows as there are customers: truncating them costs nothing and leaves nothing to vacuum,
# but the app's role may not truncate. Rows that every night rewrites find room on their page.
STAGING = """
CREATE FUNCTION customers_clear_staging() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    TRUNCATE customers_stagedfeatures, customers_stagedmembership, customers_stagedfinding
$$;
ALTER TABLE customers_features SET (fillfactor = 70);
ALTER TABLE customers_customermonth SET (fillfactor = 85);
"""
UNDO_STAGING = "DROP FUNCTION customers_clear_staging()"


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_privacy_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangedDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer_id", models.BigIntegerField(null=True)),
                ("day", models.DateField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CustomerMonth",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "customer_id", "month", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("customer_id", models.BigIntegerField()),
                ("month", models.DateField()),
                ("inflow", models.BigIntegerField()),
                ("outflow", models.BigIntegerField()),
                ("salary", models.BigIntegerField()),
                ("business", models.BigIntegerField()),
                ("saved", models.BigIntegerField()),
                ("unsaved", models.BigIntegerField()),
                ("to_other_banks", models.BigIntegerField()),
                ("largest", models.BigIntegerField()),
                ("moves", models.IntegerField()),
                ("fx_moves", models.IntegerField()),
                ("overseas_moves", models.IntegerField()),
                ("overseas_amount", models.BigIntegerField()),
                ("channels", models.IntegerField()),
                ("hours", models.IntegerField()),
                ("last_active_on", models.DateField(null=True)),
                ("balance_rows", models.IntegerField()),
                ("balance_change", models.BigIntegerField()),
                ("balance_change_days", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DetectorSetting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "detector",
                    models.CharField(
                        choices=[
                            ("large_value", "large value on one day"),
                            ("large_move", "movement far above the customer's own history"),
                            ("frequent_large", "suddenly frequent large movements"),
                            ("dormant_active", "dormant customer suddenly active"),
                            ("rapid_in_out", "money in and out again within days"),
                            ("early_repayment", "unexpected early repayment"),
                            ("overdue", "overdue repayment"),
                            ("credit_fall", "credit score fell"),
                            ("structuring", "repeatedly just below a threshold"),
                            ("dispersed_in", "dispersed in, concentrated out"),
                            ("dispersed_out", "concentrated in, dispersed out"),
                        ],
                        max_length=16,
                        unique=True,
                        verbose_name="detector",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="in use")),
                ("parameters", models.JSONField(blank=True, default=dict, verbose_name="parameters")),
            ],
            options={
                "verbose_name": "detector",
                "verbose_name_plural": "detectors",
                "ordering": ["detector"],
            },
        ),
        migrations.CreateModel(
            name="Features",
            fields=[
                ("aum", models.BigIntegerField(null=True)),
                ("aum_month_to_date", models.BigIntegerField(null=True)),
                ("aum_average_1", models.BigIntegerField(null=True)),
                ("aum_average_2", models.BigIntegerField(null=True)),
                ("aum_average_3", models.BigIntegerField(null=True)),
                ("aum_average_4", models.BigIntegerField(null=True)),
                ("aum_average_5", models.BigIntegerField(null=True)),
                ("aum_average_6", models.BigIntegerField(null=True)),
                ("aum_month_end", models.BigIntegerField(null=True)),
                ("aum_year_ago", models.BigIntegerField(null=True)),
                ("tier", models.CharField(max_length=12, null=True)),
                ("tier_of_month", models.CharField(max_length=12, null=True)),
                ("inflow_month", models.BigIntegerField(null=True)),
                ("inflow_1", models.BigIntegerField(null=True)),
                ("inflow_3", models.BigIntegerField(null=True)),
                ("inflow_6", models.BigIntegerField(null=True)),
                ("inflow_12", models.BigIntegerField(null=True)),
                ("outflow_month", models.BigIntegerField(null=True)),
                ("outflow_1", models.BigIntegerField(null=True)),
                ("outflow_3", models.BigIntegerField(null=True)),
                ("outflow_6", models.BigIntegerField(null=True)),
                ("outflow_12", models.BigIntegerField(null=True)),
                ("inflow_growth", models.FloatField(null=True)),
                ("business_growth", models.FloatField(null=True)),
                ("to_other_banks_3", models.BigIntegerField(null=True)),
                ("largest_usual", models.BigIntegerField(null=True)),
                ("largest_recent", models.BigIntegerField(null=True)),
                ("largest_ratio", models.FloatField(null=True)),
                ("salary_average_6", models.BigIntegerField(null=True)),
                ("salary_months_6", models.IntegerField(null=True)),
                ("payroll", models.BooleanField(null=True)),
                ("saving_months_12", models.IntegerField(null=True)),
                ("saving_average_12", models.BigIntegerField(null=True)),
                ("saving_last_month", models.DateField(null=True)),
                ("saving_broken", models.BooleanField(null=True)),
                ("fx_moves_12", models.IntegerField(null=True)),
                ("overseas_moves_12", models.IntegerField(null=True)),
                ("overseas_amount_12", models.BigIntegerField(null=True)),
                ("moves_3", models.IntegerField(null=True)),
                ("moves_previous_3", models.IntegerField(null=True)),
                ("channels", models.IntegerField(null=True)),
                ("active_hours", models.IntegerField(null=True)),
                ("last_active_on", models.DateField(null=True)),
                ("customer_since", models.DateField(null=True)),
                ("families", models.CharField(max_length=120, null=True)),
                ("family_count", models.IntegerField(null=True)),
                ("next_maturity_on", models.DateField(null=True)),
                ("loan_outstanding", models.BigIntegerField(null=True)),
                ("overdue_days", models.IntegerField(null=True)),
                ("overdue_amount", models.BigIntegerField(null=True)),
                ("risk_level", models.IntegerField(null=True)),
                ("risk_valid_until", models.DateField(null=True)),
                (
                    "lifecycle",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("growing", "growing"),
                            ("mature", "mature"),
                            ("declining", "declining"),
                            ("lost", "lost"),
                        ],
                        max_length=12,
                        null=True,
                    ),
                ),
                (
                    "customer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Segment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=40, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=40, verbose_name="name in English")),
                ("code", models.SlugField(max_length=12, unique=True, verbose_name="code")),
                ("order", models.PositiveSmallIntegerField(unique=True, verbose_name="order")),
                ("active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "service_model",
                    models.CharField(
                        choices=[
                            ("owned", "a manager of their own"),
                            ("pool", "any manager of the branch"),
                            ("self", "self-service"),
                        ],
                        max_length=8,
                        verbose_name="served by",
                    ),
                ),
                (
                    "contact_interval",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="contact every (days)"),
                ),
            ],
            options={
                "verbose_name": "segment",
                "verbose_name_plural": "segments",
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="StagedFeatures",
            fields=[
                ("aum", models.BigIntegerField(null=True)),
                ("aum_month_to_date", models.BigIntegerField(null=True)),
                ("aum_average_1", models.BigIntegerField(null=True)),
                ("aum_average_2", models.BigIntegerField(null=True)),
                ("aum_average_3", models.BigIntegerField(null=True)),
                ("aum_average_4", models.BigIntegerField(null=True)),
                ("aum_average_5", models.BigIntegerField(null=True)),
                ("aum_average_6", models.BigIntegerField(null=True)),
                ("aum_month_end", models.BigIntegerField(null=True)),
                ("aum_year_ago", models.BigIntegerField(null=True)),
                ("tier", models.CharField(max_length=12, null=True)),
                ("tier_of_month", models.CharField(max_length=12, null=True)),
                ("inflow_month", models.BigIntegerField(null=True)),
                ("inflow_1", models.BigIntegerField(null=True)),
                ("inflow_3", models.BigIntegerField(null=True)),
                ("inflow_6", models.BigIntegerField(null=True)),
                ("inflow_12", models.BigIntegerField(null=True)),
                ("outflow_month", models.BigIntegerField(null=True)),
                ("outflow_1", models.BigIntegerField(null=True)),
                ("outflow_3", models.BigIntegerField(null=True)),
                ("outflow_6", models.BigIntegerField(null=True)),
                ("outflow_12", models.BigIntegerField(null=True)),
                ("inflow_growth", models.FloatField(null=True)),
                ("business_growth", models.FloatField(null=True)),
                ("to_other_banks_3", models.BigIntegerField(null=True)),
                ("largest_usual", models.BigIntegerField(null=True)),
                ("largest_recent", models.BigIntegerField(null=True)),
                ("largest_ratio", models.FloatField(null=True)),
                ("salary_average_6", models.BigIntegerField(null=True)),
                ("salary_months_6", models.IntegerField(null=True)),
                ("payroll", models.BooleanField(null=True)),
                ("saving_months_12", models.IntegerField(null=True)),
                ("saving_average_12", models.BigIntegerField(null=True)),
                ("saving_last_month", models.DateField(null=True)),
                ("saving_broken", models.BooleanField(null=True)),
                ("fx_moves_12", models.IntegerField(null=True)),
                ("overseas_moves_12", models.IntegerField(null=True)),
                ("overseas_amount_12", models.BigIntegerField(null=True)),
                ("moves_3", models.IntegerField(null=True)),
                ("moves_previous_3", models.IntegerField(null=True)),
                ("channels", models.IntegerField(null=True)),
                ("active_hours", models.IntegerField(null=True)),
                ("last_active_on", models.DateField(null=True)),
                ("customer_since", models.DateField(null=True)),
                ("families", models.CharField(max_length=120, null=True)),
                ("family_count", models.IntegerField(null=True)),
                ("next_maturity_on", models.DateField(null=True)),
                ("loan_outstanding", models.BigIntegerField(null=True)),
                ("overdue_days", models.IntegerField(null=True)),
                ("overdue_amount", models.BigIntegerField(null=True)),
                ("risk_level", models.IntegerField(null=True)),
                ("risk_valid_until", models.DateField(null=True)),
                (
                    "lifecycle",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("growing", "growing"),
                            ("mature", "mature"),
                            ("declining", "declining"),
                            ("lost", "lost"),
                        ],
                        max_length=12,
                        null=True,
                    ),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run", "customer_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("run", models.BigIntegerField()),
                ("customer_id", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="StagedFinding",
            fields=[
                (
                    "detector",
                    models.CharField(
                        choices=[
                            ("large_value", "large value on one day"),
                            ("large_move", "movement far above the customer's own history"),
                            ("frequent_large", "suddenly frequent large movements"),
                            ("dormant_active", "dormant customer suddenly active"),
                            ("rapid_in_out", "money in and out again within days"),
                            ("early_repayment", "unexpected early repayment"),
                            ("overdue", "overdue repayment"),
                            ("credit_fall", "credit score fell"),
                            ("structuring", "repeatedly just below a threshold"),
                            ("dispersed_in", "dispersed in, concentrated out"),
                            ("dispersed_out", "concentrated in, dispersed out"),
                        ],
                        max_length=16,
                        verbose_name="detector",
                    ),
                ),
                ("cause", models.CharField(db_collation="C", max_length=60)),
                ("day", models.DateField(verbose_name="day")),
                ("evidence", models.JSONField(default=list)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run",
                        "customer_id",
                        "detector",
                        "cause",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("run", models.BigIntegerField()),
                ("customer_id", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Tier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=40, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=40, verbose_name="name in English")),
                ("code", models.SlugField(max_length=12, unique=True, verbose_name="code")),
                ("from_aum", models.BigIntegerField(unique=True, verbose_name="from AUM")),
            ],
            options={
                "verbose_name": "tier",
                "verbose_name_plural": "tiers",
                "ordering": ["from_aum"],
            },
        ),
        migrations.AddField(
            model_name="account",
            name="balance_source",
            field=models.CharField(
                choices=[("file", "balance files"), ("transactions", "its transactions")], default="file", max_length=12
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="closed_on",
            field=models.DateField(null=True, verbose_name="closed"),
        ),
        migrations.AddField(
            model_name="account",
            name="currency",
            field=models.CharField(default="CNY", max_length=3, verbose_name="currency"),
        ),
        migrations.AddField(
            model_name="account",
            name="customer",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="accounts", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="family",
            field=models.CharField(
                choices=[
                    ("current", "current account"),
                    ("time", "time deposit"),
                    ("certificate", "large certificate of deposit"),
                    ("wealth", "wealth product"),
                    ("fund", "fund"),
                    ("insurance", "insurance"),
                    ("bond", "government bond"),
                    ("metal", "precious metal"),
                    ("pension", "personal pension"),
                    ("card", "credit card"),
                    ("loan", "loan"),
                    ("other", "other"),
                ],
                default="current",
                max_length=12,
                verbose_name="product family",
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="name",
            field=models.CharField(blank=True, default="", max_length=80, verbose_name="name"),
        ),
        migrations.AddField(
            model_name="account",
            name="opened_on",
            field=models.DateField(null=True, verbose_name="opened"),
        ),
        migrations.AddField(
            model_name="accountparty",
            name="reference",
            field=models.CharField(db_collation="C", max_length=40, null=True, unique=True, verbose_name="reference"),
        ),
        migrations.CreateModel(
            name="ComplianceCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "detector",
                    models.CharField(
                        choices=[
                            ("large_value", "large value on one day"),
                            ("large_move", "movement far above the customer's own history"),
                            ("frequent_large", "suddenly frequent large movements"),
                            ("dormant_active", "dormant customer suddenly active"),
                            ("rapid_in_out", "money in and out again within days"),
                            ("early_repayment", "unexpected early repayment"),
                            ("overdue", "overdue repayment"),
                            ("credit_fall", "credit score fell"),
                            ("structuring", "repeatedly just below a threshold"),
                            ("dispersed_in", "dispersed in, concentrated out"),
                            ("dispersed_out", "concentrated in, dispersed out"),
                        ],
                        max_length=16,
                        verbose_name="detector",
                    ),
                ),
                ("cause", models.CharField(db_collation="C", max_length=60)),
                ("day", models.DateField(verbose_name="day")),
                ("evidence", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be looked at"),
                            ("in_review", "in review"),
                            ("reported", "reported"),
                            ("dismissed", "no suspicion"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
                    ),
                ),
            ],
            options={
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CaseStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be looked at"),
                            ("in_review", "in review"),
                            ("reported", "reported"),
                            ("dismissed", "no suspicion"),
                        ],
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("note", models.TextField(verbose_name="note")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="customers.compliancecase"
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CreditScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scored_on", models.DateField(verbose_name="day")),
                ("score", models.PositiveIntegerField(verbose_name="score")),
                ("authorised_for", models.CharField(max_length=40, verbose_name="authorised for")),
                ("authorised_on", models.DateField(verbose_name="authorised on")),
                ("authorised_until", models.DateField(verbose_name="authorised until")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="credit_scores",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "credit score",
                "verbose_name_plural": "credit scores",
            },
        ),
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("day", models.DateField(verbose_name="from")),
                ("rate", models.DecimalField(decimal_places=8, max_digits=16, verbose_name="rate")),
            ],
            options={
                "verbose_name": "rate of exchange",
                "verbose_name_plural": "rates of exchange",
                "ordering": ["currency", "-day"],
                "constraints": [models.UniqueConstraint(fields=("currency", "day"), name="one_rate_per_day")],
            },
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(db_collation="C", max_length=32, unique=True, verbose_name="reference")),
                (
                    "family",
                    models.CharField(
                        choices=[
                            ("current", "current account"),
                            ("time", "time deposit"),
                            ("certificate", "large certificate of deposit"),
                            ("wealth", "wealth product"),
                            ("fund", "fund"),
                            ("insurance", "insurance"),
                            ("bond", "government bond"),
                            ("metal", "precious metal"),
                            ("pension", "personal pension"),
                            ("card", "credit card"),
                            ("loan", "loan"),
                            ("other", "other"),
                        ],
                        max_length=12,
                        verbose_name="product family",
                    ),
                ),
                ("product", models.CharField(blank=True, default="", max_length=80, verbose_name="product")),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                ("amount", models.BigIntegerField(null=True, verbose_name="amount")),
                ("rate", models.DecimalField(decimal_places=4, max_digits=7, null=True, verbose_name="rate")),
                ("started_on", models.DateField(null=True, verbose_name="started")),
                ("matures_on", models.DateField(null=True, verbose_name="matures")),
                ("ended_on", models.DateField(null=True, verbose_name="ended")),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holdings",
                        to="customers.account",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="holdings", to="customers.customer"
                    ),
                ),
            ],
            options={
                "verbose_name": "holding",
                "verbose_name_plural": "holdings",
            },
        ),
        migrations.CreateModel(
            name="Loan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(db_collation="C", max_length=32, unique=True, verbose_name="reference")),
                ("product", models.CharField(blank=True, default="", max_length=80, verbose_name="product")),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                ("payment", models.BigIntegerField(null=True, verbose_name="monthly payment")),
                ("rate", models.DecimalField(decimal_places=4, max_digits=7, null=True, verbose_name="rate")),
                ("started_on", models.DateField(verbose_name="started")),
                ("matures_on", models.DateField(null=True, verbose_name="matures")),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="loans",
                        to="customers.account",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="loans", to="customers.customer"
                    ),
                ),
            ],
            options={
                "verbose_name": "loan",
                "verbose_name_plural": "loans",
            },
        ),
        migrations.CreateModel(
            name="LoanState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("current", "in order"),
                            ("overdue", "overdue"),
                            ("paid", "paid back"),
                            ("defaulted", "ended unpaid"),
                        ],
                        max_length=12,
                        verbose_name="repayment",
                    ),
                ),
                ("outstanding", models.BigIntegerField(null=True, verbose_name="outstanding")),
                ("overdue_days", models.PositiveIntegerField(default=0, verbose_name="days overdue")),
                ("overdue_amount", models.BigIntegerField(default=0, verbose_name="overdue amount")),
                (
                    "loan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="states", to="customers.loan"
                    ),
                ),
            ],
            options={
                "verbose_name": "state of a loan",
                "verbose_name_plural": "states of loans",
            },
        ),
        migrations.CreateModel(
            name="RiskAssessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assessed_on", models.DateField(verbose_name="assessed")),
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                ("valid_until", models.DateField(verbose_name="valid until")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="risk_assessments",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "risk assessment",
                "verbose_name_plural": "risk assessments",
            },
        ),
        migrations.CreateModel(
            name="RiskWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "detector",
                    models.CharField(
                        choices=[
                            ("large_value", "large value on one day"),
                            ("large_move", "movement far above the customer's own history"),
                            ("frequent_large", "suddenly frequent large movements"),
                            ("dormant_active", "dormant customer suddenly active"),
                            ("rapid_in_out", "money in and out again within days"),
                            ("early_repayment", "unexpected early repayment"),
                            ("overdue", "overdue repayment"),
                            ("credit_fall", "credit score fell"),
                            ("structuring", "repeatedly just below a threshold"),
                            ("dispersed_in", "dispersed in, concentrated out"),
                            ("dispersed_out", "concentrated in, dispersed out"),
                        ],
                        max_length=16,
                        verbose_name="detector",
                    ),
                ),
                ("cause", models.CharField(db_collation="C", max_length=60)),
                ("day", models.DateField(verbose_name="day")),
                ("evidence", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "to be talked about"), ("explained", "talked about")],
                        default="open",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("note", models.TextField(blank=True, default="", verbose_name="what the customer said")),
                ("noted_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="warnings", to="customers.customer"
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "warning",
                "verbose_name_plural": "warnings",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SegmentRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="rule")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="customers.segment"
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a rule",
                "verbose_name_plural": "versions of rules",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SegmentMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("changed", models.JSONField(default=dict)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="segment_moves",
                        to="customers.customer",
                    ),
                ),
                (
                    "from_segment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.segment"
                    ),
                ),
                (
                    "to_segment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.segment"
                    ),
                ),
                (
                    "from_rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.segmentrule"
                    ),
                ),
                (
                    "to_rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.segmentrule"
                    ),
                ),
            ],
            options={
                "verbose_name": "move between segments",
                "verbose_name_plural": "moves between segments",
                "default_permissions": ("view",),
            },
        ),
        migrations.AddField(
            model_name="segment",
            name="rule",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.segmentrule",
                verbose_name="rule",
            ),
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("values", models.JSONField(default=dict)),
                (
                    "customer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("since", models.DateField(verbose_name="since")),
                (
                    "segment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.segment",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.segmentrule",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="StagedMembership",
            fields=[
                ("values", models.JSONField(default=dict)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run", "customer_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("run", models.BigIntegerField()),
                ("customer_id", models.BigIntegerField()),
                (
                    "rule",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.segmentrule",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.segment",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="StandingOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(db_collation="C", max_length=40, unique=True, verbose_name="reference")),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                ("purpose", models.CharField(blank=True, default="", max_length=12, verbose_name="purpose")),
                ("to_bank", models.CharField(blank=True, default="", max_length=40, verbose_name="to bank")),
                ("ended_on", models.DateField(null=True, verbose_name="ended")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standing_orders",
                        to="customers.account",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standing_orders",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "standing order",
                "verbose_name_plural": "standing orders",
            },
        ),
        migrations.AddIndex(
            model_name="compliancecase",
            index=models.Index(fields=["state", "-day", "-id"], name="case_state"),
        ),
        migrations.AddConstraint(
            model_name="compliancecase",
            constraint=models.UniqueConstraint(fields=("customer", "detector", "cause"), name="one_case_per_cause"),
        ),
        migrations.AddConstraint(
            model_name="creditscore",
            constraint=models.UniqueConstraint(fields=("customer", "scored_on"), name="one_score_a_day"),
        ),
        migrations.AddConstraint(
            model_name="loanstate",
            constraint=models.UniqueConstraint(fields=("loan", "day"), name="one_loan_state_a_day"),
        ),
        migrations.AddConstraint(
            model_name="riskassessment",
            constraint=models.UniqueConstraint(fields=("customer", "assessed_on"), name="one_assessment_a_day"),
        ),
        migrations.AddConstraint(
            model_name="riskassessment",
            constraint=models.CheckConstraint(condition=models.Q(("level__range", (1, 5))), name="risk_level_1_to_5"),
        ),
        migrations.AddIndex(
            model_name="riskwarning",
            index=models.Index(condition=models.Q(("state", "open")), fields=["-day", "-id"], name="warning_open"),
        ),
        migrations.AddConstraint(
            model_name="riskwarning",
            constraint=models.UniqueConstraint(fields=("customer", "detector", "cause"), name="one_warning_per_cause"),
        ),
        migrations.AddIndex(
            model_name="segmentmove",
            index=models.Index(fields=["day"], name="segment_move_day"),
        ),
        migrations.AddConstraint(
            model_name="segmentmove",
            constraint=models.UniqueConstraint(fields=("customer", "day"), name="one_segment_move_a_day"),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["segment", "customer"], name="membership_segment"),
        ),
        migrations.RunSQL(
            MONEY,
            UNDO_MONEY,
            state_operations=[
                migrations.CreateModel(
                    name="Transaction",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "account_id",
                                "booked_on",
                                "reference",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("account_id", models.BigIntegerField()),
                        ("customer_id", models.BigIntegerField()),
                        ("booked_on", models.DateField(verbose_name="booked on")),
                        ("reference", models.CharField(db_collation="C", max_length=40, verbose_name="reference")),
                        ("amount", models.BigIntegerField(verbose_name="amount")),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("base_amount", models.BigIntegerField()),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("salary", "salary"),
                                    ("pension", "pension"),
                                    ("business", "business receipts"),
                                    ("payroll", "wages paid"),
                                    ("transfer", "transfer"),
                                    ("cash", "cash"),
                                    ("card", "card payment"),
                                    ("saving", "saving"),
                                    ("investment", "investment"),
                                    ("fx", "foreign exchange"),
                                    ("rent", "rent"),
                                    ("household", "household"),
                                    ("tuition", "tuition"),
                                    ("insurance", "insurance"),
                                    ("loan", "loan repayment"),
                                    ("lending", "loan paid out"),
                                    ("fee", "fee"),
                                    ("interest", "interest"),
                                    ("penalty", "penalty interest"),
                                    ("other", "other"),
                                ],
                                max_length=12,
                                verbose_name="category",
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("counter", "counter"),
                                    ("atm", "ATM"),
                                    ("mobile", "mobile bank"),
                                    ("web", "online bank"),
                                    ("phone", "phone bank"),
                                    ("pos", "card terminal"),
                                    ("bank", "the bank"),
                                ],
                                max_length=8,
                                verbose_name="channel",
                            ),
                        ),
                        ("booked_at", models.TimeField(null=True, verbose_name="time")),
                        ("counterparty", models.CharField(blank=True, max_length=80, verbose_name="counterparty")),
                        ("counterparty_key", models.BigIntegerField(null=True)),
                        ("counterparty_tail", models.CharField(blank=True, max_length=4)),
                        (
                            "counterparty_bank",
                            models.CharField(blank=True, max_length=40, verbose_name="bank of the counterparty"),
                        ),
                        ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                        ("own", models.BooleanField(default=False)),
                        ("batch_id", models.BigIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "transaction",
                        "verbose_name_plural": "transactions",
                        "default_permissions": (),
                        "indexes": [models.Index(fields=["customer_id", "booked_on"], name="transaction_customer_day")],
                    },
                ),
                migrations.CreateModel(
                    name="Balance",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "account_id", "day", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("account_id", models.BigIntegerField()),
                        ("customer_id", models.BigIntegerField()),
                        ("day", models.DateField(verbose_name="day")),
                        ("amount", models.BigIntegerField(verbose_name="balance")),
                        ("base_amount", models.BigIntegerField()),
                        ("change", models.BigIntegerField()),
                    ],
                    options={
                        "verbose_name": "balance",
                        "verbose_name_plural": "balances",
                        "default_permissions": (),
                        "indexes": [models.Index(fields=["customer_id", "day"], name="balance_customer_day")],
                    },
                ),
            ],
        ),
        migrations.RunSQL(STAGING, UNDO_STAGING),
    ]
