"""Rules become versions, approved by a second person; those that came with the system count as approved."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# What was written stays as it was written; only its dry run and what became of it may be added.
FREEZE = """
CREATE FUNCTION recommendations_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (OLD.rule_id, OLD.number, OLD.content, OLD.author_id, OLD.written_at)
            IS NOT DISTINCT FROM (NEW.rule_id, NEW.number, NEW.content, NEW.author_id, NEW.written_at)
        AND (OLD.state = 'draft'
            OR (OLD.trial, OLD.decided_by_id, OLD.decided_at, OLD.comment)
                IS NOT DISTINCT FROM (NEW.trial, NEW.decided_by_id, NEW.decided_at, NEW.comment)
            AND (NEW.state = OLD.state OR OLD.state = 'in_force' AND NEW.state IN ('replaced', 'retired'))) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a version of a rule stays as it was written' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER rule_versions_stay BEFORE UPDATE OR DELETE ON recommendations_ruleversion
    FOR EACH ROW EXECUTE FUNCTION recommendations_keep_version();
"""
THAW = """
DROP TRIGGER rule_versions_stay ON recommendations_ruleversion;
DROP FUNCTION recommendations_keep_version();
"""
CLEAR = """
CREATE OR REPLACE FUNCTION recommendations_clear_staging() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    TRUNCATE recommendations_stagedsuggestion, recommendations_stagedfunnelcount, recommendations_stagedruleaside
$$
"""
UNDO_CLEAR = CLEAR.replace(", recommendations_stagedruleaside", "")
COLUMNS = (
    "name_zh", "name_en", "need", "family", "condition", "viewed", "viewed_days", "event", "event_days", "benefit",
    "sure", "order", "reason_zh", "reason_en", "talk_zh", "talk_en",
)  # fmt: skip


def begin(apps, schema_editor):
    using = schema_editor.connection.alias
    rules, versions = (apps.get_model("recommendations", name).objects.using(using) for name in ("Rule", "RuleVersion"))
    for rule in rules.select_related("product"):
        content = {name: getattr(rule, name) for name in COLUMNS}
        content["product"] = rule.product.code if rule.product else ""
        for name in ("valid_from", "valid_until"):
            day = getattr(rule, name)
            content[name] = day.isoformat() if day else ""
        state = "in_force" if rule.active else "retired"
        versions.create(rule=rule, number=1, state=state, content=content)


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0007_learning"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="rule",
            options={
                "ordering": ["order", "code"],
                "permissions": [("approve_rule", "Can approve versions of rules")],
                "verbose_name": "rule",
                "verbose_name_plural": "rules",
            },
        ),
        migrations.AddField(
            model_name="rule",
            name="aside_reason",
            field=models.TextField(blank=True, editable=False, verbose_name="why it was set aside"),
        ),
        migrations.AddField(
            model_name="rule",
            name="aside_since",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="set aside since"),
        ),
        migrations.CreateModel(
            name="StagedRuleAside",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run", "first", "rule_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("run", models.BigIntegerField()),
                ("first", models.BigIntegerField()),
                ("reason", models.TextField()),
                (
                    "rule",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recommendations.rule",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RuleVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft, to be approved"),
                            ("in_force", "in force"),
                            ("replaced", "replaced by a later one"),
                            ("rewritten", "draft written over"),
                            ("rejected", "rejected"),
                            ("retired", "taken out of use"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("content", models.JSONField(verbose_name="text")),
                ("trial", models.JSONField(null=True, verbose_name="dry run")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="written")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                ("comment", models.CharField(blank=True, max_length=300, verbose_name="comment")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="taken out of use")),
                ("ended_reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
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
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken out of use by",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="recommendations.rule",
                        verbose_name="rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a rule",
                "verbose_name_plural": "versions of a rule",
                "ordering": ["-number"],
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(fields=("rule", "number"), name="one_rule_version_per_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force")), fields=("rule",), name="one_rule_version_in_force"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")), fields=("rule",), name="one_draft_of_a_rule"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("in_force", "replaced", "retired")), _negated=True),
                            ("author", None),
                            models.Q(
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("author")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="rule_approved_by_a_second_person",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CLEAR, UNDO_CLEAR),
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.RunSQL(FREEZE, THAW),
    ]
