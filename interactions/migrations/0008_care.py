"""Kinds of care, festivals, follow-ups that come back or belong to a team, and the mail of the morning."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

SHIPPED = (("spring", None), ("mid_autumn", None), ("double_ninth", 60))


def ship_festivals(apps, schema_editor):
    """The festivals stand ready; whom to greet is for the bank to choose, so that nobody is at first."""
    festival = apps.get_model("interactions", "Festival")
    for name, from_age in SHIPPED:
        festival.objects.using(schema_editor.connection.alias).get_or_create(name=name, defaults={"from_age": from_age})


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0014_duplicates"),
        ("interactions", "0007_voice"),
        ("staff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="reminder",
            name="taken_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reminder",
            name="team",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.branch"
            ),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="assignee",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("complaint", "complaint"),
                    ("promise", "promise"),
                    ("follow_up", "follow-up"),
                    ("warning", "warning"),
                    ("intent", "intent"),
                    ("maturity", "maturity"),
                    ("assessment", "risk assessment"),
                    ("support", "help in a hard time"),
                    ("birth", "birth of a child"),
                    ("birthday", "birthday"),
                    ("invitation", "invitation"),
                    ("welcome", "welcome"),
                    ("retirement", "retirement ahead"),
                    ("anniversary", "years with the bank"),
                    ("wedding", "wedding anniversary"),
                    ("festival", "festival"),
                    ("losing", "losing touch"),
                    ("unplanned", "nothing planned"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="stagedreminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("complaint", "complaint"),
                    ("promise", "promise"),
                    ("follow_up", "follow-up"),
                    ("warning", "warning"),
                    ("intent", "intent"),
                    ("maturity", "maturity"),
                    ("assessment", "risk assessment"),
                    ("support", "help in a hard time"),
                    ("birth", "birth of a child"),
                    ("birthday", "birthday"),
                    ("invitation", "invitation"),
                    ("welcome", "welcome"),
                    ("retirement", "retirement ahead"),
                    ("anniversary", "years with the bank"),
                    ("wedding", "wedding anniversary"),
                    ("festival", "festival"),
                    ("losing", "losing touch"),
                    ("unplanned", "nothing planned"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.CreateModel(
            name="DailyMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("claimed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Festival",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        choices=[
                            ("spring", "Spring Festival"),
                            ("dragon_boat", "Dragon Boat Festival"),
                            ("mid_autumn", "Mid-Autumn Festival"),
                            ("double_ninth", "Double Ninth Festival"),
                        ],
                        max_length=12,
                        unique=True,
                        verbose_name="festival",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="tags",
                    ),
                ),
                ("from_age", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="from the age of")),
                ("most", models.PositiveSmallIntegerField(default=15, verbose_name="greetings of a manager at most")),
                (
                    "segments",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="customers.segment", verbose_name="segments"
                    ),
                ),
            ],
            options={
                "verbose_name": "festival",
                "verbose_name_plural": "festivals",
                "ordering": ["name"],
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.CreateModel(
            name="MailChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("wanted", models.BooleanField(default=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail_choice",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.DateField(verbose_name="first day")),
                (
                    "every",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="every",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("day", "days"), ("week", "weeks"), ("month", "months"), ("year", "years")],
                        max_length=8,
                        verbose_name="unit",
                    ),
                ),
                (
                    "off_days",
                    models.CharField(
                        choices=[
                            ("after", "on the next working day"),
                            ("before", "on the working day before"),
                            ("keep", "on that day all the same"),
                        ],
                        default="after",
                        max_length=8,
                        verbose_name="on a day without work",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("stopped_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="series", to="customers.customer"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "stopped_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "recurring reminder",
                "verbose_name_plural": "recurring reminders",
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="reminder",
            name="series",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="reminders",
                to="interactions.series",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("assignee", None), ("state", "open")), fields=["team", "due"], name="reminder_team"
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("series__isnull", False)), fields=["series"], name="reminder_series"
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(condition=models.Q(("kind", "birth")), fields=["customer"], name="reminder_birth"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("assignee__isnull", False), ("team__isnull", False), _connector="OR"),
                name="somebodys_reminder",
            ),
        ),
        migrations.AddIndex(
            model_name="dailymail",
            index=models.Index(fields=["day"], name="mail_of_day"),
        ),
        migrations.AddConstraint(
            model_name="dailymail",
            constraint=models.UniqueConstraint(fields=("user", "day"), name="one_mail_a_day"),
        ),
        migrations.RunPython(ship_festivals, migrations.RunPython.noop),
    ]
