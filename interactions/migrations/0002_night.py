"""The app may not truncate; this function empties what a night staged, with its owner's rights."""

from django.db import migrations

CLEAR = """
CREATE OR REPLACE FUNCTION interactions_clear_staging() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    TRUNCATE interactions_stagedreminder
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(CLEAR, "DROP FUNCTION interactions_clear_staging()"),
    ]
