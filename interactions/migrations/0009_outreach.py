"""Events for society: who was invited, who came, what they said; and the age of districts as nights count it."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0014_duplicates"),
        ("interactions", "0008_care"),
        ("staff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Outreach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("fraud", "lecture on fraud prevention"),
                            ("basics", "lecture on financial basics"),
                            ("branch", "visit to the branch"),
                            ("home", "anti-fraud visit at home"),
                        ],
                        max_length=8,
                        verbose_name="occasion",
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="title")),
                ("place", models.CharField(max_length=120, verbose_name="place")),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("minutes", models.PositiveSmallIntegerField(default=60, verbose_name="minutes")),
                (
                    "capacity",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="places",
                    ),
                ),
                ("speaker", models.CharField(blank=True, max_length=60, verbose_name="speaker")),
                ("found", models.CharField(blank=True, max_length=12)),
                ("district", models.CharField(blank=True, max_length=60, verbose_name="district")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "planned"), ("held", "held"), ("cancelled", "cancelled")],
                        default="planned",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("guests", models.PositiveSmallIntegerField(default=0, verbose_name="guests without invitation")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outreach",
                        to="staff.branch",
                        verbose_name="branch",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "event for society",
                "verbose_name_plural": "events for society",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("why", models.JSONField(default=dict)),
                ("by_hand", models.BooleanField(default=False)),
                (
                    "reply",
                    models.CharField(
                        choices=[("invited", "invited"), ("coming", "is coming"), ("declined", "is not coming")],
                        default="invited",
                        max_length=8,
                        verbose_name="reply",
                    ),
                ),
                ("invited_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("attended", models.BooleanField(null=True)),
                ("attended_at", models.DateTimeField(null=True)),
                (
                    "attended_by",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="customers.customer"
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="interactions.outreach",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="EventFeedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rating",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ]
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="what was said")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "invitation",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feedback",
                        to="interactions.invitation",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="feedback", to="interactions.outreach"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DistrictAge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("district", models.CharField(max_length=60)),
                ("customers", models.PositiveIntegerField()),
                ("aged_60", models.PositiveIntegerField()),
                ("aged_65", models.PositiveIntegerField()),
                ("depositors", models.PositiveIntegerField()),
                ("day", models.DateField()),
                (
                    "branch",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="staff.branch"),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("branch", "district"), name="district_of_branch")],
            },
        ),
        migrations.AddIndex(
            model_name="outreach",
            index=models.Index(fields=["branch", "-starts_at"], name="outreach_of_branch"),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(fields=["customer"], name="invitation_customer"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(fields=("event", "customer"), name="invited_once"),
        ),
        migrations.AddConstraint(
            model_name="eventfeedback",
            constraint=models.UniqueConstraint(
                condition=models.Q(("invitation", None)), fields=("event", "rating"), name="nameless_once_a_rating"
            ),
        ),
    ]
