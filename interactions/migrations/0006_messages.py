"""Messages to customers: templates in versions, the outbox, and the steps of each message."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# What was approved stays as it was approved; before that only the approval may be added.
FREEZE = """
CREATE FUNCTION interactions_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.approved_at IS NULL
        AND (OLD.template_id, OLD.number, OLD.subject_zh, OLD.subject_en, OLD.text_zh, OLD.text_en, OLD.author_id)
        IS NOT DISTINCT FROM
            (NEW.template_id, NEW.number, NEW.subject_zh, NEW.subject_en, NEW.text_zh, NEW.text_en, NEW.author_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a version of a message template stays as it was written'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER template_versions_stay BEFORE UPDATE OR DELETE ON interactions_templateversion
    FOR EACH ROW EXECUTE FUNCTION interactions_keep_version();
"""
THAW = """
DROP TRIGGER template_versions_stay ON interactions_templateversion;
DROP FUNCTION interactions_keep_version();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0014_duplicates"),
        ("interactions", "0005_timeline"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MessageTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=24, unique=True, verbose_name="code")),
                ("name_zh", models.CharField(max_length=60, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=60, verbose_name="name in English")),
                (
                    "channel",
                    models.CharField(
                        choices=[("sms", "SMS"), ("wechat", "WeChat Work"), ("email", "e-mail")],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                (
                    "by_hand",
                    models.BooleanField(
                        default=False,
                        help_text="Copied and sent by a person, never by the system.",
                        verbose_name="only by hand",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("service", "service"), ("care", "care"), ("marketing", "offer")],
                        default="service",
                        help_text="Only offers count in the contact budget and need the customer's consent to the channel.",
                        max_length=12,
                        verbose_name="for",
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("deposit", "deposits"),
                            ("wealth", "wealth products"),
                            ("fund", "funds"),
                            ("insurance", "insurance"),
                            ("pension", "pension"),
                            ("education", "education"),
                            ("house", "house and mortgage"),
                            ("loan", "loans"),
                            ("card", "cards"),
                            ("fx", "foreign exchange and travel"),
                            ("business", "business"),
                            ("family", "family"),
                            ("health", "health"),
                            ("service", "service and queues"),
                            ("fraud", "fraud protection"),
                            ("activity", "activities and learning"),
                        ],
                        max_length=24,
                        verbose_name="topic",
                    ),
                ),
                (
                    "days_valid",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="A message that could not be sent within so many days is cancelled.",
                        verbose_name="days valid",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "message template",
                "verbose_name_plural": "message templates",
                "ordering": ["code"],
                "permissions": [("approve_messagetemplate", "Can approve versions of message templates")],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[("sms", "SMS"), ("wechat", "WeChat Work"), ("email", "e-mail")],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("service", "service"), ("care", "care"), ("marketing", "offer")],
                        max_length=12,
                        verbose_name="for",
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("deposit", "deposits"),
                            ("wealth", "wealth products"),
                            ("fund", "funds"),
                            ("insurance", "insurance"),
                            ("pension", "pension"),
                            ("education", "education"),
                            ("house", "house and mortgage"),
                            ("loan", "loans"),
                            ("card", "cards"),
                            ("fx", "foreign exchange and travel"),
                            ("business", "business"),
                            ("family", "family"),
                            ("health", "health"),
                            ("service", "service and queues"),
                            ("fraud", "fraud protection"),
                            ("activity", "activities and learning"),
                        ],
                        max_length=24,
                        verbose_name="topic",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("zh", "中文"), ("en", "English")], max_length=2, verbose_name="language"
                    ),
                ),
                ("asked", models.JSONField(default=dict)),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("by_hand", models.BooleanField(default=False, verbose_name="by hand")),
                ("at_active_hours", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("queued", "waiting to be sent"),
                            ("held", "held back"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("delivered", "delivered"),
                            ("failed", "failed"),
                            ("unknown", "not known whether it arrived"),
                            ("cancelled", "cancelled"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="key")),
                ("due_at", models.DateTimeField(null=True, verbose_name="next look")),
                ("not_after", models.DateTimeField(null=True, verbose_name="not after")),
                ("lease", models.UUIDField(null=True)),
                ("in_doubt", models.BooleanField(default=False)),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("queries", models.PositiveSmallIntegerField(default=0)),
                ("held", models.JSONField(default=list)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("provider_id", models.CharField(blank=True, max_length=80)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="written")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                ("delivered_at", models.DateTimeField(null=True, verbose_name="delivered")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="customers.customer"
                    ),
                ),
                (
                    "interaction",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="message",
                        to="interactions.interaction",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="interactions.message",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "default_permissions": ("view", "change"),
            },
        ),
        migrations.CreateModel(
            name="MessageAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="attempt")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("begun", "sending begun"),
                            ("accepted", "taken on"),
                            ("not_accepted", "not taken on, tried again"),
                            ("refused", "refused"),
                            ("in_doubt", "no answer"),
                            ("asked", "asked what became of it"),
                            ("receipt", "receipt"),
                            ("decided", "decided by a person"),
                        ],
                        max_length=12,
                        verbose_name="step",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="time")),
                ("detail", models.CharField(blank=True, max_length=200, verbose_name="detail")),
                ("receipt", models.CharField(db_collation="C", max_length=80, null=True, unique=True)),
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
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="attempts",
                        to="interactions.message",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a message",
                "verbose_name_plural": "steps of messages",
                "ordering": ["pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="TemplateVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("subject_zh", models.CharField(blank=True, max_length=120, verbose_name="subject in Chinese")),
                ("subject_en", models.CharField(blank=True, max_length=120, verbose_name="subject in English")),
                ("text_zh", models.TextField(verbose_name="text in Chinese")),
                ("text_en", models.TextField(verbose_name="text in English")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="written")),
                ("approved_at", models.DateTimeField(null=True, verbose_name="approved")),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="interactions.messagetemplate",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a template",
                "verbose_name_plural": "versions of a template",
                "default_permissions": ("view",),
            },
        ),
        migrations.AddField(
            model_name="message",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="interactions.templateversion",
                verbose_name="template",
            ),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.UniqueConstraint(fields=("template", "number"), name="one_template_version_per_number"),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None),
                    ("author", None),
                    models.Q(("approved_by", models.F("author")), _negated=True),
                    _connector="OR",
                ),
                name="template_approved_by_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at", None), ("approved_by", None)),
                    models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                    _connector="OR",
                ),
                name="template_approval_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "held", "sending"])),
                fields=["due_at", "id"],
                name="message_due",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["customer", "-id"], name="message_customer"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["state", "-id"], name="message_state"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state__in", ["sent", "delivered"]), _negated=True),
                fields=["customer"],
                name="message_open",
            ),
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
