"""Exports are an action of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="entry",
            name="action",
            field=models.CharField(
                choices=[
                    ("view", "looked at"),
                    ("list", "listed"),
                    ("search", "searched"),
                    ("reveal", "revealed"),
                    ("create", "created"),
                    ("change", "changed"),
                    ("delete", "deleted"),
                    ("grant", "granted access"),
                    ("revoke", "revoked access"),
                    ("walk_in", "opened for a walk-in"),
                    ("sign_in", "signed in"),
                    ("sign_out", "signed out"),
                    ("import", "imported"),
                    ("export", "exported"),
                ],
                max_length=16,
                verbose_name="action",
            ),
        ),
    ]
