"""Groups of customers, relations between people, events of their lives, and facts with where they come from."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0011_uploads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Household",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("household", "household"),
                            ("business", "business circle"),
                            ("circle", "relatives and friends"),
                        ],
                        default="household",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "group of customers",
                "verbose_name_plural": "groups of customers",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(db_collation="C", max_length=24)),
                ("value", models.CharField(blank=True, max_length=120)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("manager", "said to the manager"),
                            ("bank", "the bank's records"),
                            ("system", "concluded from the figures"),
                        ],
                        default="manager",
                        max_length=8,
                        verbose_name="source",
                    ),
                ),
                (
                    "confidence",
                    models.CharField(
                        choices=[("sure", "sure"), ("likely", "likely"), ("guessed", "a guess")],
                        default="sure",
                        max_length=8,
                        verbose_name="how sure",
                    ),
                ),
                ("on", models.DateField(verbose_name="since")),
                ("later_until", models.DateField(null=True)),
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="facts", to="customers.customer"
                    ),
                ),
            ],
            options={
                "verbose_name": "learnt fact",
                "verbose_name_plural": "learnt facts",
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("customer", "name"), name="one_fact_of_a_name")],
            },
        ),
        migrations.CreateModel(
            name="HouseholdMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("main", models.BooleanField(default=False, verbose_name="main household")),
                ("since", models.DateField(auto_now_add=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="households", to="customers.customer"
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="customers.household"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("household", "customer"), name="once_in_a_group"),
                    models.UniqueConstraint(
                        condition=models.Q(("main", True)), fields=("customer",), name="one_main_household"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LifeEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("birth", "birth of a child"),
                            ("marriage", "marriage"),
                            ("house", "house bought"),
                            ("job", "new job"),
                            ("retirement", "retirement"),
                            ("exam", "a child's exam"),
                            ("move", "moving house"),
                            ("business", "business founded"),
                            ("abroad", "studies or work abroad"),
                            ("loss", "loss of a relative"),
                            ("illness", "illness"),
                        ],
                        max_length=12,
                        verbose_name="event",
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                (
                    "precision",
                    models.CharField(
                        choices=[("day", "day"), ("month", "month"), ("year", "year")], default="day", max_length=8
                    ),
                ),
                ("planned", models.BooleanField(default=False, verbose_name="planned")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="what was said")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "to be confirmed"), ("confirmed", "confirmed"), ("rejected", "not so")],
                        default="confirmed",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("manager", "said to the manager"),
                            ("bank", "the bank's records"),
                            ("system", "concluded from the figures"),
                        ],
                        default="manager",
                        max_length=8,
                        verbose_name="source",
                    ),
                ),
                (
                    "confidence",
                    models.CharField(
                        choices=[("sure", "sure"), ("likely", "likely"), ("guessed", "a guess")],
                        default="sure",
                        max_length=8,
                        verbose_name="how sure",
                    ),
                ),
                ("cause", models.CharField(blank=True, db_collation="C", max_length=60)),
                ("of_child", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(null=True)),
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="life_events", to="customers.customer"
                    ),
                ),
            ],
            options={
                "verbose_name": "life event",
                "verbose_name_plural": "life events",
                "default_permissions": (),
                "indexes": [models.Index(fields=["customer", "-on"], name="life_of_customer")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cause", ""), _negated=True),
                        fields=("customer", "cause"),
                        name="one_proposal_per_cause",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("spouse", "spouse"),
                            ("child", "child"),
                            ("parent", "parent"),
                            ("guarantor", "guarantor"),
                            ("guaranteed", "guaranteed"),
                            ("partner", "business partner"),
                            ("introduced_by", "introducer"),
                            ("introduced", "introduced"),
                        ],
                        max_length=16,
                        verbose_name="relation",
                    ),
                ),
                ("young", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                    "consent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="customers.consent",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="relations", to="customers.customer"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations_to",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "relation",
                "verbose_name_plural": "relations",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer", "other", "kind", "name"),
                        name="one_relation_of_a_kind",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), ("other__isnull", False)),
                            models.Q(("other", None), models.Q(("name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="related_to_a_customer_or_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("other", None), ("other__gt", models.F("customer")), _connector="OR"),
                        name="relation_stored_once",
                    ),
                ],
            },
        ),
    ]
